using Coordination.Contracts.Messages;
using Coordination.Contracts.Subscriptions;
using Coordination.Domain.Accounts;
using Coordination.Domain.Erasures;
using Coordination.Domain.Groups;
using Coordination.Domain.Plans;
using Coordination.Domain.Requests;
using Coordination.Domain.Subscriptions;
using Coordination.Host.Relay;

namespace Coordination.Host.Views;

/// <summary>
/// Whose inbox a change belongs in, and why: what the fact says itself, and who subscribes. Asked right after the entry was applied, so that the
/// answer is the same whenever the journal is read again.
/// </summary>
public static class Recipients
{
    /// <param name="readers">Bodies that may see the entry, or null: every one.</param>
    public static Recipient[] Of(IThings things, Entry entry, Fact fact, IReadOnlySet<string>? readers)
    {
        // Also when it was the body's own hand: its other coordinators are to hear of it.
        if (fact is AccountRoleFact role) return role.ReasonIn(things) is { } reason ? [new(role.Body, reason)] : [];
        var id = entry.Id();
        var (recipients, interest) = fact switch
        {
            PlanFact it when things.PlanState(id) is { } plan => (it.RecipientsIn(plan), it.InterestIn(plan, things)),
            RequestFact it when things.RequestState(id) is { } request => (For(it.RecipientsIn(request, things), InboxReason.Request), RequestFact.InterestIn(request, things)),
            GroupFact it when things.GroupState(id) is { } group =>
                (For(it.RecipientsIn(group, DateOnly.FromDateTime(entry.At.UtcDateTime)), InboxReason.Group), GroupFact.InterestIn(group, things)),
            TextsErased it => (For(it.Bodies, InboxReason.Erasure), (Interest?)null),
            _ => ([], null),
        };
        return [.. recipients.Concat(interest is { } seen ? For(things.SubscribersOf(seen), InboxReason.Subscription) : [])
            .Where(recipient => recipient.Body != entry.Body && (readers is null || readers.Contains(recipient.Body)))
            .DistinctBy(recipient => recipient.Body, StringComparer.Ordinal)
            .OrderBy(recipient => recipient.Body, StringComparer.Ordinal)];
    }

    private static IEnumerable<Recipient> For(IEnumerable<string> bodies, InboxReason reason) => bodies.Select(body => new Recipient(body, reason));
}
