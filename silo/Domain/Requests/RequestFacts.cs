using Coordination.Contracts.Requests;
using Coordination.Contracts.Subscriptions;
using Coordination.Domain.Subscriptions;

namespace Coordination.Domain.Requests;

/// <summary>A fact about a cooperation request. All of them are for those who may see the request.</summary>
public abstract record RequestFact : Fact<RequestState>
{
    private protected RequestFact() { }

    /// <summary>Bodies whose inboxes it belongs in, besides those that subscribe.</summary>
    /// <param name="request">After it.</param>
    /// <param name="directory">Who there is.</param>
    public abstract IEnumerable<string> RecipientsIn(RequestState request, IDirectory directory);

    /// <summary>How it reads in the request's thread.</summary>
    /// <param name="body">The body that acted.</param>
    public abstract Turn Turn(string? body);

    public sealed override RequestState? Evolve(string id, RequestState? state) =>
        state is null ? (this as RequestOpened)?.Begin(id) : Evolve(state) with { Turns = state.Turns + 1 };

    protected abstract RequestState Evolve(RequestState request);

    public sealed override Audience AudienceIn(RequestState state) => state.Audience;

    /// <summary>What subscriptions see of it.</summary>
    public static Interest InterestIn(RequestState request, IDirectory directory) => new(
        SubscriptionSubject.Requests, [.. request.To.Append(request.From).Select(directory.Body).OfType<BodyInfo>()], request.Region, request.Kind, request.Pillar, request.Urgency);

    public sealed override IEnumerable<string> TopicsIn(string id, RequestState state, IDirectory directory)
    {
        yield return $"request/{id}";
        foreach (var body in state.Parties)
            foreach (var topic in Topics.OfBody(directory, body)) yield return topic;
        if (this is RequestOpened { Pillar: { } pillar }) yield return $"pillar/{EnumNames.NameOf(pillar)}";
    }

    /// <summary>A body that acted on an open call is a party from then on.</summary>
    private protected static RequestState Joining(RequestState request, string body) =>
        request.To.Contains(body) || body == request.From ? request : request with { Joined = request.Joined.Add(body) };

    /// <summary>The parties, and of an open call everyone in its region: it begins or ends for them too.</summary>
    private protected static IEnumerable<string> Everyone(RequestState request, IDirectory directory) =>
        request.Region is { } region ? directory.BodiesIn(region).Concat(request.Parties) : request.Parties;
}

/// <summary>One turn of a request's thread.</summary>
/// <param name="Verb">opened, accepted, proposed-date, declined, asked, clarified, answered, confirmed, withdrawn, expired.</param>
/// <param name="Body">Whose turn it was; null for the platform.</param>
public sealed record Turn(string Verb, string? Body, string? Text = null, DeclineGround? Ground = null, DateOnly? Date = null);

/// <param name="States">States of the bodies involved, for their national rapporteurs.</param>
/// <param name="ExpiresAt">End of the day it is needed by, at the body that asks.</param>
[FactName("request.opened")]
public sealed record RequestOpened(
    string From, string[] To, string? Region, RequestKind Kind, [property: Text] string Subject, [property: Text] string? Text, Pillar? Pillar, Mark Mark, Urgency Urgency,
    DateOnly? NeededBy, DateTimeOffset? ExpiresAt, string[] States, [property: Text] string? Agreement, string? Measure, bool Exercise) : RequestFact
{
    public RequestState Begin(string id) =>
        new(id, From, [.. To], Region, Kind, Pillar, Urgency, Mark, new RequestStage.Open(), NeededBy, ExpiresAt, [], [], [.. States], EntryPosition);

    public override IEnumerable<string> RecipientsIn(RequestState request, IDirectory directory) => Everyone(request, directory);
    public override Turn Turn(string? body) => new("opened", From, Text, Date: NeededBy);
    public override void Tell(Said said) { }
    protected override RequestState Evolve(RequestState request) => request;
}

/// <param name="By">Body that takes it on.</param>
/// <param name="NeededBy">The date agreed, when it differs from the one asked for.</param>
/// <param name="ExpiresAt">End of that day at the body that asks: should the request be open again by then, it expires.</param>
[FactName("request.accepted")]
public sealed record RequestAccepted(string By, DateOnly? NeededBy, [property: Text] string? Text, DateTimeOffset? ExpiresAt = null) : RequestFact
{
    public override IEnumerable<string> RecipientsIn(RequestState request, IDirectory directory) => request.Parties;

    /// <summary>A requester who agrees to a proposed date accepts for the body that proposed it.</summary>
    public override Turn Turn(string? body) => new("accepted", body ?? By, Text, Date: NeededBy);

    public override void Tell(Said said) { }

    protected override RequestState Evolve(RequestState request) => Joining(request, By) with
    {
        Stage = new RequestStage.Accepted(By, request.Clarifying),
        NeededBy = NeededBy ?? request.NeededBy,
        ExpiresAt = ExpiresAt ?? request.ExpiresAt,
        DueSince = ExpiresAt is null ? request.DueSince : EntryPosition,
    };
}

