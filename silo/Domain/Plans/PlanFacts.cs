using Coordination.Contracts.Plans;

namespace Coordination.Domain.Plans;

/// <summary>What a report says of a milestone.</summary>
/// <param name="Body">Body that reports.</param>
public sealed record Report(
    string Id, string Milestone, string Body, string Account, MilestoneStatus Status, int Progress, string? Note, string[] Evidence);

[FactName("plan.drafted")]
public sealed record PlanDrafted(
    string Body, string? State, string Title, Iteration? Iteration, Period? Period, PlanStatus Status, Mark Mark, Source? Source, string? Note,
    bool Exercise) : Fact;

[FactName("plan.status-changed")]
public sealed record PlanStatusChanged(PlanStatus Status) : Fact;

[FactName("plan.measure-added")]
public sealed record MeasureAdded(
    string Id, Pillar Pillar, string Title, string Lead, string[] Supporting, string? ReportedStatus, Source? Source) : Fact;

[FactName("plan.milestone-added")]
public sealed record MilestoneAdded(string Measure, string Id, string Title, DateOnly Due, DateOnly Baseline) : Fact;

[FactName("plan.milestone-rescheduled")]
public sealed record MilestoneRescheduled(string Milestone, DateOnly Due, string Reason) : Fact;

/// <summary>A report that only the reporting body sees yet.</summary>
[FactName("plan.report-drafted")]
public sealed record ReportDrafted(Report Report) : Fact;

/// <summary>A report that waits for the plan's coordinator. The milestone has not changed yet.</summary>
[FactName("plan.report-submitted")]
public sealed record ReportSubmitted(Report Report) : Fact;

[FactName("plan.report-returned")]
public sealed record ReportReturned(Report Report, string Reason) : Fact;

/// <summary>A submitted report took effect.</summary>
[FactName("plan.report-approved")]
public sealed record ReportApproved(Report Report) : Fact;

/// <summary>The plan's own coordinator reported, which took effect at once.</summary>
[FactName("plan.milestone-reported")]
public sealed record MilestoneReported(Report Report) : Fact;
