using System.Globalization;
using Microsoft.Extensions.Options;

namespace Coordination.Host.Trust;

/// <summary>
/// Where the journal ended, signed each hour and at each clean stop, whether or not something was written: a head that came only then would tell that somebody
/// signed in. Each head stands in the store, so that every silo of a cluster offers the same ones, and in the file <c>heads</c> in the data folder of the silo that
/// signed it, where who can write to the database does not come. Nothing is signed that contradicts an earlier head. Safe for concurrent use.
/// </summary>
public sealed partial class Heads(IStore store, HeadSigner signer, IOptions<SiloOptions> options, TimeProvider time, ILogger<Heads> logger)
{
    public const string FileName = "heads";

    private const int Page = 1_000;
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private Witnesses _ofStore = Witnesses.None;
    private Witnesses _ofFile = Witnesses.None;
    private IReadOnlyList<Beginning> _beginnings = [];
    private (long Length, DateTime Written) _read;
    private bool _hasReadAll;

    private string File => Path.Combine(options.Value.Data, FileName);

    /// <summary>Compares as <see cref="Contradicted"/> does, and signs when the last head is an hour old or, by a clock that was ahead, to come.</summary>
    /// <returns>What contradicts a head of earlier: then nothing is signed.</returns>
    public async Task<Break?> SignHourly(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var isDue = await Before(null, 1, cancellation) is not [var last, ..] || now - last.At >= Every || last.At > now;
        return isDue ? await Sign(cancellation) : await Contradicted(cancellation);
    }

    /// <summary>Signs where the journal ends.</summary>
    /// <returns>What contradicts a head of earlier: then nothing is signed.</returns>
    public async Task<Break?> Sign(CancellationToken cancellation)
    {
        var (found, head, writes) = await Compare(cancellation);
        if (found is not null || head.Position == 0) return found;
        var signed = signer.Sign(head, writes, time.GetUtcNow());
        await Append(signed, cancellation);
        await store.Trust.Keep(signed, cancellation);
        lock (_lock) _ofStore = _ofStore.And(Witnesses.Of([signed], signer, []));
        return null;
    }

    /// <summary>Heads that this platform signed with the key that it has now, below a position (null: from the end), newest first.</summary>
    public async Task<IReadOnlyList<SignedHead>> Before(long? position, int limit, CancellationToken cancellation)
    {
        var found = new List<SignedHead>(limit);
        IReadOnlyList<SignedHead> some;
        do
        {
            some = await store.Trust.Heads(position, limit, cancellation);
            found.AddRange(some.Where(signer.IsOwn).Take(limit - found.Count));
            position = some.Count > 0 ? some[^1].Position : position;
        } while (some.Count == limit && found.Count < limit);
        return found;
    }

    /// <summary>Whether a head that was signed earlier says that the journal was another, or went further, or that records had been written more often than they were by now.</summary>
    public async Task<Break?> Contradicted(CancellationToken cancellation) => (await Compare(cancellation)).Found;

    /// <summary>Whether records are older than they were when one of these heads was signed; null also for heads of another key, which nobody can ask, and for those of before a restore.</summary>
    public async Task<Break?> OlderRecords(IEnumerable<SignedHead> signed, CancellationToken cancellation) =>
        await OlderRecords(Witnesses.Of(signed, signer, await Beginnings.Of(store.Records, cancellation)), cancellation);

