using System.Runtime.CompilerServices;
using Coordination.Contracts.Messages;
using Coordination.Host.Accounts;
using Coordination.Host.Reactors;
using Coordination.Host.Relay;
using Microsoft.Extensions.Logging.Abstractions;

namespace Coordination.Host.Views;

/// <summary>Folds the journal into a world, from what is stored or from the first entry on.</summary>
public sealed partial class Folding(
    IJournal journal, IViewStore store, SealedViews views, IEnumerable<ViewKind> kinds, Names names, TimeProvider time, ILogger<Folding> logger)
{
    private const int Batch = 500;

    /// <summary>Entries that a view which is read from the database may be behind the others at a start; one that is further behind is folded alone.</summary>
    private const long MostBehind = 20_000;

    /// <summary>Entries of which what such a view makes is held in memory until it is stored.</summary>
    private const long MostInMemory = 200_000;

    private readonly ImmutableArray<ViewKind> _kinds = [.. kinds];

    /// <summary>Outside of a silo, with the views of the platform.</summary>
    public static Folding Of(IStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return new(
            store.Journal, store.Views, SealedViews.Of(store), ViewRegistration.OfThePlatform, new(), TimeProvider.System, NullLogger<Folding>.Instance);
    }

    /// <summary>An empty view of the same kind.</summary>
    internal View Empty(string name) => _kinds.Select(static kind => kind.Make()).Single(view => view.Name == name);

    /// <summary>
    /// Lets each view of a new world begin with what is stored of it, and those that are behind the others catch up with them. What is stored and does not
    /// fit the journal is dropped.
    /// </summary>
    /// <param name="world">A new one.</param>
    /// <param name="atMost">Views that are stored beyond this begin with the first entry.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The generations of the views that are in memory, by name.</returns>
    internal async Task<IReadOnlyDictionary<string, long>> Begin(World world, long atMost, CancellationToken cancellation)
    {
        var kept = world.Views.OfType<KeptView>().ToList();
        var generations = await Load(kept, world.Now, atMost, cancellation);
        // Whoever has read it still stands below on this thread, and holds all that was read.
        await Task.Yield();
        var position = kept.Select(static view => view.Position).DefaultIfEmpty(0).Max();
        var marks = await store.Marks(cancellation);
        foreach (var view in world.Views.OfType<PagedView>())
        {
            var mark = marks.GetValueOrDefault(view.Key, ViewMark.None);
            if (mark.Position <= atMost && mark.Position >= position - MostBehind && await views.Fits(view.Key, mark, cancellation)) view.Begin(mark.Position);
            else view.Begin(position);
        }

        if (world.Views.Where(view => view.Position < position).ToList() is { Count: > 0 } behind)
        {
            foreach (var view in kept.Where(view => view.Position < position)) LogBehind(logger, view.Name, view.Position, position);
            await CatchUp(behind, position, cancellation);
        }

        world.Begin(position);
        return generations;
    }

    private async Task<Dictionary<string, long>> Load(List<KeptView> kept, DateTimeOffset now, long atMost, CancellationToken cancellation)
    {
        // Of one moment: the silo that leads may be storing them at this very time.
        var read = await store.Read([.. kept.Select(static view => view.Key)], cancellation);
        var generations = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var view in kept)
        {
            var stored = read[view.Key];
            generations[view.Name] = stored.Mark.Position == 0 || stored.Mark.Position > atMost ? stored.Mark.Generation : await views.Load(view, stored, now, cancellation);
        }

        return generations;
    }

    /// <summary>
    /// Lets views that are read from the database begin where the journal ends, when the world is far behind: what they make of all that would not fit into
    /// memory, and is folded piece by piece afterwards.
    /// </summary>
    internal static void PassOver(World world, long head)
    {
        foreach (var view in world.Views.OfType<PagedView>())
            if (head - view.Position > MostInMemory) view.Begin(head);
    }

    /// <summary>A world folded from the first entry on, whatever is stored, up to <paramref name="position"/> or the end. The whole feed is in memory.</summary>
    public async Task<World> Anew(long position, CancellationToken cancellation)
    {
        var world = New();
        await foreach (var _ in Entries(world, position, cancellation)) { }
        return world;
    }

    /// <summary>A world at the end of the journal: from what is stored and what came after.</summary>
    public async Task<World> Now(CancellationToken cancellation)
    {
        var world = New();
        await Begin(world, long.MaxValue, cancellation);
        await CatchUp(world, (await journal.ReadHead(cancellation)).Position, cancellation);
        return world;
    }

    /// <summary>Takes a world on to a position.</summary>
    internal async Task CatchUp(World world, long position, CancellationToken cancellation)
    {
        await foreach (var _ in Entries(world, position, cancellation)) { }
    }

    /// <summary>Takes some views on to a position, each from where it stands. One that throws stays behind.</summary>
    internal async Task CatchUp(IReadOnlyCollection<View> behind, long position, CancellationToken cancellation)
    {
        for (var from = behind.Min(static view => view.Position); from < position;)
        {
            var entries = await journal.ReadFrom(from, (int)Math.Min(Batch, position - from), cancellation);
            if (entries.Count == 0 || behind.All(static view => view.Fault is not null)) return;
            foreach (var entry in entries)
            {
                await Refold(behind, entry, cancellation);
                var fact = entry.ToFact();
                foreach (var view in behind) view.Take(entry, fact);
            }

            from = entries[^1].Position;
            // A journal in a file answers at once: without this nobody else would have the thread until the end.
            await Task.Yield();
        }
    }

    /// <summary>What views and inboxes are when they are folded from the first entry on, whatever is stored, up to <paramref name="position"/> or the end.</summary>
    /// <param name="forgotten">Of inboxes nothing is kept up to here (<see cref="IInboxes.KeptAfter"/>).</param>
    /// <param name="progress">Is told the position that has been reached, from time to time.</param>
    public async Task<ViewDigests> Digest(long position, long forgotten, IProgress<long>? progress, CancellationToken cancellation)
    {
        var world = New();
        var builder = new MessageBuilder(world);
        using var inboxes = new InboxDigest();
        var sums = world.Views.OfType<PagedView>().ToDictionary(static view => view, static _ => default(ViewSeals.Sum));
        await foreach (var (entry, fact) in Entries(world, position, cancellation))
        {
            if (entry.Position > forgotten)
                foreach (var one in InboxReactor.Of([builder.MessageOf(entry, fact)])) inboxes.Add(one.Body, new(one.Position, one.Reason, one.Thread, one.Batch));
            if (entry.Position % Batch == 0) progress?.Report(entry.Position);
            if (entry.Position % MostBehind == 0) Sum();
        }

        Sum();
        return ViewDigests.Of(world, view => sums[view]) with { Inboxes = inboxes.Result() };

        // The feed of a large journal does not fit into memory.
        void Sum()
        {
            foreach (var view in sums.Keys)
            {
                sums[view] = ViewDigests.Add(sums[view], view, view.Unstored(view.Position));
                view.Stored(view.Position);
            }
        }
    }

    /// <summary>The messages after a position, up to another, as they were when they were sent first.</summary>
    public async IAsyncEnumerable<Changed[]> Again(long after, long upTo, int limit, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var things = await At(after, null, cancellation);
        while (await Next(things, Math.Min(limit, upTo - things.Position), cancellation) is { Length: > 0 } messages) yield return messages;
    }

    /// <summary>Things as they were at a position: from those of an earlier one, or from what is stored if that reaches no further, and what came after.</summary>
    /// <param name="from">Taken on from where they are; null for what is stored.</param>
    internal async Task<Things> At(long position, Things? from, CancellationToken cancellation)
    {
        LogAgain(logger, position);
        var things = from ?? await Stored(position, cancellation);
        while (things.Position < position)
        {
            var entries = await journal.ReadFrom(things.Position, (int)Math.Min(Batch, position - things.Position), cancellation);
            if (entries.Count == 0) break;
            foreach (var entry in entries) things.Apply(entry);
        }

        return things;
    }

    /// <summary>Takes things on by so many entries at most, and makes their messages; none when there are no more.</summary>
    internal async Task<Changed[]> Next(Things things, long limit, CancellationToken cancellation)
    {
        if (limit <= 0) return [];
        var builder = new MessageBuilder(things);
        return [.. (await journal.ReadFrom(things.Position, (int)limit, cancellation)).Select(entry => builder.MessageOf(entry, things.Apply(entry)))];
    }

    /// <summary>The views are let go at once: only what they say of things is kept.</summary>
    private async Task<Things> Stored(long atMost, CancellationToken cancellation)
    {
        var world = New(isWhole: false);
        await Begin(world, atMost, cancellation);
        return Things.Of(world);
    }

    /// <summary>
    /// Takes the next entry into a world. When it says that texts were erased, what the world shows of them is folded anew from the journal
    /// first, which has them no more.
    /// </summary>
    internal async Task<Fact?> Apply(World world, Entry entry, CancellationToken cancellation)
    {
        if (entry.Position > world.Position) await Refold(world.Views, entry, cancellation);
        return world.Apply(entry);
    }

    /// <summary>Folds anew what views show of the streams of which an entry says that texts were erased.</summary>
    private async ValueTask Refold(IReadOnlyCollection<View> all, Entry entry, CancellationToken cancellation)
    {
        if (Erasure.PositionsOf(entry) is not { Count: > 0 } erased) return;
        foreach (var ofStream in (await journal.ReadAt(erased, cancellation)).GroupBy(static one => one.Stream, StringComparer.Ordinal))
        {
            var stream = ofStream.Key;
            var (kind, id) = EntryFacts.Split(stream);
            var shown = all.OfType<KeptView>()
                .Where(view => view.Kind == kind && view.Position < entry.Position && view.Fault is null && ofStream.Any(one => view.Shows(one.ToFact()))).ToList();
            if (shown.Count == 0) continue;
            var entries = new List<Entry>();
            await foreach (var one in journal.ReadStream(stream, 0, cancellation))
            {
                if (one.Position >= entry.Position) break;
                entries.Add(one);
            }

            foreach (var view in shown) view.Refold(id, entries, entry.Position);
        }
    }

    private World New(bool isWhole = true) => new(names, time, isWhole ? _kinds : _kinds.Where(static kind => kind.Make() is KeptView));

    /// <summary>Every entry right after it was applied.</summary>
    private async IAsyncEnumerable<(Entry Entry, Fact Fact)> Entries(World world, long upTo, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (world.Position < upTo)
        {
            var entries = await journal.ReadFrom(world.Position, (int)Math.Min(Batch, upTo - world.Position), cancellation);
            if (entries.Count == 0) yield break;
            foreach (var entry in entries) yield return (entry, (await Apply(world, entry, cancellation))!);
            // As in CatchUp.
            await Task.Yield();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The view '{View}' is folded from position {Position} on, up to {UpTo}, before anything is served")]
    private static partial void LogBehind(ILogger logger, string view, long position, long upTo);

    [LoggerMessage(Level = LogLevel.Information, Message = "Messages after position {After} are made again")]
    private static partial void LogAgain(ILogger logger, long after);
}
