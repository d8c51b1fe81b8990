using Coordination.Contracts.Bodies;
using Coordination.Contracts.Groups;

namespace Coordination.Domain.Tests.Groups;

using static World;

/// <summary>A group of Arden, in the chair since 2026, and Belmar.</summary>
internal static class GroupScenario
{
    public static readonly GroupFormed Formed = new("Network", [Arden, Belmar], [new(Arden, "2026-01-01", null)], null, null, true);

    public static Given<GroupState?, GroupCommand> Given(params IEnumerable<Fact> facts) => new Given<GroupState?, GroupCommand>(
        null, new World(), (state, fact) => Fact.Evolve(Network, state, fact),
        (GroupState? state, GroupCommand command, in Situation situation) => GroupRules.Decide(Network, state, command, situation)).And(facts);
}
