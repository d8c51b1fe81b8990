using Coordination.Contracts.Plans;

namespace Coordination.Domain.Tests.Plans;

using static World;

/// <summary>Arden's plan: shelters, led by Arden itself, and hotline, led by Arden's police and supported by Belmar.</summary>
internal static class PlanScenario
{
    public const string Id = "arden-plan";
    public static readonly DateOnly Due = new(2026, 6, 30);

    public static PlanDrafted Drafted(Mark mark = Mark.Parties, PlanStatus status = PlanStatus.Drafting) =>
        new(Arden, "XAA", "Plan of action", null, null, status, mark, null, null, true);

    public static readonly Fact[] Content =
    [
        new MeasureAdded("shelters", Pillar.VictimProtection, "Shelters", Participation.Of(Arden), null, null),
        new MeasureAdded("hotline", Pillar.Awareness, "Hotline", Participation.Of(ArdenPolice, Belmar), null, null),
        new MilestoneAdded("shelters", "first-shelter", "First shelter", Due, Due),
        new MilestoneAdded("hotline", "hotline-open", "Hotline open", Due, Due),
    ];

    public static Given<PlanState?, PlanCommand> Given(params IEnumerable<Fact> facts) => new Given<PlanState?, PlanCommand>(
        null, new World(), (state, fact) => Fact.Evolve(Id, state, fact),
        (PlanState? state, PlanCommand command, in Situation situation) => PlanRules.Decide(Id, state, command, situation)).And(facts);

    /// <summary>The plan with its two measures.</summary>
    public static Given<PlanState?, PlanCommand> Plan(Mark mark = Mark.Parties, PlanStatus status = PlanStatus.Drafting, params IEnumerable<Fact> then) =>
        Given([Drafted(mark, status), .. Content, .. then]);

    public static Report Report(string id = "r1", string body = ArdenPolice, MilestoneStatus status = MilestoneStatus.InProgress, int progress = 40) =>
        new(id, "hotline-open", body, By.Contributor(body).Account, status, progress, "Staff hired.", []);

    public static PlanCommand[] Commands { get; } =
    [
        new ChangePlanStatus(PlanStatus.Adopted), new AddMeasure(null, Pillar.Training, "Training"), new AddMilestone("hotline", null, "Posters", Due),
        new RescheduleMilestone("hotline-open", new(2026, 7, 31), "Tender."), new ReportProgress("hotline-open", MilestoneStatus.Done), new SubmitReport("r1"),
        new ApproveReport("r1"), new ReturnReport("r1", "Which month?"),
    ];
}
