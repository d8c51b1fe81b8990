using System.Buffers.Binary;
using System.Text;

namespace Coordination.Journal;

/// <summary>
/// Whether what is kept is what was written: how far the chain was checked, what was found, and what stands beside the chain. When something does not fit, appends
/// stop in every process until an operator says that they may go on. Nothing here repairs anything. Safe for concurrent use.
/// </summary>
public interface ITrust
{
    /// <summary>What was found first and not accepted since, or null when nothing was.</summary>
    Task<Break?> Broken(CancellationToken cancellation = default);

    /// <summary>From now on every append is refused, in every process. What was found earlier stays.</summary>
    Task Stop(Break found, CancellationToken cancellation = default);

    /// <summary>Appends go on.</summary>
    Task Resume(CancellationToken cancellation = default);

    /// <summary>The mark of a name; null when there is none that the platform made.</summary>
    Task<TrustMark?> Read(string name, CancellationToken cancellation = default);

    /// <summary>Keeps a mark in place of the one before.</summary>
    Task Keep(TrustMark mark, CancellationToken cancellation = default);

    /// <summary>Forgets the mark of a name.</summary>
    Task Forget(string name, CancellationToken cancellation = default);

    /// <summary>Goes on verifying the chain from where another walk was, up to the head.</summary>
    /// <param name="from">A place that was reached by this, or by <see cref="ChainPlace.Origin"/>.</param>
    /// <param name="reached">Is told the place after each chunk; the walk goes on when its task completes. Null tells nobody.</param>
    /// <param name="cancellation">Ends the walk between two chunks.</param>
    Task<Verification> Verify(ChainPlace from, Func<ChainPlace, Task>? reached, CancellationToken cancellation = default);

    /// <summary>
    /// What beside the chain is not what the platform wrote, or claims to know more than the chain: records and their sums, marks of reactors,
    /// snapshots. Null when all fits. Looks at all records, and at no receipts and inboxes.
    /// </summary>
    Task<Break?> CheckBeside(CancellationToken cancellation = default);

    /// <summary>As <see cref="CheckBeside"/>, of receipts and inboxes, which may be many: to be asked in peace.</summary>
    /// <param name="cancellation">Ends it between two looks.</param>
    Task<Break?> CheckAllBeside(CancellationToken cancellation = default);

    /// <summary>
    /// Stops appends when a row was refused here on reading, because the platform did not write it so, and nobody has found anything yet.
    /// </summary>
    /// <returns>What appends were stopped for now; null when nothing new was met.</returns>
    Task<Break?> StopForWhatWasMet(CancellationToken cancellation = default);

    /// <summary>How often records have been written, all together: never less than before, unless somebody put older ones back.</summary>
    Task<long> RecordWrites(CancellationToken cancellation = default);

    /// <summary>From now on this process tells nothing of any record, or again what <see cref="CheckBeside"/> leaves.</summary>
    void DoubtRecords(bool all);

    /// <summary>Heads that were signed, below a position (null: from the end), newest first; none whose moment is impossible. Whoever reads them looks at their signatures.</summary>
    Task<IReadOnlyList<SignedHead>> Heads(long? before, int limit, CancellationToken cancellation = default);

    /// <summary>Keeps a signed head in place of another one of the same position.</summary>
    Task Keep(SignedHead head, CancellationToken cancellation = default);

    /// <summary>
    /// Takes all that stands beside the chain for what the platform wrote, as it is now, and marks it so with the secret of this process; snapshots are
    /// dropped, and so are what waits to be sent for entries that there are not, and heads that tell of them; marks beyond the journal's end are set back to it. For an operator who knows that it
    /// is right, or after the secret was lost.
    /// </summary>
    /// <exception cref="JournalUnavailableException">What stands there was marked with another secret, and others have the store open: they would go on marking with theirs.</exception>
    Task SealAnew(CancellationToken cancellation = default);
}

/// <summary>What does not fit.</summary>
/// <param name="Position">First position that does not; 0 for what stands beside the chain.</param>
/// <param name="What">In words for an operator: what it is, and nothing of what it says.</param>
public sealed record Break(long Position, string What)
{
    internal const string Unsaid = "what was found is not kept.";

    internal static readonly Break OfRecords = new(0, "Records (accounts, names, sessions, keys) are not those that the platform wrote last: some are older, gone, or added.");

    internal static readonly Break OfReceipts = new(0, "The receipt of a command is not what the platform wrote, or is gone.");

    internal static readonly Break OfInboxes = new(0, "What lies in an inbox is not what the platform put there.");

    /// <summary>The chain does not fit at a position.</summary>
    public static Break OfChain(long position) => new(position, "it, or what comes before or after it, is not what was written.");

    internal static Break OfRecord(string kind) => new(0, $"A record of the kind '{kind}' is not what the platform wrote.");

    /// <summary>Something was made of entries that the journal does not have any more.</summary>
    public static Break Beyond(long head, string what) => new(head + 1, $"the journal ends before it, and {what} was made of entries that came after.") { IsBeyond = true };

    /// <summary>The chain is whole, and something beside it knows more.</summary>
    public bool IsBeyond { get; private init; }

    internal static byte[] Bytes(string what) => Encoding.UTF8.GetBytes(what);

    internal static string Words(byte[] data) => Encoding.UTF8.GetString(data);

    public override string ToString() => Position > 0 ? $"The chain breaks at position {Position}: {What}" : What;
}

/// <summary>Something to remember of what was checked, which nobody else can make.</summary>
/// <param name="Position">Of the journal.</param>
/// <param name="Hash">Of the entry there.</param>
/// <param name="At">When, to the microsecond.</param>
/// <param name="Data">Opaque here.</param>
public sealed record TrustMark(string Name, long Position, byte[] Hash, DateTimeOffset At, byte[] Data)
{
    /// <summary>The place that a walk was at; its data are the positions of missing texts, each as 8 bytes.</summary>
    public ChainPlace Place => new(Position, Hash, [.. Data.Chunk(sizeof(long)).Select(static bytes => BinaryPrimitives.ReadInt64BigEndian(bytes))]);

    /// <summary>Remembers the place that a walk was at.</summary>
    public static TrustMark Of(string name, ChainPlace place, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(place);
        var data = new byte[place.Missing.Count * sizeof(long)];
        for (var index = 0; index < place.Missing.Count; index++)
            BinaryPrimitives.WriteInt64BigEndian(data.AsSpan(index * sizeof(long)), place.Missing[index]);
        return new(name, place.Position, place.Hash, at, data);
    }
}

/// <summary>Where the journal ended at a moment, signed by the platform. What it means is a matter of the one who signs.</summary>
/// <param name="At">To the microsecond.</param>
/// <param name="Beside">What else was so, in a form that only the one who signs can read.</param>
/// <param name="Key">The public key, raw.</param>
public sealed record SignedHead(long Position, byte[] Hash, DateTimeOffset At, byte[] Beside, byte[] Key, byte[] Signature);
