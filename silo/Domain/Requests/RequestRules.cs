using Coordination.Contracts.Requests;

namespace Coordination.Domain.Requests;

/// <summary>Who may do what with a cooperation request, and what comes of it.</summary>
public static class RequestRules
{
    /// <summary>The verbs of a request that is there. To expire is no verb of the API: only the clock gives that command.</summary>
    public static readonly Verbs<RequestState> Verbs = new(
        ("accept", MayAccept), ("propose-date", MayPropose), ("ask", MayAsk), ("answer", MayAnswer), ("decline", MayDecline),
        ("clarify", MayClarify), ("confirm", MayConfirm), ("withdraw", MayWithdraw));

    /// <summary>Turns after which nothing more is asked and no other date proposed: a thread is read as a whole.</summary>
    public const int MostTurns = 200;

    private static readonly Decision TooManyTurns = Refusal.TooMany(
        "request.too-many-turns", $"{MostTurns} turns have been taken on this request. Accept, answer, decline, confirm or withdraw it, or open another one.");

    private static readonly Decision NotFound = Refusal.NotFound("request.not-found", "There is no such request. Look its id up in /api/v1/requests.");

    public static Decision Decide(string id, RequestState? state, RequestCommand command, in Situation situation)
    {
        if (command is OpenRequest open) return MayOpen(state, situation) ?? Open(open, situation);
        if (state is null || !state.Audience.Admits(situation.Actor, situation.Directory)) return NotFound;
        return command switch
        {
            AcceptRequest it => MayAccept(state, situation) ?? Accept(state, it, situation),
            ProposeDate it => MayPropose(state, situation) ?? Propose(state, it, situation),
            DeclineRequest it => MayDecline(state, situation) ?? Decline(it, situation),
            AskClarification it => MayAsk(state, situation) ?? Ask(it, situation),
            AnswerClarification it => MayClarify(state, situation) ?? Clarify(it),
            AnswerRequest it => MayAnswer(state, situation) ?? Answer(it, situation),
            ConfirmRequest it => MayConfirm(state, situation) ?? new RequestConfirmed(Texts.Trimmed(it.Text)),
            WithdrawRequest it => MayWithdraw(state, situation) ?? new RequestWithdrawn(Texts.Trimmed(it.Text)),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "A command without a rule."),
        };
    }

    public static Decision? MayOpen(RequestState? request, in Situation situation)
    {
        var (actor, now, directory, _) = situation;
        if (actor.Body is not { } from || !actor.Coordinates(from) || directory.Body(from) is null) return OpenedByCoordinators;
        if (request is not null) return AlreadyExists;
        return directory.OpenOf(from, now).Requests < directory.MostOpen.Requests ? Decision.Undecided
            : Refusal.TooMany("request.too-many-open", $"A body has at most {directory.MostOpen.Requests} requests that are open, or were made within a day. Confirm or withdraw some first.");
    }

    private static Decision? MayAccept(RequestState request, in Situation situation)
    {
        if (!situation.Actor.Coordinates(request.From) || situation.Actor.IsPlatform)
            return NotAddressed(request, situation) ?? (IsHolder(request, situation) ? Decision.Nothing : NotOpen(request));
        if (request is { Status: RequestStatus.Accepted, Proposal: null }) return Decision.Nothing;
        return request is { Status: RequestStatus.Open, Proposal: not null } ? Decision.Undecided : NothingProposed;
    }

    private static Decision? MayPropose(RequestState request, in Situation situation) => NotAddressed(request, situation) ?? NotOpen(request) ?? Full(request);

    /// <summary>While it is open, each body that is addressed may; once it is accepted, only the body that took it on.</summary>
    private static Decision? MayAnswer(RequestState request, in Situation situation) =>
        NotAddressed(request, situation) ?? (IsHolder(request, situation) ? Decision.Undecided : NotOpen(request));

    private static Decision? MayDecline(RequestState request, in Situation situation) =>
        situation.Actor.Body is { } by && request.Declined.Contains(by) && situation.Actor.Coordinates(by) ? Decision.Nothing : MayAnswer(request, situation);

    private static Decision? MayAsk(RequestState request, in Situation situation) =>
        MayAnswer(request, situation) ?? (request.Clarifying is null ? Full(request) : AlreadyClarifying);

    /// <summary>What can be said again and again ends here; whatever settles the request goes on.</summary>
    private static Decision? Full(RequestState request) => request.Turns < MostTurns ? Decision.Undecided : TooManyTurns;

    private static Decision? MayClarify(RequestState request, in Situation situation) =>
        NotRequester(request, situation) ?? Over(request) ?? (request.Clarifying is null ? NothingToClarify : Decision.Undecided);

    private static Decision? MayConfirm(RequestState request, in Situation situation) => NotRequester(request, situation) ?? request.Status switch
    {
        RequestStatus.Confirmed => Decision.Nothing,
        RequestStatus.Answered => Decision.Undecided,
        _ => Over(request) ?? NotAnswered,
    };

    private static Decision? MayWithdraw(RequestState request, in Situation situation) =>
        NotRequester(request, situation) ?? (request.Status is RequestStatus.Withdrawn ? Decision.Nothing : Over(request));

    private static Decision Open(OpenRequest command, in Situation situation)
    {
        var (actor, now, directory, _) = situation;
        var from = actor.Body!;
        var body = directory.Body(from)!;

        var to = command.To ?? [];
        var region = string.IsNullOrWhiteSpace(command.Region) ? null : command.Region;
        if (to.Length == 0 && region is null)
            return Refusal.Invalid("#/to", "request.nobody-addressed", "Name the bodies to ask in 'to', or a region for an open call in 'region'.");
        if (to.Length > 0 && region is not null)
            return Refusal.Invalid("#/region", "request.addressed-twice", "A request goes to named bodies or to a region, not to both.");
        for (var index = 0; index < to.Length; index++)
        {
            if (to[index] == from)
                return Refusal.Invalid($"#/to/{index}", "request.to-itself", "A body does not ask itself. Name another one.");
            if (to[index] is null || directory.Body(to[index]) is null)
                return Refusal.Invalid($"#/to/{index}", "body.not-found", "There is no such body. Look its id up in /api/v1/bodies.");
        }

        if (region is not null && Regions.NameOf(region) is null)
            return Refusal.Invalid("#/region", "region.unknown", $"'{region}' is no region of M49. Give its name or three-digit code.");
        if (Texts.Title("#/subject", command.Subject) is { } untitled) return untitled;
        if (command.Mark is Mark.Named && region is not null)
            return Refusal.Invalid("#/mark", "request.named-needs-bodies", "An open call cannot be for named bodies only. Mark it parties, community or public.");
        if (command.NeededBy is { } needed && needed < body.Today(now))
            return Refusal.Invalid("#/neededBy", "date.past", "The date it is needed by lies in the past. Give today or a later day.");
        if (Days.OutOfBounds("#/neededBy", command.NeededBy) is { } outOfBounds) return outOfBounds;
        if (command.Measure is { } measure && (measure.Split('/') is not [var plan, var part] || !directory.HasMeasure(plan, part, actor)))
            return Refusal.Invalid("#/measure", "plan.measure-not-found", "There is no such measure. Give it as plan/measure.");

        if (region is not null && directory.OpenOf(from, now).Calls >= directory.MostOpen.Calls)
            return Refusal.TooMany("request.too-many-calls", $"A body has at most {directory.MostOpen.Calls} open calls to a region, or made within a day. Wait until some are answered, or ask the bodies that can help by name.");

        to = [.. to.Distinct()];
        var states = to.Select(id => directory.Body(id)?.State).Append(body.State).OfType<string>().Distinct().ToArray();
        return new RequestOpened(
            from, to, region is null ? null : Regions.NameOf(region), command.Kind!.Value, command.Subject.Trim(), Texts.Trimmed(command.Text), command.Pillar,
            command.Mark ?? Mark.Parties, command.Urgency ?? Urgency.Routine, command.NeededBy,
            command.NeededBy is { } day ? body.EndOf(day) : null, states, command.Agreement, command.Measure, body.Exercise);
    }

    private static Decision Accept(RequestState request, AcceptRequest command, in Situation situation) =>
        situation.Actor.Body == request.From && request.Proposal is { } proposal
            ? new RequestAccepted(proposal.By, proposal.Date, Texts.Trimmed(command.Text), situation.Directory.Body(request.From)?.EndOf(proposal.Date))
            : new RequestAccepted(situation.Actor.Body!, null, Texts.Trimmed(command.Text));

    private static Decision Propose(RequestState request, ProposeDate command, in Situation situation)
    {
        var date = command.Date!.Value;
        if (date < situation.Directory.Body(situation.Actor.Body!)!.Today(situation.Now))
            return Refusal.Invalid("#/date", "date.past", "The proposed date lies in the past. Give today or a later day.");
        if (Days.OutOfBounds("#/date", date) is { } outOfBounds) return outOfBounds;
        var proposal = new Proposal(situation.Actor.Body!, date);
        return request.Proposal == proposal ? Decision.Nothing : new RequestDateProposed(proposal.By, date, Texts.Trimmed(command.Text));
    }

    private static Decision Decline(DeclineRequest command, in Situation situation)
    {
        var ground = command.Ground!.Value;
        if (ground is DeclineGround.Other && Texts.IsEmpty(command.Text))
            return Refusal.Invalid("#/text", "request.ground-unexplained", "Say in a sentence what the other ground is.");
        return new RequestDeclined(situation.Actor.Body!, ground, Texts.Trimmed(command.Text));
    }

    private static Decision Ask(AskClarification command, in Situation situation) =>
        Texts.Needed("#/text", command.Text) is { } empty ? empty : new ClarificationAsked(situation.Actor.Body!, command.Text.Trim());

    private static Decision Clarify(AnswerClarification command) =>
        Texts.Needed("#/text", command.Text) is { } empty ? empty : new ClarificationAnswered(command.Text.Trim());

    private static Decision Answer(AnswerRequest command, in Situation situation) =>
        Texts.Needed("#/text", command.Text) is { } empty ? empty : new RequestAnswered(situation.Actor.Body!, command.Text.Trim());

    /// <summary>What comes of a clock that rings.</summary>
    public static Decision Decide(RequestState state, Rang rang, in Situation situation) =>
        rang is { Name: RequestState.Expiry } && rang.IsDue(state, situation.Now) ? new RequestExpired() : Decision.Nothing;

    private static bool IsHolder(RequestState request, in Situation situation) =>
        request.Status is RequestStatus.Accepted && request.Holder == situation.Actor.Body;

    private static Decision? NotAddressed(RequestState request, in Situation situation) =>
        !request.IsAddressed(situation.Actor.Body, situation.Directory) ? AddressedOnly
        : !situation.Actor.Coordinates(situation.Actor.Body) ? AnsweredByCoordinators
        : request.Declined.Contains(situation.Actor.Body!) ? HasDeclined
        : Decision.Undecided;

    private static Decision? NotRequester(RequestState request, in Situation situation) => situation.Actor.Coordinates(request.From) ? Decision.Undecided : RequesterOnly;

    private static Decision? NotOpen(RequestState request) => request.Status switch
    {
        RequestStatus.Open => Decision.Undecided,
        RequestStatus.Accepted => AlreadyAccepted,
        RequestStatus.Answered => AlreadyAnswered,
        _ => Over(request),
    };

    private static Decision? Over(RequestState request) => request.Status switch
    {
        RequestStatus.Confirmed => AlreadyConfirmed,
        RequestStatus.Declined => AllDeclined,
        RequestStatus.Withdrawn => AlreadyWithdrawn,
        RequestStatus.Expired => AlreadyExpired,
        _ => Decision.Undecided,
    };

    private static readonly Decision OpenedByCoordinators = Refusal.Forbidden("request.coordinator-only", "Only a body's coordinator opens a request for it.");
    private static readonly Decision AlreadyExists =
        Refusal.Conflict("request.already-exists", "A request with this id exists already. Send it again with a new Idempotency-Key.");

    private static readonly Decision RequesterOnly = Refusal.Forbidden("request.requester-only", "Only a coordinator of the body that asked may do this.");
    private static readonly Decision AddressedOnly = Refusal.Forbidden("request.not-addressed", "Only a body that the request is addressed to may do this.");
    private static readonly Decision AnsweredByCoordinators = Refusal.Forbidden("request.coordinator-only", "Only the body's coordinator answers for it.");

    private static readonly Decision NothingProposed = Refusal.Conflict("request.nothing-proposed", "No date is proposed that you could accept.");
    private static readonly Decision NothingToClarify = Refusal.Conflict("request.nothing-to-clarify", "Nobody waits for a clarification.");
    private static readonly Decision NotAnswered = Refusal.Conflict("request.not-answered", "There is no answer yet that you could confirm.");
    private static readonly Decision AlreadyClarifying = Refusal.Conflict("request.already-clarifying", "A clarification waits for the requester already.");
    private static readonly Decision AlreadyAccepted = Refusal.Conflict("request.already-accepted", "This request has been taken on already.");
    private static readonly Decision AlreadyAnswered = Refusal.Conflict("request.already-answered", "This request has been answered.");
    private static readonly Decision AlreadyConfirmed = Refusal.Conflict("request.already-confirmed", "This request is confirmed and closed.");
    private static readonly Decision AlreadyWithdrawn = Refusal.Conflict("request.already-withdrawn", "This request has been withdrawn.");
    private static readonly Decision AlreadyExpired = Refusal.Conflict("request.already-expired", "This request has expired. Open a new one.");
    private static readonly Decision HasDeclined = Refusal.Conflict("request.already-declined", "Your body has declined this request.");
    private static readonly Decision AllDeclined = Refusal.Conflict("request.already-declined", "Everyone asked has declined this request.");
}
