using Coordination.Contracts.Bodies;
using Coordination.Contracts.Plans;
using Coordination.Domain.Plans;
using Orleans.Concurrency;

namespace Coordination.Host.Views;

/// <summary>What lists and pages say of plans, to someone.</summary>
public sealed class PlanPages(World world)
{
    public PlanView Brief(PlanItem item, Actor actor) => Fill(new PlanView
    {
        Id = item.State.Id,
        Body = item.State.Body,
        BodyName = world.NameOf(item.State.Body),
        Title = item.Title,
        Status = item.State.Status,
        Mark = item.State.Mark,
        Exercise = item.State.Exercise,
        Version = item.State.Version,
        Milestones = Count(item.State.Milestones.Values, Today(item)),
        ReportsToApprove = ToApprove(item, actor),
    }, item);

    public PlanDetail Detail(PlanItem item, Actor actor)
    {
        var today = Today(item);
        var milestones = item.State.Milestones.Values.ToLookup(milestone => milestone.Measure);
        return (PlanDetail)Fill(new PlanDetail
        {
            Id = item.State.Id,
            Body = item.State.Body,
            BodyName = world.NameOf(item.State.Body),
            Title = item.Title,
            Status = item.State.Status,
            Mark = item.State.Mark,
            Exercise = item.State.Exercise,
            Version = item.State.Version,
            Milestones = Count(item.State.Milestones.Values, today),
            ReportsToApprove = ToApprove(item, actor),
            Measures = [.. item.Measures.Select(measure => new MeasureView(
                measure.Id, measure.Pillar, measure.Title, LeadOf(item, measure), LeadOf(item, measure) is { } lead ? world.NameOf(lead) : null,
                [.. item.State.Measures[measure.Id].Supporting], measure.ReportedStatus, measure.Source,
                [.. milestones[measure.Id].OrderBy(milestone => DayOf(milestone.Due)).ThenBy(milestone => milestone.Id, StringComparer.Ordinal)
                    .Select(milestone => Milestone(item, milestone, actor, today, all: true))], measure.Code))],
            Verbs = PlanRules.Verbs.Allowed(item.State, new(actor, world.Now, world)),
            TimeZone = (world.Body(item.State.Body)?.TimeZone ?? TimeZoneInfo.Utc).Id,
            Today = today,
        }, item);
    }

    public MilestoneView Milestone(PlanItem item, Milestone milestone, Actor actor, DateOnly today, bool all)
    {
        var plan = item.State;
        var measure = plan.Measures[milestone.Measure];
        return new()
        {
            Id = milestone.Id,
            Plan = plan.Id,
            PlanTitle = item.Title,
            Measure = milestone.Measure,
            Body = plan.Body,
            BodyName = world.NameOf(plan.Body),
            State = plan.State,
            Region = world.Body(plan.Body)?.Region,
            Pillar = measure.Pillar,
            Lead = measure.Lead,
            Title = item.MilestoneTitles.GetValueOrDefault(milestone.Id, ""),
            Code = item.MilestoneCodes.GetValueOrDefault(milestone.Id),
            Due = DayOf(milestone.Due),
            Baseline = DayOf(milestone.Baseline),
            Status = milestone.Status,
            Progress = milestone.Progress,
            Late = milestone.IsLate(today),
            AtRisk = milestone.IsAtRisk(today),
            Exercise = plan.Exercise,
            Reports = Reports(item, milestone.Id, actor, all),
            Verbs = PlanRules.VerbsOfMilestone.Allowed((plan, milestone), new(actor, world.Now, world)),
            PlanVersion = item.State.Version,
        };
    }

    /// <summary>Plans of a body that <paramref name="actor"/> may see, and their milestones.</summary>
    public (int Plans, MilestoneCounts Milestones) CountsOf(string body, Actor actor)
    {
        var seen = world.PlansOf(body).Where(plan => world.MaySee(plan, actor)).ToList();
        if (seen.Count == 0) return (0, new(0, 0, 0, 0, 0, 0, 0));
        return (seen.Count, Count(seen.SelectMany(plan => plan.State.Milestones.Values), Today(seen[0])));
    }

    public DateOnly Today(PlanItem item) =>
        world.Body(item.State.Body) is { } body ? body.Today(world.Now) : DateOnly.FromDateTime(world.Now.UtcDateTime);

    /// <summary>The last day of what something is due within. No command makes a date without one yet; it would stand behind all others.</summary>
    internal static DateOnly DayOf(Due due) => due.LastDay ?? DateOnly.MaxValue;

    private static string? LeadOf(PlanItem item, MeasureAdded measure) => item.State.Measures[measure.Id].Lead;

