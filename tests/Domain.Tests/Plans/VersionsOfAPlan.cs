using Coordination.Contracts.Plans;

namespace Coordination.Domain.Tests.Plans;

using static World;

/// <summary>Positions stand for versions: the scenario's facts stand at 1 to 5, and what is said of it next at 6.</summary>
public sealed class VersionsOfAPlan
{
    private static readonly Fact[] Later =
    [
        new PlanStatusChanged(PlanStatus.Adopted),
        new MeasureAdded("training", Pillar.Training, "Training", Participation.Of(Arden), null, null),
        new MilestoneAdded("hotline", "posters", "Posters", PlanScenario.Due, PlanScenario.Due),
        new MilestoneRescheduled("hotline-open", PlanScenario.Due.AddDays(1), "Tender."),
        new ReportDrafted(PlanScenario.Report()),
        new ReportSubmitted(PlanScenario.Report()),
        new ReportReturned(PlanScenario.Report(), "Which month?"),
        new ReportApproved(PlanScenario.Report()),
        new MilestoneReported(PlanScenario.Report()),
    ];

    public static TheoryData<int> EachLater => [.. Enumerable.Range(0, Later.Length)];

    [Fact]
    public void Every_fact_of_a_plan_is_asked() => Assert.Equal(
        FactJson.All.Where(fact => fact.Name.StartsWith("plan.", StringComparison.Ordinal) && fact.Type != typeof(PlanDrafted)).Select(fact => fact.Type.Name).Order(StringComparer.Ordinal),
        Later.Select(fact => fact.GetType().Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(EachLater))]
    public void A_fact_moves_the_version_exactly_when_everybody_learns_of_it_who_sees_the_plan(int which)
    {
        var fact = Later[which];
        var before = PlanScenario.Plan(Mark.Community).State!;
        var after = PlanScenario.Plan(Mark.Community, then: fact).State!;
        var isForAll = ((PlanFact)fact).AudienceIn(after).Mark == after.Audience.Mark;
        Assert.Equal((5, isForAll ? 6 : 5), (before.Version, after.Version));
        // Nor do those of its parts.
        if (!isForAll) Assert.Equal(OfParts(before), OfParts(after));

        static IEnumerable<long> OfParts(PlanState plan) =>
            [plan.HeadVersion, .. plan.Measures.OrderBy(part => part.Key).Select(part => part.Value.Version), .. plan.Milestones.OrderBy(part => part.Key).Select(part => part.Value.Version)];
    }

    public static TheoryData<string, Versions> Parts => new()
    {
        { "the plan's status", new(8, 12) },
        { "a new measure", new(8, 12) },
        { "a milestone of the hotline", new(5, 12) },
        { "a milestone of the shelters", new(10, 12) },
        { "the date of the hotline", new(12, 12) },
        { "a report on the first shelter", new(9, 12) },
        { "a report on the hotline", new(12, 12) },
        { "returning the waiting report", new(11, 12) },
        { "approving the waiting report", new(12, 12) },
        { "handing it in", new(12, 12) },
        { "no such report", Versions.Of(12) },
        { "no such milestone", Versions.Of(12) },
    };

    [Theory]
    [MemberData(nameof(Parts))]
    public void What_a_command_is_about_has_the_version_of_its_own_last_change(string what, Versions versions)
    {
        var plan = PlanScenario.Plan(Mark.Community, then:
        [
            new ReportDrafted(PlanScenario.Report("r1")), // 6
            new ReportSubmitted(PlanScenario.Report("r2")), // 7
            new PlanStatusChanged(PlanStatus.Adopted), // 8
            new MilestoneRescheduled("first-shelter", PlanScenario.Due.AddDays(1), "Tender."), // 9
            new MilestoneAdded("shelters", "second-shelter", "Second shelter", PlanScenario.Due, PlanScenario.Due), // 10
            new ReportSubmitted(PlanScenario.Report("r1")), // 11
            new ReportApproved(PlanScenario.Report("r2")), // 12
        ]).State!;

        Assert.Equal(versions, plan.VersionsFor(what switch
        {
            "the plan's status" => new ChangePlanStatus(PlanStatus.UnderImplementation),
            "a new measure" => new AddMeasure(null, Pillar.Training, "Training"),
            "a milestone of the hotline" => new AddMilestone("hotline", null, "Posters", PlanScenario.Due),
            "a milestone of the shelters" => new AddMilestone("shelters", null, "Third shelter", PlanScenario.Due),
            "the date of the hotline" => new RescheduleMilestone("hotline-open", PlanScenario.Due, "Tender."),
            "a report on the first shelter" => new ReportProgress("first-shelter", MilestoneStatus.Done),
            "a report on the hotline" => new ReportProgress("hotline-open", MilestoneStatus.Done),
            "returning the waiting report" => new ReturnReport("r1", "Which month?"),
            "approving the waiting report" => new ApproveReport("r1"),
            "handing it in" => new SubmitReport("r1"),
            "no such report" => new ReturnReport("r9", "Which month?"),
            _ => new ReportProgress("no-such", MilestoneStatus.Done),
        }));
    }

