using Coordination.Contracts.Requests;

namespace Coordination.Domain.Requests;

/// <summary>Who may do what with a cooperation request, and what comes of it.</summary>
public static class RequestRules
{
    private static readonly Refusal NotFound = Refusal.NotFound("request.not-found", "There is no such request. Look its id up in /api/v1/requests.");

    public static Decision Decide(string id, RequestState? state, RequestCommand command, in Situation situation)
    {
        if (command is OpenRequest open) return Open(state, open, situation);
        if (state is null || !state.Audience.Admits(situation.Actor, situation.Directory)) return NotFound;
        return command switch
        {
            AcceptRequest it => Accept(state, it, situation),
            ProposeDate it => Propose(state, it, situation),
            DeclineRequest it => Decline(state, it, situation),
            AskClarification it => Ask(state, it, situation),
            AnswerClarification it => Clarify(state, it, situation),
            AnswerRequest it => Answer(state, it, situation),
            ConfirmRequest it => Confirm(state, it, situation),
            WithdrawRequest it => Withdraw(state, it, situation),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "A command without a rule."),
        };
    }

    /// <summary>What <paramref name="actor"/> may do now, by the names of the verbs in the API.</summary>
    public static string[] Verbs(RequestState request, Actor actor, IDirectory directory)
    {
        if (request.IsTerminal) return [];
        if (actor.Coordinates(request.From))
        {
            var own = new List<string>(4);
            if (request.Status is RequestStatus.Open && request.Proposal is not null && !actor.IsPlatform) own.Add("accept");
            if (request.Clarifying is not null) own.Add("clarify");
            if (request.Status is RequestStatus.Answered) own.Add("confirm");
            own.Add("withdraw");
            return [.. own];
        }

        if (!actor.Coordinates(actor.Body) || !request.IsAddressed(actor.Body, directory) || request.Declined.Contains(actor.Body!)) return [];
        return request.Status switch
        {
            RequestStatus.Open => request.Clarifying is null ? ["accept", "propose-date", "ask", "answer", "decline"] : ["accept", "propose-date", "answer", "decline"],
            RequestStatus.Accepted when request.Holder == actor.Body => request.Clarifying is null ? ["answer", "ask", "decline"] : ["answer", "decline"],
            _ => [],
        };
    }

    private static Decision Open(RequestState? state, OpenRequest command, in Situation situation)
    {
        var (actor, now, directory, _) = situation;
        if (actor.Body is not { } from || !actor.Coordinates(from) || directory.Body(from) is not { } body)
            return Refusal.Forbidden("request.coordinator-only", "Only a body's coordinator opens a request for it.");
        if (state is not null)
            return Refusal.Conflict("request.already-exists", "A request with this id exists already. Send it again with a new Idempotency-Key.");

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
        if (command.Kind is not { } kind)
            return Refusal.Invalid("#/kind", "request.kind-missing", "Say what kind of cooperation is asked for.");
        if (Texts.Title("#/subject", command.Subject) is { } untitled) return untitled;
        if (command.Mark is Mark.Named && region is not null)
            return Refusal.Invalid("#/mark", "request.named-needs-bodies", "An open call cannot be for named bodies only. Mark it parties, community or public.");
        if (command.NeededBy is { } needed && needed < body.Today(now))
            return Refusal.Invalid("#/neededBy", "date.past", "The date it is needed by lies in the past. Give today or a later day.");
        if (Days.OutOfBounds("#/neededBy", command.NeededBy) is { } outOfBounds) return outOfBounds;
        if (command.Measure is { } measure && (measure.Split('/') is not [var plan, var part] || !directory.HasMeasure(plan, part, actor)))
            return Refusal.Invalid("#/measure", "plan.measure-not-found", "There is no such measure. Give it as plan/measure.");

        var most = directory.MostOpen;
        var has = directory.OpenOf(from, now);
        if (region is not null && has.Calls >= most.Calls)
            return Refusal.TooMany("request.too-many-calls", $"A body has at most {most.Calls} open calls to a region, or made within a day. Wait until some are answered, or ask the bodies that can help by name.");
        if (has.Requests >= most.Requests)
            return Refusal.TooMany("request.too-many-open", $"A body has at most {most.Requests} requests that are open, or were made within a day. Confirm or withdraw some first.");

        to = [.. to.Distinct()];
        var states = to.Select(id => directory.Body(id)?.State).Append(body.State).OfType<string>().Distinct().ToArray();
        return new RequestOpened(
            from, to, region is null ? null : Regions.NameOf(region), kind, command.Subject.Trim(), Texts.Trimmed(command.Text), command.Pillar,
            command.Mark ?? Mark.Parties, command.Urgency ?? Urgency.Routine, command.NeededBy,
            command.NeededBy is { } day ? body.EndOf(day) : null, states, command.Agreement, command.Measure, body.Exercise);
    }

    private static Decision Accept(RequestState request, AcceptRequest command, in Situation situation)
    {
        if (situation.Actor.Coordinates(request.From) && !situation.Actor.IsPlatform)
        {
            if (request.Status is RequestStatus.Accepted && request.Proposal is null) return Decision.Nothing;
            if (request.Status is not RequestStatus.Open || request.Proposal is not { } proposal)
                return Refusal.Conflict("request.nothing-proposed", "No date is proposed that you could accept.");
            return new RequestAccepted(
                proposal.By, proposal.Date, Texts.Trimmed(command.Text), situation.Directory.Body(request.From)?.EndOf(proposal.Date));
        }

        if (NotAddressed(request, situation) is { } refusal) return refusal;
        var by = situation.Actor.Body!;
        if (request.Status is RequestStatus.Accepted && request.Holder == by) return Decision.Nothing;
        if (NotOpen(request) is { } closed) return closed;
        return new RequestAccepted(by, null, Texts.Trimmed(command.Text));
    }

    private static Decision Propose(RequestState request, ProposeDate command, in Situation situation)
    {
        if (NotAddressed(request, situation) is { } refusal) return refusal;
        if (NotOpen(request) is { } closed) return closed;
        if (command.Date is not { } date)
            return Refusal.Invalid("#/date", "request.date-missing", "Give the day by which you could do it, as YYYY-MM-DD.");
        if (date < situation.Directory.Body(situation.Actor.Body!)!.Today(situation.Now))
            return Refusal.Invalid("#/date", "date.past", "The proposed date lies in the past. Give today or a later day.");
        if (Days.OutOfBounds("#/date", date) is { } outOfBounds) return outOfBounds;
        var proposal = new Proposal(situation.Actor.Body!, date);
        return request.Proposal == proposal ? Decision.Nothing : new RequestDateProposed(proposal.By, date, Texts.Trimmed(command.Text));
    }

    private static Decision Decline(RequestState request, DeclineRequest command, in Situation situation)
    {
        var by = situation.Actor.Body;
        if (by is not null && request.Declined.Contains(by) && situation.Actor.Coordinates(by)) return Decision.Nothing;
        if (NotAddressed(request, situation) is { } refusal) return refusal;
        if (!(request.Status is RequestStatus.Accepted && request.Holder == by) && NotOpen(request) is { } closed) return closed;
        if (command.Ground is not { } ground)
            return Refusal.Invalid("#/ground", "request.ground-missing", "State the ground: not-competent, no-capacity, legal-obstacle, insufficient-information or other.");
        if (ground is DeclineGround.Other && Texts.IsEmpty(command.Text))
            return Refusal.Invalid("#/text", "request.ground-unexplained", "Say in a sentence what the other ground is.");
        return new RequestDeclined(by!, ground, Texts.Trimmed(command.Text));
    }

    private static Decision Ask(RequestState request, AskClarification command, in Situation situation)
    {
        if (NotAddressed(request, situation) is { } refusal) return refusal;
        if (!IsHolder(request, situation) && NotOpen(request) is { } closed) return closed;
        if (request.Clarifying is not null)
            return Refusal.Conflict("request.already-clarifying", "A clarification waits for the requester already.");
        if (Texts.Needed("#/text", command.Text) is { } empty) return empty;
        return new ClarificationAsked(situation.Actor.Body!, command.Text.Trim());
    }

    private static Decision Clarify(RequestState request, AnswerClarification command, in Situation situation)
    {
        if (!situation.Actor.Coordinates(request.From)) return RequesterOnly;
        if (Over(request) is { } over) return over;
        if (request.Clarifying is null)
            return Refusal.Conflict("request.nothing-to-clarify", "Nobody waits for a clarification.");
        if (Texts.Needed("#/text", command.Text) is { } empty) return empty;
        return new ClarificationAnswered(command.Text.Trim());
    }

    private static Decision Answer(RequestState request, AnswerRequest command, in Situation situation)
    {
        if (NotAddressed(request, situation) is { } refusal) return refusal;
        if (!IsHolder(request, situation) && NotOpen(request) is { } closed) return closed;
        if (Texts.Needed("#/text", command.Text) is { } empty) return empty;
        return new RequestAnswered(situation.Actor.Body!, command.Text.Trim());
    }

    private static Decision Confirm(RequestState request, ConfirmRequest command, in Situation situation)
    {
        if (!situation.Actor.Coordinates(request.From)) return RequesterOnly;
        if (request.Status is RequestStatus.Confirmed) return Decision.Nothing;
        if (Over(request) is { } over) return over;
        return request.Status is RequestStatus.Answered
            ? new RequestConfirmed(Texts.Trimmed(command.Text))
            : Refusal.Conflict("request.not-answered", "There is no answer yet that you could confirm.");
    }

    private static Decision Withdraw(RequestState request, WithdrawRequest command, in Situation situation)
    {
        if (!situation.Actor.Coordinates(request.From)) return RequesterOnly;
        if (request.Status is RequestStatus.Withdrawn) return Decision.Nothing;
        return Over(request) is { } over ? over : new RequestWithdrawn(Texts.Trimmed(command.Text));
    }

    /// <summary>What comes of a clock that rings.</summary>
    public static Decision Decide(RequestState state, Rang rang, in Situation situation) =>
        rang is { Name: RequestState.Expiry } && rang.IsDue(state, situation.Now) ? new RequestExpired() : Decision.Nothing;

    private static bool IsHolder(RequestState request, in Situation situation) =>
        request.Status is RequestStatus.Accepted && request.Holder == situation.Actor.Body;

    private static Refusal? NotAddressed(RequestState request, in Situation situation)
    {
        if (!request.IsAddressed(situation.Actor.Body, situation.Directory))
            return Refusal.Forbidden("request.not-addressed", "Only a body that the request is addressed to may do this.");
        if (!situation.Actor.Coordinates(situation.Actor.Body))
            return Refusal.Forbidden("request.coordinator-only", "Only the body's coordinator answers for it.");
        return request.Declined.Contains(situation.Actor.Body!)
            ? Refusal.Conflict("request.already-declined", "Your body has declined this request.")
            : null;
    }

    private static Refusal? NotOpen(RequestState request) => request.Status switch
    {
        RequestStatus.Open => null,
        RequestStatus.Accepted => Refusal.Conflict("request.already-accepted", "This request has been taken on already."),
        RequestStatus.Answered => Refusal.Conflict("request.already-answered", "This request has been answered."),
        _ => Over(request),
    };

    private static Refusal? Over(RequestState request) => request.Status switch
    {
        RequestStatus.Confirmed => Refusal.Conflict("request.already-confirmed", "This request is confirmed and closed."),
        RequestStatus.Declined => Refusal.Conflict("request.already-declined", "Everyone asked has declined this request."),
        RequestStatus.Withdrawn => Refusal.Conflict("request.already-withdrawn", "This request has been withdrawn."),
        RequestStatus.Expired => Refusal.Conflict("request.already-expired", "This request has expired. Open a new one."),
        _ => null,
    };

    private static readonly Refusal RequesterOnly =
        Refusal.Forbidden("request.requester-only", "Only a coordinator of the body that asked may do this.");
}
