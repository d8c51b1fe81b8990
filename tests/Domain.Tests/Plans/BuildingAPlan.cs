using Coordination.Contracts.Plans;

namespace Coordination.Domain.Tests.Plans;

using static World;

public class BuildingAPlan
{
    private static readonly Actor Coordinator = By.Coordinator(Arden);

    [Fact]
    public void A_measure_is_led_by_the_plans_body_unless_said_otherwise() =>
        PlanScenario.Plan()
            .When(new AddMeasure(null, Pillar.Training, " Former des policières "), Coordinator)
            .Then(new MeasureAdded("former-des-policieres", Pillar.Training, "Former des policières", Participation.Of(Arden), null, null))
            .When(new AddMeasure(null, Pillar.Training, "Former des policières", Belmar, [Corvan, Corvan]), Coordinator)
            .Then(new MeasureAdded("former-des-policieres-2", Pillar.Training, "Former des policières", Participation.Of(Belmar, Corvan), null, null));

    [Fact]
    public void An_id_that_was_chosen_is_kept_and_taken_once() =>
        PlanScenario.Plan()
            .When(new AddMeasure("courses", Pillar.Training, "Training"), Coordinator).Then(new MeasureAdded("courses", Pillar.Training, "Training", Participation.Of(Arden), null, null))
            .When(new AddMeasure("courses", Pillar.Training, "Training"), Coordinator).ThenConflict("plan.measure-already-exists")
            .When(new AddMilestone("courses", "c1", "First", PlanScenario.Due, new(2026, 5, 1)), Coordinator).Then(new MilestoneAdded("courses", "c1", "First", PlanScenario.Due, new DateOnly(2026, 5, 1)))
            .When(new AddMilestone("shelters", "c1", "First", PlanScenario.Due), Coordinator).ThenConflict("plan.milestone-already-exists")
            .When(new AddMilestone("courses", null, "First", PlanScenario.Due), Coordinator).Then(new MilestoneAdded("courses", "first", "First", PlanScenario.Due, PlanScenario.Due));

    public static TheoryData<PlanCommand, string, string> Bad() => new()
    {
        { new AddMeasure(null, Pillar.Training, "T", "nowhere"), "#/lead", "body.not-found" },
        { new AddMeasure(null, Pillar.Training, "T", null, [Belmar, Belmar, "nowhere"]), "#/supporting/2", "body.not-found" },
        { new AddMeasure(null, Pillar.Training, "T", null, [null!]), "#/supporting/0", "body.not-found" },
        { new AddMeasure(null, Pillar.Training, "\u200B"), "#/title", "text.empty" },
        { new AddMeasure(null, Pillar.Training, "One\nand two"), "#/title", "text.not-one-line" },
        { new AddMilestone("hotline", null, "\u3164", PlanScenario.Due), "#/title", "text.empty" },
        { new AddMilestone("hotline", null, "One\u2028and two", PlanScenario.Due), "#/title", "text.not-one-line" },
        { new RescheduleMilestone("hotline-open", PlanScenario.Due, "\u2060"), "#/reason", "text.empty" },
        { new AddMilestone("hotline", null, "M", new(206, 5, 1)), "#/due", "date.out-of-bounds" },
        { new AddMilestone("hotline", null, "M", DateOnly.MaxValue), "#/due", "date.out-of-bounds" },
        { new AddMilestone("hotline", null, "M", PlanScenario.Due, new(1989, 12, 31)), "#/baseline", "date.out-of-bounds" },
        { new RescheduleMilestone("hotline-open", new(2101, 1, 1), "Why not."), "#/due", "date.out-of-bounds" },
        { new ReportProgress("hotline-open", MilestoneStatus.Done, 99), "#/progress", "report.done-is-100" },
        { new ReportProgress("hotline-open", MilestoneStatus.InProgress, Evidence: ["A/67/170", " "]), "#/evidence/1", "report.evidence-length" },
        { new ReportProgress("hotline-open", MilestoneStatus.InProgress, Evidence: [new string('a', 501)]), "#/evidence/0", "report.evidence-length" },
        { new ReportProgress("hotline-open", MilestoneStatus.InProgress, Evidence: [null!]), "#/evidence/0", "report.evidence-length" },
        { new ReportProgress("hotline-open", MilestoneStatus.InProgress, Evidence: ["\u200B"]), "#/evidence/0", "report.evidence-length" },
        { new ReportProgress("hotline-open", MilestoneStatus.InProgress, Evidence: ["javascript:alert(1)"]), "#/evidence/0", "report.evidence-link" },
    };

    [Theory, MemberData(nameof(Bad))]
    public void Bad_content_is_pointed_at(PlanCommand command, string pointer, string code) =>
        PlanScenario.Plan().When(command, Coordinator).ThenInvalid(pointer, code);

    [Fact]
    public void The_first_and_the_last_day_of_the_bounds_are_within()
    {
        DateOnly first = new(1990, 1, 1), last = new(2100, 12, 31);
        PlanScenario.Plan()
            .When(new AddMilestone("hotline", "m", "M", last, first), Coordinator).Then(new MilestoneAdded("hotline", "m", "M", last, first))
            .When(new RescheduleMilestone("m", first, "Why not."), Coordinator).Then(new MilestoneRescheduled("m", first, "Why not."));
    }