    [Fact]
    public void A_report_has_the_version_of_its_last_change_until_the_plan_goes_on()
    {
        var plan = PlanScenario.Plan(Mark.Community, then: [new ReportDrafted(PlanScenario.Report()), new ReportSubmitted(PlanScenario.Report())]);
        Assert.Equal(Versions.Of(7), plan.State!.VersionsFor(new ApproveReport("r1")));
        Assert.Equal(new(7, 8), plan.And(new PlanStatusChanged(PlanStatus.Adopted)).State!.VersionsFor(new ApproveReport("r1")));
    }

    [Fact]
    public void What_waits_on_a_milestone_is_a_change_of_it_for_those_who_may_see_it_and_for_nobody_else()
    {
        var plan = PlanScenario.Plan(Mark.Community);
        var milestone = plan.State!.Milestones["hotline-open"];
        var drafted = plan.And(new ReportDrafted(PlanScenario.Report())).State!;
        Assert.Equal((milestone.Version, milestone.Version), (drafted.VersionFor(milestone, maySeeWaiting: true), drafted.VersionFor(milestone, maySeeWaiting: false)));
        var submitted = plan.And(new ReportSubmitted(PlanScenario.Report())).State!;
        Assert.Equal((6, milestone.Version), (submitted.VersionFor(milestone, maySeeWaiting: true), submitted.VersionFor(milestone, maySeeWaiting: false)));
        Assert.Equal(new(6, 6), submitted.VersionsFor(new ReportProgress("hotline-open", MilestoneStatus.Done)));
        // Whoever moves its date minds the milestone alone, and may have seen the report.
        Assert.Equal(new(milestone.Version, 6), submitted.VersionsFor(new RescheduleMilestone("hotline-open", PlanScenario.Due, "Tender.")));
        // What waits on one is no change of another.
        var other = submitted.Milestones["first-shelter"];
        Assert.Equal(other.Version, submitted.VersionFor(other, maySeeWaiting: true));
    }

    [Fact]
    public void The_parts_that_have_changed_since_a_position_are_told_oldest_first()
    {
        var plan = PlanScenario.Plan(Mark.Community, then:
        [
            new MilestoneRescheduled("first-shelter", PlanScenario.Due.AddDays(1), "Tender."), // 6
            new ReportSubmitted(PlanScenario.Report()), // 7
            new MilestoneAdded("shelters", "second-shelter", "Second shelter", PlanScenario.Due, PlanScenario.Due), // 8
            new PlanStatusChanged(PlanStatus.Adopted), // 9
        ]).State!;
        ChangedPart[] all = [new("milestone", "first-shelter", 6), new("measure", "shelters", 8), new("milestone", "second-shelter", 8), new("plan", plan.Id, 9)];
        Assert.Equal(all, plan.ChangedSince(5));
        Assert.Equal(all[1..], plan.ChangedSince(7));
        Assert.Empty(plan.ChangedSince(9));
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(4, true)]
    [InlineData(9, true)]
    [InlineData(10, false)]
    public void What_was_seen_is_neither_older_than_the_part_nor_beyond_the_whole(long seen, bool isSeen) => Assert.Equal(isSeen, new Versions(4, 9).Include(seen));
}
