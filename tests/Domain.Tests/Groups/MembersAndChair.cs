using Coordination.Contracts.Bodies;
using Coordination.Contracts.Groups;

namespace Coordination.Domain.Tests.Groups;

using static World;

public class MembersAndChair
{
    private static readonly Given<GroupState?, GroupCommand> Group = GroupScenario.Given(GroupScenario.Formed);

    [Fact]
    public void The_chair_invites_a_body_once() =>
        Group.When(new InviteMember(Corvan), By.Coordinator(Arden)).Then(new GroupMemberInvited(Corvan, Arden))
            .When(new InviteMember(Corvan), By.Coordinator(Arden)).ThenNothing()
            .When(new InviteMember("nowhere"), By.Platform).ThenInvalid("#/body", "body.not-found")
            .When(new InviteMember(Corvan), By.Administrator).ThenForbidden("group.chair-only");

    [Fact]
    public void The_platform_takes_in_whom_it_imports() =>
        Group.When(new InviteMember(Corvan), By.Platform).Then(new GroupMemberAdded(Corvan)).When(new InviteMember(Corvan), By.Platform).ThenNothing();

    [Fact]
    public void A_body_belongs_to_a_group_once_its_own_coordinator_has_accepted()
    {
        var invited = Group.And(new GroupMemberInvited(Corvan, Arden));
        Assert.DoesNotContain(Corvan, invited.State!.Members);
        foreach (var actor in new[] { By.Contributor(Corvan), By.Observer(Corvan), By.Administrator, By.Nobody })
            invited.When(new JoinGroup(), actor).ThenForbidden("group.coordinator-only");
        invited.When(new JoinGroup(), By.Coordinator(ArdenPolice)).ThenForbidden("group.not-invited");
        invited.When(new ShareUpdate("Hello"), By.Coordinator(Corvan)).ThenForbidden("group.members-only");
        invited.When(new AppointChair(Corvan, new(2026, 6, 1)), By.Coordinator(Arden)).ThenInvalid("#/body", "group.not-a-member");
        var joined = invited.When(new JoinGroup(), By.Coordinator(Corvan)).Then(new GroupMemberAdded(Corvan))
            .When(new JoinGroup(), By.Coordinator(Corvan)).ThenNothing();
        Assert.Contains(Corvan, joined.State!.Members);
        Assert.Empty(joined.State.Invited);
        Group.When(new JoinGroup(), By.Coordinator(Corvan)).ThenForbidden("group.not-invited");
    }

    [Fact]
    public void An_invitation_is_declined_by_the_body_and_withdrawn_by_the_chair()
    {
        var invited = Group.And(new GroupMemberInvited(Corvan, Arden));
        invited.When(new RemoveMember(Corvan), By.Contributor(Corvan)).ThenForbidden("group.chair-only");
        invited.When(new RemoveMember(Corvan), By.Coordinator(Belmar)).ThenForbidden("group.chair-only");
        invited.When(new RemoveMember(Corvan), By.Coordinator(Corvan)).Then(new GroupInvitationDeclined(Corvan))
            .When(new RemoveMember(Corvan), By.Coordinator(Corvan)).ThenNothing()
            .When(new JoinGroup(), By.Coordinator(Corvan)).ThenForbidden("group.not-invited");
        invited.When(new RemoveMember(Corvan), By.Coordinator(Arden)).Then(new GroupInvitationWithdrawn(Corvan))
            .When(new JoinGroup(), By.Coordinator(Corvan)).ThenForbidden("group.not-invited");
    }

    [Fact]
    public void Whoever_does_not_come_is_asked_three_times_and_not_again()
    {
        var asked = Group;
        foreach (var end in new Fact[] { new GroupInvitationDeclined(Corvan), new GroupInvitationWithdrawn(Corvan), new GroupInvitationDeclined(Corvan) })
            asked = asked.When(new InviteMember(Corvan), By.Coordinator(Arden)).Then(new GroupMemberInvited(Corvan, Arden)).And(end);
        asked.When(new InviteMember(Corvan), By.Coordinator(Arden)).ThenTooMany("group.invited-too-often");
        // Whoever has belonged to it can come back.
        asked.And(new GroupMemberAdded(Corvan), new GroupMemberRemoved(Corvan)).When(new InviteMember(Corvan), By.Coordinator(Arden)).Then(new GroupMemberInvited(Corvan, Arden));
    }

    [Fact]
    public void Who_is_invited_is_told_to_the_group_and_to_the_body_itself()
    {
        foreach (var fact in new Fact[] { new GroupMemberInvited(Corvan, Arden), new GroupInvitationDeclined(Corvan), new GroupInvitationWithdrawn(Corvan) })
        {
            var audience = ((GroupFact)fact).AudienceIn(Group.State!);
            Assert.Equal([Arden, Belmar, Corvan], audience.Resolve(Group.World)!.Order(StringComparer.Ordinal));
            Assert.Equal(Audience.Community, new GroupMemberAdded(Corvan).AudienceIn(Group.State!));
        }
    }

    [Fact]
    public void A_member_leaves_by_itself_or_by_the_chair_once() =>
        Group.When(new RemoveMember(Belmar), By.Coordinator(Belmar)).Then(new GroupMemberRemoved(Belmar))
            .When(new RemoveMember(Belmar), By.Coordinator(Belmar)).ThenNothing()
            .When(new RemoveMember(Belmar), By.Coordinator(Arden)).ThenNothing()
            .When(new RemoveMember(Arden), By.Coordinator(Arden)).ThenConflict("group.chair-cannot-leave");

