using Coordination.Domain.Plans;

namespace Coordination.Host.Views;

/// <summary>
/// The parts that a plan is stored as: its head under the plan's id, each measure under <c>plan/s/measure</c>, each milestone under <c>plan/m/milestone</c>.
/// A report on a milestone stores that milestone and nothing else, however large the plan is.
/// </summary>
internal sealed record PlanParts(PlanParts.Head OfPlan, PlanParts.OneMeasure OfMeasure, PlanParts.OneMilestone OfMilestone)
{
    private const string MeasureKind = "/s/";
    private const string MilestoneKind = "/m/";

    /// <param name="State">Without parts, and with the version of the head in place of the whole plan's.</param>
    public sealed record Head(PlanState State, PlanDrafted Drafted, DateTimeOffset DraftedAt);

    /// <param name="Place">In the plan's order, from 0.</param>
    public sealed record OneMeasure(int Place, Measure Measure, MeasureAdded Added);

    /// <param name="Open">The reports on it that have not taken effect, in the order of their ids.</param>
    public sealed record OneMilestone(Milestone Milestone, string Title, string? Code, LastReport? Reported, ImmutableArray<OneReport> Open);

    /// <param name="At">When it was drafted or handed in last.</param>
    public sealed record OneReport(OpenReport Report, DateTimeOffset At);

    /// <summary>The plan that a part belongs to.</summary>
    public static string PlanOf(string part) => part.IndexOf('/', StringComparison.Ordinal) is > 0 and var end ? part[..end] : part;

    public static IEnumerable<string> Of(string id, PlanItem item) =>
        item.State.Measures.Keys.Select(measure => id + MeasureKind + measure).Concat(item.State.Milestones.Keys.Select(milestone => id + MilestoneKind + milestone)).Prepend(id);

    public static IEnumerable<string> Changed(string id, PlanItem? before, PlanItem item, Fact fact)
    {
        if (before is null || before.State.HeadVersion != item.State.HeadVersion) yield return id;
        if (fact is not PlanFact one) yield break;
        var (measure, milestone, _) = one.About();
        if (measure is not null && item.State.Measures.ContainsKey(measure)) yield return id + MeasureKind + measure;
        if (milestone is not null && item.State.Milestones.ContainsKey(milestone)) yield return id + MilestoneKind + milestone;
    }

    public static object Take(string part, PlanItem item)
    {
        var (plan, id) = (item.State, PlanOf(part));
        if (part.Length == id.Length)
        {
            return new Head(
                plan with
                {
                    Measures = ImmutableDictionary<string, Measure>.Empty,
                    Milestones = ImmutableDictionary<string, Milestone>.Empty,
                    Reports = ImmutableDictionary<string, OpenReport>.Empty,
                    Version = plan.HeadVersion,
                },
                item.Drafted, item.DraftedAt);
        }

        var name = part[(id.Length + MeasureKind.Length)..];
        if (part.AsSpan(id.Length, MeasureKind.Length).SequenceEqual(MeasureKind))
        {
            var place = Enumerable.Range(0, item.Measures.Length).First(place => item.Measures[place].Id == name);
            return new OneMeasure(place, plan.Measures[name], item.Measures[place]);
        }

        return new OneMilestone(
            plan.Milestones[name], item.MilestoneTitles[name], item.MilestoneCodes.GetValueOrDefault(name),
            item.Reported.TryGetValue(name, out var reported) ? reported : null,
            plan.Reports.IsEmpty ? [] : [.. plan.Reports.Values.Where(open => open.Report.Milestone == name).OrderBy(open => open.Report.Id, StringComparer.Ordinal)
                .Select(open => new OneReport(open, item.OpenedAt[open.Report.Id]))]);
    }

    /// <exception cref="InvalidDataException">A part is missing without which others say nothing.</exception>
    public static PlanItem Join(string id, IReadOnlyList<ViewItem> parts)
    {
        Head? head = null;
        List<OneMeasure> measures = [];
        List<OneMilestone> milestones = [];
        foreach (var part in parts)
        {
            if (part.Id.Length == id.Length) head = ViewJson.Read<Head>(part.Data);
            else if (part.Id.AsSpan(id.Length).StartsWith(MeasureKind)) measures.Add(ViewJson.Read<OneMeasure>(part.Data));
            else if (part.Id.AsSpan(id.Length).StartsWith(MilestoneKind)) milestones.Add(ViewJson.Read<OneMilestone>(part.Data));
            else throw new InvalidDataException($"'{part.Id}' is no part of a plan.");
        }

        if (head is null) throw new InvalidDataException($"Of the plan '{id}' there are parts and no head.");
        var byId = measures.ToImmutableDictionary(one => one.Measure.Id, one => one.Measure);
        var state = head.State with
        {
            Measures = byId,
            Milestones = milestones.ToImmutableDictionary(one => one.Milestone.Id, one => Small(one.Milestone, byId)),
            Reports = milestones.SelectMany(one => one.Open).ToImmutableDictionary(open => open.Report.Report.Id, open => open.Report),
            Version = milestones.Aggregate(head.State.HeadVersion, static (version, one) => Math.Max(version, one.Milestone.Version)),
        };
        return new(
            state, head.Drafted, head.DraftedAt, [.. measures.OrderBy(one => one.Place).Select(one => one.Added)],
            milestones.ToImmutableDictionary(one => state.Milestones[one.Milestone.Id].Id, one => one.Title),
            milestones.Where(one => one.Code is not null).ToImmutableDictionary(one => state.Milestones[one.Milestone.Id].Id, one => one.Code!),
            milestones.Where(one => one.Reported is not null).ToImmutableDictionary(
                one => state.Milestones[one.Milestone.Id].Id, one => one.Reported!.Value with { Body = state.Shared(one.Reported.Value.Body, one.Milestone) }),
            milestones.SelectMany(one => one.Open).ToImmutableDictionary(open => open.Report.Report.Id, open => open.At));
    }

    /// <summary>With one text and one date where they are the same.</summary>
    private static Milestone Small(Milestone milestone, ImmutableDictionary<string, Measure> measures) => measures.TryGetValue(milestone.Measure, out var measure)
        ? milestone with { Measure = measure.Id, Baseline = milestone.Baseline == milestone.Due ? milestone.Due : milestone.Baseline }
        : throw new InvalidDataException($"Of the milestone '{milestone.Id}' the measure is missing.");
}
