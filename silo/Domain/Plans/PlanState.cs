using System.Text.Json.Serialization;
using Coordination.Contracts.Plans;

namespace Coordination.Domain.Plans;

/// <summary>
/// A plan as its rules need it; null stands for one that was never drafted. Holds the reports that are still open and not
/// those that took effect, so that it stays small however long the plan lives, and no texts.
/// </summary>
/// <param name="Settled">The reports that took effect last, of which <see cref="MostSettled"/> are remembered.</param>
public sealed record PlanState(
    string Id, string Body, string? State, PlanStatus Status, Mark Mark, bool Exercise,
    ImmutableDictionary<string, Measure> Measures, ImmutableDictionary<string, Milestone> Milestones,
    ImmutableDictionary<string, OpenReport> Reports, ImmutableList<string> Settled)
{
    /// <summary>So that a report that is approved twice in a row is no error, and the state stays small.</summary>
    public const int MostSettled = 100;

    /// <summary>Evaluated or superseded: it takes nothing new.</summary>
    [JsonIgnore]
    public bool IsClosed => Status is PlanStatus.Superseded or PlanStatus.Evaluated;

    /// <summary>The plan's body and all that lead or support one of its measures.</summary>
    [JsonIgnore]
    public IEnumerable<string> Parties => Measures.Values.SelectMany(measure => measure.Supporting.Append(measure.Lead)).Append(Body).Distinct();

    [JsonIgnore]
    public Audience Audience => new(Mark, Mark is Mark.Parties or Mark.Named ? [.. Parties] : null, States: Mark is Mark.Parties && State is not null ? [State] : null);

    public static PlanState? Evolve(string id, PlanState? state, Fact fact) => (state, fact) switch
    {
        (null, PlanDrafted it) => new(
            id, it.Body, it.State, it.Status, it.Mark, it.Exercise, ImmutableDictionary<string, Measure>.Empty,
            ImmutableDictionary<string, Milestone>.Empty, ImmutableDictionary<string, OpenReport>.Empty, []),
        ({ } plan, PlanStatusChanged it) => plan with { Status = it.Status },
        ({ } plan, MeasureAdded it) => plan with { Measures = plan.Measures.SetItem(it.Id, new(it.Id, it.Pillar, it.Lead, [.. it.Supporting])) },
        ({ } plan, MilestoneAdded it) when plan.Measures.ContainsKey(it.Measure) => plan with
        {
            Milestones = plan.Milestones.SetItem(it.Id, new(it.Id, it.Measure, it.Due, it.Baseline, MilestoneStatus.Planned, 0)),
        },
        ({ } plan, MilestoneRescheduled it) when plan.Milestones.TryGetValue(it.Milestone, out var milestone) =>
            plan with { Milestones = plan.Milestones.SetItem(it.Milestone, milestone with { Due = it.Due }) },
        ({ } plan, ReportDrafted it) => plan.With(it, ReportState.Draft),
        ({ } plan, ReportSubmitted it) => plan.With(it, ReportState.Submitted),
        ({ } plan, ReportReturned it) => plan.With(it, ReportState.Returned),
        ({ } plan, ReportApproved it) => plan.TakeEffect(it.Report),
        ({ } plan, MilestoneReported it) => plan.TakeEffect(it.Report),
        _ => state,
    };

    /// <summary>Whether a report with this id took effect lately.</summary>
    public bool TookEffect(string? report) => report is not null && Settled.Contains(report);

    private PlanState With(ReportFact fact, ReportState reportState) => this with
    {
        Reports = Milestones.ContainsKey(fact.Report.Milestone) ? Reports.SetItem(fact.Report.Id, new(fact.Report.At(fact.EntryPosition), reportState)) : Reports,
    };

    private PlanState TakeEffect(Report report) => this with
    {
        Milestones = Milestones.TryGetValue(report.Milestone, out var milestone)
            ? Milestones.SetItem(report.Milestone, milestone with { Status = report.Status, Progress = report.Progress })
            : Milestones,
        Reports = Reports.Remove(report.Id),
        Settled = (Settled.Count < MostSettled ? Settled : Settled.RemoveAt(0)).Add(report.Id),
    };
}

public sealed record Measure(string Id, Pillar Pillar, string Lead, ImmutableArray<string> Supporting)
{
    /// <summary>May report on its milestones, besides the plan's own body.</summary>
    public bool Involves(string? body) => body is not null && (Lead == body || Supporting.Contains(body));
}

/// <param name="Baseline">The date first agreed; never changes.</param>
/// <param name="Progress">Per cent.</param>
public sealed record Milestone(string Id, string Measure, DateOnly Due, DateOnly Baseline, MilestoneStatus Status, int Progress)
{
    /// <summary>How many days before the due date a milestone begins to be watched.</summary>
    public const int WatchDays = 30;

    [JsonIgnore]
    public bool IsOpen => Status is MilestoneStatus.Planned or MilestoneStatus.InProgress;

    /// <summary>Due on an earlier day than today in the body's time zone, and neither done nor cancelled.</summary>
    public bool IsLate(DateOnly today) => IsOpen && Due < today;

    /// <summary>
    /// Not late, due within <see cref="WatchDays"/>, and less done than the time used up: with a third of the 30 days left,
    /// less than two thirds.
    /// </summary>
    public bool IsAtRisk(DateOnly today)
    {
        if (!IsOpen || Due < today) return false;
        var left = Due.DayNumber - today.DayNumber;
        return left <= WatchDays && Progress * WatchDays < 100 * (WatchDays - left);
    }
}

/// <summary>A report that has not taken effect, without its texts.</summary>
public sealed record OpenReport(Report Report, ReportState State);
