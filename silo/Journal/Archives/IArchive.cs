namespace Coordination.Journal.Archives;

/// <summary>All of a store that cannot be folded from something else, to be written down and taken in again: by this store or by another kind.</summary>
public interface IArchive
{
    /// <summary>
    /// Everything, of one moment, while others go on writing: first the head, then entries by position, receipts of commands,
    /// records.
    /// </summary>
    /// <exception cref="JournalUnavailableException">There is no store, or it cannot be read.</exception>
    /// <exception cref="InvalidDataException">An entry is none that a journal writes, or what stands beside the entries is not what the platform wrote last.</exception>
    IAsyncEnumerable<Archived> Read(CancellationToken cancellation = default);

    /// <summary>
    /// Takes everything into an empty store, in one transaction: when <paramref name="items"/> fail, or this process ends,
    /// the store is as empty as before.
    /// </summary>
    /// <exception cref="NotEmptyException">The store is not empty.</exception>
    /// <exception cref="JournalUnavailableException">It is in use or cannot be written.</exception>
    Task Fill(IAsyncEnumerable<Archived> items, CancellationToken cancellation = default);
}

/// <summary>One thing in an archive: a closed set.</summary>
public abstract record Archived
{
    private Archived() { }

    /// <param name="entry">Null for one that no writer can have written.</param>
    internal static Archived Of(Entry? entry) =>
        entry is null ? throw new InvalidDataException("An entry is none that the platform writes.") : new OfEntry(entry);

    /// <exception cref="InvalidDataException">The platform did not write it so.</exception>
    internal static Archived Of(OfRecord it, byte[]? seal, Seals seals, SealSum[] sums)
    {
        if (!Seals.Fits(seal, seals.Of(it.Record)))
            throw new InvalidDataException(Break.OfRecord(it.Record.Kind).What);
        SealSum.Add(sums, it.Record.Kind, it.Record.Id, seal);
        return it;
    }

    /// <exception cref="InvalidDataException">The platform did not write it so.</exception>
    internal static Archived Of(OfCommand it, byte[]? seal, Seals seals) => Seals.Fits(seal, seals.OfReceipt(it.Command, it.Fingerprint?.Code, it.Answer))
        ? it
        : throw new InvalidDataException("The receipt of a command is not what the platform wrote.");

    /// <exception cref="InvalidDataException">Records are older than those that the platform wrote last, or gone, or added.</exception>
    internal static void RequireSums(SealSum[] found, IEnumerable<(long Bucket, SealSum Sum, byte[] Seal)> kept, Seals seals)
    {
        if (!new SealDoubts().Settle(found, kept, seals))
            throw new InvalidDataException(Break.OfRecords.What);
    }

    /// <summary>Where the log ends. Comes first.</summary>
    /// <param name="IsStopped">Something was found that does not fit, and nobody has accepted it since.</param>
    public sealed record OfHead(Head Head, bool IsStopped = false) : Archived;

    public sealed record OfEntry(Entry Entry) : Archived;

    /// <summary>A command that was carried out: its answer, and version and position of its last entry.</summary>
    public sealed record OfCommand(byte[] Command, KeyedFingerprint? Fingerprint, string? Answer, long Version, long Position) : Archived;

    public sealed record OfRecord(Record Record) : Archived;
}

/// <summary>What was to be filled holds something.</summary>
public sealed class NotEmptyException(string message) : IOException(message);
