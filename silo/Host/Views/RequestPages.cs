using Coordination.Contracts.Requests;
using Coordination.Domain.Requests;
using Coordination.Host.Search;
using Orleans.Concurrency;

namespace Coordination.Host.Views;

/// <summary>What lists and pages say of requests, to someone.</summary>
public sealed class RequestPages(World world)
{
    public RequestView Brief(RequestItem item, Actor actor) => Fill(new RequestView
    {
        Id = item.State.Id,
        From = item.State.From,
        FromName = world.NameOf(item.State.From),
        To = [.. item.State.To],
        ToNames = [.. item.State.To.Select(world.NameOf)],
        Kind = item.Opened.Kind,
        Subject = item.Opened.Subject,
        Mark = item.State.Mark,
        Urgency = item.Opened.Urgency,
        Status = item.State.Status,
        Clarifying = item.State.Clarifying is not null,
        Late = IsLate(item.State),
        Exercise = item.Opened.Exercise,
        Version = item.Version,
        OpenedAt = item.OpenedAt,
        ChangedAt = item.ChangedAt,
        Verbs = RequestRules.Verbs.Allowed(item.State, new(actor, world.Now, world)),
    }, item);

    /// <param name="thread">All that happened to it, oldest first.</param>
    public RequestDetail Detail(RequestItem item, Actor actor, IReadOnlyList<Happening<RequestFact>> thread)
    {
        var brief = Brief(item, actor);
        return (RequestDetail)Fill(new RequestDetail
        {
            Id = brief.Id,
            From = brief.From,
            FromName = brief.FromName,
            To = brief.To,
            ToNames = brief.ToNames,
            Kind = brief.Kind,
            Subject = brief.Subject,
            Mark = brief.Mark,
            Urgency = brief.Urgency,
            Status = brief.Status,
            Clarifying = brief.Clarifying,
            Late = brief.Late,
            Exercise = brief.Exercise,
            Version = brief.Version,
            OpenedAt = brief.OpenedAt,
            ChangedAt = brief.ChangedAt,
            Verbs = brief.Verbs,
            Text = thread.Select(static turn => turn.Fact).OfType<RequestOpened>().FirstOrDefault()?.Text,
            Agreement = item.Opened.Agreement,
            // A plan's name is no more for everyone than the plan is.
            Measure = item.Opened.Measure is { } measure && measure.Split('/') is [var plan, var part] && world.HasMeasure(plan, part, actor) ? measure : null,
            Thread = [.. thread.Select(View)],
            ExpiresAt = item.State.Status is RequestStatus.Open ? item.State.ExpiresAt : null,
        }, item);
    }

    private RequestView Fill(RequestView view, RequestItem item) => view with
    {
        Region = item.State.Region,
        Pillar = item.Opened.Pillar,
        NeededBy = item.State.NeededBy,
        Holder = item.State.Holder,
        HolderName = item.State.Holder is { } holder ? world.NameOf(holder) : null,
        ProposedDate = item.State.Proposal?.Date,
    };

    /// <summary>It waits for somebody to take it on, make something clear, answer or confirm, and <paramref name="actor"/> may.</summary>
    internal bool Waits(RequestItem item, Actor actor) =>
        !item.State.IsTerminal && RequestRules.Verbs.Allowed(item.State, new(actor, world.Now, world)).Any(verb => verb is "accept" or "clarify" or "answer" or "confirm");

    private ThreadEntry View(Happening<RequestFact> turn)
    {
        var (entry, (verb, body, text, ground, date)) = (turn.Entry, turn.Fact.Turn(turn.Entry.Body));
        return new(verb, body, body is null ? null : world.NameOf(body), entry.Actor, world.PersonOf(entry.Actor), entry.At, text, ground, date);
    }

    private bool IsLate(RequestState request) =>
        request.Status is RequestStatus.Accepted && request.NeededBy is { } needed && world.Body(request.From) is { } from && needed < from.Today(world.Now);
}

[StatelessWorker, Reentrant]
public sealed class RequestViewsGrain(World world, RequestPages pages, Histories histories, ReadYourWrites reads) : Grain, IRequestViewsGrain
{
    private static readonly Order<RequestItem, RequestSort> Sorts = new(
        "requests", "-opened", request => (request.State.Id, ""),
        (RequestSort.Opened, request => request.OpenedPosition, null),
        (RequestSort.Changed, request => request.ChangedAt.UtcTicks, null),
        // Without a day it is needed last.
        (RequestSort.NeededBy, request => (request.State.NeededBy ?? DateOnly.MaxValue).DayNumber, null),
        (RequestSort.Urgency, request => (int)request.State.Urgency, null),
        (RequestSort.Subject, null, request => request.Opened.Subject));

    public async Task<Page<RequestView>> List(Asker asker, RequestFilter filter, Paging paging)
    {
        await reads.For(asker);
        var actor = world.Who(asker);
        var words = Finding.Of(world, paging);
        var requests = world.Requests.Where(request => world.MaySee(request, actor) && Matches(request, filter, actor) && words.Find(request));
        return Paged.By(requests, Sorts, filter, paging, request => pages.Brief(request, actor));
    }

    public async Task<RequestDetail?> Get(Asker asker, string id)
    {
        await reads.For(asker);
        var actor = world.Who(asker);
        if (world.Request(id) is not { } request || !world.MaySee(request, actor)) return null;
        // Whoever may see the request may see its whole thread, which has an end (RequestRules.MostTurns): the stream is the thread.
        return pages.Detail(request, actor, await Histories.Briefly(cancellation => histories.Of<RequestFact>($"request/{id}", request.Version, cancellation)));
    }

    private bool Matches(RequestItem request, RequestFilter filter, Actor actor)
    {
        var state = request.State;
        var addressed = state.IsAddressed(actor.Body, world) || (actor.Body is { } own && state.Joined.Contains(own));
        return filter.Box switch
        {
            RequestBox.In => addressed,
            RequestBox.Out => state.From == actor.Body,
            RequestBox.Watching => !addressed && state.From != actor.Body,
            _ => true,
        }
            && (filter.Status is null || state.Status == filter.Status)
            && (filter.Open is null || !state.IsTerminal == filter.Open)
            && (filter.Waiting is null || pages.Waits(request, actor) == filter.Waiting)
            && (filter.Kind is null || request.Opened.Kind == filter.Kind)
            && (filter.Pillar is null || request.Opened.Pillar == filter.Pillar)
            && (filter.Body is null || state.From == filter.Body || state.To.Contains(filter.Body))
            && (filter.State is null || Bodies(state).Any(body => body.State == filter.State))
            && (filter.Region is null || (state.Region is { } region && Domain.Regions.NameOf(filter.Region) == region) || Bodies(state).Any(body => body.IsIn(filter.Region)));
    }

    private IEnumerable<BodyInfo> Bodies(RequestState request) => request.To.Append(request.From).Select(world.Body).OfType<BodyInfo>();
}
