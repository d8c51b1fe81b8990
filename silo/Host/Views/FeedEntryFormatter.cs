using Coordination.Contracts.Feed;
using Coordination.Domain.Accounts;
using Coordination.Domain.Bodies;
using Coordination.Domain.Erasures;
using Coordination.Domain.Groups;
using Coordination.Domain.Plans;
using Coordination.Domain.Requests;
using Coordination.Host.Sentences;

namespace Coordination.Host.Views;

/// <summary>
/// Says what happened, for those who may know: the only place where a fact becomes something that leaves the silo. The fact says what is its own; here
/// stand the names of what it is about, which others gave.
/// </summary>
public sealed class FeedEntryFormatter(World world, Translator translator)
{
    /// <summary>What to tell of an entry, or null when there is nothing to tell (a subscription, a read mark).</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="fact">Its fact, with the texts that stand beside earlier entries (<see cref="FactReader"/>).</param>
    public FeedEntry? Tell(Entry entry, Fact fact)
    {
        var (kind, id) = EntryFacts.Split(entry.Stream);
        var said = new Said();
        if (entry.Body is { } acting) Name(said, "body", "bodyName", acting);
        bool? exercise = fact switch
        {
            // A role is told of the body that it is in.
            AccountRoleFact it => OfBody(said, it.Body, it, id),
            BodyFact => OfBody(said, id),
            PlanFact it => OfPlan(said, id, it),
            RequestFact it => OfRequest(said, id, it),
            GroupFact it => OfGroup(said, id, it),
            TextsErased => false,
            // Of an account itself and of what a body reads nothing is told.
            _ => null,
        };
        if (exercise is not { } isExercise) return null;
        fact.Tell(said);
        return new()
        {
            Position = entry.Position,
            At = entry.At,
            Type = entry.Fact,
            Body = entry.Body,
            Actor = entry.Actor,
            Topics = entry.Topics,
            Mark = FactJson.ReadAudience(entry.Audience).Mark,
            Subject = fact is AccountRoleFact { Body: var body } ? new("body", body) : new(kind, id),
            Summary = translator.Say(Catalogues.Fallback, $"feed:fact.{entry.Fact}", said.Values),
            Data = said.Values,
            Exercise = isExercise,
            Version = entry.Position,
            ActorName = world.PersonOf(entry.Actor),
            // A draft changes nothing that is shown of its milestone.
            Milestone = fact is PlanFact and not ReportDrafted && ((PlanFact)fact).About().Milestone is { } milestone && world.Plan(id) is { } shown
                ? PlanPages.Now(world, shown, milestone, waiting: fact is ReportSubmitted or ReportReturned)
                : null,
        };
    }

    private bool OfBody(Said said, string id, AccountRoleFact? role = null, string? account = null)
    {
        var body = world.BodyItem(id);
        said.Put("title", body?.Info.Name ?? id);
        if (body?.Info.State is { } state) said.Put("state", state);
        if (role is not null && account is not null)
        {
            said.Put("account", account);
            if (world.PersonOf(account) is { } person) said.Put("accountName", person);
        }

        return body?.Info.Exercise == true;
    }

    private bool OfPlan(Said said, string id, PlanFact fact)
    {
        var plan = world.Plan(id);
        said.Put("plan", id);
        said.Put("planTitle", plan?.Title ?? id);
        if (plan?.State.State is { } state) said.Put("state", state);
        var (measure, milestone, report) = fact.About();
        if (plan is not null && fact.MeasureIn(plan.State) is { } part)
        {
            measure = part.Id;
            said.Code("pillar", part.Pillar);
        }

        if (measure is not null) said.Put("measure", measure);
        if (milestone is not null)
        {
            said.Put("milestone", milestone);
            if (plan?.MilestoneTitles.TryGetValue(milestone, out var title) == true) said.Put("milestoneTitle", title);
        }

        if (report is not null) said.Put("report", report);
        return plan?.State.Exercise == true;
    }

    private bool OfRequest(Said said, string id, RequestFact fact)
    {
        var request = world.Request(id);
        said.Put("request", id);
        said.Put("subject", request?.Opened.Subject ?? id);
        // A requester who agrees to another date acts, and the body that proposed it takes the request on.
        if (fact is RequestAccepted { By: var by }) Name(said, "by", "byName", by);
        if (request is null) return false;
        said.Put("to", request.Opened.Region ?? string.Join(", ", request.Opened.To.Select(world.NameOf)));
        said.Code("kind", request.Opened.Kind);
        return request.Opened.Exercise;
    }

    private bool OfGroup(Said said, string id, GroupFact fact)
    {
        var group = world.Group(id);
        said.Put("group", id);
        said.Put("groupName", group?.Formed.Name ?? id);
        if (fact is not GroupUpdateShared && fact.About() is { } member) Name(said, "member", "memberName", member);
        return group?.State.Exercise == true;
    }

    private void Name(Said said, string id, string name, string body)
    {
        said.Put(id, body);
        said.Put(name, world.NameOf(body));
    }
}
