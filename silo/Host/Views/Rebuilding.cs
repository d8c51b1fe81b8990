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

    private static readonly ImmutableArray<View> Views = [.. ViewRegistration.OfThePlatform.Select(static kind => kind.Make())];

    /// <summary>What can be dropped.</summary>
    public static readonly ImmutableArray<string> Names = [.. Views.Select(static view => view.Name), Inboxes];

    /// <summary>Drops and waits.</summary>
    /// <returns>The position up to which, at least, everything is stored again: where the journal ended at the beginning.</returns>
    public async Task<long> Rebuild(IReadOnlyCollection<string> names, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(names);
        var head = (await store.Journal.ReadHead(cancellation)).Position;
        foreach (var view in Views.Where(view => names.Contains(view.Name))) await store.Views.Drop(view.Key, cancellation: cancellation);
        if (names.Contains(Inboxes)) await store.Inboxes.Clear(cancellation);
        var told = time.GetTimestamp();
        while (true)
        {
            var marks = await store.Views.Marks(cancellation);
            // Others are stored when it is their turn.
            var views = Views.Where(view => names.Contains(view.Name)).Select(view => marks.GetValueOrDefault(view.Key, ViewMark.None).Position).DefaultIfEmpty(head).Min();
            var inboxes = names.Contains(Inboxes) ? await store.Inboxes.DeliveredUpTo(cancellation) : head;
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
            if (!Views.OfType<KeptView>().Any(view => marks.GetValueOrDefault(view.Key, ViewMark.None).Position is > 0 and var position && position < last))
            {
                // Views of another version may hold what was erased.
                foreach (var key in marks.Keys.Where(static key => key != Relay.Relay.Mark && !Views.Any(view => view.Key == key))) await store.Views.Forget(key, cancellation);
                return;
            }

            if (await store.Leases.Holder(Leadership.Lease, cancellation) is null)
            {
                tell("The stored views do not know the last erasure, and the platform does not run.");
                await Rebuild([.. Views.Select(static view => view.Name)], cancellation);
                return;
            }

            if (time.GetElapsedTime(began) > ForErasures) throw new JournalUnavailableException("The stored views do not know the last erasure yet. Try again in a minute.");
            await Task.Delay(Look, TimeProvider.System, cancellation);
        }
    }

    private async Task Store(long head, IReadOnlyDictionary<ViewKey, ViewMark> marks, CancellationToken cancellation)
    {
        var stored = SealedViews.Of(store);
        var fresh = Views.OfType<KeptView>().Select(view => (KeptView)folding.Empty(view.Name)).ToList();
        await folding.CatchUp(fresh, head, cancellation);
        foreach (var view in fresh)
            if (view.Fault is { } fault) throw new InvalidOperationException($"The view {view.Name} cannot take in the entry after position {view.Position}.", fault);
        await stored.Save([.. fresh.Select(view => new Saving(view.Key, marks.GetValueOrDefault(view.Key, ViewMark.None), view.Position, view.Unstored(0, cancellation).Items))], cancellation);
        foreach (var view in Views.OfType<PagedView>())
        {
            var mark = marks.GetValueOrDefault(view.Key, ViewMark.None);
            if (mark.Position < head && await new ViewFilling(stored, folding).Fill(view.Name, mark, head, static () => true, cancellation) is { } fault)
                throw new InvalidOperationException($"The view {view.Name} cannot be folded.", fault);
        }
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
