namespace Coordination.Journal;

/// <summary>
/// Small records beside the log that may be changed and erased: accounts, reminders. What must outlive people stands in
/// the log; what must be erasable stands here. Writes are on disk when their task completes. Safe for concurrent use.
/// </summary>
public interface IRecords
{
    ValueTask<Record?> Read(string kind, string id, CancellationToken cancellation = default);

    /// <summary>All records of a kind, ordered by id.</summary>
    Task<IReadOnlyList<Record>> List(string kind, CancellationToken cancellation = default);

    /// <summary>
    /// Writes if the record is at <paramref name="expectedVersion"/> (0: must not exist, null: whatever it is) and answers
    /// the new version, or null when it was at another.
    /// </summary>
    Task<long?> Write(string kind, string id, byte[] data, long? expectedVersion, CancellationToken cancellation = default);

    /// <summary>Erases; false when there is none or it is at another version.</summary>
    Task<bool> Erase(string kind, string id, long? expectedVersion, CancellationToken cancellation = default);
}

/// <param name="Version">From 1, one more with each write.</param>
public sealed record Record(string Kind, string Id, long Version, byte[] Data);

/// <summary>
/// What has landed in the inbox of each body: positions in the log with the reason. Rebuilt from the log when lost.
/// </summary>
public interface IInboxes
{
    /// <summary>The deliveries of every entry up to this position have been added.</summary>
    ValueTask<long> DeliveredUpTo(CancellationToken cancellation = default);

    /// <summary>
    /// Adds the deliveries of the entries from <paramref name="after"/> (exclusive) to <paramref name="upTo"/> and notes that
    /// they have been added, all in one transaction. False, and nothing is written, when the note does not stand at
    /// <paramref name="after"/>: someone else has been here. What is in an inbox already stays as it is.
    /// </summary>
    Task<bool> Deliver(long after, long upTo, IReadOnlyCollection<NewDelivery> deliveries, CancellationToken cancellation = default);

    /// <summary>Empties every inbox and begins again at position 0, so that they are filled anew from the log.</summary>
    Task Clear(CancellationToken cancellation = default);

    /// <summary>At most <paramref name="limit"/> deliveries below <paramref name="beforePosition"/> (null: from the end), newest first.</summary>
    Task<IReadOnlyList<Delivery>> Read(string body, long? beforePosition, int limit, CancellationToken cancellation = default);

    /// <summary>Positions above <paramref name="afterPosition"/>, oldest first, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<long>> PositionsAfter(string body, long afterPosition, int limit, CancellationToken cancellation = default);

    /// <summary>Every delivery of the entries up to <paramref name="position"/>: body by body in the order of their names, oldest first.</summary>
    IAsyncEnumerable<NewDelivery> All(long position, CancellationToken cancellation = default);
}

public sealed record NewDelivery(string Body, long Position, string Reason);

public sealed record Delivery(long Position, string Reason);
