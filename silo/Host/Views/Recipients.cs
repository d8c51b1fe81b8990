using Coordination.Contracts.Messages;
using Coordination.Contracts.Subscriptions;
using Coordination.Domain.Accounts;
using Coordination.Domain.Erasures;
using Coordination.Domain.Groups;
using Coordination.Domain.Plans;
using Coordination.Domain.Requests;
using Coordination.Domain.Subscriptions;

namespace Coordination.Host.Views;

/// <summary>
/// Whose inbox a change belongs in, and why: what the fact says itself, and who subscribes. Asked right after the entry was applied, so that the
/// answer is the same whenever the journal is read again.
/// </summary>
public static class Recipients
{
    /// <param name="readers">Bodies that may see the entry, or null: every one.</param>
    public static Recipient[] Of(World world, Entry entry, Fact fact, IReadOnlySet<string>? readers)
    {
        // Also when it was the body's own hand: its other coordinators are to hear of it.
        if (fact is AccountRoleFact role) return role.ReasonIn(world) is { } reason ? [new(role.Body, reason)] : [];
        var id = entry.Id();
        var (recipients, interest) = fact switch
        {
            PlanFact it when world.Plan(id) is { State: var plan } => (it.RecipientsIn(plan), it.InterestIn(plan, world)),
            RequestFact it when world.Request(id) is { State: var request } => (For(it.RecipientsIn(request, world), InboxReason.Request), RequestFact.InterestIn(request, world)),
            GroupFact it when world.Group(id) is { State: var group } =>
                (For(it.RecipientsIn(group, DateOnly.FromDateTime(entry.At.UtcDateTime)), InboxReason.Group), GroupFact.InterestIn(group, world)),
            TextsErased it => (For(it.Bodies, InboxReason.Erasure), (Interest?)null),
            _ => ([], null),
        };
        return [.. recipients.Concat(interest is { } seen ? For(Subscribers(world, seen), InboxReason.Subscription) : [])
            .Where(recipient => recipient.Body != entry.Body && (readers is null || readers.Contains(recipient.Body)))
            .DistinctBy(recipient => recipient.Body, StringComparer.Ordinal)
            .OrderBy(recipient => recipient.Body, StringComparer.Ordinal)];
    }

    private static IEnumerable<Recipient> For(IEnumerable<string> bodies, InboxReason reason) => bodies.Select(body => new Recipient(body, reason));

    private static IEnumerable<string> Subscribers(World world, Interest interest) => world.Subscriptions
        .Where(body => body.Value.Subscriptions.Values.Any(subscription => SubscriptionRules.Matches(subscription, interest)))
        .Select(body => body.Key);
}
