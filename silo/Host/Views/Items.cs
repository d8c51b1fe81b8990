using Coordination.Domain.Bodies;
using Coordination.Domain.Groups;
using Coordination.Domain.Plans;
using Coordination.Domain.Requests;

namespace Coordination.Host.Views;

/// <summary>A body as its page shows it.</summary>
public sealed record BodyItem(
    BodyInfo Info, BodyAdmitted Admitted, BodyState State, string? LegalBasis, ImmutableArray<Contact> FocalPoints, ImmutableArray<Statement> Facts,
    ImmutableArray<Accession> Agreements, long Version)
{
    public static BodyItem? Evolve(BodyItem? item, Entry entry, Fact fact)
    {
        var state = Fact.Evolve(entry.Id(), item?.State, fact);
        if (state is null) return item;
        var admitted = item?.Admitted ?? (BodyAdmitted)fact;
        var info = new BodyInfo(
            state.Id, state.Name, admitted.Kind, admitted.State, admitted.Region, admitted.Subregion, admitted.IntermediateRegion,
            TimeZones.Of(state.TimeZone), admitted.Exercise);
        return new(
            info, admitted, state,
            (fact as BodyProfileChanged)?.LegalBasis ?? item?.LegalBasis,
            (fact as BodyProfileChanged)?.FocalPoints?.ToImmutableArray() ?? item?.FocalPoints ?? [],
            fact is BodyFactRecorded reported ? item!.Facts.Add(reported.Reported) : item?.Facts ?? [],
            fact is BodyAgreementRecorded agreed ? item!.Agreements.Add(agreed.Agreement) : item?.Agreements ?? [],
            entry.Position);
    }
}

/// <summary>A plan as its page shows it: its state, the order of its measures, the titles of its milestones, and the latest reports that took effect.</summary>
/// <param name="Open">The reports that have not taken effect, with their texts.</param>
/// <param name="Reported">By milestone, the last report that took effect, however many of them are kept here.</param>
public sealed record PlanItem(
    PlanState State, PlanDrafted Drafted, ImmutableArray<MeasureAdded> Measures, ImmutableDictionary<string, string> MilestoneTitles, ImmutableDictionary<string, string> MilestoneCodes,
    ImmutableDictionary<string, ImmutableArray<ReportItem>> Reports, ImmutableDictionary<string, Report> Open, ImmutableDictionary<string, string> ReturnedBecause, ImmutableDictionary<string, DateTimeOffset> OpenedAt, DateTimeOffset DraftedAt,
    ImmutableDictionary<string, LastReport> Reported)
{
    /// <summary>Reports kept in memory for each milestone; all of them are in the journal.</summary>
    private const int KeptReports = 20;

    public string Title => Drafted.Title;

    /// <summary>Title of a measure; null when there is none with this id.</summary>
    public string? TitleOf(string measure) => Measures.FirstOrDefault(one => one.Id == measure)?.Title;

    /// <summary>A report with its texts, as far as they are remembered here.</summary>
    public Report Whole(Report report) => report.With(_ =>
        Open.GetValueOrDefault(report.Id) ?? Reports.GetValueOrDefault(report.Milestone, []).FirstOrDefault(one => one.Report.Id == report.Id)?.Report);

    public static PlanItem Evolve(string id, PlanItem? item, Entry entry, Fact fact)
    {
        var state = Fact.Evolve(id, item?.State, fact) ?? throw new InvalidOperationException($"{entry.Stream} begins with {entry.Fact}.");
        item ??= new(
            state, (PlanDrafted)fact, [], ImmutableDictionary<string, string>.Empty, ImmutableDictionary<string, string>.Empty, ImmutableDictionary<string, ImmutableArray<ReportItem>>.Empty,
            ImmutableDictionary<string, Report>.Empty, ImmutableDictionary<string, string>.Empty, ImmutableDictionary<string, DateTimeOffset>.Empty, entry.At, ImmutableDictionary<string, LastReport>.Empty);
        item = item with { State = state };
        return fact switch
        {
            MeasureAdded it => item with { Measures = item.Measures.Add(it) },
            MilestoneAdded it => item with
            {
                MilestoneTitles = item.MilestoneTitles.SetItem(it.Id, it.Title),
                MilestoneCodes = it.Code is null ? item.MilestoneCodes : item.MilestoneCodes.SetItem(it.Id, it.Code),
            },
            ReportDrafted it => item.Opening(it.Report, entry.At),
            ReportSubmitted it => item.Opening(it.Report, entry.At) with { ReturnedBecause = item.ReturnedBecause.Remove(it.Report.Id) },
            ReportReturned it => item with { ReturnedBecause = item.ReturnedBecause.SetItem(it.Report.Id, it.Reason) },
            ReportApproved it => item.Keeping(it.Report, entry.At, entry.Position),
            MilestoneReported it => item.Keeping(it.Report, entry.At, entry.Position),
            _ => item,
        };
    }

    private PlanItem Opening(Report report, DateTimeOffset at) => this with
    {
        Open = Open.SetItem(report.Id, Whole(report)),
        OpenedAt = OpenedAt.SetItem(report.Id, at),
    };

    private PlanItem Keeping(Report report, DateTimeOffset at, long version)
    {
        var kept = Reports.GetValueOrDefault(report.Milestone, []).Insert(0, new(Whole(report), at, version));
        return this with
        {
            Reports = Reports.SetItem(report.Milestone, kept.Length > KeptReports ? kept.RemoveAt(KeptReports) : kept),
            Open = Open.Remove(report.Id),
            ReturnedBecause = ReturnedBecause.Remove(report.Id),
            OpenedAt = OpenedAt.Remove(report.Id),
            Reported = Reported.SetItem(report.Milestone, new(at, report.Body)),
        };
    }
}

