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
    /// <summary>Every delivery with a position up to this one has been added.</summary>
    ValueTask<long> DeliveredUpTo(CancellationToken cancellation = default);

    /// <summary>Notes that all deliveries up to <paramref name="position"/> have been added. Never goes back.</summary>
    Task MarkDelivered(long position, CancellationToken cancellation = default);

    /// <summary>Adds once: what is there already stays as it is. True when it was added.</summary>
    Task<bool> Add(string body, long position, string reason, CancellationToken cancellation = default);

    /// <summary>At most <paramref name="limit"/> deliveries below <paramref name="beforePosition"/> (null: from the end), newest first.</summary>
    Task<IReadOnlyList<Delivery>> Read(string body, long? beforePosition, int limit, CancellationToken cancellation = default);

    /// <summary>Positions above <paramref name="afterPosition"/>, oldest first, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<long>> PositionsAfter(string body, long afterPosition, int limit, CancellationToken cancellation = default);
}

public sealed record Delivery(long Position, string Reason);
