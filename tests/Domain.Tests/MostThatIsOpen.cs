using Coordination.Contracts.Accounts;
using Coordination.Contracts.Groups;
using Coordination.Contracts.Plans;
using Coordination.Contracts.Requests;
using Coordination.Domain.Tests.Accounts;
using Coordination.Domain.Tests.Plans;

namespace Coordination.Domain.Tests;

using static World;

/// <summary>A body that has as much open as it may: one more is refused until something ends, and the platform's own import is not held up.</summary>
public class MostThatIsOpen
{
    private static readonly OpenThings Most = OpenThings.Most;

    private static World With(OpenThings open) => new() { Open = { [Arden] = open } };

    private static Decision Draft(OpenThings open, Actor by) =>
        PlanRules.Decide("p1", null, new DraftPlan("p1", Arden, "One more"), new(by, Given<PlanState?, PlanCommand>.Now, With(open), "c"));

    private static Decision Ask(OpenThings open, string? region) => RequestRules.Decide(
        "q1", null, new OpenRequest(region is null ? [Belmar] : null, region, RequestKind.Information, "One more"), new(By.Coordinator(Arden), Given<RequestState?, object>.Now, With(open), "c"));

    private static Decision Form(OpenThings open, Actor by) =>
        GroupRules.Decide("g-one", null, new FormGroup("g-one", "One more"), new(by, Given<GroupState?, GroupCommand>.Now, With(open), "c"));

    private static void TooMany(string code, Decision decision)
    {
        Assert.Equal((RefusalReason.TooMany, code), (decision.Refusal?.Reason, decision.Refusal?.Code));
        Assert.EndsWith(".", decision.Refusal!.Detail, StringComparison.Ordinal);
        Assert.True(decision.Facts.IsDefaultOrEmpty);
    }

    [Fact]
    public void Plans()
    {
        TooMany("plan.too-many-open", Draft(Most, By.Coordinator(Arden)));
        Assert.Null(Draft(Most with { Plans = Most.Plans - 1 }, By.Coordinator(Arden)).Refusal);
        Assert.Null(Draft(Most, By.Platform).Refusal);
    }

    [Fact]
    public void Requests_and_calls()
    {
        TooMany("request.too-many-calls", Ask(Most with { Requests = 0 }, "South America"));
        TooMany("request.too-many-open", Ask(Most with { Calls = 0 }, null));
        TooMany("request.too-many-open", Ask(Most with { Calls = 0 }, "South America"));
        Assert.Null(Ask(new(Requests: Most.Requests - 1, Calls: Most.Calls), null).Refusal);
        Assert.Null(Ask(new(Requests: Most.Requests - 1, Calls: Most.Calls - 1), "South America").Refusal);
    }

    [Fact]
    public void Groups()
    {
        TooMany("group.too-many", Form(Most, By.Coordinator(Arden)));
        Assert.Null(Form(Most with { Groups = Most.Groups - 1 }, By.Coordinator(Arden)).Refusal);
    }

    [Fact]
    public void People()
    {
        var grant = new GrantRole(Arden, "anna.k", Role.Observer);
        var full = AccountScenario.In(With(Most));
        full.When(grant, By.Coordinator(Arden)).ThenTooMany("body.too-many-people");
        // Who is one of them is given another role.
        full.And(new AccountOpened(), new AccountRoleTaken(Arden, Role.Contributor)).When(grant, By.Coordinator(Arden)).Then(new AccountRoleTaken(Arden, Role.Observer, Role.Contributor));
    }

    [Fact]
    public void Measures_and_milestones_of_a_plan()
    {
        PlanScenario.Plan(then: Enumerable.Range(0, PlanRules.MostMeasures).Select(number => new MeasureAdded($"s{number}", Pillar.Training, "Training", Participation.Of(Arden), null, null)))
            .When(new AddMeasure(null, Pillar.Training, "One more"), By.Coordinator(Arden)).ThenTooMany("plan.too-many-measures");
        PlanScenario.Plan(then: Enumerable.Range(0, PlanRules.MostMilestones).Select(number => new MilestoneAdded("shelters", $"m{number}", "A step", PlanScenario.Due, PlanScenario.Due)))
            .When(new AddMilestone("shelters", null, "One more", PlanScenario.Due), By.Coordinator(Arden)).ThenTooMany("plan.too-many-milestones");
    }

    [Fact]
    public void Reports_that_wait_or_are_drafts()
    {
        var full = PlanScenario.Plan(then: Enumerable.Range(0, PlanRules.MostOpenReports).Select(number => new ReportDrafted(PlanScenario.Report($"r{number}"))));
        var report = new ReportProgress("hotline-open", MilestoneStatus.InProgress, 50);
        full.When(report with { Draft = true }, By.Contributor(ArdenPolice)).ThenTooMany("report.too-many-open");
        full.When(report, By.Contributor(ArdenPolice)).ThenTooMany("report.too-many-open");
        // Another body has its own, and what takes effect at once does not wait.
        Assert.Null(full.When(report, By.Contributor(Belmar)).Decision.Refusal);
        Assert.Null(full.When(report, By.Coordinator(Arden)).Decision.Refusal);
    }
}
