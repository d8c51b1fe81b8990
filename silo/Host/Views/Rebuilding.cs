using Coordination.Domain.Erasures;
using Coordination.Host.Reactors;
using Coordination.Host.Relay;

namespace Coordination.Host.Views;

/// <summary>
/// Drops views and inboxes and sees to it that they are folded and stored again: by the silo that leads, and when none does,
/// here. Nothing is fenced and need not be: whatever is saved says where it begins from, and who comes second saves nothing.
/// </summary>
/// <param name="tell">Is told in words, every few seconds, how far it is.</param>
public sealed class Rebuilding(IStore store, Folding folding, TimeProvider time, Action<string> tell)
{
    public const string Inboxes = "inboxes";

    private const int Most = 500;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Tell = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ForErasures = TimeSpan.FromMinutes(1);

    /// <summary>What can be dropped.</summary>
    public static readonly ImmutableArray<string> Names = [.. StoredViews.Names, Inboxes];

    /// <summary>Drops and waits.</summary>
    /// <returns>The position up to which, at least, everything is stored again: where the journal ended at the beginning.</returns>
    public async Task<long> Rebuild(IReadOnlyCollection<string> names, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(names);
        var head = (await store.Journal.ReadHead(cancellation)).Position;
        foreach (var view in StoredViews.Names.Where(names.Contains)) await store.Views.Drop(view, cancellation);
        if (names.Contains(Inboxes)) await store.Inboxes.Clear(cancellation);
        var told = time.GetTimestamp();
        while (true)
        {
            var marks = await store.Views.Marks(cancellation);
            var views = StoredViews.Names.Min(name => marks.GetValueOrDefault(name, ViewMark.None).Position);
            var inboxes = await store.Inboxes.DeliveredUpTo(cancellation);
            if (views >= head && inboxes >= head) return head;
            if (time.GetElapsedTime(told) > Tell)
            {
                told = time.GetTimestamp();
                tell($"views are stored up to {views}, inboxes filled up to {inboxes} of {head}");
            }

            if (await store.Leases.Holder(Leadership.Lease, cancellation) is not null)
            {
                await Task.Delay(Look, TimeProvider.System, cancellation);
                continue;
            }

            tell("The platform does not run; folding here.");
            if (views < head) await Store(head, marks, cancellation);
            if (inboxes < head) await Fill(inboxes, head, cancellation);
        }
    }

    /// <summary>
    /// Waits until what is stored of the views knows every erasure, so that a compaction leaves nothing in them. When no platform runs that
    /// would store them, they are folded anew here.
    /// </summary>
    /// <exception cref="JournalUnavailableException">The platform that runs has not stored them in time.</exception>
    public async Task TakeInErasures(CancellationToken cancellation)
    {
        var last = 0L;
        await foreach (var entry in store.Journal.ReadStream(TextsErased.Stream, 0, cancellation)) last = entry.Position;
        var began = time.GetTimestamp();
        while (true)
        {
            var marks = await store.Views.Marks(cancellation);
            if (!StoredViews.Names.Any(name => marks.GetValueOrDefault(name, ViewMark.None).Position is > 0 and var position && position < last)) return;
            if (await store.Leases.Holder(Leadership.Lease, cancellation) is null)
            {
                tell("The stored views do not know the last erasure, and the platform does not run.");
                await Rebuild(StoredViews.Names, cancellation);
                return;
            }

            if (time.GetElapsedTime(began) > ForErasures) throw new JournalUnavailableException("The stored views do not know the last erasure yet. Try again in a minute.");
            await Task.Delay(Look, TimeProvider.System, cancellation);
        }
    }

    private async Task Store(long head, IReadOnlyDictionary<string, ViewMark> marks, CancellationToken cancellation)
    {
        var (position, items) = (await folding.Anew(head, cancellation)).Folded.All();
        if ((await store.Journal.ReadAt([position], cancellation)) is not [var last]) return;
        var all = items.ToLookup(item => item.View, item => new ViewItem(item.Id, ViewJson.Write(item.Item)));
        await store.Views.Save(position, [
            .. StoredViews.Names.Select(name => new ViewChange(name, marks.GetValueOrDefault(name, ViewMark.None), [.. all[name]])),
            new(StoredViews.Journal, marks.GetValueOrDefault(StoredViews.Journal, ViewMark.None), [new("hash", last.Hash)]),
        ], cancellation);
    }

    private async Task Fill(long from, long head, CancellationToken cancellation)
    {
        await foreach (var items in folding.Again(from, head, Most, cancellation))
        {
            var deliveries = InboxReactor.Of(items);
            if (!await store.Inboxes.Deliver(from, items[^1].Position, deliveries, cancellation)) return;
            from = items[^1].Position;
        }
    }
}
