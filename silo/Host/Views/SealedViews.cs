using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Coordination.Contracts.Feed;
using Microsoft.Extensions.Logging.Abstractions;

namespace Coordination.Host.Views;

/// <summary>
/// The stored views, as far as they can be believed: everything is written with digests and nothing is read that does not fit them. What does not fit
/// is dropped, so that it is folded anew from the journal, and never served.
/// </summary>
public sealed partial class SealedViews(IViewStore store, IJournal journal, ViewSeals seals, ILogger<SealedViews> logger)
{
    /// <summary>Items that are read or sealed before others may have the thread.</summary>
    private const int Chunk = 1_000;

    /// <summary>How often a view is walked that is stored again meanwhile.</summary>
    private const int MostWalks = 5;

    /// <summary>The last mark of each view that was found to be the platform's own.</summary>
    private readonly ConcurrentDictionary<ViewKey, ViewMark> _known = new();

    /// <summary>Outside of a silo.</summary>
    public static SealedViews Of(IStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return new(store.Views, store.Journal, new(store.Secret), NullLogger<SealedViews>.Instance);
    }

    /// <summary>Whether a mark is the platform's own and belongs to this journal.</summary>
    public async Task<bool> Fits(ViewKey view, ViewMark mark, CancellationToken cancellation = default)
    {
        if (_known.TryGetValue(view, out var known) && known == mark) return true;
        var hash = mark.Position == 0 ? [] : await journal.ReadAt([mark.Position], cancellation) is [var entry] ? entry.Hash : null;
        if (hash is null || !seals.Fits(view, mark, hash)) return false;
        _known[view] = mark;
        return true;
    }

    /// <summary>The mark that was last found to be the platform's own, or was stored here.</summary>
    internal ViewMark? Known(ViewKey view) => _known.GetValueOrDefault(view);

    /// <summary>Lets a kept view begin with what is stored; when that does not fit it is dropped, and the view begins at the first entry.</summary>
    /// <param name="view">An empty one.</param>
    /// <param name="stored">What is stored of it.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The generation that the view is now of.</returns>
    internal async Task<long> Load(KeptView view, StoredView stored, DateTimeOffset now, CancellationToken cancellation)
    {
        var (key, mark) = (view.Key, stored.Mark);
        var fault = await Fits(key, mark, cancellation) ? FaultIn(key, stored) : NoMark(view.Name);
        if (fault is null)
        {
            try
            {
                view.Load(stored, now, cancellation);
                return mark.Generation;
            }
            catch (Exception exception) when (exception is JsonException or InvalidDataException)
            {
                fault = new(view.Name, null, $"an item cannot be read ({exception.Message})");
            }
        }

        return await Distrust(key, mark.Generation, fault, cancellation) ? mark.Generation + 1 : (await MarkOf(key, cancellation)).Generation;
    }

    /// <summary>A page of a view, whole and the platform's own.</summary>
    /// <param name="view">The view.</param>
    /// <param name="since">Where the tail begins that was taken before: the database must reach up to there.</param>
    /// <param name="ranges">What is wanted.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ViewsBehindException">It is folded anew.</exception>
    /// <exception cref="JournalUnavailableException">The database does not answer within a moment.</exception>
    public async Task<StoredView> Page(PagedView view, long since, IReadOnlyCollection<ViewRange> ranges, CancellationToken cancellation = default) =>
        await Believed(view, since, await store.Page(view.Key, ranges, cancellation), cancellation);

    /// <inheritdoc cref="Page(PagedView, long, IReadOnlyCollection{ViewRange}, CancellationToken)"/>
    public async Task<StoredView> Find(PagedView view, long since, IReadOnlyCollection<string> ids, CancellationToken cancellation = default) =>
        await Believed(view, since, await store.Find(view.Key, ids, cancellation), cancellation);

