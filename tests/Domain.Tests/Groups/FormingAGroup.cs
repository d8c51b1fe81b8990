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
        GroupScenario.Given().When(Form with { Chairs = [new(Corvan, "2011", "2012-06")] }, By.Administrator)
            .Then(
                new GroupFormed("Network", [], [new(Corvan, "2011", "2012-06")], null, null, true),
                new GroupMemberInvited(Belmar, null), new GroupMemberInvited(Corvan, null));

    [Fact]
    public void The_platform_imports_one_whose_members_belong_to_it() =>
        GroupScenario.Given().When(Form with { Exercise = true }, By.Platform).Then(new GroupFormed("Network", [Belmar], [], null, null, true));

    [Fact]
    public void A_coordinator_does_not_put_another_body_or_nobody_in_the_chair()
    {
        var formed = GroupScenario.Given();
        formed.When(Form with { Chairs = [new(Belmar, "2026", null)] }, By.Coordinator(Arden)).ThenInvalid("#/chairs", "group.not-in-chair");
        formed.When(Form with { Chairs = [] }, By.Coordinator(Arden)).ThenInvalid("#/chairs", "group.not-in-chair");
        formed.When(Form with { Chairs = [new(Arden, "2025", "2025-12-31")] }, By.Coordinator(Arden)).ThenInvalid("#/chairs", "group.not-in-chair");
        Assert.Null(formed.When(Form with { Chairs = [new(Belmar, "2025", "2025"), new(Arden, "2026", null)] }, By.Coordinator(Arden)).Decision.Refusal);
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
