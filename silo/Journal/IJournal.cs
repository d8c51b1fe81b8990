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
    /// <exception cref="ArgumentException">
    /// No entries, or a text, topic, form or version that cannot be stored; or erased positions that its facts do not name, or that
    /// lie beyond the head.
    /// </exception>
    /// <exception cref="JournalUnavailableException">
    /// The disk refused; nothing was written. Only when the disk was lost during the commit and stayed lost, it is not known
    /// whether it was, and the message says so: a repeat with the same command is safe.
    /// </exception>
    ValueTask<AppendOutcome> Append(Append append, CancellationToken cancellation = default);

    /// <summary>The receipt of a command that was carried out, or null.</summary>
    /// <param name="command">Its digest.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask<Receipt?> FindCommand(byte[] command, CancellationToken cancellation = default);

    /// <summary>The entries of one stream with a version above <paramref name="afterVersion"/>, oldest first.</summary>
    IAsyncEnumerable<Entry> ReadStream(string stream, long afterVersion = 0, CancellationToken cancellation = default);

    /// <summary>At most <paramref name="limit"/> entries with a position above <paramref name="afterPosition"/>, oldest first, without a hole.</summary>
    Task<IReadOnlyList<Entry>> ReadFrom(long afterPosition, int limit, CancellationToken cancellation = default);

    /// <summary>
    /// The same as <see cref="ReadFrom"/> for the one in this process that follows the journal: what was committed here since it last
    /// asked is told from memory. There may be more although fewer than <paramref name="limit"/> come; none means that nothing more is
    /// known of here, and <see cref="WaitBeyond"/> tells when there is.
    /// </summary>
    Task<IReadOnlyList<Entry>> Follow(long afterPosition, int limit, CancellationToken cancellation = default);

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

    /// <summary>
    /// Walks from the first entry to the head, recomputes every digest and hash, and says where the journal breaks, if it does. Texts
    /// that are missing are a break unless an entry says that they were erased.
    /// </summary>
    /// <param name="progress">Is told the position that the walk has reached, from time to time.</param>
    /// <param name="cancellation">Ends the walk between two looks.</param>
    /// <remarks>A tail cut off together with the head leaves a sound chain: compare with a head kept elsewhere.</remarks>
    Task<Verification> Verify(IProgress<long>? progress, CancellationToken cancellation = default);
}

/// <summary>One entry as it stands in the log.</summary>
/// <param name="Position">Place in the total order, from 1, without holes.</param>
/// <param name="Salt">16 random bytes, so that the content cannot be guessed from its digest.</param>
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
/// <param name="TextsDigest">SHA-256 over <paramref name="TextsSalt"/> and <paramref name="Texts"/>; null when it was written without texts.</param>
/// <param name="Command">Digest that names the command that caused it, 32 bytes, or null.</param>
/// <param name="Cause">Position of the entry it follows from, or null.</param>
/// <param name="Via">How it came: <c>web</c>, <c>token:ID</c>, <c>import:ID</c>, <c>clock:NAME</c>, <c>reactor:NAME</c>, <c>platform</c>.</param>
/// <param name="Batch">Groups what was given in one go, or null.</param>
/// <param name="Hash">SHA-256 over the hash of the entry before, the position and the digest of everything above, which covers texts by their digest.</param>
/// <param name="Texts">What people wrote freely, UTF-8 JSON, opaque here; null without texts and when they were erased.</param>
/// <param name="TextsSalt">16 random bytes; null exactly when <paramref name="Texts"/> is.</param>
/// <param name="Trace">W3C traceparent of what caused it, or null. Not covered by the hash: it tells of a run, not of the world.</param>
public sealed record Entry(
    long Position, byte[] Salt, string Stream, long Version, string Fact, int Form, DateTimeOffset At, string Actor, string? Body,
    string[] Topics, byte[] Audience, byte[] Data, byte[]? TextsDigest, byte[]? Command, long? Cause, string Via, string? Batch, byte[] Hash,
    byte[]? Texts = null, byte[]? TextsSalt = null, string? Trace = null);

