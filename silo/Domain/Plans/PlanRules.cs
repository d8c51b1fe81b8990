using Coordination.Contracts.Plans;

namespace Coordination.Domain.Plans;

/// <summary>Who may do what with an action plan, and what comes of it.</summary>
public static class PlanRules
{
    /// <summary>The largest plans have 300 measures and 2,000 milestones.</summary>
    public const int MostMeasures = 500;
    public const int MostMilestones = 4_000;

    /// <summary>Reports of one body on one plan that have not taken effect.</summary>
    public const int MostOpenReports = 300;

    private static readonly Refusal NotFound = Refusal.NotFound("plan.not-found", "There is no such plan. Look its id up in /api/v1/plans.");

    private static readonly Refusal CoordinatorOnly =
        Refusal.Forbidden("plan.coordinator-only", "Only a coordinator of the plan's own body may do this.");

    public static Decision Decide(string id, PlanState? state, PlanCommand command, in Situation situation)
    {
        if (command is DraftPlan draft) return Draft(id, state, draft, situation);
        if (state is null || !MaySee(state, situation)) return NotFound;
        return command switch
        {
            ChangePlanStatus it => Change(state, it, situation),
            AddMeasure it => Add(state, it, situation),
            AddMilestone it => Add(state, it, situation),
            RescheduleMilestone it => Reschedule(state, it, situation),
            ReportProgress it => Report(state, it, situation),
            SubmitReport it => Submit(state, it, situation),
            ApproveReport it => Approve(state, it, situation),
            ReturnReport it => Return(state, it, situation),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "A command without a rule."),
        };
    }

    /// <summary>What <paramref name="actor"/> may do with the plan as a whole.</summary>
    /// <param name="status">Where the plan stands; null is taken for one that is not closed.</param>
    public static string[] Verbs(string planBody, Actor actor, PlanStatus? status = null)
    {
        if (!actor.Coordinates(planBody)) return [];
        return status switch
        {
            PlanStatus.Superseded => ["approve"],
            PlanStatus.Evaluated => ["change-status", "approve"],
            _ => ["change-status", "add-measure", "add-milestone", "reschedule", "approve"],
        };
    }

    /// <summary>What <paramref name="actor"/> may do with a milestone of a measure.</summary>
    /// <param name="status">Where the plan stands; null is taken for one that is not closed.</param>
    public static string[] Verbs(string planBody, Measure measure, Actor actor, PlanStatus? status = null) =>
        IsClosed(status) ? []
        : actor.Coordinates(planBody) ? ["report", "reschedule"] : MayReport(planBody, measure, actor) ? ["report"] : [];

    /// <summary>What <paramref name="actor"/> may do with a report that has not taken effect.</summary>
    /// <param name="status">Where the plan stands; null is taken for one that is not closed.</param>
    public static string[] Verbs(string planBody, OpenReport open, Actor actor, PlanStatus? status = null) => open.State switch
    {
        ReportState.Submitted when actor.Coordinates(planBody) => ["approve", "return"],
        ReportState.Draft or ReportState.Returned when actor.ContributesTo(open.Report.Body) && !IsClosed(status) => ["submit"],
        _ => [],
    };

    private static bool MaySee(PlanState plan, in Situation situation) =>
        plan.Audience.Admits(situation.Actor, situation.Directory) || plan.Body == situation.Actor.Body;

    private static bool MayReport(string planBody, Measure measure, Actor actor) =>
        actor.ContributesTo(planBody) || (measure.Involves(actor.Body) && actor.ContributesTo(actor.Body));

    private static Decision Draft(string id, PlanState? state, DraftPlan command, in Situation situation)
    {
        var body = command.Body ?? situation.Actor.Body;
        if (body is null || situation.Directory.Body(body) is not { } info)
            return Refusal.Invalid("#/body", "body.not-found", "There is no such body. Look its id up in /api/v1/bodies.");
        if (!situation.Actor.Coordinates(body))
            return Refusal.Forbidden("plan.coordinator-only", "Only a coordinator of the body opens a plan for it.");
        if (state is not null)
            return Refusal.Conflict("plan.already-exists", "A plan with this id exists already. Choose another id, or leave it out.");
        if ((Texts.Title("#/title", command.Title) ?? Texts.Sign("#/code", command.Code)) is { } untitled) return untitled;
        if ((Days.OutOfBounds("#/period/from", command.Period?.From) ?? Days.OutOfBounds("#/period/to", command.Period?.To)) is { } outOfBounds)
            return outOfBounds;
        if (command.Period is { From: { } from, To: { } to } && to < from)
            return Refusal.Invalid("#/period/to", "plan.period-reversed", "The period ends before it begins. Give a later last day.");
        if (command.Mark is Mark.Named)
            return Refusal.Invalid("#/mark", "plan.mark-not-offered", "A plan is marked public, community or parties.");
        if (!situation.Actor.IsPlatform && situation.Directory.OpenOf(body, situation.Now).Plans >= situation.Directory.MostOpen.Plans)
            return Refusal.TooMany("plan.too-many-open", $"A body has at most {situation.Directory.MostOpen.Plans} plans that are not closed, or were made within a day. Evaluate or supersede some first.");
        return new PlanDrafted(
            body, info.State, command.Title.Trim(), Iteration.Of(command.Iteration), command.Period, command.Status ?? PlanStatus.Drafting, command.Mark ?? Mark.Community,
            // What a document says is cited by the import alone.
            situation.Actor.IsPlatform ? command.Source : null, command.Note, info.Exercise, Texts.Trimmed(command.Code));
    }

    private static Decision Change(PlanState plan, ChangePlanStatus command, in Situation situation)
    {
        if (!situation.Actor.Coordinates(plan.Body)) return CoordinatorOnly;
        if (command.Status is not { } status)
            return Refusal.Invalid("#/status", "plan.status-missing", "Say which status the plan has now.");
        if (status == plan.Status) return Decision.Nothing;
        var allowed = plan.Status is not PlanStatus.Superseded && (status is PlanStatus.Superseded || status == plan.Status + 1);
        return allowed
            ? new PlanStatusChanged(status)
            : Refusal.Conflict("plan.status-out-of-order", "A plan goes from drafting to adopted, under implementation, concluded and evaluated, one step at a time; superseded at any time.");
    }

    private static Decision Add(PlanState plan, AddMeasure command, in Situation situation)
    {
        if (!situation.Actor.Coordinates(plan.Body)) return CoordinatorOnly;
        if (IsClosed(plan.Status)) return Closed;
        var lead = command.Lead ?? plan.Body;
        var directory = situation.Directory;
        if (directory.Body(lead) is null)
            return Refusal.Invalid("#/lead", "body.not-found", "There is no such body. Look its id up in /api/v1/bodies.");
        var supporting = command.Supporting ?? [];
        var unknown = Array.FindIndex(supporting, body => body is null || directory.Body(body) is null);
        if (unknown >= 0)
            return Refusal.Invalid($"#/supporting/{unknown}", "body.not-found", "There is no such body. Look its id up in /api/v1/bodies.");
        if (command.Id is { } given && plan.Measures.ContainsKey(given))
            return Refusal.Conflict("plan.measure-already-exists", "The plan has a measure with this id already. Choose another id, or leave it out.");
        if (command.Pillar is not { } pillar)
            return Refusal.Invalid("#/pillar", "plan.pillar-missing", "Say which of the seven pillars the measure belongs to.");
        if ((Texts.Title("#/title", command.Title) ?? Texts.Sign("#/code", command.Code)) is { } untitled) return untitled;
        if (plan.Measures.Count >= MostMeasures)
            return Refusal.TooMany("plan.too-many-measures", $"A plan has at most {MostMeasures} measures. Open another plan that implements this one.");
        var id = command.Id ?? NewId.Free('s', situation.Command, plan.Measures.ContainsKey);
        return new MeasureAdded(id, pillar, command.Title.Trim(), Participation.Of(lead, supporting.Distinct()),
            situation.Actor.IsPlatform ? command.ReportedStatus : null, situation.Actor.IsPlatform ? command.Source : null, Texts.Trimmed(command.Code));
    }

    private static Decision Add(PlanState plan, AddMilestone command, in Situation situation)
    {
        if (!situation.Actor.Coordinates(plan.Body)) return CoordinatorOnly;
        if (IsClosed(plan.Status)) return Closed;
        if (command.Measure is not { } measure || !plan.Measures.ContainsKey(measure))
            return Refusal.NotFound("plan.measure-not-found", "The plan has no such measure. GET the plan for the ids of its measures.");
        if (command.Due is not { } due)
            return Refusal.Invalid("#/due", "plan.due-missing", "Give the day it is due, as YYYY-MM-DD.");
        if ((Texts.Title("#/title", command.Title) ?? Texts.Sign("#/code", command.Code)) is { } untitled) return untitled;
        if ((Days.OutOfBounds("#/due", due) ?? Days.OutOfBounds("#/baseline", command.Baseline)) is { } outOfBounds)
            return outOfBounds;
        if (command.Id is { } given && plan.Milestones.ContainsKey(given))
            return Refusal.Conflict("plan.milestone-already-exists", "The plan has a milestone with this id already. Choose another id, or leave it out.");
        if (plan.Milestones.Count >= MostMilestones)
            return Refusal.TooMany("plan.too-many-milestones", $"A plan has at most {MostMilestones} milestones. Open another plan that implements this one.");
        var id = command.Id ?? NewId.Free('m', situation.Command, plan.Milestones.ContainsKey);
        return new MilestoneAdded(measure, id, command.Title.Trim(), due, command.Baseline ?? due, Texts.Trimmed(command.Code));
    }

    private static Decision Reschedule(PlanState plan, RescheduleMilestone command, in Situation situation)
    {
        if (!situation.Actor.Coordinates(plan.Body)) return CoordinatorOnly;
        if (IsClosed(plan.Status)) return Closed;
        if (Find(plan, command.Milestone) is not { } milestone) return MilestoneNotFound;
        if (!milestone.IsOpen)
            return Refusal.Conflict("plan.milestone-closed", "The milestone is done or cancelled. Report it as in progress before moving its date.");
        if (command.Due is not { } due)
            return Refusal.Invalid("#/due", "plan.due-missing", "Give the day it is due, as YYYY-MM-DD.");
        if (Days.OutOfBounds("#/due", due) is { } outOfBounds) return outOfBounds;
        if (Texts.Needed("#/reason", command.Reason) is { } unexplained) return unexplained;
        return due == milestone.Due ? Decision.Nothing : new MilestoneRescheduled(milestone.Id, due, command.Reason.Trim());
    }

    private static Decision Report(PlanState plan, ReportProgress command, in Situation situation)
    {
        var actor = situation.Actor;
        if (Find(plan, command.Milestone) is not { } milestone) return MilestoneNotFound;
        if (!MayReport(plan.Body, plan.Measures[milestone.Measure], actor))
            return Refusal.Forbidden("plan.not-a-reporter", "Only coordinators and contributors of the plan's body, or of a body that leads or supports the measure, report on it.");
        if (IsClosed(plan.Status)) return Closed;
        if (command.Status is not { } status)
            return Refusal.Invalid("#/status", "report.status-missing", "Say where the milestone stands: planned, in-progress, done or cancelled.");
        if (Check(status, command.Progress, command.Evidence) is { } refusal) return refusal;
        var takesEffect = !command.Draft && actor.Coordinates(plan.Body);
        if (!takesEffect && plan.Reports.Values.Count(open => open.Report.Body == (actor.Body ?? plan.Body)) >= MostOpenReports)
            return Refusal.TooMany("report.too-many-open", $"A body has at most {MostOpenReports} reports on a plan that wait or are drafts. Hand some in, or ask the plan's coordinator to approve some first.");

        var report = new Report(
            NewId.Free('r', situation.Command, plan.Reports.ContainsKey), milestone.Id, actor.Body ?? plan.Body, actor.Account, status, ProgressOf(status, command.Progress, milestone),
            Texts.Trimmed(command.Note), command.Evidence ?? []);
        if (command.Draft) return new ReportDrafted(report);
        return takesEffect ? new MilestoneReported(report) : new ReportSubmitted(report);
    }

    private static Decision Submit(PlanState plan, SubmitReport command, in Situation situation)
    {
        var actor = situation.Actor;
        if (Open(plan, command.Report, actor) is not { } open) return ReportNotFound;
        if (!actor.ContributesTo(open.Report.Body))
            return Refusal.Forbidden("report.not-yours", "Only the body that wrote the report hands it in.");
        var milestone = plan.Milestones[open.Report.Milestone];
        var status = command.Status ?? open.Report.Status;
        if (Check(status, command.Progress, command.Evidence) is { } refusal) return refusal;
        var report = open.Report with
        {
            Account = actor.Account,
            Status = status,
            Progress = command.Progress is null && command.Status is null ? open.Report.Progress : ProgressOf(status, command.Progress, milestone),
            Note = Texts.Trimmed(command.Note),
            NoteAt = command.Note is null ? open.Report.NoteAt : null,
            Evidence = command.Evidence ?? open.Report.Evidence,
            EvidenceAt = command.Evidence is null ? open.Report.EvidenceAt : null,
        };
        if (open.State is ReportState.Submitted)
            return SaysTheSame(report, open.Report) ? Decision.Nothing : AlreadySubmitted;
        if (IsClosed(plan.Status)) return Closed;
        return actor.Coordinates(plan.Body) ? new MilestoneReported(report) : new ReportSubmitted(report);
    }

    private static Decision Approve(PlanState plan, ApproveReport command, in Situation situation)
    {
        if (situation.Actor.Coordinates(plan.Body) && plan.TookEffect(command.Report)) return Decision.Nothing;
        if (Open(plan, command.Report, situation.Actor) is not { } open) return ReportNotFound;
        if (!situation.Actor.Coordinates(plan.Body)) return CoordinatorOnly;
        if (open.State is not ReportState.Submitted)
            return Refusal.Conflict("report.not-submitted", "Only a submitted report can be approved. Its body must hand it in first.");
        return new ReportApproved(open.Report);
    }

    private static Decision Return(PlanState plan, ReturnReport command, in Situation situation)
    {
        if (Open(plan, command.Report, situation.Actor) is not { } open) return ReportNotFound;
        if (!situation.Actor.Coordinates(plan.Body)) return CoordinatorOnly;
        if (open.State is ReportState.Returned) return Decision.Nothing;
        if (open.State is not ReportState.Submitted)
            return Refusal.Conflict("report.not-submitted", "Only a submitted report can be returned.");
        if (Texts.Needed("#/reason", command.Reason) is { } unexplained) return unexplained;
        return new ReportReturned(open.Report, command.Reason.Trim());
    }

    private static Refusal? Check(MilestoneStatus status, int? progress, string[]? evidence)
    {
        if (progress is < 0 or > 100)
            return Refusal.Invalid("#/progress", "report.progress-out-of-range", "Progress is a whole number of per cent from 0 to 100.");
        if (status is MilestoneStatus.Done && progress is < 100)
            return Refusal.Invalid("#/progress", "report.done-is-100", "What is done is at 100 per cent. Leave progress out, or report in-progress.");
        for (var index = 0; index < (evidence?.Length ?? 0); index++)
        {
            var text = evidence![index];
            if (Texts.IsEmpty(text) || text.Length > 500)
                return Refusal.Invalid($"#/evidence/{index}", "report.evidence-length", "A piece of evidence is a link or a reference of 1 to 500 characters.");
            if (Links.Check($"#/evidence/{index}", text) is { } refusal) return refusal;
        }

        return null;
    }

    private static int ProgressOf(MilestoneStatus status, int? given, Milestone milestone) => given ?? status switch
    {
        MilestoneStatus.Done => 100,
        MilestoneStatus.Planned => 0,
        // What was done and is reopened is no longer whole.
        MilestoneStatus.InProgress => milestone.Status is MilestoneStatus.Done ? 0 : milestone.Progress,
        _ => milestone.Progress,
    };

    private static Milestone? Find(PlanState plan, string? milestone) =>
        milestone is null ? null : plan.Milestones.GetValueOrDefault(milestone);

    /// <summary>An open report, as far as the actor may know of it: a draft only in its own body.</summary>
    private static OpenReport? Open(PlanState plan, string? report, Actor actor)
    {
        if (report is null || !plan.Reports.TryGetValue(report, out var open)) return null;
        if (actor.IsPlatform || actor.Body == open.Report.Body) return open;
        return open.State is not ReportState.Draft && actor.Body is not null && plan.Parties.Contains(actor.Body) ? open : null;
    }

    private static bool IsClosed(PlanStatus? status) => status is PlanStatus.Superseded or PlanStatus.Evaluated;

    /// <summary>Whoever handed it in. What was written is not known here: texts that are given again are taken for others.</summary>
    private static bool SaysTheSame(Report one, Report other) =>
        (one with { Account = other.Account, Evidence = other.Evidence }) == other && (one.Evidence ?? []).Length == 0;

    private static readonly Refusal Closed = Refusal.Conflict("plan.closed", "The plan is evaluated or superseded and takes nothing new.");

    private static readonly Refusal MilestoneNotFound =
        Refusal.NotFound("plan.milestone-not-found", "The plan has no such milestone. GET the plan for the ids of its milestones.");

    private static readonly Refusal AlreadySubmitted = Refusal.Conflict(
        "report.already-submitted", "The report waits for the plan's coordinator as it is. Make another one, or ask for it to be returned.");

    private static readonly Refusal ReportNotFound =
        Refusal.NotFound("plan.report-not-found", "The plan has no such report waiting. GET the plan for the reports that are open.");
}
