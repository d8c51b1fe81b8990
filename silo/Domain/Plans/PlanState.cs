using System.Text.Json.Serialization;
using Coordination.Contracts.Plans;

namespace Coordination.Domain.Plans;

/// <summary>
/// A plan as its rules need it; null stands for one that was never drafted. Holds the reports that are still open and not
/// those that took effect, so that it stays small however long the plan lives, and no texts.
/// </summary>
/// <param name="Settled">The reports that took effect last, of which <see cref="MostSettled"/> are remembered.</param>
/// <param name="Version">Where the last fact stands that everybody learns who sees the plan: drafts and reports that wait leave it as it is.</param>
/// <param name="HeadVersion">The same of the plan itself and of which measures it has.</param>
public sealed record PlanState(
    string Id, string Body, string? State, PlanStatus Status, Mark Mark, bool Exercise,
    ImmutableDictionary<string, Measure> Measures, ImmutableDictionary<string, Milestone> Milestones,
    ImmutableDictionary<string, OpenReport> Reports, ImmutableList<string> Settled, long Version, long HeadVersion)
{
    /// <summary>So that a report that is approved twice in a row is no error, and the state stays small.</summary>
    public const int MostSettled = 100;

    /// <summary>Evaluated or superseded: it takes nothing new.</summary>
    [JsonIgnore]
    public bool IsClosed => Status is PlanStatus.Superseded or PlanStatus.Evaluated;

    /// <summary>The plan's body and all that lead or support one of its measures.</summary>
    [JsonIgnore]
    public IEnumerable<string> Parties => Measures.Values.SelectMany(measure => measure.Bodies).Append(Body).Distinct();

    public bool HasParty(string body)
    {
        if (Body == body) return true;
        foreach (var (_, measure) in Measures)
            if (measure.Involves(body)) return true;
        return false;
    }

    [JsonIgnore]
    public Audience Audience => new(Mark, Mark is Mark.Parties or Mark.Named ? [.. Parties] : null, States: Mark is Mark.Parties && State is not null ? [State] : null);

    /// <summary>Who takes part, and the State's national rapporteurs: for what waits to be approved.</summary>
    [JsonIgnore]
    public Audience Involved => new(Mark.Parties, [.. Parties], States: State is null ? null : [State]);

    /// <summary>
    /// What a command is about: whoever reports on a milestone or moves it minds only that milestone, whoever returns a report only that report; whoever hands
    /// in or approves one minds both, since the milestone is to stand where the report says. Whoever reports also minds what others reported that
    /// waits, so that of two who report on the same milestone the second is told. A new status minds the head; what else has changed since the
    /// caller looked is a matter of the rule (<see cref="ChangedSince"/>).
    /// </summary>
    public Versions VersionsFor(PlanCommand command) => command switch
    {
        ChangePlanStatus or AddMeasure => new(HeadVersion, Version),
        AddMilestone { Measure: { } measure } when Measures.TryGetValue(measure, out var part) => new(part.Version, Version),
        RescheduleMilestone { Milestone: { } milestone } when Milestones.TryGetValue(milestone, out var part) => new(part.Version, Latest(part)),
        ReportProgress { Milestone: { } milestone } when Milestones.TryGetValue(milestone, out var part) => new(VersionFor(part, maySeeWaiting: true), Latest(part)),
        SubmitReport { Report: { } report } when Reports.TryGetValue(report, out var open) => Of(open, Milestones[open.Report.Milestone].Version),
        ApproveReport { Report: { } report } when Reports.TryGetValue(report, out var open) => Of(open, Milestones[open.Report.Milestone].Version),
        ReturnReport { Report: { } report } when Reports.TryGetValue(report, out var open) => Of(open, 0),
        _ => Versions.Of(Version),
    };

    /// <summary>
    /// The version of a milestone that somebody is told. Reports that wait or were returned are changes of it for those who may see them
    /// (<see cref="Involved"/>), among whom are all who may report.
    /// </summary>
    public long VersionFor(Milestone milestone, bool maySeeWaiting)
    {
        var version = milestone.Version;
        if (!maySeeWaiting) return version;
        foreach (var (_, open) in Reports)
            if (open.Report.Milestone == milestone.Id && open.State is not ReportState.Draft && open.Version > version) version = open.Version;
        return version;
    }

    /// <summary>The parts that have changed after a position, oldest change first: the plan's head, measures and milestones.</summary>
    public ChangedPart[] ChangedSince(long seen)
    {
        var changed = new List<ChangedPart>();
        if (HeadVersion > seen) changed.Add(new("plan", Id, HeadVersion));
        foreach (var (id, measure) in Measures)
            if (measure.Version > seen) changed.Add(new("measure", id, measure.Version));
        foreach (var (id, milestone) in Milestones)
            if (milestone.Version > seen) changed.Add(new("milestone", id, milestone.Version));
        // Two parts can have changed with one fact.
        return [.. changed.OrderBy(part => part.Version).ThenBy(part => part.Part, StringComparer.Ordinal).ThenBy(part => part.Id, StringComparer.Ordinal)];
    }

    /// <summary>The same id as it stands in the plan already, if it does, so that one text serves all.</summary>
    public string Shared(string body, Milestone milestone)
    {
        if (body == Body) return Body;
        foreach (var one in Measures[milestone.Measure].Bodies)
            if (one == body) return one;
        return body;
    }

    private long Latest(Milestone milestone) => Math.Max(Version, VersionFor(milestone, maySeeWaiting: true));

    /// <summary>Whoever has seen the plan after the report last changed has seen the report, too.</summary>
    private Versions Of(OpenReport open, long milestone) => new(Math.Max(open.Version, milestone), Math.Max(open.Version, Latest(Milestones[open.Report.Milestone])));

    /// <summary>Whether a report with this id took effect lately.</summary>
    public bool TookEffect(string? report) => report is not null && Settled.Contains(report);
}

