using System.Globalization;
using System.Runtime.CompilerServices;
using Coordination.Contracts.Bodies;
using Coordination.Contracts.Feed;
using Coordination.Contracts.Plans;
using Coordination.Domain.Plans;
using Orleans.Concurrency;

namespace Coordination.Host.Views;

/// <summary>What lists and pages say of plans, to someone.</summary>
public sealed class PlanPages(World world)
{
    /// <summary>The one order of measures; it has no name that anybody could ask for.</summary>
    private enum Kept { Place }

    private static readonly Order<(MeasureAdded Measure, int Place), Kept> InPlan = new("measures", "place", one => (one.Measure.Id, ""), (Kept.Place, one => one.Place, null));

    public PlanView Brief(PlanItem item, Actor actor) => Fill(new PlanView
    {
        Id = item.State.Id,
        Body = item.State.Body,
        BodyName = world.NameOf(item.State.Body),
        Title = item.Title,
        Status = item.State.Status,
        Mark = item.State.Mark,
        Exercise = item.State.Exercise,
        Version = item.State.HeadVersion,
        Milestones = Count(item.State.Milestones.Values, Today(item)),
        ReportsToApprove = ToApprove(item, actor),
    }, item);

    /// <summary>The plan without its parts.</summary>
    public PlanHead Head(PlanItem item, Actor actor)
    {
        var (plan, today, open) = (item.State, Today(item), Open(item, actor));
        DateOnly? first = null, last = null;
        var pillars = new Dictionary<Pillar, (int Measures, Counting Milestones, int ToApprove)>();
        foreach (var (_, measure) in plan.Measures)
        {
            var (measures, milestones, waiting) = pillars.GetValueOrDefault(measure.Pillar, (0, new(), 0));
            pillars[measure.Pillar] = (measures + 1, milestones, waiting);
        }

        foreach (var (id, milestone) in plan.Milestones)
        {
            var (measures, milestones, waiting) = pillars[plan.Measures[milestone.Measure].Pillar];
            milestones.Add(milestone, today);
            pillars[plan.Measures[milestone.Measure].Pillar] = (measures, milestones, waiting + ToApprove(open[id]));
            foreach (var due in (ReadOnlySpan<Due>)[milestone.Due, milestone.Baseline])
            {
                if (due.LastDay is not { } day) continue;
                if (first is null || day < first) first = day;
                if (last is null || day > last) last = day;
            }
        }

        return (PlanHead)Fill(new PlanHead
        {
            Id = plan.Id,
            Body = plan.Body,
            BodyName = world.NameOf(plan.Body),
            Title = item.Title,
            Status = plan.Status,
            Mark = plan.Mark,
            Exercise = plan.Exercise,
            Version = plan.HeadVersion,
            Milestones = Count(plan.Milestones.Values, today),
            ReportsToApprove = ToApprove(item, actor),
            Changed = plan.Version,
            Measures = plan.Measures.Count,
            Pillars = [.. pillars.OrderBy(pillar => pillar.Key).Select(pillar => new PillarCounts(pillar.Key, pillar.Value.Measures, pillar.Value.Milestones.Result(), pillar.Value.ToApprove))],
            Verbs = PlanRules.Verbs.Allowed(plan, new(actor, world.Now, world)),
            TimeZone = (world.Body(plan.Body)?.TimeZone ?? TimeZoneInfo.Utc).Id,
            Today = today,
            Span = first is null ? null : new(first, last),
        }, item);
    }

    /// <summary>A page of its measures, of all or of those of one pillar, in the plan's order.</summary>
    public Page<MeasureView> Measures(PlanItem item, Actor actor, Pillar? pillar, Paging paging)
    {
        var (plan, today, open) = (item.State, Today(item), Open(item, actor));
        var milestones = ByMeasure(plan);
        // What may be done with one measure may be done with each.
        string[] verbs = PlanRules.MayAddMilestones(plan, new(actor, world.Now, world)) ? ["add-milestone"] : [];
        var found = item.Measures.Select((measure, place) => (Measure: measure, Place: place)).Where(one => pillar is null || one.Measure.Pillar == pillar);
        return Paged.By(found, InPlan, new { plan.Id, pillar }, paging with { Query = null, Sort = null }, one =>
        {
            var (measure, state, own) = (one.Measure, plan.Measures[one.Measure.Id], milestones[one.Measure.Id]);
            return new MeasureView(
                measure.Id, measure.Pillar, measure.Title, state.Lead, state.Lead is { } lead ? world.NameOf(lead) : null, [.. state.Supporting], measure.ReportedStatus, measure.Source,
                Count(own, today), open.Count == 0 ? 0 : own.Sum(milestone => ToApprove(open[milestone.Id])), verbs, state.Version, measure.Code);
        });
    }

