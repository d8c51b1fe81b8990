using Coordination.Contracts.Plans;

namespace Coordination.Domain.Plans;

/// <summary>What a report says of a milestone.</summary>
/// <param name="Body">Body that reports.</param>
/// <param name="NoteAt">Position of the entry of this plan whose note it is, when it is not here: a text is stored once.</param>
/// <param name="EvidenceAt">The same for the evidence.</param>
public sealed record Report(
    string Id, string Milestone, string Body, string Account, MilestoneStatus Status, int Progress, [property: Text] string? Note,
    [property: Text] string[]? Evidence, long? NoteAt = null, long? EvidenceAt = null)
{
    /// <summary>As the entry at <paramref name="position"/> says it, without its texts but with where they stand.</summary>
    public Report At(long position) => this with
    {
        Note = null,
        Evidence = Evidence is { Length: > 0 } ? null : Evidence,
        NoteAt = Note is null ? NoteAt : position,
        EvidenceAt = Evidence is { Length: > 0 } ? position : EvidenceAt,
    };

    /// <summary>With the texts that <paramref name="earlier"/> says, where this one only says where they stand.</summary>
    public Report With(Func<long, Report?> earlier) => this with
    {
        Note = NoteAt is { } note ? earlier(note)?.Note : Note,
        Evidence = EvidenceAt is { } evidence ? earlier(evidence)?.Evidence : Evidence,
    };
}

/// <summary>A fact about a report.</summary>
public abstract record ReportFact(Report Report) : Fact;

[FactName("plan.drafted")]
public sealed record PlanDrafted(
    string Body, string? State, [property: Text] string Title, Iteration? Iteration, Period? Period, PlanStatus Status, Mark Mark, Source? Source, [property: Text] string? Note,
    bool Exercise) : Fact;

[FactName("plan.status-changed")]
public sealed record PlanStatusChanged(PlanStatus Status) : Fact;

[FactName("plan.measure-added")]
public sealed record MeasureAdded(
    string Id, Pillar Pillar, [property: Text] string Title, string Lead, string[] Supporting, string? ReportedStatus, Source? Source) : Fact;

[FactName("plan.milestone-added")]
public sealed record MilestoneAdded(string Measure, string Id, [property: Text] string Title, DateOnly Due, DateOnly Baseline) : Fact;

[FactName("plan.milestone-rescheduled")]
public sealed record MilestoneRescheduled(string Milestone, DateOnly Due, [property: Text] string Reason) : Fact;

/// <summary>A report that only the reporting body sees yet.</summary>
[FactName("plan.report-drafted")]
public sealed record ReportDrafted(Report Report) : ReportFact(Report);

/// <summary>A report that waits for the plan's coordinator. The milestone has not changed yet.</summary>
[FactName("plan.report-submitted")]
public sealed record ReportSubmitted(Report Report) : ReportFact(Report);

[FactName("plan.report-returned")]
public sealed record ReportReturned(Report Report, [property: Text] string Reason) : ReportFact(Report);

/// <summary>A submitted report took effect.</summary>
[FactName("plan.report-approved")]
public sealed record ReportApproved(Report Report) : ReportFact(Report);

/// <summary>The plan's own coordinator reported, which took effect at once.</summary>
[FactName("plan.milestone-reported")]
public sealed record MilestoneReported(Report Report) : ReportFact(Report);
