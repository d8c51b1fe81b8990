namespace Coordination.Journal;

/// <summary>
/// What has to leave the platform, beside the log: one row for each thing that one recipient is to get over one channel. Reactors put rows
/// in, and their mark moves in the same transaction: each row is put once. One sender for each channel takes them out again. It may send a row
/// twice, when it dies between sending and noting so, and always under the same <see cref="Outgoing.Id"/>. Safe for concurrent use.
/// </summary>
/// <remarks>Rows hold no free text, so that an erasure has nothing to do here: who sends reads an entry's texts when it needs them.</remarks>
public interface IOutbox
{
    /// <summary>
    /// Position up to which a reactor has seen the log. One that has no mark yet gets it at <paramref name="begin"/>; of several that ask at
    /// the same moment all get the same one.
    /// </summary>
    Task<long> Mark(string reactor, long begin, CancellationToken cancellation = default);

    /// <summary>
    /// Puts what a reactor yields for the entries from <paramref name="after"/> (exclusive) to <paramref name="upTo"/> and moves its mark
    /// there, all in one transaction. False, and nothing is written, when the mark does not stand at <paramref name="after"/>.
    /// </summary>
    /// <param name="now">Since when the rows wait, and are due.</param>
    Task<bool> Put(string reactor, long after, long upTo, IReadOnlyCollection<NewOutgoing> outgoing, DateTimeOffset now, CancellationToken cancellation = default);

    /// <summary>
    /// Takes rows of a channel that are due: at most <paramref name="limit"/> of each of at most as many recipients, each recipient's in the order
    /// in which they were put and only up to one that is not due, or taken by someone else: nothing overtakes. Until
    /// <paramref name="until"/> nobody else gets them; then they are due again, as after a crash. Taking counts as an attempt.
    /// </summary>
    Task<IReadOnlyList<Outgoing>> Take(string channel, DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken cancellation = default);

    /// <summary>
    /// Notes what became of rows that were taken. What is sent is sent, whoever notes it; anything else counts only from whoever took the row
    /// last.
    /// </summary>
    Task Note(IReadOnlyCollection<Sending> sendings, DateTimeOffset now, CancellationToken cancellation = default);

    /// <summary>Rows in a state with a number above <paramref name="after"/>, oldest first.</summary>
    /// <param name="channel">Null for all.</param>
    Task<IReadOnlyList<Outgoing>> List(string? channel, OutgoingState state, long after, int limit, CancellationToken cancellation = default);

    /// <summary>Makes rows that wait or were given up due at once, with all their attempts and all their time before them.</summary>
    /// <param name="channel">Null for all.</param>
    /// <param name="number">Of one row; null for all that were given up.</param>
    /// <returns>How many.</returns>
    Task<int> Retry(string? channel, long? number, DateTimeOffset now, CancellationToken cancellation = default);

    /// <summary>Drops rows that wait or were given up: they are never sent.</summary>
    /// <inheritdoc cref="Retry"/>
    Task<int> Drop(string? channel, long? number, CancellationToken cancellation = default);

    /// <summary>How much waits, by channel. A channel without a row that waits or was given up is not there.</summary>
    Task<IReadOnlyList<Backlog>> Backlogs(CancellationToken cancellation = default);

    /// <summary>Forgets receipts of what was sent before a moment, and what was given up before another.</summary>
    /// <returns>How many rows.</returns>
    Task<int> Forget(DateTimeOffset sentBefore, DateTimeOffset givenUpBefore, CancellationToken cancellation = default);
}

/// <summary>Where a row of the outbox stands. Stored as these numbers.</summary>
public enum OutgoingState
{
    /// <summary>To be sent, now or later.</summary>
    Waiting = 0,

    /// <summary>Sent; the row is the receipt and holds no data any more.</summary>
    Sent = 1,

    /// <summary>Not to be tried again unless an operator says so.</summary>
    GivenUp = 2,
}

/// <param name="Position">The entry that it follows from.</param>
/// <param name="Part">Which of those that the reactor yields for the entry, from 0.</param>
/// <param name="Channel">Over which it goes, such as <c>mail</c>.</param>
/// <param name="Recipient">Who gets it: an id, never an address or a name.</param>
/// <param name="Thread">The stream that the entry is of.</param>
/// <param name="Data">What the channel needs besides, opaque here. No free text.</param>
/// <param name="Batch">
/// What was given in one go, for a notice of which a recipient gets one: when a row of the same reactor, channel, recipient and batch is there, sent
/// or not, this one is not put. Null for what stands for itself.
/// </param>
public sealed record NewOutgoing(long Position, int Part, string Channel, string Recipient, string Thread, byte[] Data, string? Batch = null);

/// <param name="Number">Place among all rows, in the order in which they were put.</param>
/// <param name="Put">Since when it waits, or waited.</param>
/// <param name="Since">Since when it is tried: since it was put, or since an operator had it retried.</param>
/// <param name="Due">When it is tried next.</param>
/// <param name="Attempts">How often it was taken.</param>
/// <param name="Reason">Why the last attempt failed, or null.</param>
/// <inheritdoc cref="NewOutgoing"/>
public sealed record Outgoing(
    long Number, string Reactor, long Position, int Part, string Channel, string Recipient, string Thread, byte[] Data, OutgoingState State, DateTimeOffset Put,
    DateTimeOffset Since, DateTimeOffset Due, int Attempts, string? Reason)
{
    /// <summary>The same however often it is sent: a receiver drops what it has by this.</summary>
    public string Id => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Reactor}/{Position}/{Part}");
}

/// <summary>What became of a row that was taken: a closed set.</summary>
public abstract record Sending
{
    private Sending(Outgoing row) => Row = row;

    /// <summary>As it was taken.</summary>
    public Outgoing Row { get; }

    /// <summary>It arrived.</summary>
    public sealed record Done(Outgoing Row) : Sending(Row);

    /// <summary>It did not, and is tried again at a moment.</summary>
    public sealed record Later(Outgoing Row, DateTimeOffset Due, string Reason) : Sending(Row);

    /// <summary>It never will.</summary>
    public sealed record Never(Outgoing Row, string Reason) : Sending(Row);

    /// <summary>It was not tried, or not to the end: one of the same recipient before it has to be sent first, or the silo ends. Does not count as an attempt.</summary>
    public sealed record Untried(Outgoing Row) : Sending(Row);
}

/// <param name="Waiting">Rows to be sent.</param>
/// <param name="GivenUp">Rows that an operator has to look at.</param>
/// <param name="Oldest">Since when the oldest of those that wait does; null when none does.</param>
public sealed record Backlog(string Channel, long Waiting, long GivenUp, DateTimeOffset? Oldest);