    [Fact]
    public void A_date_out_of_bounds_from_before_there_were_any_can_be_moved() =>
        PlanScenario.Plan(then: new MilestoneAdded("hotline", "m", "M", DateOnly.MaxValue, new DateOnly(206, 5, 1)))
            .When(new RescheduleMilestone("m", PlanScenario.Due, "A slip."), Coordinator).Then(new MilestoneRescheduled("m", PlanScenario.Due, "A slip."));

    [Fact]
    public void What_is_not_there()
    {
        foreach (var command in PlanScenario.Commands) PlanScenario.Given().When(command, Coordinator).ThenNotFound("plan.not-found");
        PlanScenario.Plan()
            .When(new AddMilestone("nowhere", null, "M", PlanScenario.Due), Coordinator).ThenNotFound("plan.measure-not-found")
            .When(new AddMilestone(null, null, "M", PlanScenario.Due), Coordinator).ThenNotFound("plan.measure-not-found")
            .When(new RescheduleMilestone("nowhere", PlanScenario.Due, "Why not."), Coordinator).ThenNotFound("plan.milestone-not-found")
            .When(new ReportProgress(null, MilestoneStatus.Done), Coordinator).ThenNotFound("plan.milestone-not-found")
            .When(new SubmitReport("r1"), Coordinator).ThenNotFound("plan.report-not-found")
            .When(new ApproveReport("r1"), Coordinator).ThenNotFound("plan.report-not-found")
            .When(new ReturnReport(null, "Why?"), Coordinator).ThenNotFound("plan.report-not-found");
    }

    [Fact]
    public void To_who_may_not_see_the_plan_it_is_not_there()
    {
        var hidden = PlanScenario.Plan(then: new ReportSubmitted(PlanScenario.Report()));
        foreach (var outsider in new[] { By.Coordinator(Corvan), By.Coordinator(BelmarRapporteur), By.Administrator, By.Nobody })
            foreach (var command in PlanScenario.Commands)
            {
                hidden.When(command, outsider).ThenNotFound("plan.not-found");
                Assert.Equivalent(PlanScenario.Given().When(command, outsider).Decision.Refusal, hidden.When(command, outsider).Decision.Refusal, strict: true);
            }
    }

    [Fact]
    public void Who_sees_the_plan_and_is_not_its_coordinator_does_not_build_it()
    {
        foreach (var reader in new[] { By.Observer(Arden), By.Contributor(Arden), By.Coordinator(Belmar), By.Coordinator(ArdenRapporteur) })
            foreach (var command in PlanScenario.Commands[..4])
                PlanScenario.Plan().When(command, reader).ThenForbidden("plan.coordinator-only");
    }

    [Fact]
    public void The_first_agreed_date_is_kept_when_a_milestone_is_rescheduled()
    {
        DateOnly moved = new(2026, 9, 30);
        var plan = PlanScenario.Plan()
            .When(new RescheduleMilestone("hotline-open", moved, " Tender. "), Coordinator).Then(new MilestoneRescheduled("hotline-open", moved, "Tender."))
            .When(new RescheduleMilestone("hotline-open", moved, "Tender."), Coordinator).ThenNothing();
        Assert.Equal((moved, PlanScenario.Due), (plan.State!.Milestones["hotline-open"].Due, plan.State.Milestones["hotline-open"].Baseline));
    }

    [Theory]
    [InlineData(MilestoneStatus.Done)]
    [InlineData(MilestoneStatus.Cancelled)]
    public void A_milestone_that_is_over_has_no_date_to_move(MilestoneStatus status) =>
        PlanScenario.Plan(then: new MilestoneReported(PlanScenario.Report(status: status)))
            .When(new RescheduleMilestone("hotline-open", new(2026, 9, 30), "Tender."), Coordinator).ThenConflict("plan.milestone-closed");

    public static TheoryData<PlanStatus, PlanStatus, string> Steps()
    {
        var data = new TheoryData<PlanStatus, PlanStatus, string>();
        foreach (var from in Enum.GetValues<PlanStatus>())
            foreach (var to in Enum.GetValues<PlanStatus>())
                data.Add(from, to, from == to ? "nothing"
                    : (to is PlanStatus.Superseded || (to == from + 1 && from is not PlanStatus.Superseded)) ? "done" : "plan.status-out-of-order");
        return data;
    }

    [Theory, MemberData(nameof(Steps))]
    public void A_plan_goes_one_step_at_a_time_and_may_be_superseded_at_any(PlanStatus from, PlanStatus to, string expected)
    {
        var when = PlanScenario.Plan(status: from).When(new ChangePlanStatus(to), Coordinator);
        if (expected == "done") when.Then(new PlanStatusChanged(to));
        else if (expected == "nothing") when.ThenNothing();
        else when.ThenConflict(expected);
    }

    [Theory]
    [InlineData(PlanStatus.Evaluated)]
    [InlineData(PlanStatus.Superseded)]
    public void A_closed_plan_takes_nothing_new_and_what_waits_can_still_be_settled(PlanStatus status)
    {
        var closed = PlanScenario.Plan(status: status, then: [new ReportSubmitted(PlanScenario.Report()), new ReportDrafted(PlanScenario.Report("r2"))]);
        foreach (var command in PlanScenario.Commands[1..5]) closed.When(command, Coordinator).ThenConflict("plan.closed");
        closed.When(new SubmitReport("r2"), By.Contributor(ArdenPolice)).ThenConflict("plan.closed");
        closed.When(new ApproveReport("r1"), Coordinator).Then(new ReportApproved(PlanScenario.Report().At(6)));
    }
}
