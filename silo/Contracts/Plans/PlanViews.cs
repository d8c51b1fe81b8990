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
    /// Version of the plan's head, for <c>If-Match</c>: position of the last change of the plan itself (its status, which measures it has). Its measures,
    /// milestones and reports have versions of their own.
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

/// <summary>A plan without its parts, which are read page by page: measures, milestones, and reports on a milestone.</summary>
[GenerateSerializer, Immutable, Alias("PlanHead")]
public sealed record PlanHead : PlanView
{
    /// <summary>
    /// Position of the last change of the plan or of any measure or milestone of it. It is what <c>seen</c> of a change of status names: how far the caller
    /// has looked. Reports that are drafts, wait or were returned do not move it.
    /// </summary>
    [Id(0)] public required long Changed { get; init; }
    /// <summary>How many measures it has.</summary>
    [Id(1)] public required int Measures { get; init; }
    /// <summary>The pillars that have measures, in the order of the seven.</summary>
    [Id(2)] public required PillarCounts[] Pillars { get; init; }
    /// <summary>What the asker may do: <c>change-status</c>, <c>add-measure</c>, <c>add-milestone</c>, <c>reschedule</c>, <c>approve</c>.</summary>
    [Id(3)] public required string[] Verbs { get; init; }
    /// <summary>Time zone that late is reckoned in.</summary>
    [Id(4)] public required string TimeZone { get; init; }
    /// <summary>The day it is there now.</summary>
    [Id(5)] public required DateOnly Today { get; init; }
    /// <summary>The earliest and the latest day on which a milestone is due or was first agreed to be; null without milestones.</summary>
    [Id(6)] public Period? Span { get; init; }
}

/// <summary>A pillar of a plan.</summary>
/// <param name="Measures">How many measures.</param>
/// <param name="Milestones">Of all its measures.</param>
/// <param name="ReportsToApprove">Reports that wait, as far as the asker may see them.</param>
[GenerateSerializer, Immutable, Alias("PillarCounts")]
public sealed record PillarCounts(Pillar Pillar, int Measures, MilestoneCounts Milestones, int ReportsToApprove);

/// <param name="Lead">The body that answers for it; null when the plan states none.</param>
/// <param name="Milestones">How its milestones stand; they themselves are read with <c>/milestones?plan=&amp;measure=</c>.</param>
/// <param name="ReportsToApprove">Reports on its milestones that wait, as far as the asker may see them.</param>
/// <param name="Verbs">What the asker may do: <c>add-milestone</c>.</param>
/// <param name="Version">Position of the last change of the measure itself and of which milestones it has, for <c>If-Match</c>.</param>
/// <param name="Code">Number or letters that it has in print; null when it has none.</param>
[GenerateSerializer, Immutable, Alias("MeasureView")]
public sealed record MeasureView(
    string Id, Pillar Pillar, string Title, string? Lead, string? LeadName, string[] Supporting, string? ReportedStatus, Source? Source,
    MilestoneCounts Milestones, int ReportsToApprove, string[] Verbs, long Version, string? Code = null);

/// <summary>When and for which body a report took effect.</summary>
[GenerateSerializer, Immutable, Alias("Reported")]
public sealed record Reported(DateTimeOffset At, string Body, string BodyName);

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
    /// <summary>Reports on it that wait for the plan's coordinator, as far as the asker may see them. The reports themselves are read for one milestone at a time.</summary>
    [Id(17)] public required int ReportsToApprove { get; init; }
    /// <summary>What the asker may do: <c>report</c>, <c>reschedule</c>.</summary>
    [Id(18)] public required string[] Verbs { get; init; }
    /// <summary>
    /// For <c>If-Match</c>: position of its last change. For those who may see the reports on it that wait or were returned, these are changes as well;
    /// for everybody else nothing but what took effect moves it.
    /// </summary>
    [Id(19)] public required long Version { get; init; }
    /// <summary>Name of the M49 region of the plan's body.</summary>
    [Id(20)] public string? Region { get; init; }
    /// <summary>Number or letters that it has in print; null when it has none.</summary>
    [Id(21)] public string? Code { get; init; }
    /// <summary>The last report that took effect; null while there is none.</summary>
    [Id(22)] public Reported? Reported { get; init; }
    [Id(23)] public required string MeasureTitle { get; init; }
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

/// <param name="Measures">Only those of these measures of the plan; none means all.</param>
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
    string? Region = null, string? Concerning = null, bool? Open = null, string[]? Measures = null);

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

    /// <summary>The plan's head; null when there is none that the asker may see, here and below.</summary>
    [Alias("Get")]
    Task<PlanHead?> Get(Asker asker, string id);

    /// <summary>Its measures, in the plan's order.</summary>
    [Alias("Measures")]
    Task<Page<MeasureView>?> Measures(Asker asker, string id, Pillar? pillar, Paging paging);

    [Alias("Milestone")]
    Task<MilestoneView?> Milestone(Asker asker, string id, string milestone);

    /// <summary>The reports on a milestone that the asker may see, newest first: an open one stands where it changed last.</summary>
    [Alias("Reports")]
    Task<Page<ReportView>?> Reports(Asker asker, string id, string milestone, Paging paging);

    /// <summary>Milestones across plans, by due date unless the asker says another sort.</summary>
    [Alias("Milestones")]
    Task<Page<MilestoneView>> Milestones(Asker asker, MilestoneFilter filter, Paging paging);
}
