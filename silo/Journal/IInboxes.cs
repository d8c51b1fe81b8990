namespace Coordination.Journal;

/// <summary>
/// What has landed in the inbox of each body: positions in the log with the reason. Rebuilt from the log when lost. Inboxes are filled by
/// a reactor of this name, whose mark moves in the transaction that adds what it yields: so they need no outbox.
/// </summary>
public interface IInboxes
{
    /// <summary>Name of the mark: see <see cref="IOutbox"/> for those of other reactors.</summary>
    public const string Reactor = "inboxes";

    /// <summary>The deliveries of every entry up to this position have been added.</summary>
    ValueTask<long> DeliveredUpTo(CancellationToken cancellation = default);

    /// <summary>
    /// Adds the deliveries of the entries from <paramref name="after"/> (exclusive) to <paramref name="upTo"/> and notes that
    /// they have been added, all in one transaction. False, and nothing is written, when the note does not stand at
    /// <paramref name="after"/>: someone else has been here. What is in an inbox already stays as it is; of a batch that is there
    /// already only the number of entries grows.
    /// </summary>
    Task<bool> Deliver(long after, long upTo, IReadOnlyCollection<NewDelivery> deliveries, CancellationToken cancellation = default);

    /// <summary>Empties every inbox and begins again at position 0, so that they are filled anew from the log.</summary>
    Task Clear(CancellationToken cancellation = default);

    /// <summary>At most <paramref name="limit"/> deliveries below <paramref name="beforePosition"/> (null: from the end), newest first.</summary>
    Task<IReadOnlyList<Delivery>> Read(string body, long? beforePosition, int limit, CancellationToken cancellation = default);

    /// <summary>Positions above <paramref name="afterPosition"/>, oldest first, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<long>> PositionsAfter(string body, long afterPosition, int limit, CancellationToken cancellation = default);

    /// <summary>Every delivery of the entries up to <paramref name="position"/> that is kept: body by body in the order of their names, oldest first.</summary>
    IAsyncEnumerable<(string Body, Delivery Delivery)> All(long position, CancellationToken cancellation = default);

    /// <summary>What lies at this position or below is not kept any more; 0 when everything is.</summary>
    ValueTask<long> KeptAfter(CancellationToken cancellation = default);

    /// <summary>
    /// Forgets what lies at a position or below, and what is filled in there again later. Never goes back. A batch lies where its first
    /// entry does.
    /// </summary>
    /// <returns>How many deliveries were forgotten.</returns>
    Task<int> Forget(long upTo, CancellationToken cancellation = default);
}

/// <param name="Thread">The stream that the entry is of: what a reader follows or mutes together.</param>
/// <param name="Batch">
/// What was given in one go. Of all entries of a batch that reach a body, in whatever thread, the first makes a delivery; it stays in that one's
/// thread, and the others only add to its number of entries. Null for an entry that stands for itself.
/// </param>
public sealed record NewDelivery(string Body, long Position, string Reason, string Thread, string? Batch = null);

/// <param name="Entries">How many entries it stands for: 1, or more for a batch.</param>
public sealed record Delivery(long Position, string Reason, string Thread, int Entries = 1);
