using Coordination.Contracts.Bodies;

namespace Coordination.Contracts.Plans;

/// <summary>A plan in a list.</summary>
[GenerateSerializer, Immutable, Alias("PlanView")]
public record PlanView
{
    [Id(0)] public required string Id { get; init; }
    [Id(1)] public required string Body { get; init; }
    [Id(2)] public required string BodyName { get; init; }
    [Id(3)] public string? State { get; init; }
    [Id(4)] public string? Region { get; init; }
    [Id(5)] public required string Title { get; init; }
    /// <summary>Null: not stated.</summary>
    [Id(6)] public Iteration? Iteration { get; init; }
    [Id(7)] public required PlanStatus Status { get; init; }
    /// <summary>Null: not stated.</summary>
    [Id(8)] public Period? Period { get; init; }
    [Id(9)] public required Mark Mark { get; init; }
    [Id(10)] public required bool Exercise { get; init; }
    /// <summary>
    /// Position of the last change that everybody learns of who sees the plan, for <c>If-Match</c>. Reports that are drafts, wait or were returned do
    /// not move it: they have versions of their own.
    /// </summary>
    [Id(11)] public required long Version { get; init; }
    [Id(12)] public required MilestoneCounts Milestones { get; init; }
    [Id(13)] public Source? Source { get; init; }
    [Id(14)] public string? Note { get; init; }
    /// <summary>Reports that wait for the plan's coordinator.</summary>
    [Id(15)] public required int ReportsToApprove { get; init; }
    /// <summary>Number or letters that it has in print; null when it has none.</summary>
    [Id(16)] public string? Code { get; init; }
}

/// <summary>A plan whole.</summary>
[GenerateSerializer, Immutable, Alias("PlanDetail")]
public sealed record PlanDetail : PlanView
{
    [Id(0)] public required MeasureView[] Measures { get; init; }
    /// <summary>What the asker may do: <c>change-status</c>, <c>add-measure</c>, <c>add-milestone</c>, <c>reschedule</c>, <c>approve</c>.</summary>
    [Id(1)] public required string[] Verbs { get; init; }
    /// <summary>Time zone that late is reckoned in.</summary>
    [Id(2)] public required string TimeZone { get; init; }
    /// <summary>The day it is there now.</summary>
    [Id(3)] public required DateOnly Today { get; init; }
}

/// <param name="Lead">The body that answers for it; null when the plan states none.</param>
/// <param name="Code">Number or letters that it has in print; null when it has none.</param>
[GenerateSerializer, Immutable, Alias("MeasureView")]
public sealed record MeasureView(
    string Id, Pillar Pillar, string Title, string? Lead, string? LeadName, string[] Supporting, string? ReportedStatus, Source? Source,
    MilestoneView[] Milestones, string? Code = null);

/// <summary>A milestone with where it belongs.</summary>
[GenerateSerializer, Immutable, Alias("MilestoneView")]
public sealed record MilestoneView
{
    [Id(0)] public required string Id { get; init; }
    [Id(1)] public required string Plan { get; init; }
    [Id(2)] public required string PlanTitle { get; init; }
    [Id(3)] public required string Measure { get; init; }
    [Id(4)] public required string Body { get; init; }
    [Id(5)] public required string BodyName { get; init; }
    [Id(6)] public string? State { get; init; }
    [Id(7)] public required Pillar Pillar { get; init; }
    /// <summary>The body that answers for its measure; null when the plan states none.</summary>
    [Id(8)] public required string? Lead { get; init; }
    [Id(9)] public required string Title { get; init; }
    [Id(10)] public required DateOnly Due { get; init; }
    /// <summary>The date first agreed.</summary>
    [Id(11)] public required DateOnly Baseline { get; init; }
    [Id(12)] public required MilestoneStatus Status { get; init; }
    /// <summary>Per cent.</summary>
    [Id(13)] public required int Progress { get; init; }
    /// <summary>Due before today in the body's time zone, and neither done nor cancelled.</summary>
    [Id(14)] public required bool Late { get; init; }
    /// <summary>Not late, due within 30 days, and less done than the time used up.</summary>
    [Id(15)] public required bool AtRisk { get; init; }
    [Id(16)] public required bool Exercise { get; init; }
    /// <summary>Reports newest first, as far as the asker may see them; in lists only the latest.</summary>
    [Id(17)] public required ReportView[] Reports { get; init; }
    /// <summary>What the asker may do: <c>report</c>, <c>reschedule</c>.</summary>
    [Id(18)] public required string[] Verbs { get; init; }
    /// <summary>Version of the plan, for <c>If-Match</c>: with it a change is refused if the milestone has changed since, whatever else has.</summary>
    [Id(19)] public required long PlanVersion { get; init; }
    /// <summary>Name of the M49 region of the plan's body.</summary>
    [Id(20)] public string? Region { get; init; }
    /// <summary>Number or letters that it has in print; null when it has none.</summary>
    [Id(21)] public string? Code { get; init; }
}

