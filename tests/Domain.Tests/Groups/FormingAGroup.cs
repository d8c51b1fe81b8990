using Coordination.Contracts.Bodies;
using Coordination.Contracts.Groups;

namespace Coordination.Domain.Tests.Groups;

using static World;

public class FormingAGroup
{
    private static readonly FormGroup Form = new(null, " Network ", [Belmar]);

    [Fact]
    public void A_coordinator_forms_one_and_takes_the_chair() =>
        GroupScenario.Given().When(Form, By.Coordinator(Arden)).Then(new GroupFormed("Network", [Arden], [new(Arden, "2026-03-02", null)], null, null, true), new GroupMemberInvited(Belmar, Arden))
            .When(Form, By.Coordinator(Arden)).ThenConflict("group.already-exists");

    [Fact]
    public void An_administrator_forms_one_of_others() =>
        GroupScenario.Given().When(Form with { Members = [Belmar, Corvan] }, By.Administrator)
            .Then(new GroupFormed("Network", [], [], null, null, true), new GroupMemberInvited(Belmar, null), new GroupMemberInvited(Corvan, null));

    [Fact]
    public void Nobody_is_in_the_chair_of_a_group_that_it_has_not_joined()
    {
        var formed = GroupScenario.Given();
        ChairTerm own = new(Arden, "2026", null), others = new(Belmar, "2027", null);
        formed.When(Form with { Chairs = [own, others] }, By.Coordinator(Arden)).ThenInvalid("#/chairs/1/body", "group.not-a-member");
        formed.When(Form with { Chairs = [others] }, By.Administrator).ThenInvalid("#/chairs/0/body", "group.not-a-member");
        formed.When(Form with { Chairs = [others] }, By.Platform).Then(new GroupFormed("Network", [Belmar], [others], null, null, false));
    }

    [Fact]
    public void An_administrator_whose_group_nobody_has_joined_invites_others_and_seats_the_first_that_comes()
    {
        var formed = GroupScenario.Given().When(Form, By.Administrator).Then(new GroupFormed("Network", [], [], null, null, true), new GroupMemberInvited(Belmar, null))
            .And(new GroupInvitationDeclined(Belmar));
        formed.When(new AppointChair(Belmar, new(2026, 3, 1)), By.Administrator).ThenInvalid("#/body", "group.not-a-member");
        var seated = formed.When(new InviteMember(Corvan), By.Administrator).Then(new GroupMemberInvited(Corvan, null))
            .When(new JoinGroup(), By.Coordinator(Corvan)).Then(new GroupMemberAdded(Corvan))
            .When(new AppointChair(Corvan, new(2026, 3, 1)), By.Administrator).Then(new GroupChairAppointed(new(Corvan, "2026-03-01", null)));
        // From then on it is the chair's.
        seated.When(new InviteMember(Belmar), By.Administrator).ThenForbidden("group.chair-only");
        seated.When(new InviteMember(Belmar), By.Coordinator(Corvan)).Then(new GroupMemberInvited(Belmar, Corvan));
    }

    [Fact]
    public void The_platform_imports_one_whose_members_belong_to_it() =>
        GroupScenario.Given().When(Form with { Exercise = true }, By.Platform).Then(new GroupFormed("Network", [Belmar], [], null, null, true));

    [Fact]
    public void A_coordinator_does_not_put_another_body_or_nobody_in_the_chair()
    {
        var formed = GroupScenario.Given();
        formed.When(Form with { Chairs = [new(Belmar, "2026", null)] }, By.Coordinator(Arden)).ThenInvalid("#/chairs/0/body", "group.not-a-member");
        formed.When(Form with { Chairs = [] }, By.Coordinator(Arden)).ThenInvalid("#/chairs", "group.not-in-chair");
        formed.When(Form with { Chairs = [new(Arden, "2025", "2025-12-31")] }, By.Coordinator(Arden)).ThenInvalid("#/chairs", "group.not-in-chair");
        Assert.Null(formed.When(Form with { Chairs = [new(Arden, "2025", "2025"), new(Arden, "2026", null)] }, By.Coordinator(Arden)).Decision.Refusal);
    }

    [Theory]
    [InlineData("the-next-agency", null)]
    [InlineData("network", null)]
    [InlineData(Belmar, null)]
    [InlineData(Arden, BodyKind.NationalBody)]
    public void It_does_not_take_the_id_of_a_body_that_there_is_or_may_be(string id, BodyKind? own)
    {
        var decision = Decide(id, own ?? BodyKind.NationalBody, By.Coordinator(Arden));
        Assert.Equal(new World().Bodies.ContainsKey(id) ? "group.already-exists" : "group.id-for-bodies", decision.Refusal?.Code);
    }

    [Fact]
    public void An_inter_agency_group_is_a_body_and_the_group_of_its_members()
    {
        Assert.Null(Decide(Arden, BodyKind.InterAgencyGroup, By.Coordinator(Arden)).Refusal);
        Assert.Equal("group.already-exists", Decide(Arden, BodyKind.InterAgencyGroup, By.Coordinator(Belmar)).Refusal?.Code);
        Assert.Equal("group.already-exists", Decide(Arden, BodyKind.InterAgencyGroup, By.Administrator).Refusal?.Code);
    }

    private static Decision Decide(string id, BodyKind arden, Actor by)
    {
        var world = new World();
        world.Add(Arden, arden, "XAA", "UTC");
        return GroupRules.Decide(id, null, Form, new(by, Given<GroupState?, GroupCommand>.Now, world, "command"));
    }

    [Fact]
    public void Nobody_else_forms_one()
    {
        foreach (var actor in new[] { By.Observer(Arden), By.Contributor(Arden), By.Nobody })
            GroupScenario.Given().When(Form, actor).ThenForbidden("group.coordinator-only");
    }

    public static TheoryData<FormGroup, string, string> Bad() => new()
    {
        { Form with { Name = "\u200B\u2067" }, "#/name", "text.empty" },
        { Form with { Name = "Net\u2067work" }, "#/name", "text.not-one-line" },
        { Form with { Name = "Net\u200Bwork" }, "#/name", "text.hidden-characters" },
        { Form with { Members = ["nowhere"] }, "#/members", "body.not-found" },
        { Form with { Members = [null!] }, "#/members", "body.not-found" },
        { Form with { Chairs = [new(Arden, "2026-02-30", null)] }, "#/chairs", "date.does-not-exist" },
        { Form with { Chairs = [new(Arden, "2026", "2026-13")] }, "#/chairs", "date.does-not-exist" },
        { Form with { Chairs = [new(Arden, null, null, "0000")] }, "#/chairs", "date.does-not-exist" },
        { Form with { Chairs = [new(Arden, "0206", null)] }, "#/chairs", "date.out-of-bounds" },
        { Form with { Chairs = [new(Arden, "2026-01", "9999-12-31")] }, "#/chairs", "date.out-of-bounds" },
        { Form with { Chairs = [new(Arden, null, null, "2101-01")] }, "#/chairs", "date.out-of-bounds" },
    };

    [Theory, MemberData(nameof(Bad))]
    public void Bad_content_is_pointed_at(FormGroup command, string pointer, string code) =>
        GroupScenario.Given().When(command, By.Coordinator(Arden)).ThenInvalid(pointer, code);
}
