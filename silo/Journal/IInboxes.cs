namespace Coordination.Journal;

/// <summary>
/// What has landed in the inbox of each body: positions in the log with the reason. Rebuilt from the log when lost. Inboxes are filled by
/// a reactor of this name, whose mark moves in the transaction that adds what it yields: so they need no outbox.
/// </summary>
/// <remarks>
/// Every entry is a delivery of its own, also of a batch: so each is forgotten, compared and shown or hidden by itself. It is when they are read
/// that the deliveries of one batch are one item, which lies where the last of them does: if another comes, the item is new again.
/// </remarks>
public interface IInboxes
{
    /// <summary>Name of the mark: see <see cref="IOutbox"/> for those of other reactors.</summary>
    public const string Reactor = "inboxes";

    /// <summary>The deliveries of every entry up to this position have been added.</summary>
    ValueTask<long> DeliveredUpTo(CancellationToken cancellation = default);

    /// <summary>
    /// Adds the deliveries of the entries from <paramref name="after"/> (exclusive) to <paramref name="upTo"/> and notes that
    /// they have been added, all in one transaction. False, and nothing is written, when the note does not stand at
    /// <paramref name="after"/>: someone else has been here. What is in an inbox already stays as it is, and what was forgotten
    /// (<see cref="KeptAfter"/>) does not come back.
    /// </summary>
    Task<bool> Deliver(long after, long upTo, IReadOnlyCollection<NewDelivery> deliveries, CancellationToken cancellation = default);

    /// <summary>Empties every inbox and begins again at position 0, so that they are filled anew from the log.</summary>
    Task Clear(CancellationToken cancellation = default);

    /// <summary>At most <paramref name="limit"/> items below <paramref name="beforePosition"/> (null: from the end), newest first: deliveries, but of a batch the last one alone.</summary>
    Task<IReadOnlyList<Delivery>> Read(string body, long? beforePosition, int limit, CancellationToken cancellation = default);

    /// <summary>All deliveries of a batch to a body, newest first.</summary>
    Task<IReadOnlyList<Delivery>> ReadBatch(string body, string batch, CancellationToken cancellation = default);

    /// <summary>Every delivery of the entries up to <paramref name="position"/> that is kept: body by body in the order of their names, oldest first.</summary>
    IAsyncEnumerable<(string Body, Delivery Delivery)> All(long position, CancellationToken cancellation = default);

    /// <summary>What lies at this position or below is not kept any more; 0 when everything is.</summary>
    ValueTask<long> KeptAfter(CancellationToken cancellation = default);

    /// <summary>Forgets what lies at a position or below. Never goes back.</summary>
    /// <returns>How many deliveries were forgotten.</returns>
    Task<int> Forget(long upTo, CancellationToken cancellation = default);
}

/// <param name="Thread">The stream that the entry is of: what a reader follows or mutes together.</param>
/// <param name="Batch">What was given in one go, in whatever threads: one item for a reader. Null for an entry that stands for itself.</param>
public sealed record NewDelivery(string Body, long Position, string Reason, string Thread, string? Batch = null);

/// <inheritdoc cref="NewDelivery"/>
public sealed record Delivery(long Position, string Reason, string Thread, string? Batch = null);