    /// <param name="open">The reports on it that are open, as far as the asker may see them (<see cref="Open"/>).</param>
    public MilestoneView Milestone(PlanItem item, Milestone milestone, Actor actor, DateOnly today, IEnumerable<OpenReport> open)
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
            ReportsToApprove = ToApprove(open),
            Verbs = PlanRules.VerbsOfMilestone.Allowed((plan, milestone), new(actor, world.Now, world)),
            Version = VersionOf(milestone, open),
            Reported = ReportedOf(item, milestone.Id),
            MeasureTitle = item.TitleOf(milestone.Measure) ?? "",
        };
    }

    /// <summary>How a milestone stands, for all who may see an entry about it.</summary>
    /// <param name="waiting">Whether they are those who may see the reports on it that wait.</param>
    public static MilestoneNow? Now(World world, PlanItem item, string id, bool waiting)
    {
        if (!item.State.Milestones.TryGetValue(id, out var milestone)) return null;
        var today = TodayOf(world, item);
        int? toApprove = waiting ? item.State.Reports.Values.Count(open => open.Report.Milestone == id && open.State is ReportState.Submitted) : null;
        return new(
            id, milestone.Measure, milestone.Status, milestone.Progress, DayOf(milestone.Due), milestone.IsLate(today), milestone.IsAtRisk(today),
            item.State.VersionFor(milestone, waiting), item.Reported.TryGetValue(id, out var last) ? new(last.At, last.Body, world.NameOf(last.Body)) : null,
            Count(ByMeasure(item.State)[milestone.Measure], today), toApprove);
    }

    /// <summary>
    /// The open reports of a plan that somebody may see, by milestone. The same audience as the reports' entries in the journal have: a draft is for its own
    /// body, the others for who takes part.
    /// </summary>
    public ILookup<string, OpenReport> Open(PlanItem item, Actor actor)
    {
        var plan = item.State;
        if (plan.Reports.IsEmpty) return NoReports;
        // Of one plan, all that wait are for the same eyes.
        var isInvolved = plan.Involved.Admits(actor, world);
        return plan.Reports.Values.Where(open => open.State is ReportState.Draft ? MaySee(plan, open, actor) : isInvolved).ToLookup(open => open.Report.Milestone, StringComparer.Ordinal);
    }

    /// <summary>Plans of a body that <paramref name="actor"/> may see, and their milestones.</summary>
    public (int Plans, MilestoneCounts Milestones) CountsOf(string body, Actor actor)
    {
        var seen = world.PlansOf(body).Where(plan => world.MaySee(plan, actor)).ToList();
        if (seen.Count == 0) return (0, new(0, 0, 0, 0, 0, 0, 0));
        return (seen.Count, Count(seen.SelectMany(plan => plan.State.Milestones.Values), Today(seen[0])));
    }

    public DateOnly Today(PlanItem item) => TodayOf(world, item);

    private static DateOnly TodayOf(World world, PlanItem item) =>
        world.Body(item.State.Body) is { } body ? body.Today(world.Now) : DateOnly.FromDateTime(world.Now.UtcDateTime);

    /// <summary>The last day of what something is due within. No command makes a date without one yet; it would stand behind all others.</summary>
    internal static DateOnly DayOf(Due due) => due.LastDay ?? DateOnly.MaxValue;

    /// <summary>The milestones of a plan as it is, by measure: made once, however many pages and entries tell of it until it changes.</summary>
    private static ILookup<string, Milestone> ByMeasure(PlanState plan) =>
        Lookups.GetValue(plan.Milestones, milestones => milestones.Values.ToLookup(milestone => milestone.Measure, StringComparer.Ordinal));

    private static readonly ConditionalWeakTable<ImmutableDictionary<string, Milestone>, ILookup<string, Milestone>> Lookups = [];

    private static readonly ILookup<string, OpenReport> NoReports = Array.Empty<OpenReport>().ToLookup(open => open.Report.Milestone, StringComparer.Ordinal);

    internal static int ToApprove(IEnumerable<OpenReport> open) => open.Count(report => report.State is ReportState.Submitted);

    /// <summary>As <see cref="PlanState.VersionFor"/>, from the reports that the asker may see.</summary>
    private static long VersionOf(Milestone milestone, IEnumerable<OpenReport> open) =>
        open.Where(report => report.State is not ReportState.Draft).Aggregate(milestone.Version, (version, report) => Math.Max(version, report.Version));

    private Reported? ReportedOf(PlanItem item, string milestone) =>
        item.Reported.TryGetValue(milestone, out var last) ? new(last.At, last.Body, world.NameOf(last.Body)) : null;

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

    /// <summary>The same audience as the report's entry in the journal has.</summary>
    private bool MaySee(PlanState plan, OpenReport open, Actor actor) =>
        (open.State is ReportState.Draft ? (PlanFact)new ReportDrafted(open.Report) : new ReportSubmitted(open.Report)).AudienceIn(plan).Admits(actor, world);

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

    private int ToApprove(PlanItem item, Actor actor) => item.State.Reports.IsEmpty || !item.State.Involved.Admits(actor, world) ? 0
        : item.State.Reports.Values.Count(report => report.State is ReportState.Submitted);

    private static MilestoneCounts Count(IEnumerable<Milestone> milestones, DateOnly today) => Count(milestones.Select(milestone => (milestone, today)));

    /// <param name="milestones">Each with the day that it is where its plan's body is.</param>
    internal static MilestoneCounts Count(IEnumerable<(Milestone Milestone, DateOnly Today)> milestones)
    {
        var counting = new Counting();
        foreach (var (milestone, today) in milestones) counting.Add(milestone, today);
        return counting.Result();
    }

    private sealed class Counting
    {
        private int _done, _inProgress, _planned, _atRisk, _late, _cancelled;

        public void Add(Milestone milestone, DateOnly today)
        {
            if (milestone.Status is MilestoneStatus.Done) _done++;
            else if (milestone.Status is MilestoneStatus.Cancelled) _cancelled++;
            else if (milestone.IsLate(today)) _late++;
            else if (milestone.IsAtRisk(today)) _atRisk++;
            else if (milestone.Status is MilestoneStatus.InProgress) _inProgress++;
            else _planned++;
        }

        public MilestoneCounts Result() =>
            new(_done + _inProgress + _planned + _atRisk + _late + _cancelled, _done, _inProgress, _planned, _atRisk, _late, _cancelled);
    }
}

