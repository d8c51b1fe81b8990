using Coordination.Contracts.Bodies;

namespace Coordination.Domain.Tests.Groups;

using static World;

/// <summary>Positions stand for versions: the group is formed at 1, and what comes next stands at 2.</summary>
public sealed class VersionsOfAGroup
{
    private static readonly Fact[] Later =
    [
        new GroupMemberInvited(Corvan, Arden),
        new GroupInvitationDeclined(Corvan),
        new GroupInvitationWithdrawn(Corvan),
        new GroupMemberAdded(Corvan),
        new GroupMemberRemoved(Belmar),
        new GroupChairAppointed(new ChairTerm(Belmar, "2026-06-01", null)),
        new GroupUpdateShared("u1", Arden, "Between us", Mark.Parties, null),
    ];

    public static TheoryData<int> EachLater => [.. Enumerable.Range(0, Later.Length)];

    [Fact]
    public void Every_fact_of_a_group_is_asked() => Assert.Equal(
        FactJson.All.Where(fact => fact.Name.StartsWith("group.", StringComparison.Ordinal) && fact.Type != typeof(GroupFormed)).Select(fact => fact.Type.Name).Order(StringComparer.Ordinal),
        Later.Select(fact => fact.GetType().Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(EachLater))]
    public void A_fact_moves_the_version_exactly_when_everybody_learns_of_it_who_sees_the_group(int which)
    {
        var after = GroupScenario.Given(GroupScenario.Formed, Later[which]).State!;
        Assert.Equal(((GroupFact)Later[which]).AudienceIn(after).Mark is Mark.Community ? 2 : 1, after.Version);
    }

    [Fact]
    public void An_update_for_everybody_is_a_thing_of_its_own() =>
        Assert.Equal(1, GroupScenario.Given(GroupScenario.Formed, new GroupUpdateShared("u1", Arden, "For all", Mark.Community, null)).State!.Version);
}
