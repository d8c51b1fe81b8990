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
