using System.Globalization;
using Coordination.Contracts.Plans;
using Coordination.Domain.Plans;

namespace Coordination.Host.Views;

/// <summary>
/// The reports on a milestone, to someone: first those that are open, then those that took effect, each newest first. Which are open is in memory; what
/// took effect is read from the milestone's topic, and all texts from the journal.
/// </summary>
public sealed class ReportPages(World world, PlanPages plans, Histories histories)
{
    /// <summary>A page of them. What takes effect while pages are read is on none that comes later.</summary>
    /// <exception cref="UnreadableCursorException">The cursor is none.</exception>
    public async Task<Page<ReportView>> Of(PlanItem item, string milestone, Actor actor, Paging paging, CancellationToken cancellation = default)
    {
        var plan = item.State;
        var limit = Math.Clamp(paging.Limit, 1, Paged.Most);
        var cursor = Cursor.Of(paging.After) ?? new(plan.Version, "");
        List<(string Key, OpenReport Report)> open =
        [
            .. plans.Open(item, actor)[milestone].Select(report => (Key: KeyOf(report, item.OpenedAt.GetValueOrDefault(report.Report.Id)), report))
                .Where(row => string.CompareOrdinal(row.Key, cursor.Key) > 0).OrderBy(row => row.Key, StringComparer.Ordinal).Take(limit + 1),
        ];
        var before = Math.Min(cursor.UpTo + 1, cursor.Before ?? long.MaxValue);
        var effective = open.Count > limit ? [] : (await histories.Before<ReportFact>(
            // Nothing of what is in effect is for fewer than see the plan; a draft is only for its own body, and is none of these.
            Topics.OfMilestone(plan.Id, milestone), before, limit + 1 - open.Count, static audience => audience.Mark is not Mark.Named, static fact => fact is ReportApproved or MilestoneReported, cancellation));
        var earlier = await histories.At(
            [
                .. open.SelectMany(static row => Positions(row.Report)), .. effective.SelectMany(static one => one.Fact.RefersTo()),
            ],
            cancellation);
        var rows = open
            .Select(row => (row.Key, View: View(
                FactReader.With(row.Report.Report, earlier), item.OpenedAt.GetValueOrDefault(row.Report.Report.Id), row.Report.State,
                row.Report.State is ReportState.Returned ? (earlier.GetValueOrDefault(row.Report.Version) as ReportReturned)?.Reason : null,
                PlanRules.VerbsOfReport.Allowed((plan, row.Report), new(actor, world.Now, world)), row.Report.Version)))
            .Concat(effective.Select(one => (
                Key: KeyOf(one.Entry.Position), View: View(FactReader.With(one.Fact.Report, earlier), one.Entry.At, ReportState.Approved, null, [], one.Entry.Position))))
            .ToList();
        return new([.. rows.Take(limit).Select(static row => row.View)], rows.Count > limit ? (cursor with { Key = rows[limit - 1].Key }).ToString() : null);
    }

    /// <summary>Where the texts of an open report stand, and why it was returned.</summary>
    private static IEnumerable<long> Positions(OpenReport open) =>
        new[] { open.Report.NoteAt, open.Report.EvidenceAt, open.State is ReportState.Returned ? open.Version : null }.OfType<long>();

    // Keys rise, as pages are cut: the later, the smaller.
    private static string KeyOf(OpenReport report, DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"{Cursor.Open}{DateTimeOffset.MaxValue.UtcTicks - at.UtcTicks:D19}|{report.Report.Id}");

    private static string KeyOf(long position) => string.Create(CultureInfo.InvariantCulture, $"{Cursor.InEffect}{long.MaxValue - position:D19}");

    private ReportView View(Report report, DateTimeOffset at, ReportState state, string? because, string[] verbs, long version) =>
        new(report.Id, report.Milestone, report.Body, report.Account, world.PersonOf(report.Account), at, state, report.Status, report.Progress, report.Note, report.Evidence ?? [], because, verbs, version);

    /// <param name="UpTo">The plan's version when the first page was read.</param>
    /// <param name="Key">Of the last report that was shown.</param>
    private sealed record Cursor(long UpTo, string Key)
    {
        public const string Open = "0|";
        public const string InEffect = "1|";

        /// <summary>Position of the last report that was shown, when it has taken effect.</summary>
        public long? Before => Key.StartsWith(InEffect, StringComparison.Ordinal) ? long.MaxValue - Number(Key[InEffect.Length..]) : null;

        public static Cursor? Of(string? given)
        {
            if (Paged.Decode(given) is not { } text) return null;
            var (number, key) = text.IndexOf('|', StringComparison.Ordinal) is > 0 and var end ? (text[..end], text[(end + 1)..]) : (text, "");
            if (!key.StartsWith(Open, StringComparison.Ordinal) && !key.StartsWith(InEffect, StringComparison.Ordinal)) throw new UnreadableCursorException();
            var cursor = new Cursor(Number(number), key);
            _ = cursor.Before;
            return cursor;
        }

        public override string ToString() => Paged.Encode(string.Create(CultureInfo.InvariantCulture, $"{UpTo}|{Key}"));

        private static long Number(string text) =>
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < long.MaxValue ? number : throw new UnreadableCursorException();
    }
}