    /// <summary>What the tail of a view has made up to a position, joined with what is stored of it.</summary>
    /// <inheritdoc cref="Page(PagedView, long, IReadOnlyCollection{ViewRange}, CancellationToken)" path="/exception"/>
    internal async Task<Saving> Joined(PagedView view, ViewMark mark, long position, CancellationToken cancellation)
    {
        var pending = view.Unstored(position);
        var stored = new List<ViewItem>();
        if (mark.Position > 0)
        {
            foreach (var ranges in view.Joined(pending).Chunk(Chunk))
                stored.AddRange((await Page(view, mark.Position, ranges, cancellation)).Items);
        }

        var (items, replaced) = view.Join(pending, stored);
        return new(view.Key, mark, position, items, replaced);
    }

    /// <summary>Stores what views have become, with digests, in one transaction. False when another has been here; then nothing is stored.</summary>
    internal async Task<bool> Save(IReadOnlyCollection<Saving> savings, CancellationToken cancellation)
    {
        var positions = savings.Select(static saving => saving.Position).Where(static position => position > 0).Distinct().ToList();
        var hashes = (await journal.ReadAt(positions, cancellation)).ToDictionary(static entry => entry.Position, static entry => entry.Hash);
        var changes = new List<ViewChange>();
        foreach (var (key, from, position, items, gone) in savings)
        {
            if (!await Fits(key, from, cancellation))
            {
                await Distrust(key, from.Generation, NoMark(key.Name), cancellation);
                return false;
            }

            if (!hashes.TryGetValue(position, out var hash)) return false;
            var sum = ViewSeals.Sum.In(from);
            var last = new Dictionary<string, PendingItem>(StringComparer.Ordinal);
            foreach (var item in items) last[item.Id] = item;
            var replaced = gone is not null ? gone.Select(static item => item.Digest) : from.Position > 0 ? (await store.Digests(key, last.Keys, cancellation)).Values : [];
            foreach (var digest in replaced) sum -= digest;
            var written = new List<ViewItem>(last.Count);
            foreach (var item in last.Values)
            {
                // Others may want the thread.
                if (written.Count % Chunk == Chunk - 1) await Task.Yield();
                var digest = seals.Of(key, from.Generation, item.Id, item.Position, item.Data);
                written.Add(new(item.Id, item.Position, item.Data, digest));
                sum += digest;
            }

            changes.Add(new(key, from, position, seals.Of(key, from.Generation, position, sum, hash), written, gone?.Select(static item => item.Id).ToList()));
        }

        if (!await store.Save(changes, cancellation)) return false;
        foreach (var change in changes) _known[change.View] = new(change.From.Generation, change.Position, change.Digest);
        return true;
    }

    /// <summary>
    /// Goes over all that is stored of a view and compares it with its mark, while the platform goes on. A view in which something does not fit is dropped,
    /// so that it is folded anew.
    /// </summary>
    /// <returns>What does not fit, or null.</returns>
    public async Task<ViewFault?> Check(View view, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(view);
        var (mark, fault) = view is KeptView
            ? await FaultIn(view.Key, (await store.Read([view.Key], cancellation))[view.Key], cancellation)
            : await Over(view.Key, FaultIn, cancellation) ?? (ViewMark.None, null);
        return fault is not null && await Distrust(view.Key, mark.Generation, fault, cancellation) ? fault : null;
    }

    /// <summary>Goes over all that is stored of a view that is read page by page, of one moment: when it was stored meanwhile, once more.</summary>
    /// <returns>What <paramref name="look"/> has found; null when it was stored each time.</returns>
    internal async Task<T?> Over<T>(ViewKey view, Func<ViewKey, ViewMark, IAsyncEnumerable<ViewItem>, CancellationToken, Task<T>> look, CancellationToken cancellation)
        where T : struct
    {
        var mark = await MarkOf(view, cancellation);
        for (var time = 0; time < MostWalks; time++)
        {
            var found = await look(view, mark, All(view, cancellation), cancellation);
            var now = await MarkOf(view, cancellation);
            if (now == mark) return found;
            mark = now;
        }

        return null;
    }