/// <summary>When and for which body a report took effect.</summary>
public sealed record LastReport(DateTimeOffset At, string Body);

public sealed record ReportItem(Report Report, DateTimeOffset At, long Version);

/// <summary>A request as its page shows it.</summary>
public sealed record RequestItem(
    RequestState State, RequestOpened Opened, ImmutableArray<ThreadItem> Thread, DateTimeOffset OpenedAt, DateTimeOffset ChangedAt, long OpenedPosition,
    long Version)
{
    public static RequestItem Evolve(string id, RequestItem? item, Entry entry, Fact fact)
    {
        var state = Fact.Evolve(id, item?.State, fact) ?? throw new InvalidOperationException($"{entry.Stream} begins with {entry.Fact}.");
        item ??= new(state, (RequestOpened)fact, [], entry.At, entry.At, entry.Position, 0);
        return item with { State = state, Thread = fact is RequestFact turn ? item.Thread.Add(new(turn.Turn(entry.Body), entry.Actor, entry.At)) : item.Thread, ChangedAt = entry.At, Version = entry.Position };
    }
}

/// <summary>One turn of a request's thread, with whose hand it was and when.</summary>
public sealed record ThreadItem(Turn Turn, string Actor, DateTimeOffset At);

/// <summary>A group as its page shows it.</summary>
/// <param name="FormedBy">The body that formed it; null for an administrator.</param>
public sealed record GroupItem(GroupState State, GroupFormed Formed, string? FormedBy, DateTimeOffset FormedAt, ImmutableList<UpdateItem> Updates)
{
    public static GroupItem Evolve(string id, GroupItem? item, Entry entry, Fact fact)
    {
        var state = Fact.Evolve(id, item?.State, fact) ?? throw new InvalidOperationException($"{entry.Stream} begins with {entry.Fact}.");
        item ??= new(state, (GroupFormed)fact, entry.Body, entry.At, []);
        return item with
        {
            State = state,
            Updates = fact is GroupUpdateShared it ? item.Updates.Add(new(it, entry.Position, entry.At, entry.Actor)) : item.Updates,
        };
    }
}

public sealed record UpdateItem(GroupUpdateShared Shared, long Position, DateTimeOffset At, string Actor);