/// <param name="Lead">The body that answers for it; null when the plan states none.</param>
/// <param name="Supporting">Other bodies that take part in it.</param>
/// <param name="Version">Where the fact stands that made it, or the last that added a milestone to it.</param>
public sealed record Measure(string Id, Pillar Pillar, string? Lead, ImmutableArray<string> Supporting, long Version)
{
    /// <summary>Bodies that take part in it.</summary>
    [JsonIgnore]
    public IEnumerable<string> Bodies => Lead is { } lead ? Supporting.Append(lead) : Supporting;

    /// <summary>May report on its milestones, besides the plan's own body.</summary>
    public bool Involves(string? body) => body is not null && (Lead == body || Supporting.Contains(body));
}

/// <param name="Baseline">The date first agreed; never changes.</param>
/// <param name="Progress">Per cent.</param>
/// <param name="Version">Where the last fact stands that made it what it is.</param>
public sealed record Milestone(string Id, string Measure, Due Due, Due Baseline, MilestoneStatus Status, int Progress, long Version)
{
    /// <summary>How many days before the due date a milestone begins to be watched.</summary>
    public const int WatchDays = 30;

    [JsonIgnore]
    public bool IsOpen => Status is MilestoneStatus.Planned or MilestoneStatus.InProgress;

    /// <summary>Due on an earlier day than today in the body's time zone, and neither done nor cancelled.</summary>
    public bool IsLate(DateOnly today) => IsOpen && Due.LastDay < today;

    /// <summary>
    /// Not late, due within <see cref="WatchDays"/>, and less done than the time used up: with a third of the 30 days left,
    /// less than two thirds.
    /// </summary>
    public bool IsAtRisk(DateOnly today)
    {
        if (!IsOpen || Due.LastDay is not { } last || last < today) return false;
        var left = last.DayNumber - today.DayNumber;
        return left <= WatchDays && Progress * WatchDays < 100 * (WatchDays - left);
    }
}

/// <summary>A report that has not taken effect, without its texts.</summary>
/// <param name="Version">Where the last fact about it stands.</param>
public sealed record OpenReport(Report Report, ReportState State, long Version);
