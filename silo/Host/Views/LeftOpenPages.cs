using Coordination.Contracts.Bodies;
using Coordination.Contracts.Requests;

namespace Coordination.Host.Views;

/// <summary>What accounts without a role in a body (any more) have left open for it. It stays the body's, and somebody must take it up.</summary>
public sealed class LeftOpenPages(World world)
{
    /// <summary>Oldest first, as far as <paramref name="actor"/> may see it.</summary>
    public LeftOpen[] Of(string body, Actor actor) => [.. Reports(body, actor).Concat(Requests(body, actor))
        .OrderBy(left => left.Since).ThenBy(left => left.Subject.Id, StringComparer.Ordinal)];

    private IEnumerable<LeftOpen> Reports(string body, Actor actor) =>
        from plan in world.Plans
        where world.MaySee(plan, actor)
        from open in plan.State.Reports.Values
        let report = open.Report
        where report.Body == body && HasLeft(report.Account, body)
        select new LeftOpen(
            LeftOpenKind.Report, new("plan", plan.State.Id), report.Milestone, plan.MilestoneTitles.GetValueOrDefault(report.Milestone, plan.Title),
            plan.OpenedAt.GetValueOrDefault(report.Id), report.Account, world.PersonOf(report.Account));

    /// <summary>An open call names nobody: those who have joined it are found by going over all.</summary>
    private IEnumerable<LeftOpen> Requests(string body, Actor actor) =>
        from request in world.Requests
        where !request.State.IsTerminal && world.MaySee(request, actor)
        from open in Open(request, body)
        let hand = request.Hands.LastOrDefault(hand => hand.Body == body && open.Verbs.Contains(hand.Verb))
        where hand is not null && HasLeft(hand.Actor, body)
        select new LeftOpen(
            open.Kind, new("request", request.State.Id), null, request.Opened.Subject, hand.At, hand.Actor, world.PersonOf(hand.Actor));

    /// <summary>What a body has open in a request, with the turns of its own that open it.</summary>
    private static IEnumerable<(LeftOpenKind Kind, string[] Verbs)> Open(RequestItem request, string body)
    {
        var state = request.State;
        if (state.From == body) yield return (LeftOpenKind.Request, ["opened"]);
        // It takes a request on by accepting it, or by proposing a date that the requester accepts.
        if (state.Status is RequestStatus.Accepted && state.Holder == body) yield return (LeftOpenKind.Answer, ["accepted", "proposed-date"]);
        if (state.Clarifying == body) yield return (LeftOpenKind.Clarification, ["asked"]);
        if (state.Proposal?.By == body) yield return (LeftOpenKind.Proposal, ["proposed-date"]);
    }

    private bool HasLeft(string account, string body) => account != Actor.Platform.Account && !world.RolesIn(body).ContainsKey(account);
}
