namespace Coordination.Journal;

/// <summary>
/// Read models beside the log, each a set of items under a name and a form, with the mark that says how far it was folded. Disposable: what is
/// dropped is folded from the log again. Two forms of one name lie beside each other, so that silos of two versions do not disturb each other.
/// Safe for concurrent use.
/// </summary>
/// <remarks>
/// Ids are ordered by their characters' codes, and that order is the one index that there is: what is read together begins with the same
/// characters and ends with what it is sorted by, as in <c>plan/canada-1|0000000000000000042</c>.
/// </remarks>
public interface IViewStore
{
    /// <summary>The mark of every view there is or has been.</summary>
    Task<IReadOnlyDictionary<ViewKey, ViewMark>> Marks(CancellationToken cancellation = default);

    /// <summary>All items of views, in the order of their ids, and the marks they stand at, all of one moment. Takes as long as it takes.</summary>
    Task<IReadOnlyDictionary<ViewKey, StoredView>> Read(IReadOnlyCollection<ViewKey> views, CancellationToken cancellation = default);

    /// <summary>The items in each of the ranges, range by range, and the mark they stand at, all of one moment and in one round trip.</summary>
    /// <exception cref="JournalUnavailableException">The database did not answer within <see cref="Moment"/>.</exception>
    Task<StoredView> Page(ViewKey view, IReadOnlyCollection<ViewRange> ranges, CancellationToken cancellation = default);

    /// <summary>The items with these ids, in the order of their ids, without those that are not there; else as the ranges.</summary>
    /// <inheritdoc cref="Page(ViewKey, IReadOnlyCollection{ViewRange}, CancellationToken)" path="/exception"/>
    Task<StoredView> Find(ViewKey view, IReadOnlyCollection<string> ids, CancellationToken cancellation = default);

    /// <summary>The items with an id after this one, in the order of their ids, at most <paramref name="limit"/>: for a walk over all, which nobody waits for.</summary>
    Task<IReadOnlyList<ViewItem>> After(ViewKey view, string id, int limit, CancellationToken cancellation = default);

    /// <summary>The digests of the items with these ids that are there, by id: what replaces them must know.</summary>
    Task<IReadOnlyDictionary<string, byte[]>> Digests(ViewKey view, IReadOnlyCollection<string> ids, CancellationToken cancellation = default);

    /// <summary>
    /// Takes items in, takes others away, and sets each view's mark, in one transaction. False, and nothing is written, when one of the views is not at
    /// the mark that its change begins from: someone else has been here. A crash may lose the latest changes, never a part of one.
    /// </summary>
    Task<bool> Save(IReadOnlyList<ViewChange> changes, CancellationToken cancellation = default);

    /// <summary>
    /// Empties a view, which then stands at position 0 of its next generation, at once however large it is. False when it is of another generation
    /// than <paramref name="generation"/> by now.
    /// </summary>
    Task<bool> Drop(ViewKey view, long? generation = null, CancellationToken cancellation = default);

    /// <summary>Takes away a view with its mark, as if it had never been: one of a form that nobody uses any more.</summary>
    Task Forget(ViewKey view, CancellationToken cancellation = default);

    /// <summary>Takes at most <paramref name="limit"/> items of dropped and forgotten views off the disk; nobody sees them any more.</summary>
    /// <returns>How many there were.</returns>
    Task<int> Tidy(int limit, CancellationToken cancellation = default);

    /// <summary>How long a page waits for a database that is away: shorter than whoever asked for it waits for an answer.</summary>
    static readonly TimeSpan Moment = TimeSpan.FromSeconds(0.8);
}

/// <param name="Name">Such as <c>plans</c>.</param>
/// <param name="Form">Of its items: another one is another view.</param>
public readonly record struct ViewKey(string Name, int Form);

/// <param name="Generation">How often the view has been dropped; 0 for one that never was.</param>
/// <param name="Position">Every entry up to here has been applied.</param>
/// <param name="Digest">What whoever saved it says of the items, opaque here.</param>
public sealed record ViewMark(long Generation, long Position, byte[] Digest)
{
    /// <summary>Where a view stands that has never been saved.</summary>
    public static readonly ViewMark None = Begun(0);

    /// <summary>Where a view stands that was dropped so often and not saved since.</summary>
    public static ViewMark Begun(long generation) => new(generation, 0, []);

    public bool Equals(ViewMark? other) =>
        other is not null && Generation == other.Generation && Position == other.Position && Digest.AsSpan().SequenceEqual(other.Digest);

    public override int GetHashCode() => HashCode.Combine(Generation, Position);
}

public sealed record StoredView(ViewMark Mark, IReadOnlyList<ViewItem> Items)
{
    public static readonly StoredView None = new(ViewMark.None, []);
}

/// <param name="Position">The entry that changed it last.</param>
/// <param name="Data">The item, opaque here.</param>
/// <param name="Digest">What whoever saved it says of the item, opaque here.</param>
public sealed record ViewItem(string Id, long Position, byte[] Data, byte[] Digest);

/// <summary>The ids between two, neither of which is among them.</summary>
/// <param name="Limit">Most items, from the beginning, or from the end when falling.</param>
/// <param name="Falling">Whether they come in falling order.</param>
public readonly record struct ViewRange(string After, string Before, int Limit, bool Falling = false);

/// <param name="From">Where the view must stand.</param>
/// <param name="Position">Where it stands afterwards: not before.</param>
/// <param name="Digest">Of its mark afterwards.</param>
/// <param name="Items">Items that are new or have changed since; of an id that is named twice the last one counts.</param>
/// <param name="Gone">Ids of items that are taken away; null for none.</param>
public sealed record ViewChange(ViewKey View, ViewMark From, long Position, byte[] Digest, IReadOnlyList<ViewItem> Items, IReadOnlyList<string>? Gone = null);
