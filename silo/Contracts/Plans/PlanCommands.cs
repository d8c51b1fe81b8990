using System.Text.Json.Serialization;

namespace Coordination.Contracts.Plans;

/// <summary><c>drafting → adopted → under-implementation → concluded → evaluated</c>, or <c>superseded</c>.</summary>
[GenerateSerializer, Alias("PlanStatus")]
public enum PlanStatus { Drafting, Adopted, UnderImplementation, Concluded, Evaluated, Superseded }

/// <summary>Which plan it is in the body's own count.</summary>
/// <param name="AtLeast">All that is known is that it is this one or a later one.</param>
[GenerateSerializer, Immutable, Alias("Iteration")]
public sealed record Iteration([property: Range(1, 99)] int Number, bool AtLeast = false);

[GenerateSerializer, Alias("MilestoneStatus")]
public enum MilestoneStatus { Planned, InProgress, Done, Cancelled }

[GenerateSerializer, Alias("ReportState")]
public enum ReportState { Draft, Submitted, Approved, Returned }

/// <param name="To">Last day, inclusive; null when open or not stated.</param>
[GenerateSerializer, Immutable, Alias("Period")]
public sealed record Period(DateOnly? From, DateOnly? To);

[GenerateSerializer, Immutable, Alias("PlanCommand")]
public abstract record PlanCommand;

/// <summary>Opens a plan. The body's coordinator may.</summary>
/// <param name="Id">How its id begins; some letters of its own follow. The platform makes one when null.</param>
/// <param name="Body">Whose plan it is; the caller's own body when null.</param>
/// <param name="Iteration">Null when not stated.</param>
/// <param name="Status">Where it starts: drafting unless stated otherwise.</param>
/// <param name="Code">Number or letters that it has in print, such as <c>2.1</c>; never its id.</param>
[GenerateSerializer, Immutable, Alias("DraftPlan")]
public sealed record DraftPlan(
    [property: StringLength(80), Form("^[a-z0-9]+(-[a-z0-9]+)*$")] string? Id,
    string? Body,
    [property: Required, StringLength(300, MinimumLength = 1)] string Title,
    Iteration? Iteration = null,
    Period? Period = null,
    PlanStatus? Status = null,
    Mark? Mark = null,
    Source? Source = null,
    [property: StringLength(2000)] string? Note = null,
    [property: StringLength(20)] string? Code = null) : PlanCommand;

/// <summary>Takes a plan to its next status: a decision on all of it.</summary>
/// <param name="Seen">
/// How far the caller has looked (<see cref="PlanHead.Changed"/>). If measures or milestones have changed since, nothing is done, and the refusal names each
/// of them. Null: whatever has changed besides the plan's head.
/// </param>
[GenerateSerializer, Immutable, Alias("ChangePlanStatus")]
public sealed record ChangePlanStatus([property: Required] PlanStatus? Status, [property: Range(0, long.MaxValue)] long? Seen = null) : PlanCommand;

/// <param name="Lead">The body that answers for it; the plan's own when null.</param>
/// <param name="Code">Number or letters that it has in print.</param>
[GenerateSerializer, Immutable, Alias("AddMeasure")]
public sealed record AddMeasure(
    [property: StringLength(80), Form("^[a-z0-9]+(-[a-z0-9]+)*$")] string? Id,
    [property: Required] Pillar? Pillar,
    [property: Required, StringLength(300, MinimumLength = 1)] string Title,
    string? Lead = null,
    [property: MaxLength(50)] string[]? Supporting = null,
    [property: StringLength(40)] string? ReportedStatus = null,
    Source? Source = null,
    [property: StringLength(20)] string? Code = null) : PlanCommand;

/// <param name="Measure">Set from the path.</param>
/// <param name="Baseline">The date first agreed; the due date when null.</param>
/// <param name="Code">Number or letters that it has in print.</param>
[GenerateSerializer, Immutable, Alias("AddMilestone")]
public sealed record AddMilestone(
    [property: JsonIgnore] string? Measure,
    [property: StringLength(80), Form("^[a-z0-9]+(-[a-z0-9]+)*$")] string? Id,
    [property: Required, StringLength(300, MinimumLength = 1)] string Title,
    [property: Required] DateOnly? Due,
    DateOnly? Baseline = null,
    [property: StringLength(20)] string? Code = null) : PlanCommand;

/// <summary>Moves a due date. The first agreed date is kept.</summary>
[GenerateSerializer, Immutable, Alias("RescheduleMilestone")]
public sealed record RescheduleMilestone(
    [property: JsonIgnore] string? Milestone,
    [property: Required] DateOnly? Due,
    [property: Required, StringLength(2000, MinimumLength = 1)] string Reason) : PlanCommand;

/// <summary>
/// Says where a milestone stands. Made by the plan's own coordinator it is approved at once; made by a contributor or by
/// the body that leads or supports the measure it waits for approval.
/// </summary>
/// <param name="Progress">Per cent, 0 to 100; null: as the status says (done is 100, planned is 0) or unchanged.</param>
/// <param name="Evidence">Links or references, at most 20.</param>
/// <param name="Draft">Keep it as a draft of the reporting body instead of submitting it.</param>
[GenerateSerializer, Immutable, Alias("ReportProgress")]
public sealed record ReportProgress(
    [property: JsonIgnore] string? Milestone,
    [property: Required] MilestoneStatus? Status,
    [property: Range(0, 100)] int? Progress = null,
    [property: StringLength(4000)] string? Note = null,
    [property: MaxLength(20)] string[]? Evidence = null,
    bool Draft = false) : PlanCommand;

/// <summary>Hands in a draft, or again a report that was returned, with new content where given.</summary>
[GenerateSerializer, Immutable, Alias("SubmitReport")]
public sealed record SubmitReport(
    [property: JsonIgnore] string? Report,
    MilestoneStatus? Status = null,
    [property: Range(0, 100)] int? Progress = null,
    [property: StringLength(4000)] string? Note = null,
    [property: MaxLength(20)] string[]? Evidence = null) : PlanCommand;

[GenerateSerializer, Immutable, Alias("ApproveReport")]
public sealed record ApproveReport(string? Report) : PlanCommand;

[GenerateSerializer, Immutable, Alias("ReturnReport")]
public sealed record ReturnReport(
    [property: JsonIgnore] string? Report,
    [property: Required, StringLength(2000, MinimumLength = 1)] string Reason) : PlanCommand;
