namespace Coordination.Journal;

/// <summary>
/// Read models beside the log, each a set of items under one name with the position it has reached. Disposable: what is
/// dropped is folded from the log again. Safe for concurrent use.
/// </summary>
public interface IViewStore
{
    /// <summary>Every view there is or has been, by name.</summary>
    Task<IReadOnlyDictionary<string, ViewMark>> Marks(CancellationToken cancellation = default);

    /// <summary>The items of views and the marks they stand at, by name, all of one moment.</summary>
    Task<IReadOnlyDictionary<string, StoredView>> Read(IReadOnlyCollection<string> views, CancellationToken cancellation = default);

    /// <summary>The items of a view and the mark they stand at, of one moment.</summary>
    async Task<StoredView> Read(string view, CancellationToken cancellation = default) => (await Read([view], cancellation))[view];

    /// <summary>
    /// Writes changed items and takes every view named to <paramref name="position"/>, in one transaction. False, and nothing
    /// is written, when one of them is not at the mark its change begins from: someone else has been here.
    /// </summary>
    Task<bool> Save(long position, IReadOnlyList<ViewChange> changes, CancellationToken cancellation = default);

    /// <summary>Empties a view, which then stands at position 0 of its next generation.</summary>
    Task Drop(string view, CancellationToken cancellation = default);
}

/// <param name="Generation">How often the view has been dropped; 0 for one that never was.</param>
/// <param name="Position">Every entry up to here has been applied.</param>
public sealed record ViewMark(long Generation, long Position)
{
    /// <summary>Where a view stands that has never been saved.</summary>
    public static readonly ViewMark None = new(0, 0);
}

public sealed record StoredView(ViewMark Mark, IReadOnlyList<ViewItem> Items);

/// <param name="Data">The item, UTF-8 JSON, opaque here.</param>
public sealed record ViewItem(string Id, byte[] Data);

/// <param name="From">Where the view must stand.</param>
/// <param name="Items">Items that are new or have changed since.</param>
public sealed record ViewChange(string View, ViewMark From, IReadOnlyList<ViewItem> Items);
