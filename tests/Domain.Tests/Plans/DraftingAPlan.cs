using Coordination.Contracts.Plans;

namespace Coordination.Domain.Tests.Plans;

using static World;

public class DraftingAPlan
{
    private static readonly DraftPlan Draft = new(null, null, " Plan of action ", Mark: Mark.Parties);

    [Fact]
    public void A_coordinator_drafts_one_for_the_own_body() =>
        PlanScenario.Given().When(Draft, By.Coordinator(Arden)).Then(PlanScenario.Drafted())
            .When(Draft, By.Coordinator(Arden)).ThenConflict("plan.already-exists");

    [Fact]
    public void Unless_marked_it_is_for_the_community_and_starts_as_a_draft() =>
        PlanScenario.Given().When(new DraftPlan(null, Arden, "Plan of action"), By.Platform).Then(PlanScenario.Drafted(Mark.Community));

    [Fact]
    public void Nobody_but_the_bodys_own_coordinator_drafts_for_it()
    {
        foreach (var actor in new[] { By.Observer(Arden), By.Contributor(Arden), By.Coordinator(Belmar), By.Coordinator(ArdenRapporteur), By.Administrator })
            PlanScenario.Given().When(Draft with { Body = Arden }, actor).ThenForbidden("plan.coordinator-only");
    }

    public static TheoryData<DraftPlan, string, string> Bad() => new()
    {
        { Draft with { Body = "nowhere" }, "#/body", "body.not-found" },
        { Draft with { Period = new(new(2026, 2, 1), new(2026, 1, 31)) }, "#/period/to", "plan.period-reversed" },
        { Draft with { Period = new(new(206, 1, 1), null) }, "#/period/from", "date.out-of-bounds" },
        { Draft with { Period = new(null, new(2101, 1, 1)) }, "#/period/to", "date.out-of-bounds" },
        { Draft with { Title = "\u200B\u2067" }, "#/title", "text.empty" },
        { Draft with { Title = "Plan\r\nof action" }, "#/title", "text.not-one-line" },
        { Draft with { Mark = Mark.Named }, "#/mark", "plan.mark-not-offered" },
    };

    [Theory, MemberData(nameof(Bad))]
    public void Bad_content_is_pointed_at(DraftPlan command, string pointer, string code) =>
        PlanScenario.Given().When(command, By.Coordinator(Arden)).ThenInvalid(pointer, code);

    [Fact]
    public void Who_speaks_for_no_body_must_name_one() =>
        PlanScenario.Given().When(Draft, By.Administrator).ThenInvalid("#/body", "body.not-found");

    [Fact]
    public void A_period_of_one_day_or_without_an_end_is_a_period()
    {
        foreach (var period in new Period[] { new(PlanScenario.Due, PlanScenario.Due), new(PlanScenario.Due, null), new(null, PlanScenario.Due) })
            PlanScenario.Given().When(Draft with { Period = period }, By.Coordinator(Arden)).Then(PlanScenario.Drafted() with { Period = period });
    }
}
