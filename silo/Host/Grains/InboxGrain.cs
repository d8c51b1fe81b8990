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

    protected override string Kind => "inbox";

    public Task<Outcome> Execute(CommandHeader header, SubscriptionCommand command) =>
        // Nobody has read what is not written yet.
        command is ReadInbox read && read.UpTo > journal.Position ? Decide(header, new ReadInbox(journal.Position)) : Decide(header, command);

    private Task<Outcome> Decide(CommandHeader header, SubscriptionCommand command) =>
        Execute(header, (state, situation) => SubscriptionRules.Decide(Id, state ?? SubscriptionsState.Empty(Id), command, situation));

    public async Task<Inbox> Read(Asker asker, Paging paging)
    {
        await progress.Reach(await reads.For(asker), options.Value.SeenWithin);
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
            var deliveries = await inboxes.Read(Id, before, limit + 1);
            // What has been delivered may have been closed to the body since.
            var entries = (await journal.ReadAt([.. deliveries.Select(delivery => delivery.Position)]))
                .Where(entry => FactJson.ReadAudience(entry.Audience).Admits(actor, world)).ToList();
            var told = entries.Zip(await reader.Read(entries)).ToDictionary(pair => pair.First.Position, pair => pair.Second);
            foreach (var (place, reason, _, count) in deliveries)
            {
                if (items.Count == limit)
                {
                    next = before?.ToString(CultureInfo.InvariantCulture);
                    break;
                }

                before = place;
                if (told.GetValueOrDefault(place) is { } entry) items.Add(new(place, Enum.Parse<InboxReason>(reason), place <= readUpTo, entry, count));
            }

            if (deliveries.Count <= limit) break;
        }

        var unread = await journal.ReadAt([.. await inboxes.PositionsAfter(Id, readUpTo, MostUnread)]);
        return new([.. items], next, unread.Count(entry => FactJson.ReadAudience(entry.Audience).Admits(actor, world)), readUpTo);
    }

    private static long? Decode(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor)) return null;
        return long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : throw new UnreadableCursorException();
    }
}
