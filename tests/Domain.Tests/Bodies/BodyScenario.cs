using Coordination.Contracts.Bodies;

namespace Coordination.Domain.Tests.Bodies;

using static World;

internal static class BodyScenario
{
    public static readonly BodyAdmitted Admitted = new(
        Arden, BodyKind.NationalBody, "Council of Arden", null, "XAA", null, "Europe", "Western Europe", null, null, null, "Europe/Vienna", null, [], [], null, true);

    public static Given<BodyState?, BodyCommand> Given(params IEnumerable<Fact> facts) => new Given<BodyState?, BodyCommand>(
        null, new World(), (state, fact) => Fact.Evolve("", state, fact),
        (BodyState? state, BodyCommand command, in Situation situation) => BodyRules.Decide(Arden, state, command, situation)).And(facts);
}