[StatelessWorker, Reentrant]
public sealed class PlanViewsGrain(World world, PlanPages pages, PlanLists lists, ReportPages reports, ReadYourWrites reads) : Grain, IPlanViewsGrain
{
    public async Task<Page<PlanView>> List(Asker asker, PlanFilter filter, Paging paging)
    {
        await reads.For(asker);
        return lists.Plans(world.Who(asker), filter, paging);
    }

    public async Task<PlanHead?> Get(Asker asker, string id)
    {
        var (plan, actor) = await Find(asker, id);
        return plan is null ? null : pages.Head(plan, actor);
    }

    public async Task<Page<MeasureView>?> Measures(Asker asker, string id, Pillar? pillar, Paging paging)
    {
        var (plan, actor) = await Find(asker, id);
        return plan is null ? null : pages.Measures(plan, actor, pillar, paging);
    }

    public async Task<MilestoneView?> Milestone(Asker asker, string id, string milestone)
    {
        var (plan, actor) = await Find(asker, id);
        return plan?.State.Milestones.GetValueOrDefault(milestone) is { } found ? pages.Milestone(plan, found, actor, pages.Today(plan), pages.Open(plan, actor)[milestone]) : null;
    }

    public async Task<Page<ReportView>?> Reports(Asker asker, string id, string milestone, Paging paging)
    {
        var (plan, actor) = await Find(asker, id);
        if (plan?.State.Milestones.ContainsKey(milestone) != true) return null;
        // The feed is the last to learn what the plan knows already.
        await reads.Reach(plan.State.Version);
        return await Histories.Briefly(cancellation => reports.Of(plan, milestone, actor, paging, cancellation));
    }

    public async Task<Page<MilestoneView>> Milestones(Asker asker, MilestoneFilter filter, Paging paging)
    {
        await reads.For(asker);
        return lists.Milestones(world.Who(asker), filter, paging);
    }

    /// <summary>The plan, when there is one that the asker may see, and who asks.</summary>
    private async Task<(PlanItem? Plan, Actor Actor)> Find(Asker asker, string id)
    {
        await reads.For(asker);
        var actor = world.Who(asker);
        return (world.Plan(id) is { } plan && world.MaySee(plan, actor) ? plan : null, actor);
    }
}
