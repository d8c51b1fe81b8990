using System.ComponentModel.DataAnnotations;
using Coordination.Contracts.Feed;
using Coordination.Contracts.Plans;
using Coordination.Gateway.Http;

namespace Coordination.Gateway.Plans;

public static class PlansApi
{
    private const string OfHead = "It is the version of the plan's head.";
    private const string OfMeasure = "It is the version of the measure.";
    private const string OfMilestone = "It is the version of the milestone.";
    private const string OfReport = "It is the version of the report or of its milestone, whichever is higher; the change is refused if the report has changed since or, unless it is returned, its milestone.";

    /// <summary>Also for a plan that is hidden: whether there is one is not told.</summary>
    private static Problem NoMilestone() => Problems.Of(
        StatusCodes.Status404NotFound, "plan.milestone-not-found", "There is no such milestone in a plan that you may see. Look its id up in /api/v1/milestones.");

    public static RouteGroupBuilder MapPlans(this RouteGroupBuilder api)
    {
        var plans = api.MapGroup("/plans").In(Chapter.Plans);
        plans.MapGet("/", List).WithName("listPlans").WithSummary("Plans by body, State, status, region or words, by title unless another sort is said").Sorts();
        plans.MapPost("/", Draft).WithName("draftPlan").WithSummary("Open a plan").Writes(409);
        plans.MapGet("/{id}", Get).WithName("getPlan").WithSummary("A plan without its parts").Reads();
        plans.MapGet("/{id}/measures", Measures).WithName("listMeasures").WithSummary("Measures of a plan, in its order").Reads();
        plans.MapGet("/{id}/milestones/{milestone}", OneMilestone).WithName("getMilestone").WithSummary("A milestone").Reads();
        plans.MapGet("/{id}/milestones/{milestone}/reports", Reports).WithName("listReports").WithSummary("Reports on a milestone, newest first").Reads();
        plans.MapPost("/{id}/status", Status).WithName("changePlanStatus").WithSummary("Take a plan to its next status").Changes(OfHead);
        plans.MapPost("/{id}/measures", AddMeasure).WithName("addMeasure").WithSummary("Add a measure").Changes(OfHead);
        plans.MapPost("/{id}/measures/{measure}/milestones", AddMilestone).WithName("addMilestone").WithSummary("Add a milestone to a measure").Changes(OfMeasure);
        plans.MapPost("/{id}/milestones/{milestone}/due", Reschedule).WithName("rescheduleMilestone").WithSummary("Move a due date; the first agreed one is kept").Changes(OfMilestone);
        plans.MapPost("/{id}/milestones/{milestone}/reports", Report).WithName("reportProgress").WithSummary("Report on a milestone").Changes(OfMilestone);
        plans.MapPost("/{id}/reports/{report}/submit", Submit).WithName("submitReport").WithSummary("Hand in a draft or returned report").Changes(OfReport);
        plans.MapPost("/{id}/reports/{report}/approve", Approve).WithName("approveReport").WithSummary("Approve a submitted report").Changes(OfReport);
        plans.MapPost("/{id}/reports/{report}/return", Return).WithName("returnReport").WithSummary("Return a submitted report with a reason").Changes(OfReport);
        api.MapGet("/milestones", Milestones).In(Chapter.Plans).WithName("listMilestones").WithSummary("Milestones across plans, by due date unless another sort is said").Sorts();
        return api;
    }

    private static async Task<Page<PlanView>> List(
        string? body, string? state, Named<PlanStatus>? status, string? region, bool? exercise, Sorted<PlanSort>? sort, [AsParameters] SearchQuery query, HttpContext http,
        [FromServices] Grains grains) =>
        await grains.Of<IPlanViewsGrain>(0).List(query.AskedBy(http), new(body, state, status?.Value, region, exercise), query.PagingFor(sort, http));

    private static async Task<Results<Ok<PlanHead>, Problem>> Get(string id, [Range(0, long.MaxValue)] long? seen, HttpContext http, [FromServices] Grains grains) =>
        await grains.Of<IPlanViewsGrain>(0).Get(http.Asker(seen), id) is { } plan
            ? Versions.Tagged(http, plan, plan.Version)
            : Problems.NotFound("plan");

