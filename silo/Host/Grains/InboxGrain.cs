using Coordination.Contracts.Subscriptions;
using Coordination.Domain.Subscriptions;
using Coordination.Host.Relay;
using Coordination.Host.Views;
using Microsoft.Extensions.Options;
using System.Globalization;

namespace Coordination.Host.Grains;

/// <summary>A body's subscriptions, its inbox and how far it has read it.</summary>
public sealed class InboxGrain(Deciding deciding, IInboxes inboxes, IJournal journal, World world, Teller teller, InboxProgress progress, IOptions<SiloOptions> options)
    : JournaledGrain<SubscriptionsState>(deciding), IInboxGrain
{
    private const int MostUnread = 100;

    protected override string Kind => "inbox";
    protected override int Form => 1;

    public Task<Outcome> Execute(CommandHeader header, SubscriptionCommand command) =>
        // Nobody has read what is not written yet.
        command is ReadInbox read && read.UpTo > journal.Position ? Decide(header, new ReadInbox(journal.Position)) : Decide(header, command);

    private Task<Outcome> Decide(CommandHeader header, SubscriptionCommand command) =>
        Execute(header, (state, situation) => SubscriptionRules.Decide(Id, state ?? SubscriptionsState.Empty, command, situation));

    public Task Deliver(long position, InboxReason reason) => inboxes.Add(Id, position, reason.ToString());

    public async Task<Inbox> Read(Asker asker, Paging paging)
    {
        var seen = Math.Max(asker.Seen, journal.Position);
        await world.Reach(seen, options.Value.SeenWithin);
        await progress.Reach(seen, options.Value.SeenWithin);
        var actor = world.Who(asker.Account);
        if (actor.Body != Id) return new([], null, 0, 0);

        var readUpTo = State?.ReadUpTo ?? 0;
        var before = paging.After is { } cursor && long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : (long?)null;
        var items = new List<InboxItem>(paging.Limit);
        string? next = null;
        while (items.Count < paging.Limit)
        {
            var deliveries = await inboxes.Read(Id, before, paging.Limit);
            var reasons = deliveries.ToDictionary(delivery => delivery.Position, delivery => delivery.Reason);
            foreach (var entry in (await journal.ReadAt([.. reasons.Keys])).OrderByDescending(entry => entry.Position))
            {
                if (items.Count == paging.Limit) break;
                before = entry.Position;
                // What has been delivered may have been closed to the body since.
                if (!Teller.AudienceOf(entry).Admits(actor, world) || teller.Tell(entry) is not { } told) continue;
                items.Add(new(entry.Position, Enum.Parse<InboxReason>(reasons[entry.Position]), entry.Position <= readUpTo, told));
            }

            if (deliveries.Count < paging.Limit) { next = null; break; }
            next = before?.ToString(CultureInfo.InvariantCulture);
        }

        var unread = await journal.ReadAt([.. await inboxes.PositionsAfter(Id, readUpTo, MostUnread)]);
        return new([.. items], next, unread.Count(entry => Teller.AudienceOf(entry).Admits(actor, world)), readUpTo);
    }

    protected override SubscriptionsState? Evolve(SubscriptionsState? state, Fact fact) => SubscriptionsState.Evolve(state ?? SubscriptionsState.Empty, fact);

    protected override Audience AudienceOf(SubscriptionsState state, Fact fact) => Audience.Named(Id);

    protected override IEnumerable<string> TopicsOf(SubscriptionsState state, Fact fact) => [$"body/{Id}"];

    protected override string AnswerOf(Fact fact) => fact switch
    {
        Subscribed it => it.Id,
        Unsubscribed it => it.Id,
        _ => Id,
    };
}