    private PlanView Fill(PlanView view, PlanItem item) => view with
    {
        State = item.State.State,
        Region = world.Body(item.State.Body)?.Region,
        Iteration = item.Drafted.Iteration?.ToContract(),
        Code = item.Drafted.Code,
        Period = item.Drafted.Period,
        Source = item.Drafted.Source,
        Note = item.Drafted.Note,
    };

    private ReportView[] Reports(PlanItem item, string milestone, Actor actor, bool all)
    {
        var open = item.State.Reports.Values
            .Where(report => report.Report.Milestone == milestone && MaySee(item.State, report, actor))
            .Select(report => View(item.Whole(report.Report), item.OpenedAt.GetValueOrDefault(report.Report.Id), report.State,
                item.ReturnedBecause.GetValueOrDefault(report.Report.Id), PlanRules.VerbsOfReport.Allowed((item.State, report), new(actor, world.Now, world)), report.Version));
        var effective = item.Reports.GetValueOrDefault(milestone, [])
            .Select(report => View(report.Report, report.At, ReportState.Approved, null, [], report.Version));
        var reports = open.Concat(effective).OrderByDescending(report => report.At);
        return all ? [.. reports] : [.. reports.Take(1)];
    }

    /// <summary>The same audience as the report's entry in the journal has.</summary>
    private bool MaySee(PlanState plan, OpenReport open, Actor actor) =>
        (open.State is ReportState.Draft ? (PlanFact)new ReportDrafted(open.Report) : new ReportSubmitted(open.Report)).AudienceIn(plan).Admits(actor, world);

    /// <summary>Milestones on which reports wait for the plan's coordinator, as far as <paramref name="actor"/> may see them.</summary>
    internal HashSet<string> SubmittedIn(PlanItem item, Actor actor) => item.State.Reports.Values
        .Where(report => report.State is ReportState.Submitted && MaySee(item.State, report, actor)).Select(report => report.Report.Milestone).ToHashSet(StringComparer.Ordinal);

    /// <summary>How many of its milestones are late today.</summary>
    internal int LateIn(PlanItem item)
    {
        var today = Today(item);
        var late = 0;
        foreach (var (milestone, _, day) in MilestonesByDue.Of(item))
        {
            if (day >= today) break;
            if (milestone.IsOpen) late++;
        }

        return late;
    }

    private int ToApprove(PlanItem item, Actor actor) =>
        item.State.Reports.Values.Count(report => report.State is ReportState.Submitted && MaySee(item.State, report, actor));

    private ReportView View(Report report, DateTimeOffset at, ReportState state, string? because, string[] verbs, long version) =>
        new(report.Id, report.Milestone, report.Body, report.Account, world.PersonOf(report.Account), at, state, report.Status, report.Progress, report.Note, report.Evidence ?? [], because, verbs, version);

    private static MilestoneCounts Count(IEnumerable<Milestone> milestones, DateOnly today) => Count(milestones.Select(milestone => (milestone, today)));

    /// <param name="milestones">Each with the day that it is where its plan's body is.</param>
    internal static MilestoneCounts Count(IEnumerable<(Milestone Milestone, DateOnly Today)> milestones)
    {
        int total = 0, done = 0, inProgress = 0, planned = 0, atRisk = 0, late = 0, cancelled = 0;
        foreach (var (milestone, today) in milestones)
        {
            total++;
            if (milestone.Status is MilestoneStatus.Done) done++;
            else if (milestone.Status is MilestoneStatus.Cancelled) cancelled++;
            else if (milestone.IsLate(today)) late++;
            else if (milestone.IsAtRisk(today)) atRisk++;
            else if (milestone.Status is MilestoneStatus.InProgress) inProgress++;
            else planned++;
        }

        return new(total, done, inProgress, planned, atRisk, late, cancelled);
    }
}

[StatelessWorker, Reentrant]
public sealed class PlanViewsGrain(World world, PlanPages pages, PlanLists lists, ReadYourWrites reads) : Grain, IPlanViewsGrain
{
    public async Task<Page<PlanView>> List(Asker asker, PlanFilter filter, Paging paging)
    {
        await reads.For(asker);
        return lists.Plans(world.Who(asker), filter, paging);
    }

    public async Task<PlanDetail?> Get(Asker asker, string id)
    {
        await reads.For(asker);
        var actor = world.Who(asker);
        return world.Plan(id) is { } plan && world.MaySee(plan, actor) ? pages.Detail(plan, actor) : null;
    }

    public async Task<Page<MilestoneView>> Milestones(Asker asker, MilestoneFilter filter, Paging paging)
    {
        await reads.For(asker);
        return lists.Milestones(world.Who(asker), filter, paging);
    }
}
