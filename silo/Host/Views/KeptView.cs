using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Coordination.Host.Grains;

namespace Coordination.Host.Views;

/// <summary>
/// A view that is in memory as a whole, so that it answers while the database is away: what rules ask (<see cref="World"/>) is of this kind. It is
/// loaded at start, a silo serves only when it is whole, and what changes is stored from time to time.
/// </summary>
public abstract class KeptView : View
{
    /// <summary>Kind of the streams that it is folded from, such as <c>plan</c>; a stream is an item.</summary>
    public abstract string Kind { get; }

    /// <summary>Begins with what was stored.</summary>
    /// <exception cref="System.Text.Json.JsonException">An item is of another form.</exception>
    internal abstract void Load(StoredView stored, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>The items that have changed after a position, as far as that is not known to be stored, and where all of them stand.</summary>
    internal abstract (long Position, List<PendingItem> Items) Unstored(long after, CancellationToken cancellation = default);

    /// <summary>Changes up to here are not known any more: a store that stands before it has lost some.</summary>
    internal abstract long StoredUpTo { get; }

    /// <summary>Forgets that items have changed up to where they have been stored.</summary>
    internal abstract void Stored(long position);

    /// <summary>Whether it shows texts of a fact. Those of others are read from the journal, and are gone there.</summary>
    internal virtual bool Shows(Fact fact) => true;

    /// <summary>Folds an item anew, because texts of it were erased: from all its entries up to here, as they are now.</summary>
    /// <param name="id">Of the item.</param>
    /// <param name="entries">Its entries, oldest first, up to the position that the view stands at.</param>
    /// <param name="at">Position of the entry that says so.</param>
    internal abstract void Refold(string id, IEnumerable<Entry> entries, long at);

    /// <summary>All items as they would be stored, in the order of their ids.</summary>
    internal abstract IEnumerable<(string Id, byte[] Data)> Items();

    /// <summary>Tells somebody of each item that is there, and from now on of each that is kept, whichever way it came. Called by the thread that applies.</summary>
    /// <param name="listener">Is told the item's id and what it is now.</param>
    internal abstract void TellTo(Action<string, object> listener);
}

/// <inheritdoc/>
/// <remarks>An item is stored as one, unless its view says of which parts it is made; then only those are stored that have changed.</remarks>
public abstract class KeptView<T> : KeptView where T : class
{
    private static readonly int FormOfItems = SnapshotForm.Of(typeof(T));
    private readonly ConcurrentDictionary<string, T> _items = new(StringComparer.Ordinal);

    /// <summary>Parts that are not known to be stored, with the position that changed them last.</summary>
    private readonly Dictionary<string, long> _changed = new(StringComparer.Ordinal);

    private long _storedUpTo;
    private Action<string, object>? _listener;

    public override int Form => FormOfItems;

    public IEnumerable<KeyValuePair<string, T>> All => _items;

    public ICollection<T> Values => _items.Values;

    public T? Find(string id) => _items.GetValueOrDefault(id);

    internal override void Load(StoredView stored, DateTimeOffset now, CancellationToken cancellation)
    {
        try
        {
            // A start waits for this, and most of it is reading JSON.
            var items = stored.Items.GroupBy(part => ItemOf(part.Id), StringComparer.Ordinal).AsParallel().AsOrdered().WithCancellation(cancellation)
                .Select(parts => (Id: parts.Key, Item: Join(parts.Key, [.. parts])));
            foreach (var (id, item) in items) Keep(id, item, now);
        }
        catch (AggregateException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
        }

        BeginAt(stored.Mark.Position);
        _storedUpTo = stored.Mark.Position;
    }

    internal override long StoredUpTo => Volatile.Read(ref _storedUpTo);