    [Fact]
    public void Only_the_chair_changes_who_is_in_and_who_is_next()
    {
        GroupCommand[] commands = [new InviteMember(Corvan), new RemoveMember(Arden), new AppointChair(Belmar, new(2026, 6, 1)), new RemoveMember(null)];
        foreach (var actor in new[] { By.Coordinator(Belmar), By.Contributor(Arden), By.Observer(Arden), By.Coordinator(Corvan), By.Coordinator(ArdenRapporteur), By.Nobody })
            foreach (var command in commands) Group.When(command, actor).ThenForbidden("group.chair-only");
        foreach (var command in commands.Append(new ShareUpdate("Hello"))) GroupScenario.Given().When(command, By.Coordinator(Arden)).ThenNotFound("group.not-found");
    }

    [Fact]
    public void The_chair_is_handed_to_a_member_once()
    {
        var term = new ChairTerm(Belmar, "2026-06-01", "2027-05-31");
        var group = Group.When(new AppointChair(Belmar, new(2026, 6, 1), new(2027, 5, 31)), By.Coordinator(Arden)).Then(new GroupChairAppointed(term))
            .When(new AppointChair(Belmar, new(2026, 6, 1), new(2027, 5, 31)), By.Coordinator(Arden)).ThenNothing();
        Assert.Equal([new(Arden, "2026-01-01", "2026-05-31"), term], group.State!.Chairs);
        group.When(new InviteMember(Corvan), By.Coordinator(Arden), new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero)).ThenForbidden("group.chair-only")
            .When(new InviteMember(Corvan), By.Coordinator(Belmar), new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero)).Then(new GroupMemberInvited(Corvan, Belmar));
    }

    public static TheoryData<AppointChair, string, string> Bad() => new()
    {
        { new AppointChair(Corvan, new(2026, 6, 1)), "#/body", "group.not-a-member" },
        { new AppointChair(Belmar, new(2026, 6, 1), new(2026, 5, 31)), "#/to", "group.term-reversed" },
        { new AppointChair(Belmar, new(206, 5, 1)), "#/from", "date.out-of-bounds" },
        { new AppointChair(Belmar, new(2026, 6, 1), DateOnly.MaxValue), "#/to", "date.out-of-bounds" },
    };

    [Theory, MemberData(nameof(Bad))]
    public void Bad_content_is_pointed_at(AppointChair command, string pointer, string code) =>
        Group.When(command, By.Coordinator(Arden)).ThenInvalid(pointer, code);

    [Theory]
    [InlineData("2010-12-31", null)]
    [InlineData("2011-01-01", Arden)]
    [InlineData("2012-06-30", Arden)]
    [InlineData("2012-07-01", Belmar)]
    [InlineData("2013-12-31", Belmar)]
    [InlineData("2014-02-28", Corvan)]
    [InlineData("2014-03-01", null)]
    public void Terms_of_years_months_and_days_last_to_their_last_day(string day, string? chair) =>
        Assert.Equal(chair, ChairTerms.On(
            [new(Arden, "2011", "2012-06"), new(Belmar, "2012-07", "2013"), new(Corvan, "2014-01-01", "2014-02")], DateOnly.Parse(day, null), _ => true));

    [Fact]
    public void Open_ends_last_and_the_term_appointed_last_counts()
    {
        Term[] terms = [new(Arden, null, null), new(Belmar, null, null, "2012-01")];
        Assert.Equal(Arden, ChairTerms.On(terms, new(2011, 12, 31), _ => true));
        Assert.Equal(Belmar, ChairTerms.On(terms, new(2030, 1, 1), _ => true));
        Assert.Equal(Arden, ChairTerms.On(terms, new(2030, 1, 1), member => member != Belmar));
        Assert.Null(ChairTerms.On(terms, new(2030, 1, 1), _ => false));
        Assert.Null(ChairTerms.On([new(Arden, "2012-02-30", null), new(Arden, "2012", "soon")], new(2012, 3, 1), _ => true));
    }

    [Fact]
    public void An_administrator_seats_a_member_only_when_nobody_is_in_the_chair()
    {
        Group.When(new AppointChair(Belmar, new(2026, 6, 1)), By.Administrator).ThenForbidden("group.chair-only");
        var vacant = GroupScenario.Given(new GroupFormed("Network", [Arden, Belmar], [], null, null, true));
        vacant.When(new AppointChair(Belmar, new(2026, 6, 1)), By.Administrator).Then(new GroupChairAppointed(new(Belmar, "2026-06-01", null)));
        // Whom its members have not chosen does not come in: there is somebody to seat.
        vacant.When(new InviteMember(Corvan), By.Administrator).ThenForbidden("group.chair-only");
        GroupScenario.Given(new GroupFormed("Network", [], [], null, null, true)).When(new InviteMember(Corvan), By.Administrator).Then(new GroupMemberInvited(Corvan, null));
        vacant.When(new RemoveMember(Belmar), By.Administrator).ThenForbidden("group.chair-only");
    }

    [Fact]
    public void A_term_that_begins_later_leaves_what_went_before_as_it_was()
    {
        var terms = ChairTerms.Appoint([new(Arden, "2011", "2011"), new(Belmar, "2012", null)], new(Corvan, "2013-03-01", null));
        Assert.Equal([new(Arden, "2011", "2011"), new(Belmar, "2012", "2013-02-28"), new(Corvan, "2013-03-01", null)], terms);
    }
}
