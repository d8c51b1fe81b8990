using System.Globalization;
using Coordination.Contracts.Plans;
using Coordination.Domain.Plans;

namespace Coordination.Host.Views;

/// <summary>
/// The reports on a milestone, to someone, newest first: those that are open, each where its last fact stands, and those that took effect. Which are open
/// is in memory; what took effect is read from the milestone's topic, and all texts from the journal.
/// </summary>
public sealed class ReportPages(World world, PlanPages plans, Histories histories)
{
    /// <summary>A page of them. What was there when the first page was read is shown once, also when it takes effect while others are read.</summary>
    /// <exception cref="UnreadableCursorException">The cursor is none.</exception>
    public async Task<Page<ReportView>> Of(PlanItem item, string milestone, Actor actor, Paging paging, CancellationToken cancellation = default)
    {
        var (plan, topic, limit) = (item.State, Topics.OfMilestone(item.State.Id, milestone), Math.Clamp(paging.Limit, 1, Paged.Most));
        var open = plans.Open(item, actor)[milestone].ToDictionary(report => report.Report.Id, StringComparer.Ordinal);
        var cursor = Cursor.Of(paging.After) ?? new(plan.Version, long.MaxValue, [.. open.Keys]);
        var settled = cursor.Waiting.Where(id => !open.ContainsKey(id)).ToHashSet(StringComparer.Ordinal);
        // A draft is for its own body; nothing that took effect is for fewer than see the plan.
        var moved = await histories.Before<ReportFact>(topic, plan.Version + 1, settled.Count, NoDraft, fact => TookEffect(fact) && settled.Contains(fact.Report.Id), cursor.UpTo, cancellation);
        var effective = await histories.Before<ReportFact>(topic, Math.Min(cursor.UpTo + 1, cursor.Before), limit + 1, NoDraft, TookEffect, cancellation: cancellation);
        List<Row> rows =
        [
            // What has moved up since comes first: it is on no page that was read.
            .. moved.Select(static one => Row.Of(one, hasMoved: true)),
            .. cursor.Waiting.Where(open.ContainsKey).Select(id => Row.Of(open[id], cursor.Before)).Concat(effective.Select(static one => Row.Of(one))).OrderByDescending(static row => row.Place),
        ];
        var page = rows.Take(limit).ToList();
        var earlier = await histories.At([.. page.SelectMany(static row => row.RefersTo).Distinct()], cancellation);
        return new([.. page.Select(row => View(row, item, actor, earlier))], rows.Count > limit ? cursor.After(page).ToString() : null);
    }

    private static bool NoDraft(Audience audience) => audience.Mark is not Mark.Named;

    private static bool TookEffect(ReportFact fact) => fact is ReportApproved or MilestoneReported;

    private ReportView View(Row row, PlanItem item, Actor actor, IReadOnlyDictionary<long, Fact> earlier)
    {
        var report = FactReader.With(row.Report, earlier);
        var (at, state, because, verbs) = row.Open is { } open
            ? (item.OpenedAt.GetValueOrDefault(report.Id), open.State, (earlier.GetValueOrDefault(open.Version) as ReportReturned)?.Reason,
                PlanRules.VerbsOfReport.Allowed((item.State, open), new(actor, world.Now, world)))
            : (row.At, ReportState.Approved, null, []);
        return new(
            report.Id, report.Milestone, report.Body, report.Account, world.PersonOf(report.Account), at, state, report.Status, report.Progress, report.Note, report.Evidence ?? [], because,
            verbs, row.Version);
    }

    /// <param name="Place">What the page is ordered by, falling.</param>
    /// <param name="At">When it took effect.</param>
    /// <param name="Open">Null for one that took effect.</param>
    private sealed record Row(Report Report, long Place, long Version, DateTimeOffset At, OpenReport? Open)
    {
        public static Row Of(Happening<ReportFact> one, bool hasMoved = false) => new(one.Fact.Report, hasMoved ? long.MaxValue : one.Entry.Position, one.Entry.Position, one.Entry.At, null);

        public static Row Of(OpenReport open, long before) => new(open.Report, open.Version < before ? open.Version : long.MaxValue, open.Version, default, open);

        /// <summary>Where its texts stand, and why it was returned.</summary>
        public IEnumerable<long> RefersTo =>
            new[] { Report.NoteAt, Report.EvidenceAt, Open?.State is ReportState.Returned ? Open.Version : null }.OfType<long>();
    }

    /// <param name="UpTo">The plan's version when the first page was read.</param>
    /// <param name="Before">Position of the last report that was shown.</param>
    /// <param name="Waiting">Ids of those that were open then and are not shown yet.</param>
    private sealed record Cursor(long UpTo, long Before, string[] Waiting)
    {
        /// <summary>More ids do not fit into the line of a request, so no cursor that was given out has them.</summary>
        private const int MostWaiting = 1_000;

        public static Cursor? Of(string? given)
        {
            if (Paged.Decode(given) is not { } text) return null;
            return text.Split('|') is [var upTo, var before, var waiting] && Number(upTo) is { } version && Number(before) is { } position
                && waiting.Split(',', StringSplitOptions.RemoveEmptyEntries) is { Length: <= MostWaiting } ids
                ? new(version, position, ids)
                : throw new UnreadableCursorException();
        }

        public Cursor After(List<Row> page) => this with
        {
            Before = page.Where(static row => row.Place < long.MaxValue).Select(static row => row.Place).DefaultIfEmpty(Before).Min(),
            Waiting = [.. Waiting.Except(page.Select(static row => row.Report.Id))],
        };

        public override string ToString() => Paged.Encode(string.Create(CultureInfo.InvariantCulture, $"{UpTo}|{Before}|{string.Join(',', Waiting)}"));

        private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