    internal override (long Position, List<PendingItem> Items) Unstored(long after, CancellationToken cancellation = default)
    {
        long position;
        List<(string Id, long At, T Item)> changed;
        lock (Gate)
        {
            position = Position;
            changed = [.. _changed.Where(pair => pair.Value > after).Select(pair => (pair.Key, pair.Value, _items[ItemOf(pair.Key)]))];
        }

        return (position, changed.ConvertAll(one =>
        {
            cancellation.ThrowIfCancellationRequested();
            return new PendingItem(one.Id, one.At, ViewJson.Write(PartOf(one.Id, one.Item)));
        }));
    }

    internal override void Stored(long position)
    {
        lock (Gate)
        {
            if (position <= StoredUpTo) return;
            Volatile.Write(ref _storedUpTo, position);
            foreach (var (id, at) in _changed)
                if (at <= position) _changed.Remove(id);
        }
    }

    internal override void Refold(string id, IEnumerable<Entry> entries, long at)
    {
        lock (Gate)
        {
            var item = entries.Aggregate((T?)null, (item, entry) => Evolve(id, item, entry, entry.ToFact()) ?? item);
            if (item is null) return;
            _items[id] = item;
            foreach (var part in PartsOf(id, item)) _changed[part] = at;
            _listener?.Invoke(id, item);
        }
    }

    internal override IEnumerable<(string Id, byte[] Data)> Items()
    {
        KeyValuePair<string, T>[] items;
        lock (Gate) items = [.. _items];
        return items.SelectMany(item => PartsOf(item.Key, item.Value), (item, part) => (Part: part, Item: item.Value)).OrderBy(one => one.Part, StringComparer.Ordinal)
            .Select(one => (one.Part, ViewJson.Write(PartOf(one.Part, one.Item))));
    }

    internal override void TellTo(Action<string, object> listener)
    {
        _listener = listener;
        foreach (var (id, item) in _items) listener(id, item);
    }

    /// <summary>What an entry makes of an item; null for nothing.</summary>
    protected abstract T? Evolve(string id, T? item, Entry entry, Fact fact);

    /// <summary>The item that a part belongs to: the part's id begins with the item's.</summary>
    protected virtual string ItemOf(string part) => part;

    /// <summary>The parts of an item.</summary>
    protected virtual IEnumerable<string> PartsOf(string id, T item) => [id];

    /// <summary>Those of them that a fact has changed.</summary>
    protected virtual IEnumerable<string> ChangedParts(string id, T? before, T item, Fact fact) => [id];

    /// <summary>A part as it is stored.</summary>
    protected virtual object PartOf(string part, T item) => item;

    /// <summary>The item again.</summary>
    /// <exception cref="System.Text.Json.JsonException">A part is of another form.</exception>
    /// <exception cref="InvalidDataException">A part is missing.</exception>
    protected virtual T Join(string id, IReadOnlyList<ViewItem> parts) => ViewJson.Read<T>(parts[0].Data);

    /// <summary>Is told of each item that was kept, for what is looked up by other things than its id.</summary>
    /// <param name="id">Of the item.</param>
    /// <param name="before">Null for one that is new.</param>
    /// <param name="item">What it becomes.</param>
    /// <param name="at">When.</param>
    protected virtual void Index(string id, T? before, T item, DateTimeOffset at) { }

    protected override void Apply(Entry entry, Fact fact)
    {
        var (kind, id) = EntryFacts.Split(entry.Stream);
        var before = Find(id);
        if (kind != Kind || Evolve(id, before, entry, fact) is not { } item) return;
        Keep(id, item, entry.At);
        foreach (var part in ChangedParts(id, before, item, fact)) _changed[part] = entry.Position;
    }

    private void Keep(string id, T item, DateTimeOffset at)
    {
        var before = Find(id);
        _items[id] = item;
        Index(id, before, item, at);
        _listener?.Invoke(id, item);
    }

    protected static void Note(ConcurrentDictionary<string, ImmutableList<string>> index, string key, string id) => index[key] = index.GetValueOrDefault(key, []).Add(id);
}
