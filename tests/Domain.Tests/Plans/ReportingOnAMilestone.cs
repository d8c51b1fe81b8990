using Coordination.Contracts.Plans;
using CsCheck;

namespace Coordination.Domain.Tests.Plans;

using static World;

public class ReportingOnAMilestone
{
    private static readonly Actor Coordinator = By.Coordinator(Arden), Police = By.Contributor(ArdenPolice);
    private static readonly ReportProgress Say = new("hotline-open", MilestoneStatus.InProgress, 40, " Staff hired. ", []);

    [Fact]
    public void Drafted_submitted_returned_submitted_again_and_approved()
    {
        var first = PlanScenario.Report();
        // The note is said once; what follows names the place where it stands.
        var drafted = first.At(6);
        var better = first with { Progress = 50, Note = "Staff hired in May." };
        var plan = PlanScenario.Plan()
            .When(Say with { Draft = true }, Police).Then(new ReportDrafted(first))
            .When(new ApproveReport("r1"), Coordinator).ThenNotFound("plan.report-not-found")
            .When(new SubmitReport("r1"), Police).Then(new ReportSubmitted(drafted))
            .When(new SubmitReport("r1"), Police).ThenNothing()
            .When(new SubmitReport("r1", Note: "Staff hired."), Police).ThenConflict("report.already-submitted")
            .When(new SubmitReport("r1", Progress: 60), Police).ThenConflict("report.already-submitted")
            .When(new ReturnReport("r1", " Which month? "), Coordinator).Then(new ReportReturned(drafted, "Which month?"))
            .When(new ReturnReport("r1", "Which month?"), Coordinator).ThenNothing()
            .When(new ApproveReport("r1"), Coordinator).ThenConflict("report.not-submitted");
        Assert.Equal((MilestoneStatus.Planned, 0), (plan.State!.Milestones["hotline-open"].Status, plan.State.Milestones["hotline-open"].Progress));

        var approved = plan
            .When(new SubmitReport("r1", Progress: 50, Note: "Staff hired in May."), Police).Then(new ReportSubmitted(better))
            .When(new ApproveReport("r1"), Coordinator).Then(new ReportApproved(better.At(9)))
            .When(new ApproveReport("r1"), Coordinator).ThenNothing()
            .When(new ReturnReport("r1", "Too late."), Coordinator).ThenNotFound("plan.report-not-found")
            .When(new SubmitReport("r1"), Police).ThenNotFound("plan.report-not-found");
        Assert.Equal((MilestoneStatus.InProgress, 50), (approved.State!.Milestones["hotline-open"].Status, approved.State.Milestones["hotline-open"].Progress));
        Assert.Equal((6, 9), (drafted.NoteAt, better.At(9).NoteAt));
        Assert.Empty(approved.State.Reports);
        approved.When(Say, Police).Then(new ReportSubmitted(first with { Id = "r2" }));
    }

    [Fact]
    public void What_the_plans_own_coordinator_reports_takes_effect_at_once()
    {
        var report = PlanScenario.Report(body: Arden) with { Account = Coordinator.Account };
        PlanScenario.Plan().When(Say, Coordinator).Then(new MilestoneReported(report))
            .When(Say with { Draft = true }, Coordinator).Then(new ReportDrafted(report with { Id = "r2" }))
            .When(new SubmitReport("r2"), Coordinator).Then(new MilestoneReported((report with { Id = "r2" }).At(7)));
    }

    [Fact]
    public void Bodies_that_lead_or_support_report_and_wait_for_approval()
    {
        foreach (var actor in new[] { By.Coordinator(ArdenPolice), Police, By.Coordinator(Belmar), By.Contributor(Belmar), By.Contributor(Arden) })
            PlanScenario.Plan().When(Say, actor).Then(new ReportSubmitted(PlanScenario.Report(body: actor.Body!) with { Account = actor.Account }));
    }

