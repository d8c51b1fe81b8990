using System.Runtime.CompilerServices;
using Coordination.Domain.Plans;

namespace Coordination.Host.Views;

/// <summary>
/// A plan's milestones in the order in which they are due, kept for as long as the plan stays as it is. A list over all plans then looks at a row of
/// numbers for each milestone, and at those that are late not even that: they stand at the beginning.
/// </summary>
internal static class MilestonesByDue
{
    private static readonly ConditionalWeakTable<PlanItem, Row[]> Kept = [];

    /// <summary>By due day, then id.</summary>
    public static Row[] Of(PlanItem plan) => Kept.GetValue(plan, Sorted);

    private static Row[] Sorted(PlanItem plan)
    {
        var rows = new Row[plan.State.Milestones.Count];
        var at = 0;
        foreach (var milestone in plan.State.Milestones.Values) rows[at++] = new(milestone, plan.State.Measures[milestone.Measure], PlanPages.DayOf(milestone.Due));
        Array.Sort(rows, (one, other) => one.Day.CompareTo(other.Day) is not 0 and var order ? order : string.CompareOrdinal(one.Milestone.Id, other.Milestone.Id));
        return rows;
    }

    /// <param name="Day">The last day on which it is not late; the last of all days for what is never late.</param>
    internal readonly record struct Row(Milestone Milestone, Measure Measure, DateOnly Day);
}