[FactName("request.date-proposed")]
public sealed record RequestDateProposed(string By, DateOnly Date, [property: Text] string? Text) : RequestFact
{
    public override IEnumerable<string> RecipientsIn(RequestState request, IDirectory directory) => request.Parties;
    public override Turn Turn(string? body) => new("proposed-date", By, Text, Date: Date);
    public override void Tell(Said said) => said.Day("date", Date);

    protected override RequestState Evolve(RequestState request) => Joining(request, By) with
    {
        Stage = request.Stage is RequestStage.Open open ? open with { Proposal = new(By, Date) } : request.Stage,
    };
}

[FactName("request.declined")]
public sealed record RequestDeclined(string By, DeclineGround Ground, [property: Text] string? Text) : RequestFact
{
    public override IEnumerable<string> RecipientsIn(RequestState request, IDirectory directory) => request.Parties;
    public override Turn Turn(string? body) => new("declined", By, Text, Ground);

    public override void Tell(Said said)
    {
        said.Code("ground", Ground);
        said.Text("text", Text);
    }

    protected override RequestState Evolve(RequestState request)
    {
        var declined = request.Declined.Add(By);
        return Joining(request, By) with
        {
            Declined = declined,
            Stage = request.Stage switch
            {
                // An open call stays open: someone else in the region may still answer.
                RequestStage.Unanswered when request.Region is null && request.To.All(declined.Contains) => new RequestStage.Refused(),
                RequestStage.Open open => open with { Proposal = open.Proposal?.By == By ? null : open.Proposal, Clarifying = Clarifying(open) },
                RequestStage.Accepted accepted when accepted.By == By => new RequestStage.Open(Clarifying: Clarifying(accepted)),
                var other => other,
            },
        };
    }

    /// <summary>Who has declined waits for nothing any more.</summary>
    private string? Clarifying(RequestStage.Unanswered stage) => stage.Clarifying == By ? null : stage.Clarifying;
}

[FactName("request.clarification-asked")]
public sealed record ClarificationAsked(string By, [property: Text] string Text) : RequestFact
{
    public override IEnumerable<string> RecipientsIn(RequestState request, IDirectory directory) => request.Parties;
    public override Turn Turn(string? body) => new("asked", By, Text);
    public override void Tell(Said said) => said.Text("text", Text);

    protected override RequestState Evolve(RequestState request) => Joining(request, By) with
    {
        Stage = request.Stage is RequestStage.Unanswered stage ? stage with { Clarifying = By } : request.Stage,
    };
}

[FactName("request.clarification-answered")]
public sealed record ClarificationAnswered([property: Text] string Text) : RequestFact
{
    public override IEnumerable<string> RecipientsIn(RequestState request, IDirectory directory) => request.Parties;
    public override Turn Turn(string? body) => new("clarified", body, Text);
    public override void Tell(Said said) => said.Text("text", Text);

    protected override RequestState Evolve(RequestState request) => request with
    {
        Stage = request.Stage is RequestStage.Unanswered stage ? stage with { Clarifying = null } : request.Stage,
    };
}

[FactName("request.answered")]
public sealed record RequestAnswered(string By, [property: Text] string Text) : RequestFact
{
    public override IEnumerable<string> RecipientsIn(RequestState request, IDirectory directory) => request.Parties;
    public override Turn Turn(string? body) => new("answered", By, Text);
    public override void Tell(Said said) => said.Text("text", Text);
    protected override RequestState Evolve(RequestState request) => Joining(request, By) with { Stage = new RequestStage.Answered(By) };
}

[FactName("request.confirmed")]
public sealed record RequestConfirmed([property: Text] string? Text) : RequestFact
{
    public override IEnumerable<string> RecipientsIn(RequestState request, IDirectory directory) => request.Parties;
    public override Turn Turn(string? body) => new("confirmed", body, Text);
    public override void Tell(Said said) => said.Text("text", Text);
    protected override RequestState Evolve(RequestState request) => request with { Stage = new RequestStage.Confirmed(request.Holder) };
}

[FactName("request.withdrawn")]
public sealed record RequestWithdrawn([property: Text] string? Text) : RequestFact
{
    public override IEnumerable<string> RecipientsIn(RequestState request, IDirectory directory) => Everyone(request, directory);
    public override Turn Turn(string? body) => new("withdrawn", body, Text);
    public override void Tell(Said said) => said.Text("text", Text);
    protected override RequestState Evolve(RequestState request) => request with { Stage = new RequestStage.Withdrawn(request.Holder) };
}

[FactName("request.expired")]
public sealed record RequestExpired : RequestFact
{
    public override IEnumerable<string> RecipientsIn(RequestState request, IDirectory directory) => Everyone(request, directory);
    public override Turn Turn(string? body) => new("expired", null);
    public override void Tell(Said said) { }
    protected override RequestState Evolve(RequestState request) => request with { Stage = new RequestStage.Expired() };
}