    /// <summary>
    /// Notes that an operator has restored the journal, or accepts it as it stands: heads that were signed before and tell of more are no sign any more that something was
    /// cut off or put back.
    /// </summary>
    /// <param name="head">Where it ends.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task BeginAnew(Head head, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(head);
        // Also after a head that was signed by a clock which was ahead of this one.
        var (ofStore, ofFile, _) = await Known(cancellation);
        var at = new[] { ofStore.Latest, ofFile.Latest }.Select(static latest => latest.AddMicroseconds(1)).Append(time.GetUtcNow()).Max();
        await Beginnings.Note(store.Records, new(head.Position, at), cancellation);
    }

    /// <summary>Learns which records are not to be believed: those that do not fit, and all when they are older than a head says.</summary>
    /// <returns>What does not fit.</returns>
    public async Task<Break?> Doubt(CancellationToken cancellation)
    {
        var beside = await store.Trust.CheckBeside(cancellation);
        var older = await OlderRecords((await Known(cancellation)).All, cancellation);
        store.Trust.DoubtRecords(older is not null);
        return beside ?? older;
    }

    /// <summary>What in the journal does not fit a head that was signed earlier, or null.</summary>
    public static async Task<Break?> Contradicts(IJournal journal, SignedHead signed, Head head, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(signed);
        ArgumentNullException.ThrowIfNull(head);
        var said = string.Create(CultureInfo.InvariantCulture, $"A head that was signed at {signed.At:u} says");
        if (signed.Position > head.Position)
            return Break.Beyond(head.Position, string.Create(CultureInfo.InvariantCulture, $"a head of position {signed.Position} that was signed at {signed.At:u}"));
        var hash = signed.Position == head.Position ? head.Hash : await HashAt(journal, signed.Position, cancellation);
        return hash.AsSpan().SequenceEqual(signed.Hash) ? null : new(signed.Position, $"it, or what comes before it, is not what was written. {said} that its hash is {Convert.ToHexStringLower(signed.Hash)}.");
    }

    /// <summary>The hash of the entry at a position, or null when there is none that can be read.</summary>
    internal static async Task<byte[]?> HashAt(IJournal journal, long position, CancellationToken cancellation)
    {
        if (position == 0) return HashChain.Origin;
        try
        {
            return await journal.ReadAt([position], cancellation) is [var entry] ? entry.Hash : null;
        }
        catch (Exception exception) when (exception is OverflowException or ArgumentOutOfRangeException)
        {
            // No writer can have written it.
            return null;
        }
    }

    /// <summary>The journal and the records as they are now, and how they contradict what is known.</summary>
    private async Task<(Break? Found, Head Head, long Writes)> Compare(CancellationToken cancellation)
    {
        // What was signed is read before what it is compared with: others append, write and sign meanwhile.
        var (ofStore, ofFile, wrong) = await Known(cancellation);
        var head = await store.Journal.ReadHead(cancellation);
        var writes = await store.Trust.RecordWrites(cancellation);
        if (wrong is not null) return (wrong, head, writes);
        foreach (var last in new[] { ofStore.Last, ofFile.Last }.OfType<SignedHead>())
            if (await Contradicts(store.Journal, last, head, cancellation) is { } found) return (found, head, writes);
        return (Older(ofStore.And(ofFile), writes), head, writes);
    }

    private async Task<Break?> OlderRecords(Witnesses known, CancellationToken cancellation) => Older(known, await store.Trust.RecordWrites(cancellation));

    private Break? Older(Witnesses known, long writes) => known.Most is { } most && signer.WritesOf(most) > writes
        ? new(0, string.Create(CultureInfo.InvariantCulture, $"Records (accounts, names, sessions, keys) are older than when a head was signed at {most.At:u}."))
        : null;

    /// <summary>
    /// What heads of the store and of the file say: the first may have been changed, the file in the folder less easily. What was seen once is known for as long as
    /// this process runs, also when it is taken away there.
    /// </summary>
    private async Task<Knowledge> Known(CancellationToken cancellation)
    {
        var beginnings = await Beginnings.Of(store.Records, cancellation);
        (long, DateTime) before;
        bool hasReadAll;
        lock (_lock)
        {
            // What was known before an operator restored or accepted the journal counts in part only.
            if (!beginnings.SequenceEqual(_beginnings)) (_beginnings, _ofStore, _ofFile, _read, _hasReadAll) = (beginnings, Witnesses.None, Witnesses.None, default, false);
            (before, hasReadAll) = (_read, _hasReadAll);
        }

        var ofStore = Witnesses.Of(hasReadAll ? await Before(null, 1, cancellation) : await All(cancellation), signer, beginnings);
        var (ofFile, read, wrong) = (Witnesses.None, before, (Break?)null);
        try
        {
            var file = new FileInfo(File);
            if (file.Exists && (file.Length, file.LastWriteTimeUtc) is var now && now != before)
            {
                ofFile = Witnesses.Of(await HeadLine.ReadFile(File, cancellation), signer, beginnings);
                read = now;
            }
        }
        catch (InvalidDataException exception)
        {
            wrong = new(0, $"The file {FileName} of the data folder is not what the platform wrote. {exception.Message}");
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            LogNotRead(logger, File, exception.Message);
        }

        lock (_lock)
        {
            (_ofStore, _ofFile, _read, _hasReadAll) = (_ofStore.And(ofStore), _ofFile.And(ofFile), read, true);
            return new(_ofStore, _ofFile, wrong);
        }
    }

    private async Task<IReadOnlyList<SignedHead>> All(CancellationToken cancellation)
    {
        var all = new List<SignedHead>();
        IReadOnlyList<SignedHead> some;
        do
        {
            some = await store.Trust.Heads(all.Count > 0 ? all[^1].Position : null, Page, cancellation);
            all.AddRange(some);
        } while (some.Count == Page);
        return all;
    }

    private async Task Append(SignedHead head, CancellationToken cancellation)
    {
        var open = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows()) open.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            Directory.CreateDirectory(options.Value.Data);
            await using var file = new FileStream(File, open);
            // Of a line that was cut off nothing stays.
            var length = file.Length;
            while (length > 0)
            {
                file.Position = length - 1;
                if (file.ReadByte() == '\n') break;
                length--;
            }

            file.SetLength(length);
            file.Position = length;
            await file.WriteAsync((byte[])[.. HeadLine.Of(head).ToJson(), (byte)'\n'], cancellation);
            file.Flush(flushToDisk: true);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            // It stands in the store and goes outside all the same.
            LogNotKept(logger, File, exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Signed heads cannot be read from {File}, so nothing is compared with them. {Reason}")]
    private static partial void LogNotRead(ILogger logger, string file, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The signed head could not be kept in {File}, where who can write to the database does not come. {Reason}")]
    private static partial void LogNotKept(ILogger logger, string file, string reason);

    private sealed record Knowledge(Witnesses OfStore, Witnesses OfFile, Break? Wrong)
    {
        public Witnesses All => OfStore.And(OfFile);
    }

    /// <summary>Of heads that this platform signed with the key that it has now, those that say most.</summary>
    /// <param name="Last">The one of the highest position; of several, the latest.</param>
    /// <param name="Most">The one that says that records had been written most often.</param>
    /// <param name="Writes">How often that was.</param>
    /// <param name="Latest">When the latest of all was signed.</param>
    private sealed record Witnesses(SignedHead? Last, SignedHead? Most, long Writes, DateTimeOffset Latest)
    {
        public static readonly Witnesses None = new(null, null, 0, default);

        /// <param name="heads">Any.</param>
        /// <param name="signer">Says which are its own.</param>
        /// <param name="beginnings">What heads of before may say that is so no more.</param>
        public static Witnesses Of(IEnumerable<SignedHead> heads, HeadSigner signer, IReadOnlyList<Beginning> beginnings)
        {
            // To verify a signature takes long: only those are asked for that count.
            var mine = heads.Where(signer.MayBeOwn).ToList();
            var last = mine.Where(head => !beginnings.Any(beginning => beginning.Leaves(head)))
                .OrderByDescending(static head => head.Position).ThenByDescending(static head => head.At).ToList().Find(signer.IsOwn);
            var most = mine.Where(head => !beginnings.Any(beginning => beginning.Follows(head))).OrderByDescending(signer.WritesOf).ToList().Find(signer.IsOwn);
            var latest = mine.OrderByDescending(static head => head.At).ToList().Find(signer.IsOwn);
            return new(last, most, most is null ? 0 : signer.WritesOf(most), latest?.At ?? default);
        }

        public Witnesses And(Witnesses other) => new(
            other.Last is not null && (Last is null || (other.Last.Position, other.Last.At).CompareTo((Last.Position, Last.At)) > 0) ? other.Last : Last,
            other.Writes > Writes || Most is null ? other.Most : Most,
            Math.Max(Writes, other.Writes),
            Latest > other.Latest ? Latest : other.Latest);
    }
}
