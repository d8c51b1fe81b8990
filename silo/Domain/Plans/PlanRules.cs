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

    /// <summary>The verbs of a plan as a whole. Those of a part are listed here when they are allowed for at least one part.</summary>
    public static readonly Verbs<PlanState> Verbs = new(
        ("change-status", MayChangeStatus), ("add-measure", MayAddMeasure), ("add-milestone", MayAddMilestone), ("reschedule", MayRescheduleSome), ("approve", MayApproveSome));

    public static readonly Verbs<(PlanState Plan, Milestone Milestone)> VerbsOfMilestone = new(("report", MayReport), ("reschedule", MayReschedule));

    /// <summary>The verbs of a report that has not taken effect.</summary>
    public static readonly Verbs<(PlanState Plan, OpenReport Open)> VerbsOfReport = new(("approve", MayApprove), ("return", MayReturn), ("submit", MaySubmit));

    public static Decision Decide(string id, PlanState? state, PlanCommand command, in Situation situation)
    {
        if (command is DraftPlan draft) return Draft(state, draft, situation);
        if (state is null || !MaySee(state, situation)) return NotFound;
        var actor = situation.Actor;
        return command switch
        {
            // A repeat is no error, also when the plan is superseded and has no further status.
            ChangePlanStatus it when it.Status == state.Status && actor.Coordinates(state.Body) => Decision.Nothing,
            ChangePlanStatus it => MayChangeStatus(state, situation) ?? Change(state, it),
            AddMeasure it => MayAddMeasure(state, situation) ?? Add(state, it, situation),
            AddMilestone it => MayAddMilestone(state, situation) ?? Add(state, it, situation),
            RescheduleMilestone it => Find(state, it.Milestone) is { } milestone ? MayReschedule((state, milestone), situation) ?? Reschedule(milestone, it) : MilestoneNotFound,
            ReportProgress it => Find(state, it.Milestone) is { } milestone ? MayReport((state, milestone), situation) ?? Report(state, milestone, it, situation) : MilestoneNotFound,
            SubmitReport it => Open(state, it.Report, actor) is { } open ? Submit(state, open, it, situation) : ReportNotFound,
            ApproveReport it when state.TookEffect(it.Report) && actor.Coordinates(state.Body) => Decision.Nothing,
            ApproveReport it => Open(state, it.Report, actor) is { } open ? MayApprove((state, open), situation) ?? new ReportApproved(open.Report) : ReportNotFound,
            ReturnReport it => Open(state, it.Report, actor) is { } open ? MayReturn((state, open), situation) ?? Return(open, it) : ReportNotFound,
            _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "A command without a rule."),
        };
    }

    /// <summary>Whether a plan of this body may be drafted.</summary>
    /// <param name="at">The body, and the plan that has the id already; null when none has.</param>
    public static Decision? MayDraft((string Body, PlanState? Plan) at, in Situation situation)
    {
        var (actor, now, directory, _) = situation;
        if (!actor.Coordinates(at.Body)) return DraftedByCoordinators;
        if (at.Plan is not null) return AlreadyExists;
        return actor.IsPlatform || directory.OpenOf(at.Body, now).Plans < directory.MostOpen.Plans ? Decision.Undecided
            : Refusal.TooMany("plan.too-many-open", $"A body has at most {directory.MostOpen.Plans} plans that are not closed, or were made within a day. Evaluate or supersede some first.");
    }

    /// <summary>Whether an actor may add milestones to its measures: to each of them, or to none.</summary>
    public static bool MayAddMilestones(PlanState plan, in Situation situation) => MayAddMilestone(plan, situation) is null;

    private static Decision? MayChangeStatus(PlanState plan, in Situation situation) =>
        NotCoordinator(plan, situation) ?? (plan.Status is PlanStatus.Superseded ? OutOfOrder : Decision.Undecided);

    private static Decision? MayAddMeasure(PlanState plan, in Situation situation) =>
        NotCoordinator(plan, situation) ?? (plan.IsClosed ? Closed : plan.Measures.Count >= MostMeasures ? TooManyMeasures : Decision.Undecided);

    private static Decision? MayAddMilestone(PlanState plan, in Situation situation) => NotCoordinator(plan, situation)
        ?? (plan.IsClosed ? Closed : plan.Measures.IsEmpty ? MeasureNotFound : plan.Milestones.Count >= MostMilestones ? TooManyMilestones : Decision.Undecided);

    private static Decision? MayReschedule((PlanState Plan, Milestone Milestone) at, in Situation situation) =>
        NotCoordinator(at.Plan, situation) ?? (at.Plan.IsClosed ? Closed : at.Milestone.IsOpen ? Decision.Undecided : MilestoneClosed);

    private static Decision? MayRescheduleSome(PlanState plan, in Situation situation)
    {
        if (NotCoordinator(plan, situation) is { } refusal) return refusal;
        foreach (var (_, milestone) in plan.Milestones)
            if (MayReschedule((plan, milestone), situation) is null) return Decision.Undecided;
        return MilestoneNotFound;
    }

    private static Decision? MayReport((PlanState Plan, Milestone Milestone) at, in Situation situation)
    {
        var (plan, actor) = (at.Plan, situation.Actor);
        if (!actor.ContributesTo(plan.Body) && !(actor.ContributesTo(actor.Body) && plan.Measures[at.Milestone.Measure].Involves(actor.Body))) return NotAReporter;
        // A report of the plan's own coordinator takes effect at once, so it is none of those that wait.
        return plan.IsClosed ? Closed : !actor.Coordinates(plan.Body) && HasMostOpen(plan, actor) ? TooManyOpen : Decision.Undecided;
    }

    private static Decision? MaySubmit((PlanState Plan, OpenReport Open) at, in Situation situation) =>
        !situation.Actor.ContributesTo(at.Open.Report.Body) ? NotYours
        : at.Open.State is ReportState.Submitted ? AlreadySubmitted
        : at.Plan.IsClosed ? Closed : Decision.Undecided;

    /// <summary>Reports that wait can be settled also when the plan is closed.</summary>
    private static Decision? MayApprove((PlanState Plan, OpenReport Open) at, in Situation situation) =>
        NotCoordinator(at.Plan, situation) ?? (at.Open.State is ReportState.Submitted ? Decision.Undecided : NotToApprove);

    private static Decision? MayApproveSome(PlanState plan, in Situation situation)
    {
        if (NotCoordinator(plan, situation) is { } refusal) return refusal;
        foreach (var (_, open) in plan.Reports)
            if (MayApprove((plan, open), situation) is null) return Decision.Undecided;
        return ReportNotFound;
    }

    private static Decision? MayReturn((PlanState Plan, OpenReport Open) at, in Situation situation) => NotCoordinator(at.Plan, situation)
        ?? (at.Open.State is ReportState.Submitted ? Decision.Undecided : at.Open.State is ReportState.Returned ? Decision.Nothing : NotToReturn);

    private static Decision? NotCoordinator(PlanState plan, in Situation situation) => situation.Actor.Coordinates(plan.Body) ? Decision.Undecided : CoordinatorOnly;

    private static bool MaySee(PlanState plan, in Situation situation) =>
        plan.Audience.Admits(situation.Actor, situation.Directory) || plan.Body == situation.Actor.Body;

    private static Decision Draft(PlanState? state, DraftPlan command, in Situation situation)
    {
        var body = command.Body ?? situation.Actor.Body;
        if (body is null || situation.Directory.Body(body) is not { } info)
            return Refusal.Invalid("#/body", "body.not-found", "There is no such body. Look its id up in /api/v1/bodies.");
        if (MayDraft((body, state), situation) is { } settled) return settled;
        if ((Texts.Title("#/title", command.Title) ?? Texts.Sign("#/code", command.Code)) is { } untitled) return untitled;
        if ((Days.OutOfBounds("#/period/from", command.Period?.From) ?? Days.OutOfBounds("#/period/to", command.Period?.To)) is { } outOfBounds)
            return outOfBounds;
        if (command.Period is { From: { } from, To: { } to } && to < from)
            return Refusal.Invalid("#/period/to", "plan.period-reversed", "The period ends before it begins. Give a later last day.");
        if (command.Mark is Mark.Named)
            return Refusal.Invalid("#/mark", "plan.mark-not-offered", "A plan is marked public, community or parties.");
        return new PlanDrafted(
            body, info.State, command.Title.Trim(), Iteration.Of(command.Iteration), command.Period, command.Status ?? PlanStatus.Drafting, command.Mark ?? Mark.Community,
            // What a document says is cited by the import alone.
            situation.Actor.IsPlatform ? command.Source : null, command.Note, info.Exercise, Texts.Trimmed(command.Code));
    }

    private static Decision Change(PlanState plan, ChangePlanStatus command) =>
        command.Status!.Value is var status && status is not PlanStatus.Superseded && status != plan.Status + 1 ? OutOfOrder
        : command.Seen is { } seen && plan.Version > seen ? PartsChanged(plan, seen)
        : new PlanStatusChanged(status);

    private static Decision Add(PlanState plan, AddMeasure command, in Situation situation)
    {
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
        if ((Texts.Title("#/title", command.Title) ?? Texts.Sign("#/code", command.Code)) is { } untitled) return untitled;
        var id = command.Id ?? NewId.Free('s', situation.Command, plan.Measures.ContainsKey);
        return new MeasureAdded(id, command.Pillar!.Value, command.Title.Trim(), Participation.Of(lead, supporting.Distinct()),
            situation.Actor.IsPlatform ? command.ReportedStatus : null, situation.Actor.IsPlatform ? command.Source : null, Texts.Trimmed(command.Code));
    }

    private static Decision Add(PlanState plan, AddMilestone command, in Situation situation)
    {
        if (command.Measure is not { } measure || !plan.Measures.ContainsKey(measure))
            return MeasureNotFound;
        var due = command.Due!.Value;
        if ((Texts.Title("#/title", command.Title) ?? Texts.Sign("#/code", command.Code)) is { } untitled) return untitled;
        if ((Days.OutOfBounds("#/due", due) ?? Days.OutOfBounds("#/baseline", command.Baseline)) is { } outOfBounds)
            return outOfBounds;
        if (command.Id is { } given && plan.Milestones.ContainsKey(given))
            return Refusal.Conflict("plan.milestone-already-exists", "The plan has a milestone with this id already. Choose another id, or leave it out.");
        var id = command.Id ?? NewId.Free('m', situation.Command, plan.Milestones.ContainsKey);
        return new MilestoneAdded(measure, id, command.Title.Trim(), due, command.Baseline ?? due, Texts.Trimmed(command.Code));
    }

    private static Decision Reschedule(Milestone milestone, RescheduleMilestone command)
    {
        var due = command.Due!.Value;
        if (Days.OutOfBounds("#/due", due) is { } outOfBounds) return outOfBounds;
        if (Texts.Needed("#/reason", command.Reason) is { } unexplained) return unexplained;
        return due == milestone.Due ? Decision.Nothing : new MilestoneRescheduled(milestone.Id, due, command.Reason.Trim());
    }

    private static Decision Report(PlanState plan, Milestone milestone, ReportProgress command, in Situation situation)
    {
        var actor = situation.Actor;
        var status = command.Status!.Value;
        if (Check(status, command.Progress, command.Evidence) is { } refusal) return refusal;
        if (command.Draft && HasMostOpen(plan, actor)) return TooManyOpen;

        var report = new Report(
            NewId.Free('r', situation.Command, plan.Reports.ContainsKey), milestone.Id, actor.Body ?? plan.Body, actor.Account, status, ProgressOf(status, command.Progress, milestone),
            Texts.Trimmed(command.Note), command.Evidence ?? []);
        if (command.Draft) return new ReportDrafted(report);
        return actor.Coordinates(plan.Body) ? new MilestoneReported(report) : new ReportSubmitted(report);
    }

    private static Decision Submit(PlanState plan, OpenReport open, SubmitReport command, in Situation situation)
    {
        var actor = situation.Actor;
        var status = command.Status ?? open.Report.Status;
        var report = open.Report with
        {
            Account = actor.Account,
            Status = status,
            Progress = command.Progress is null && command.Status is null ? open.Report.Progress : ProgressOf(status, command.Progress, plan.Milestones[open.Report.Milestone]),
            Note = Texts.Trimmed(command.Note),
            NoteAt = command.Note is null ? open.Report.NoteAt : null,
            Evidence = command.Evidence ?? open.Report.Evidence,
            EvidenceAt = command.Evidence is null ? open.Report.EvidenceAt : null,
        };
        // Said again.
        if (open.State is ReportState.Submitted && actor.ContributesTo(open.Report.Body) && SaysTheSame(report, open.Report)) return Decision.Nothing;
        if (MaySubmit((plan, open), situation) is { } settled) return settled;
        if (Check(status, command.Progress, command.Evidence) is { } refusal) return refusal;
        return actor.Coordinates(plan.Body) ? new MilestoneReported(report) : new ReportSubmitted(report);
    }

    private static Decision Return(OpenReport open, ReturnReport command) =>
        Texts.Needed("#/reason", command.Reason) is { } unexplained ? unexplained : new ReportReturned(open.Report, command.Reason.Trim());

    private static Refusal? Check(MilestoneStatus status, int? progress, string[]? evidence)
    {
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
        return open.State is not ReportState.Draft && actor.Body is { } body && plan.HasParty(body) ? open : null;
    }

    private static bool HasMostOpen(PlanState plan, Actor actor) =>
        plan.Reports.Count >= MostOpenReports && plan.Reports.Values.Count(open => open.Report.Body == (actor.Body ?? plan.Body)) >= MostOpenReports;

    /// <summary>Whoever handed it in. What was written is not known here: texts that are given again are taken for others.</summary>
    private static bool SaysTheSame(Report one, Report other) =>
        (one with { Account = other.Account, Evidence = other.Evidence }) == other && (one.Evidence ?? []).Length == 0;

    private static readonly Decision NotFound = Refusal.NotFound("plan.not-found", "There is no such plan. Look its id up in /api/v1/plans.");
    private static readonly Decision DraftedByCoordinators = Refusal.Forbidden("plan.coordinator-only", "Only a coordinator of the body opens a plan for it.");
    private static readonly Decision AlreadyExists = Refusal.Conflict("plan.already-exists", "A plan with this id exists already. Choose another id, or leave it out.");
    private static readonly Decision CoordinatorOnly = Refusal.Forbidden("plan.coordinator-only", "Only a coordinator of the plan's own body may do this.");
    private static readonly Decision Closed = Refusal.Conflict("plan.closed", "The plan is evaluated or superseded and takes nothing new.");
    private static readonly Decision OutOfOrder = Refusal.Conflict(
        "plan.status-out-of-order", "A plan goes from drafting to adopted, under implementation, concluded and evaluated, one step at a time; superseded at any time.");

    private static Refusal PartsChanged(PlanState plan, long seen) => new(
        RefusalReason.Stale, "plan.parts-changed", $"Parts of the plan have changed since position {seen}. Look at them, and repeat what is still wanted with a later one in seen.",
        [], plan.HeadVersion, plan.ChangedSince(seen));

    private static readonly Decision MeasureNotFound =
        Refusal.NotFound("plan.measure-not-found", "The plan has no such measure. GET the plan's measures for their ids.");

    private static readonly Decision MilestoneNotFound =
        Refusal.NotFound("plan.milestone-not-found", "The plan has no such milestone. GET /milestones?plan= for their ids.");

    private static readonly Decision MilestoneClosed = Refusal.Conflict(
        "plan.milestone-closed", "The milestone is done or cancelled. Report it as in progress before moving its date.");

    private static readonly Decision TooManyMeasures = Refusal.TooMany(
        "plan.too-many-measures", $"A plan has at most {MostMeasures} measures. Open another plan that implements this one.");

    private static readonly Decision TooManyMilestones = Refusal.TooMany(
        "plan.too-many-milestones", $"A plan has at most {MostMilestones} milestones. Open another plan that implements this one.");

    private static readonly Decision NotAReporter = Refusal.Forbidden(
        "plan.not-a-reporter", "Only coordinators and contributors of the plan's body, or of a body that leads or supports the measure, report on it.");

    private static readonly Decision TooManyOpen = Refusal.TooMany(
        "report.too-many-open",
        $"A body has at most {MostOpenReports} reports on a plan that wait or are drafts. Hand some in, or ask the plan's coordinator to approve some first.");

    private static readonly Decision ReportNotFound =
        Refusal.NotFound("plan.report-not-found", "The plan has no such report waiting. GET the reports on its milestone for those that are open.");

    private static readonly Decision NotYours = Refusal.Forbidden("report.not-yours", "Only the body that wrote the report hands it in.");
    private static readonly Decision AlreadySubmitted = Refusal.Conflict(
        "report.already-submitted", "The report waits for the plan's coordinator as it is. Make another one, or ask for it to be returned.");

    private static readonly Decision NotToApprove =
        Refusal.Conflict("report.not-submitted", "Only a submitted report can be approved. Its body must hand it in first.");

    private static readonly Decision NotToReturn = Refusal.Conflict("report.not-submitted", "Only a submitted report can be returned.");
}