/// <summary>A fact on its way into the log.</summary>
/// <param name="Texts">What people wrote freely, UTF-8 JSON, or null. It can be erased later; the data cannot.</param>
public sealed record NewEntry(string Fact, int Form, string[] Topics, byte[] Audience, byte[] Data, byte[]? Texts = null);

/// <summary>Facts that go in together, at once or not at all.</summary>
/// <param name="ExpectedVersion">Version the stream must have; 0 when it must not exist.</param>
/// <param name="Command">Digest that names the command, 32 bytes, unique for ever; null for one that is never repeated.</param>
/// <param name="Fingerprint">Digest of what the command said, so that the same command with other words is noticed. Never stored as it is.</param>
/// <param name="Answer">Id that the command is answered with, kept for a repeat.</param>
/// <param name="Via">How it came; see <see cref="Entry"/>.</param>
/// <param name="Cause">Position of the entry it follows from, or null.</param>
/// <param name="Batch">Groups what was given in one go, or null.</param>
/// <param name="Trace">W3C traceparent that its entries are to carry, or null.</param>
/// <param name="Erases">
/// Positions whose texts are erased in the same transaction, together with the keys of their commands' fingerprints and the snapshots
/// of their streams. They are exactly those that the facts of this append name that are called <see cref="Erasure.Fact"/>.
/// </param>
/// <param name="ForgetsCommands">
/// In the same transaction the keys of the fingerprints of all earlier commands of the stream are erased: nobody can prove any more what
/// they said.
/// </param>
public sealed record Append(
    string Stream, long ExpectedVersion, byte[]? Command, byte[]? Fingerprint, DateTimeOffset At, string Actor, string? Body,
    IReadOnlyList<NewEntry> Entries, string? Answer = null, string Via = "platform", long? Cause = null, string? Batch = null, string? Trace = null,
    IReadOnlyList<long>? Erases = null, bool ForgetsCommands = false);

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
/// <param name="Answer">Id that it was answered with, or null.</param>
public sealed record Receipt(string Stream, long Version, long Position, string? Answer, KeyedFingerprint? Fingerprint)
{
    /// <summary>
    /// Whether a command with this fingerprint says the same. Of one whose key was erased nobody knows any more: then true, so that a
    /// repeat always gets the first answer.
    /// </summary>
    public bool Says(byte[]? fingerprint) => Fingerprint is null ? fingerprint is null : Fingerprint.Fits(fingerprint);
}

public sealed record Head(long Position, byte[] Hash);

/// <param name="Form">Version of the state's stored form; a reader that knows another form ignores the snapshot.</param>
public sealed record Snapshot(long Version, int Form, byte[] Data);

/// <param name="Entries">How many entries fit, from the first.</param>
/// <param name="BrokenAt">First position whose hash, order, content or texts do not fit, or null when all fits.</param>
/// <param name="Head">Hash of the last entry that fits, lower-case hexadecimal.</param>
public sealed record Verification(long Entries, long? BrokenAt, string Head);

/// <summary>The log could not be written or read: disk full, file locked, connection lost.</summary>
public sealed class JournalUnavailableException(string message, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>The others have declared this process dead: it writes nothing any more, and only a new start helps.</summary>
    public bool Fenced { get; init; }

    /// <summary>Something that is kept is not what was written, and appends have stopped: the first position that does not fit, or 0 for what stands beside the chain.</summary>
    public long? BrokenAt { get; init; }

    internal static JournalUnavailableException Broken(long position) => new(
        position > 0
            ? $"The journal is broken at position {position}, and nothing is written to it any more. journal verify says more; docs/operations.md says how to go on."
            : "What stands beside the journal is not what the platform wrote, and nothing is written any more. journal verify says what; docs/operations.md says how to go on.")
    {
        BrokenAt = position,
    };

    internal static JournalUnavailableException OfAnotherSecret() => new(
        "What stands beside the journal was marked with another secret than the one of this process, or with none. Give back the right one: the file secret of the data folder, or the setting Secret. When it is lost, docs/operations.md says how to go on (journal trust).");

    /// <summary>A row beside the chain that the platform did not write, or not so.</summary>
    internal static JournalUnavailableException False(string what) => new($"{what} is not what the platform wrote, and nobody is told what stands there. journal verify says more.") { BrokenAt = 0 };
}
