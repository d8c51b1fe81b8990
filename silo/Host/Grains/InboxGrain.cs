using Coordination.Contracts.Subscriptions;
using Coordination.Domain.Subscriptions;
using Coordination.Host.Reactors;
using Coordination.Host.Views;
using Microsoft.Extensions.Options;
using System.Globalization;

namespace Coordination.Host.Grains;

/// <summary>A body's subscriptions, its inbox and how far it has read it.</summary>
public sealed class InboxGrain(Deciding deciding, IInboxes inboxes, IJournal journal, World world, FeedReader reader, InboxProgress progress, ReadYourWrites reads, IOptions<SiloOptions> options)
    : JournaledGrain<SubscriptionsState>(deciding), IInboxGrain
{
    private const int MostUnread = 100;

    /// <summary>Newest entries of a batch that an item speaks of: each is asked again whether it may be seen, however large the import was.</summary>
    private const int MostOfBatch = 500;

    protected override string Kind => "inbox";

    public Task<Outcome> Execute(CommandHeader header, SubscriptionCommand command) =>
        // Nobody has read what is not written yet.
        command is ReadInbox read && read.UpTo > journal.Position ? Decide(header, new ReadInbox(journal.Position)) : Decide(header, command);

    private Task<Outcome> Decide(CommandHeader header, SubscriptionCommand command) =>
        Execute(header, (state, situation) => SubscriptionRules.Decide(Id, state ?? SubscriptionsState.Empty(Id), command, situation));

    public async Task<Inbox> Read(Asker asker, Paging paging)
    {
        // Both together are bounded: whoever reads is answered in time also while inboxes are filled anew.
        var began = Time.GetTimestamp();
        await progress.Reach(await reads.For(asker), options.Value.SeenWithin - Time.GetElapsedTime(began));
        var actor = world.Who(asker);
        if (actor.Body != Id) return new([], null, 0, 0);

        // From the views and not from the grain's state, which a command may be changing meanwhile.
        var readUpTo = world.SubscriptionsOf(Id).ReadUpTo;
        var limit = Math.Clamp(paging.Limit, 1, Paged.Most);
        var before = Decode(paging.After);
        var items = new List<InboxItem>(limit);
        string? next = null;
        while (next is null)
        {
            // One more than asked for tells whether there is anything after the page.
            var deliveries = await Histories.Briefly(cancellation => inboxes.Read(Id, before, limit + 1, cancellation));
            var visible = await VisibleOf(deliveries, actor);
            var told = (await Histories.Briefly(cancellation => reader.Read([.. visible.Values.Select(one => one.Entry)], cancellation))).Zip(visible.Values, (entry, one) => (one.Delivery.Position, entry)).ToDictionary();
            foreach (var (place, _, _, _) in deliveries)
            {
                if (items.Count == limit)
                {
                    next = before?.ToString(CultureInfo.InvariantCulture);
                    break;
                }

                before = place;
                if (visible.GetValueOrDefault(place) is { Delivery: var (position, reason, _, _), Count: var count } && told.GetValueOrDefault(position) is { } entry)
                    items.Add(new(position, Enum.Parse<InboxReason>(reason), position <= readUpTo, entry, count));
            }

            if (deliveries.Count <= limit) break;
        }

        var unread = await VisibleOf([.. (await Histories.Briefly(cancellation => inboxes.Read(Id, null, MostUnread, cancellation))).TakeWhile(delivery => delivery.Position > readUpTo)], actor);
        return new([.. items.OrderByDescending(item => item.Position)], next, unread.Values.Count(one => one.Delivery.Position > readUpTo), readUpTo);
    }

    /// <summary>By their place, the items of which the reader may still see something: the last delivery that is open to it, and the number of those that are.</summary>
    private async Task<Dictionary<long, Visible>> VisibleOf(IReadOnlyList<Delivery> items, Actor actor)
    {
        var all = new List<(long Place, IReadOnlyList<Delivery> Deliveries)>(items.Count);
        foreach (var item in items) all.Add((item.Position, item.Batch is { } batch ? [.. (await Histories.Briefly(cancellation => inboxes.ReadBatch(Id, batch, cancellation))).Take(MostOfBatch)] : [item]));
        // What has been delivered may have been closed to the body since.
        var positions = all.SelectMany(one => one.Deliveries, (_, delivery) => delivery.Position).ToList();
        var open = (await Histories.Briefly(cancellation => journal.ReadAt(positions, cancellation)))
            .Where(entry => FactJson.ReadAudience(entry.Audience).Admits(actor, world)).ToDictionary(entry => entry.Position);
        var visible = new Dictionary<long, Visible>(items.Count);
        foreach (var (place, deliveries) in all)
        {
            var admitted = deliveries.Where(delivery => open.ContainsKey(delivery.Position)).ToList();
            if (admitted is [var last, ..]) visible.Add(place, new(last, open[last.Position], admitted.Count));
        }

        return visible;
    }

    private sealed record Visible(Delivery Delivery, Entry Entry, int Count);

    private static long? Decode(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor)) return null;
        return long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : throw new UnreadableCursorException();
    }
}