    /// <summary>Everything that is stored of a view, in the order of ids, in pieces.</summary>
    private async IAsyncEnumerable<ViewItem> All(ViewKey view, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var after = "";
        while (true)
        {
            var items = await store.After(view, after, Chunk, cancellation);
            foreach (var item in items) yield return item;
            // Others may want the thread.
            await Task.Yield();
            if (items.Count < Chunk) yield break;
            after = items[^1].Id;
        }
    }

    private async Task<StoredView> Believed(PagedView view, long since, StoredView page, CancellationToken cancellation)
    {
        var key = view.Key;
        if (page.Mark.Position < since) throw new ViewsBehindException();
        var fault = await Fits(key, page.Mark, cancellation) ? FaultIn(key, page, isWhole: false) : NoMark(key.Name);
        if (fault is null) return page;
        await Distrust(key, page.Mark.Generation, fault, cancellation);
        throw new ViewsBehindException();
    }

    /// <summary>What does not fit in a view that was read whole, or in a part of one.</summary>
    private ViewFault? FaultIn(ViewKey view, StoredView stored, bool isWhole = true)
    {
        bool IsOther(ViewItem item) => !seals.Fits(view, stored.Mark.Generation, item);
        if ((stored.Items.Count > Chunk ? stored.Items.AsParallel().FirstOrDefault(IsOther) : stored.Items.FirstOrDefault(IsOther)) is { } other) return NoItem(view.Name, other.Id);
        var sum = isWhole ? stored.Items.Aggregate(default(ViewSeals.Sum), static (sum, item) => sum + item.Digest) : default;
        return isWhole && sum != ViewSeals.Sum.In(stored.Mark) ? NoSum(view.Name) : null;
    }

    private async Task<(ViewMark Mark, ViewFault? Fault)> FaultIn(ViewKey view, StoredView stored, CancellationToken cancellation) =>
        (stored.Mark, await Fits(view, stored.Mark, cancellation) ? FaultIn(view, stored) : NoMark(view.Name));

    private async Task<(ViewMark Mark, ViewFault? Fault)> FaultIn(ViewKey view, ViewMark mark, IAsyncEnumerable<ViewItem> items, CancellationToken cancellation)
    {
        if (!await Fits(view, mark, cancellation)) return (mark, NoMark(view.Name));
        var sum = default(ViewSeals.Sum);
        await foreach (var item in items)
        {
            if (!seals.Fits(view, mark.Generation, item)) return (mark, NoItem(view.Name, item.Id));
            sum += item.Digest;
        }

        return (mark, sum == ViewSeals.Sum.In(mark) ? null : NoSum(view.Name));
    }

    private async Task<ViewMark> MarkOf(ViewKey view, CancellationToken cancellation) => (await store.Marks(cancellation)).GetValueOrDefault(view, ViewMark.None);

    private static ViewFault NoMark(string view) => new(view, null, "its mark does not fit the journal");

    private static ViewFault NoItem(string view, string item) => new(view, item, "it does not fit its digest");

    private static ViewFault NoSum(string view) => new(view, null, "some of its items are missing, older, or others than were stored");

    private async Task<bool> Distrust(ViewKey view, long generation, ViewFault fault, CancellationToken cancellation)
    {
        LogDistrusted(logger, fault.View, fault.Item is { } item ? $", item '{item}'" : "", fault.What);
        return await store.Drop(view, generation, cancellation);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What is stored of the view '{View}'{Item} is not what the platform stored: {What}. It is folded anew")]
    private static partial void LogDistrusted(ILogger logger, string view, string item, string what);
}

/// <summary>What was found wrong in a stored view.</summary>
/// <param name="Item">The item in which it was found, or null.</param>
/// <param name="What">In words.</param>
public sealed record ViewFault(string View, string? Item, string What);

/// <summary>What a view has become between two positions.</summary>
/// <param name="From">The mark that it is stored at.</param>
/// <param name="Replaced">Stored items that are taken away; null when an item replaces the one with its id.</param>
internal sealed record Saving(ViewKey View, ViewMark From, long Position, IReadOnlyCollection<PendingItem> Items, IReadOnlyList<ViewItem>? Replaced = null);