/// <param name="ActorName">How the person is shown who made it; null when the account was erased, and for the platform.</param>
/// <param name="Version">Position of its last change, for <c>If-Match</c>.</param>
[GenerateSerializer, Immutable, Alias("ReportView")]
public sealed record ReportView(
    string Id, string Milestone, string Body, string Actor, string? ActorName, DateTimeOffset At, ReportState State, MilestoneStatus Status, int Progress,
    string? Note, string[] Evidence, string? ReturnedBecause, string[] Verbs, long Version);

/// <summary>What plans can be sorted by: their titles, the names of their bodies, their status, or how many of their milestones are late.</summary>
public enum PlanSort { Title, Body, Status, Late }

/// <summary>What milestones can be sorted by: when they are due, their titles, the names of their plans' bodies, or their status.</summary>
public enum MilestoneSort { Due, Title, Body, Status }

[GenerateSerializer, Immutable, Alias("PlanFilter")]
public sealed record PlanFilter(string? Body = null, string? State = null, PlanStatus? Status = null, string? Region = null, bool? Exercise = null);

/// <param name="DueBefore">Only those due on an earlier day.</param>
/// <param name="DueAfter">Only those due on a later day.</param>
/// <param name="Overdue">Only late ones (true) or only others (false).</param>
/// <param name="Region">Name or code of the region that the plan's body lies in.</param>
/// <param name="Concerning">Only those of plans of this body, or of measures that it leads.</param>
/// <param name="Open">Only those that are neither done nor cancelled (true) or only others (false).</param>
[GenerateSerializer, Immutable, Alias("MilestoneFilter")]
public sealed record MilestoneFilter(
    string? State = null, string? Body = null, string? Plan = null, string? Lead = null, Pillar? Pillar = null, MilestoneStatus? Status = null,
    bool? Overdue = null, bool? AtRisk = null, bool? ToApprove = null, DateOnly? DueBefore = null, DateOnly? DueAfter = null,
    string? Region = null, string? Concerning = null, bool? Open = null);

/// <summary>Decides for one plan, by its id.</summary>
[Alias("IPlanGrain")]
public interface IPlanGrain : IGrainWithStringKey
{
    [Alias("Execute")]
    Task<Outcome> Execute(CommandHeader header, PlanCommand command);
}

[Alias("IPlanViewsGrain")]
public interface IPlanViewsGrain : IGrainWithIntegerKey
{
    [Alias("List")]
    Task<Page<PlanView>> List(Asker asker, PlanFilter filter, Paging paging);

    [Alias("Get")]
    Task<PlanDetail?> Get(Asker asker, string id);

    /// <summary>Milestones across plans, by due date unless the asker says another sort.</summary>
    [Alias("Milestones")]
    Task<Page<MilestoneView>> Milestones(Asker asker, MilestoneFilter filter, Paging paging);
}