    [Fact]
    public void Who_is_not_involved_in_the_measure_does_not_report_on_it()
    {
        var plan = PlanScenario.Plan(Mark.Community);
        foreach (var actor in new[] { By.Observer(Arden), By.Observer(ArdenPolice), By.Coordinator(Corvan), By.Coordinator(ArdenRapporteur), By.Administrator, By.Nobody })
            plan.When(Say, actor).ThenForbidden("plan.not-a-reporter");
        plan.When(new ReportProgress("first-shelter", MilestoneStatus.Done), Police).ThenForbidden("plan.not-a-reporter");
    }

    [Theory]
    [InlineData(MilestoneStatus.Done, null, 100)]
    [InlineData(MilestoneStatus.Planned, null, 0)]
    [InlineData(MilestoneStatus.InProgress, null, 40)]
    [InlineData(MilestoneStatus.Cancelled, null, 40)]
    [InlineData(MilestoneStatus.InProgress, 100, 100)]
    [InlineData(MilestoneStatus.Done, 100, 100)]
    public void Progress_is_as_said_or_as_the_status_says_or_unchanged(MilestoneStatus status, int? said, int expected)
    {
        var plan = PlanScenario.Plan(then: new MilestoneReported(PlanScenario.Report()));
        var decision = plan.When(new ReportProgress("hotline-open", status, said), Coordinator).Decision;
        Assert.Equal(expected, Assert.IsType<MilestoneReported>(Assert.Single(decision.Facts)).Report.Progress);
    }

    [Fact]
    public void Only_the_body_that_wrote_a_report_hands_it_in_and_only_the_plans_coordinator_settles_it()
    {
        var waiting = PlanScenario.Plan(then: [new ReportSubmitted(PlanScenario.Report()), new ReportReturned(PlanScenario.Report("r2"), "Which month?")]);
        waiting.When(new SubmitReport("r2"), By.Coordinator(Belmar)).ThenForbidden("report.not-yours");
        waiting.When(new SubmitReport("r2"), By.Observer(ArdenPolice)).ThenForbidden("report.not-yours");
        foreach (var actor in new[] { By.Contributor(Arden), By.Coordinator(Belmar), Police })
        {
            waiting.When(new ApproveReport("r1"), actor).ThenForbidden("plan.coordinator-only");
            waiting.When(new ReturnReport("r1", "No."), actor).ThenForbidden("plan.coordinator-only");
        }
    }

    [Fact]
    public void A_draft_is_for_its_body_alone_and_not_there_for_anyone_else()
    {
        var drafted = PlanScenario.Plan(Mark.Public, then: new ReportDrafted(PlanScenario.Report()));
        Assert.Equal([ArdenPolice], new ReportDrafted(PlanScenario.Report()).AudienceIn(drafted.State!).Resolve(drafted.World)!);
        foreach (var actor in By.Everyone(drafted.World).Where(actor => actor.Body != ArdenPolice && !actor.IsPlatform))
            foreach (var (draft, absent) in new (PlanCommand, PlanCommand)[]
                     {
                         (new SubmitReport("r1"), new SubmitReport("r9")), (new ApproveReport("r1"), new ApproveReport("r9")),
                         (new ReturnReport("r1", "No."), new ReturnReport("r9", "No.")),
                     })
                Assert.Equivalent(drafted.When(absent, actor).Decision.Refusal, drafted.When(draft, actor).ThenNotFound("plan.report-not-found").When(draft, actor).Decision.Refusal, strict: true);
    }

    [Fact]
    public void One_that_waits_or_was_returned_is_for_those_involved_however_public_the_plan()
    {
        var plan = PlanScenario.Plan(Mark.Public);
        string[] involved = [Arden, ArdenPolice, Belmar, ArdenRapporteur];
        foreach (var fact in new Fact[] { new ReportSubmitted(PlanScenario.Report()), new ReportReturned(PlanScenario.Report(), "Which month?") })
            Assert.Equal(involved.Order(), ((PlanFact)fact).AudienceIn(plan.State!).Resolve(plan.World)!.Order());
        Assert.Null(new ReportApproved(PlanScenario.Report()).AudienceIn(plan.State!).Resolve(plan.World));
    }
}