    private static async Task<Results<Ok<Page<MeasureView>>, Problem>> Measures(
        string id, Named<Pillar>? pillar, [AsParameters] ListQuery query, HttpContext http, [FromServices] Grains grains) =>
        await grains.Of<IPlanViewsGrain>(0).Measures(query.AskedBy(http), id, pillar?.Value, query.Paging) is { } measures ? TypedResults.Ok(measures) : Problems.NotFound("plan");

    private static async Task<Results<Ok<MilestoneView>, Problem>> OneMilestone(string id, string milestone, [Range(0, long.MaxValue)] long? seen, HttpContext http, [FromServices] Grains grains) =>
        await grains.Of<IPlanViewsGrain>(0).Milestone(http.Asker(seen), id, milestone) is { } found ? Versions.Tagged(http, found, found.Version) : NoMilestone();

    private static async Task<Results<Ok<Page<ReportView>>, Problem>> Reports(
        string id, string milestone, [AsParameters] ListQuery query, HttpContext http, [FromServices] Grains grains) =>
        await grains.Of<IPlanViewsGrain>(0).Reports(query.AskedBy(http), id, milestone, query.Paging) is { } reports ? TypedResults.Ok(reports) : NoMilestone();

    private static async Task<Page<MilestoneView>> Milestones(
        string? state, string? body, string? plan, [MaxLength(500)] string[]? measure, string? lead, Named<Pillar>? pillar, Named<MilestoneStatus>? status, bool? overdue, bool? atRisk,
        bool? toApprove, DateOnly? dueBefore, DateOnly? dueAfter, string? region, string? concerning, bool? open, Sorted<MilestoneSort>? sort, [AsParameters] SearchQuery query,
        HttpContext http, [FromServices] Grains grains) =>
        await grains.Of<IPlanViewsGrain>(0).Milestones(
            query.AskedBy(http), new(state, body, plan, lead, pillar?.Value, status?.Value, overdue, atRisk, toApprove, dueBefore, dueAfter, region, concerning, open, measure),
            query.PagingFor(sort, http));

    private static Task<MadeOrNot> Draft(DraftPlan body, [FromServices] Commands commands, [FromServices] Grains grains) =>
        // Never the bare id that was asked for: a refusal would tell of a hidden plan with the same.
        commands.Make("plan", null, (id, header) => grains.Of<IPlanGrain>(id).Execute(header, body), begins: body.Id);

    private static Task<DoneOrNot> Status(string id, ChangePlanStatus body, [FromServices] Commands commands, [FromServices] Grains grains) =>
        Change(id, body, commands, grains);

    private static Task<DoneOrNot> AddMeasure(string id, AddMeasure body, [FromServices] Commands commands, [FromServices] Grains grains) =>
        Change(id, body, commands, grains);

    private static Task<DoneOrNot> AddMilestone(string id, string measure, AddMilestone body, [FromServices] Commands commands, [FromServices] Grains grains) =>
        Change(id, body with { Measure = measure }, commands, grains);

    private static Task<DoneOrNot> Reschedule(string id, string milestone, RescheduleMilestone body, [FromServices] Commands commands, [FromServices] Grains grains) =>
        Change(id, body with { Milestone = milestone }, commands, grains);

    private static Task<DoneOrNot> Report(string id, string milestone, ReportProgress body, [FromServices] Commands commands, [FromServices] Grains grains) =>
        Change(id, body with { Milestone = milestone }, commands, grains);

    private static Task<DoneOrNot> Submit(string id, string report, SubmitReport? body, [FromServices] Commands commands, [FromServices] Grains grains) =>
        Change(id, (body ?? new(null)) with { Report = report }, commands, grains);

    private static Task<DoneOrNot> Approve(string id, string report, [FromServices] Commands commands, [FromServices] Grains grains) =>
        Change(id, new ApproveReport(report), commands, grains);

    private static Task<DoneOrNot> Return(string id, string report, ReturnReport body, [FromServices] Commands commands, [FromServices] Grains grains) =>
        Change(id, body with { Report = report }, commands, grains);

    private static Task<DoneOrNot> Change(string id, PlanCommand command, Commands commands, Grains grains) =>
        commands.Change(new Subject("plan", id), header => grains.Of<IPlanGrain>(id).Execute(header, command));
}
