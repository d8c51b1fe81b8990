namespace Coordination.Journal;

/// <summary>
/// The append-only log: one total order of entries, gapless from position 1, each hash covering the one before it.
/// Knows names and bytes, never what they mean. Safe for concurrent use.
/// </summary>
/// <remarks>What every implementation owes is written down as tests: <c>JournalConformance</c> in Journal.Tests.</remarks>
public interface IJournal
{
    /// <summary>
    /// Writes all entries of <paramref name="append"/> or none. When the task completes, they are on disk.
    /// Appends that wait at the same time share one transaction and one fsync.
    /// </summary>
    /// <remarks>
    /// A known command is looked for first, so a repeat gets its receipt at whatever version the stream is. Cancelling has an
    /// effect only until the append is taken up: a cancelled append was not written.
    /// </remarks>
    /// <exception cref="ArgumentException">No entries, or a text, topic, form or version that cannot be stored.</exception>
    /// <exception cref="JournalUnavailableException">
    /// The disk refused; nothing was written. Only when the disk was lost during the commit and stayed lost, it is not known
    /// whether it was, and the message says so: a repeat with the same command id is safe.
    /// </exception>
    ValueTask<AppendOutcome> Append(Append append, CancellationToken cancellation = default);

    /// <summary>The receipt of a command that was carried out, or null.</summary>
    ValueTask<Receipt?> FindCommand(string command, CancellationToken cancellation = default);

    /// <summary>The entries of one stream with a version above <paramref name="afterVersion"/>, oldest first.</summary>
    IAsyncEnumerable<Entry> ReadStream(string stream, long afterVersion = 0, CancellationToken cancellation = default);

    /// <summary>At most <paramref name="limit"/> entries with a position above <paramref name="afterPosition"/>, oldest first, without a hole.</summary>
    Task<IReadOnlyList<Entry>> ReadFrom(long afterPosition, int limit, CancellationToken cancellation = default);

    /// <summary>The entries at exactly these positions, oldest first. Unknown positions are left out.</summary>
    Task<IReadOnlyList<Entry>> ReadAt(IReadOnlyCollection<long> positions, CancellationToken cancellation = default);

    /// <summary>Position and hash of the last entry; position 0 and 32 zero bytes when there is none.</summary>
    Task<Head> ReadHead(CancellationToken cancellation = default);

    /// <summary>The last position known here without asking the disk. Never ahead of it.</summary>
    long Position { get; }

    /// <summary>Completes at once when the journal reaches beyond <paramref name="position"/>, else as soon as it does.</summary>
    Task WaitBeyond(long position, CancellationToken cancellation = default);

    /// <summary>The latest snapshot of a stream, or null. A snapshot is a shortcut: losing it costs time, never truth.</summary>
    Task<Snapshot?> ReadSnapshot(string stream, CancellationToken cancellation = default);

    /// <summary>Keeps a snapshot unless a newer one is there.</summary>
    Task SaveSnapshot(string stream, Snapshot snapshot, CancellationToken cancellation = default);

    /// <inheritdoc cref="Verify(IProgress{long}, CancellationToken)"/>
    Task<Verification> Verify(CancellationToken cancellation = default) => Verify(null, cancellation);

    /// <summary>Walks the hash chain from the first entry to the head and says where it breaks, if it does.</summary>
    /// <param name="progress">Is told the position that the walk has reached, from time to time.</param>
    /// <param name="cancellation">Ends the walk between two looks.</param>
    /// <remarks>A tail cut off together with the head leaves a sound chain: compare with a head kept elsewhere.</remarks>
    Task<Verification> Verify(IProgress<long>? progress, CancellationToken cancellation = default);
}

/// <summary>One entry as it stands in the log.</summary>
/// <param name="Position">Place in the total order, from 1, without holes.</param>
/// <param name="Stream">What it is about, such as <c>plan/canada-1</c>.</param>
/// <param name="Version">Place in its stream, from 1, without holes.</param>
/// <param name="Fact">Hand-given name of the fact, such as <c>plan.milestone-reported</c>.</param>
/// <param name="Form">Version of the fact's stored form, from 1.</param>
/// <param name="At">When it was decided, to the microsecond, in UTC.</param>
/// <param name="Actor">Account that caused it.</param>
/// <param name="Body">Body that the account acted for, or null.</param>
/// <param name="Topics">What it can be followed by, such as <c>plan/canada-1</c>, <c>state/CAN</c>; none holds a blank.</param>
/// <param name="Audience">Who may see it, UTF-8 JSON, opaque here.</param>
/// <param name="Data">The fact, UTF-8 JSON, opaque here.</param>
/// <param name="Hash">SHA-256 over the hash of the entry before and everything above.</param>
/// <param name="Trace">W3C traceparent of what caused it, or null. Not covered by the hash: it tells of a run, not of the world.</param>
public sealed record Entry(
    long Position, string Stream, long Version, string Fact, int Form, DateTimeOffset At, string Actor, string? Body,
    string[] Topics, byte[] Audience, byte[] Data, byte[] Hash, string? Trace = null);

/// <summary>A fact on its way into the log.</summary>
public sealed record NewEntry(string Fact, int Form, string[] Topics, byte[] Audience, byte[] Data);

/// <summary>Facts that go in together, at once or not at all.</summary>
/// <param name="ExpectedVersion">Version the stream must have; 0 when it must not exist.</param>
/// <param name="Command">Id of the command, unique for ever, or null for one that is never repeated.</param>
/// <param name="Fingerprint">Hash of what the command said, so that the same id with other words is noticed.</param>
/// <param name="Trace">W3C traceparent that its entries are to carry, or null.</param>
public sealed record Append(
    string Stream, long ExpectedVersion, string? Command, string? Fingerprint, DateTimeOffset At, string Actor, string? Body,
    IReadOnlyList<NewEntry> Entries, string? Trace = null);

/// <summary>What became of an append: a closed set.</summary>
public abstract record AppendOutcome
{
    private AppendOutcome() { }

    /// <summary>Written. <paramref name="Position"/> and <paramref name="Version"/> are those of the last entry.</summary>
    public sealed record Appended(long Position, long Version) : AppendOutcome;

    /// <summary>The stream is at another version; nothing was written.</summary>
    public sealed record Conflict(long ActualVersion) : AppendOutcome;

    /// <summary>The command was carried out before; nothing was written now.</summary>
    public sealed record Repeated(Receipt Receipt) : AppendOutcome;
}

/// <summary>What a command did: where its last entry stands.</summary>
public sealed record Receipt(string Command, string? Fingerprint, string Stream, long Version, long Position);

public sealed record Head(long Position, byte[] Hash);

/// <param name="Form">Version of the state's stored form; a reader that knows another form ignores the snapshot.</param>
public sealed record Snapshot(long Version, int Form, byte[] Data);

/// <param name="Entries">How many entries fit, from the first.</param>
/// <param name="BrokenAt">First position whose hash, order or content does not fit, or null when all fits.</param>
/// <param name="Head">Hash of the last entry that fits, lower-case hexadecimal.</param>
public sealed record Verification(long Entries, long? BrokenAt, string Head);

/// <summary>The log could not be written or read: disk full, file locked, connection lost.</summary>
public sealed class JournalUnavailableException(string message, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>The others have declared this process dead: it writes nothing any more, and only a new start helps.</summary>
    public bool Fenced { get; init; }
}
