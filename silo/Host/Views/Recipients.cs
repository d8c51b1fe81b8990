using Coordination.Contracts.Messages;
using Coordination.Contracts.Requests;
using Coordination.Contracts.Subscriptions;
using Coordination.Domain.Accounts;
using Coordination.Domain.Erasures;
using Coordination.Domain.Groups;
using Coordination.Domain.Plans;
using Coordination.Domain.Requests;
using Coordination.Domain.Subscriptions;

namespace Coordination.Host.Views;

/// <summary>
/// Whose inbox a change belongs in, and why. Asked right after the entry was applied, so that the answer is the same
/// whenever the journal is read again.
/// </summary>
public static class Recipients
{
    /// <param name="readers">Bodies that may see the entry, or null: every one.</param>
    public static Recipient[] Of(World world, Entry entry, Fact fact, IReadOnlySet<string>? readers)
    {
        var id = entry.Id();
        var found = new Dictionary<string, InboxReason>(StringComparer.Ordinal);
        switch (fact)
        {
            case PlanDrafted or PlanStatusChanged or MeasureAdded or MilestoneAdded or MilestoneRescheduled or ReportSubmitted or ReportReturned
                or ReportApproved or MilestoneReported when world.Plan(id) is { } plan:
                OfPlan(world, plan, fact, found);
                break;
            case RequestOpened or RequestAccepted or RequestDateProposed or RequestDeclined or ClarificationAsked or ClarificationAnswered
                or RequestAnswered or RequestConfirmed or RequestWithdrawn or RequestExpired when world.Request(id) is { } request:
                OfRequest(world, request, fact, found);
                break;
            case GroupFormed or GroupMemberInvited or GroupInvitationDeclined or GroupInvitationWithdrawn or GroupMemberAdded or GroupMemberRemoved or GroupChairAppointed or GroupUpdateShared when world.Group(id) is { } group:
                OfGroup(world, group, entry, fact, found);
                break;
            case TextsErased erased:
                foreach (var body in erased.Bodies) found.TryAdd(body, InboxReason.Erasure);
                break;
        }

        // Also when it was the body's own hand: two coordinators that leave at the same moment do not know of each other.
        if (AccountRules.TakesCoordinator(fact) && (fact as AccountRoleFact)?.Body is { } left && world.CoordinatorsOf(left).Count == 0) return [new(left, InboxReason.Roles)];
        // So that all coordinators of the body hear of it, and whoever asked of what came of it, whoever it was that agreed or objected.
        if (fact is AccountRoleFact { Body: var asking } and (AccountResetAsked or AccountResetAgreed or AccountResetDropped)) return [new(asking, InboxReason.Roles)];
        return [.. found
            .Where(pair => pair.Key != entry.Body && (readers is null || readers.Contains(pair.Key)))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => new Recipient(pair.Key, pair.Value))];
    }

    private static void OfPlan(World world, PlanItem plan, Fact fact, Dictionary<string, InboxReason> found)
    {
        var (milestone, measure) = fact switch
        {
            MeasureAdded it => (null, it.Id),
            MilestoneAdded it => (null, it.Measure),
            MilestoneRescheduled it => (it.Milestone, null),
            ReportFact it => (it.Report.Milestone, null),
            _ => ((string?)null, (string?)null),
        };
        if (milestone is not null) measure = plan.State.Milestones.GetValueOrDefault(milestone)?.Measure;
        var part = measure is null ? null : plan.State.Measures.GetValueOrDefault(measure);

        if (fact is ReportSubmitted) found.TryAdd(plan.State.Body, InboxReason.Report);
        if (fact is ReportReturned returned) found.TryAdd(returned.Report.Body, InboxReason.Report);
        if (fact is ReportApproved approved) found.TryAdd(approved.Report.Body, InboxReason.Report);
        if (part is not null && fact is not ReportSubmitted)
        {
            foreach (var body in part.Supporting.Append(part.Lead)) found.TryAdd(body, InboxReason.Measure);
            found.TryAdd(plan.State.Body, InboxReason.Measure);
        }

        var bodies = new[] { plan.State.Body }.Select(world.Body).OfType<BodyInfo>().ToArray();
        Subscribers(world, SubscriptionSubject.Plans, bodies, null, null, part?.Pillar, null, found);
    }

    private static void OfRequest(World world, RequestItem request, Fact fact, Dictionary<string, InboxReason> found)
    {
        var (state, opened) = (request.State, request.Opened);
        if (fact is RequestOpened or RequestWithdrawn or RequestExpired && opened.Region is { } region)
        {
            foreach (var body in world.BodiesIn(region)) found.TryAdd(body, InboxReason.Request);
        }

        foreach (var body in state.Joined.Union(state.To).Add(state.From)) found.TryAdd(body, InboxReason.Request);
        var bodies = state.To.Append(state.From).Select(world.Body).OfType<BodyInfo>().ToArray();
        Subscribers(world, SubscriptionSubject.Requests, bodies, opened.Region, opened.Kind, opened.Pillar, opened.Urgency, found);
    }

    private static void OfGroup(World world, GroupItem group, Entry entry, Fact fact, Dictionary<string, InboxReason> found)
    {
        switch (fact)
        {
            case GroupMemberInvited it: found.TryAdd(it.Body, InboxReason.Group); break;
            case GroupInvitationWithdrawn it: found.TryAdd(it.Body, InboxReason.Group); break;
            // The chair has asked, and is told what came of it.
            case GroupInvitationDeclined: Chair(); break;
            case GroupMemberAdded it: found.TryAdd(it.Body, InboxReason.Group); Chair(); break;
            case GroupMemberRemoved it: found.TryAdd(it.Body, InboxReason.Group); break;
            default:
                foreach (var member in group.State.Members) found.TryAdd(member, InboxReason.Group);
                break;
        }

        var bodies = group.State.Members.Select(world.Body).OfType<BodyInfo>().ToArray();
        Subscribers(world, SubscriptionSubject.Groups, bodies, null, null, null, null, found);

        void Chair()
        {
            if (group.State.ChairOn(DateOnly.FromDateTime(entry.At.UtcDateTime)) is { } chair) found.TryAdd(chair, InboxReason.Group);
        }
    }

    private static void Subscribers(
        World world, SubscriptionSubject about, BodyInfo[] bodies, string? region, RequestKind? kind, Pillar? pillar, Urgency? urgency,
        Dictionary<string, InboxReason> found)
    {
        foreach (var (body, subscriptions) in world.Subscriptions)
        {
            if (found.ContainsKey(body)) continue;
            foreach (var subscription in subscriptions.Subscriptions.Values)
            {
                if (!SubscriptionRules.Matches(subscription, about, bodies, region, kind, pillar, urgency)) continue;
                found.Add(body, InboxReason.Subscription);
                break;
            }
        }
    }
}
