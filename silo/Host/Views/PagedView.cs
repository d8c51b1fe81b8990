namespace Coordination.Host.Views;

/// <summary>
/// A view that is read page by page from the database (<see cref="SealedViews.Page"/>). In memory is only its tail: what the entries have made that are
/// not stored yet. It is stored in large pieces by the silo that leads; a piece that is missing is folded by that silo alone, and whoever reads meanwhile
/// is asked to come back (<see cref="Coordination.Contracts.Feed.ViewsBehindException"/>). An item that is stored never changes: another takes its
/// place (<see cref="Join"/>).
/// </summary>
public abstract class PagedView : View
{
    private long _since;

    /// <summary>What entries up to here have made is in the database, or missing there; what came after is in the tail.</summary>
    public long Since => Volatile.Read(ref _since);

    /// <summary>Begins with an empty tail.</summary>
    internal void Begin(long position)
    {
        BeginAt(position);
        Volatile.Write(ref _since, position);
        Forget(position);
    }

    /// <summary>The items that the entries after <see cref="Since"/> and up to a position have made or changed.</summary>
    internal IReadOnlyList<PendingItem> Unstored(long upTo)
    {
        lock (Gate) return upTo <= Since ? [] : Pending(Math.Min(upTo, Position));
    }

    /// <summary>The whole tail, and where it begins, of one moment.</summary>
    internal (long Since, IReadOnlyList<PendingItem> Items) UnstoredSince()
    {
        lock (Gate) return (Since, Position <= Since ? [] : Pending(Position));
    }

    /// <summary>Takes what is stored out of the tail. A reader takes the tail first and then the database, so nothing falls between.</summary>
    internal void Stored(long position)
    {
        lock (Gate)
        {
            position = Math.Min(position, Position);
            if (position <= Since) return;
            Forget(position);
            Volatile.Write(ref _since, position);
        }
    }

    /// <summary>What an item says, in a form that does not depend on how large the pieces were that were stored.</summary>
    internal virtual IEnumerable<(long Position, byte[] Data)> Records(string id, long position, byte[] data) => [(position, data)];

    /// <summary>Where stored items lie that are joined with those that are to be stored: in each range at most one.</summary>
    internal virtual IReadOnlyList<ViewRange> Joined(IReadOnlyList<PendingItem> pending) => [];

    /// <summary>Joins items that are to be stored with stored ones, so that many small ones become few.</summary>
    /// <param name="pending">Items that are to be stored.</param>
    /// <param name="stored">What was found where <see cref="Joined"/> said.</param>
    /// <returns>What is to be stored, and the stored items in whose place it comes.</returns>
    internal virtual (IReadOnlyList<PendingItem> Items, IReadOnlyList<ViewItem> Replaced) Join(IReadOnlyList<PendingItem> pending, IReadOnlyList<ViewItem> stored) => (pending, []);

    /// <summary>The items that the entries after <see cref="Since"/> and up to a position have made, each at the position of the last entry that is in it.</summary>
    protected abstract IReadOnlyList<PendingItem> Pending(long upTo);

    /// <summary>Forgets what the entries up to a position have made.</summary>
    protected abstract void Forget(long position);
}
