using Coordination.Contracts.Groups;

namespace Coordination.Domain.Tests.Groups;

using static World;

public class SharingUpdates
{
    private static readonly Given<GroupState?, GroupCommand> Group = GroupScenario.Given(GroupScenario.Formed);

    [Fact]
    public void Members_share_with_the_group_and_may_mark_it_wider() =>
        Group.When(new ShareUpdate(" Hello. "), By.Contributor(Belmar)).Then(new GroupUpdateShared("u1", Belmar, "Hello.", Mark.Parties, null))
            .When(new ShareUpdate("All.", Mark.Public), By.Coordinator(Arden)).Then(new GroupUpdateShared("u2", Arden, "All.", Mark.Public, null));

    [Theory]
    [InlineData("u1", Mark.Public, Mark.Parties)]
    [InlineData("u2", Mark.Public, Mark.Community)]
    [InlineData("u2", Mark.Parties, Mark.Parties)]
    [InlineData("u3", Mark.Public, Mark.Public)]
    public void A_reply_is_never_seen_by_more_than_what_it_answers(string original, Mark said, Mark kept) =>
        Group.And(new GroupUpdateShared("u1", Arden, "1", Mark.Parties, null), new GroupUpdateShared("u2", Arden, "2", Mark.Community, null), new GroupUpdateShared("u3", Arden, "3", Mark.Public, null))
            .When(new ShareUpdate("Thanks.", said, original), By.Coordinator(Belmar)).Then(new GroupUpdateShared("u4", Belmar, "Thanks.", kept, original));

    public static TheoryData<ShareUpdate, string, string> Bad() => new()
    {
        { new ShareUpdate("Hello", Mark.Named), "#/mark", "group.mark-not-offered" },
        { new ShareUpdate("Hello", null, "u2"), "#/replyTo", "group.update-not-found" },
        { new ShareUpdate("Hello", null, "u0"), "#/replyTo", "group.update-not-found" },
        { new ShareUpdate("Hello", null, "u01"), "#/replyTo", "group.update-not-found" },
        { new ShareUpdate("Hello", null, "x"), "#/replyTo", "group.update-not-found" },
        { new ShareUpdate(" "), "#/text", "group.update-empty" },
        { new ShareUpdate("\u200B\n"), "#/text", "group.update-empty" },
    };

    [Theory, MemberData(nameof(Bad))]
    public void Bad_content_is_pointed_at(ShareUpdate command, string pointer, string code) =>
        Group.And(new GroupUpdateShared("u1", Arden, "1", Mark.Parties, null)).When(command, By.Coordinator(Belmar)).ThenInvalid(pointer, code);

    [Fact]
    public void Who_reads_or_is_not_a_member_shares_nothing()
    {
        Group.When(new ShareUpdate("Hello"), By.Observer(Belmar)).ThenForbidden("group.observer");
        foreach (var actor in new[] { By.Coordinator(Corvan), By.Coordinator(ArdenRapporteur), By.Administrator, By.Nobody })
            Group.When(new ShareUpdate("Hello"), actor).ThenForbidden("group.members-only");
        Group.And(new GroupMemberRemoved(Belmar)).When(new ShareUpdate("Hello"), By.Coordinator(Belmar)).ThenForbidden("group.members-only");
    }
}
