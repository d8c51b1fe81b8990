using Coordination.Contracts.Requests;

namespace Coordination.Domain.Tests.Requests;

using static World;

/// <summary>A request of Arden's to Belmar and Corvan, in each state it can be in.</summary>
internal static class RequestScenario
{
    public const string Id = "q1";
    public static readonly DateOnly Due = new(2026, 4, 1);
    public static readonly DateOnly Proposed = new(2026, 5, 1);

    public static Given<RequestState?, object> Given(params Fact[] facts) => In(new World(), facts);

    public static Given<RequestState?, object> In(World world, params Fact[] facts) => new Given<RequestState?, object>(
        null, world, (state, fact) => Fact.Evolve(Id, state, fact),
        (RequestState? state, object command, in Situation situation) => command is Rang rang
            ? RequestRules.Decide(state!, rang, situation)
            : RequestRules.Decide(Id, state, (RequestCommand)command, situation)).And(facts);

    public static RequestOpened Opened(Mark mark = Mark.Parties, string[]? to = null, string? region = null) => new(
        Arden, region is null ? to ?? [Belmar, Corvan] : [], region, RequestKind.Information, "Routes by sea", null, null, mark, Urgency.Routine, Due,
        new DateTimeOffset(2026, 4, 1, 22, 0, 0, TimeSpan.Zero), region is null ? ["XBB", "XCC", "XAA"] : ["XAA"], null, null, true);

    /// <summary>By name, the facts that lead to it; Belmar is the one that acts.</summary>
    public static readonly Dictionary<string, Fact[]> States = new()
    {
        ["open"] = [Opened()],
        ["proposed"] = [Opened(), new RequestDateProposed(Belmar, Proposed, null)],
        ["clarifying"] = [Opened(), new ClarificationAsked(Belmar, "Which year?")],
        ["accepted"] = [Opened(), new RequestAccepted(Belmar, null, null)],
        ["answered"] = [Opened(), new RequestAnswered(Belmar, "See the annex.")],
        ["confirmed"] = [Opened(), new RequestAnswered(Belmar, "See the annex."), new RequestConfirmed(null)],
        ["declined"] = [Opened(), new RequestDeclined(Belmar, DeclineGround.NoCapacity, null), new RequestDeclined(Corvan, DeclineGround.NoCapacity, null)],
        ["withdrawn"] = [Opened(), new RequestWithdrawn(null)],
        ["expired"] = [Opened(), new RequestExpired()],
    };

    public static object Command(string verb) => verb switch
    {
        "accept" => new AcceptRequest(),
        "propose-date" => new ProposeDate(new DateOnly(2026, 6, 1)),
        "decline" => new DeclineRequest(DeclineGround.NotCompetent),
        "ask" => new AskClarification("Which year?"),
        "clarify" => new AnswerClarification("Last year."),
        "answer" => new AnswerRequest("See the annex."),
        "confirm" => new ConfirmRequest(),
        "withdraw" => new WithdrawRequest(),
        Expire => new Rang(RequestState.Expiry),
        _ => throw new ArgumentOutOfRangeException(nameof(verb), verb, null),
    };

    public static readonly string[] Verbs = ["accept", "propose-date", "decline", "ask", "clarify", "answer", "confirm", "withdraw"];

    /// <summary>What the clock does.</summary>
    public const string Expire = "expire";
}
