using Coordination.Contracts.Plans;
using Coordination.Domain.Plans;
using Coordination.Host.Search;

namespace Coordination.Host.Views;

/// <summary>Plans and milestones in lists: filtered, searched, sorted, counted and cut into pages, for someone.</summary>
public sealed class PlanLists
{
    private readonly World _world;
    private readonly PlanPages _pages;
    private readonly Order<PlanItem, PlanSort> _plans;
    private readonly Order<MilestoneInList, MilestoneSort> _milestones;

    public PlanLists(World world, PlanPages pages)
    {
        (_world, _pages) = (world, pages);
        _plans = new(
            "plans", "title", plan => (plan.State.Id, ""),
            (PlanSort.Title, null, plan => plan.Title),
            (PlanSort.Body, null, plan => world.NameOf(plan.State.Body)),
            (PlanSort.Status, plan => (int)plan.State.Status, plan => plan.Title),
            (PlanSort.Late, plan => pages.LateIn(plan), plan => plan.Title));
        _milestones = new(
            "milestones", "due", one => (one.Plan.State.Id, one.Milestone.Id),
            (MilestoneSort.Due, one => one.Day.DayNumber, null),
            (MilestoneSort.Title, null, one => one.Plan.MilestoneTitles.GetValueOrDefault(one.Milestone.Id, "")),
            (MilestoneSort.Body, null, one => world.NameOf(one.Plan.State.Body)),
            (MilestoneSort.Status, one => (int)one.Milestone.Status, null));
    }

    public Page<PlanView> Plans(Actor actor, PlanFilter filter, Paging paging)
    {
        var words = Finding.Of(_world, paging);
        var plans = (filter.Body is null ? _world.Plans : _world.PlansOf(filter.Body))
            .Where(plan => (filter.State is null || plan.State.State == filter.State)
                && (filter.Status is null || plan.State.Status == filter.Status)
                && (filter.Exercise is null || plan.State.Exercise == filter.Exercise)
                && (filter.Region is null || _world.Body(plan.State.Body)?.IsIn(filter.Region) == true)
                && words.Find(plan)
                && _world.MaySee(plan, actor));
        return Paged.By(plans, _plans, filter, paging, plan => _pages.Brief(plan, actor));
    }

    public Page<MilestoneView> Milestones(Actor actor, MilestoneFilter filter, Paging paging)
    {
        // Many that are shown are of one plan.
        var open = new Dictionary<PlanItem, ILookup<string, OpenReport>>(ReferenceEqualityComparer.Instance);
        return Paged.By(
            Found(filter, Finding.Of(_world, paging), actor, OpenOf), _milestones, filter, paging,
            one => _pages.Milestone(one.Plan, one.Milestone, actor, one.Today, OpenOf(one.Plan)[one.Milestone.Id]));

        ILookup<string, OpenReport> OpenOf(PlanItem plan) => open.TryGetValue(plan, out var known) ? known : open[plan] = _pages.Open(plan, actor);
    }

    private IEnumerable<MilestoneInList> Found(MilestoneFilter filter, Finding words, Actor actor, Func<PlanItem, ILookup<string, OpenReport>> openOf)
    {
        var measures = filter.Measures is { Length: > 0 } named ? named.ToHashSet(StringComparer.Ordinal) : null;
        var plans = filter.Plan is { } id ? (_world.Plan(id) is { } one ? [one] : []) : filter.Body is { } body ? _world.PlansOf(body) : _world.Plans;
        foreach (var plan in plans)
        {
            if ((filter.Body is not null && plan.State.Body != filter.Body)
                || (filter.State is not null && plan.State.State != filter.State)
                || (filter.Region is not null && _world.Body(plan.State.Body)?.IsIn(filter.Region) != true)
                || !_world.MaySee(plan, actor)) continue;
            var today = _pages.Today(plan);
            var reports = filter.ToApprove is null ? null : openOf(plan);
            var isOfPlan = filter.Concerning is null || plan.State.Body == filter.Concerning;
            foreach (var (milestone, measure, day) in MilestonesByDue.Of(plan))
            {
                // All that follow are due later still.
                if ((filter.Overdue is true && day >= today) || (filter.DueBefore is { } before && day >= before)) break;
                if ((filter.Overdue is { } overdue && milestone.IsLate(today) != overdue)
                    || (filter.DueAfter is { } after && day <= after)
                    || (filter.Open is { } open && milestone.IsOpen != open)
                    || (filter.Status is { } status && milestone.Status != status)
                    || (filter.Pillar is { } pillar && measure.Pillar != pillar)
                    || (measures?.Contains(milestone.Measure) == false)
                    || (filter.Lead is not null && measure.Lead != filter.Lead)
                    || !(isOfPlan || measure.Lead == filter.Concerning)
                    || (filter.AtRisk is { } atRisk && milestone.IsAtRisk(today) != atRisk)
                    || (reports is not null && PlanPages.ToApprove(reports[milestone.Id]) > 0 != filter.ToApprove)
                    || !words.Find(plan, milestone.Id)) continue;
                yield return new(plan, milestone, day, today);
            }
        }
    }

    private readonly record struct MilestoneInList(PlanItem Plan, Milestone Milestone, DateOnly Day, DateOnly Today);
}
