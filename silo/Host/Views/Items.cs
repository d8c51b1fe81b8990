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

/// <summary>
/// A plan as its lists and its page show it: its state, the order of its measures, and the titles of its milestones. What was reported is read from the
/// journal (<see cref="ReportPages"/>): this grows with the parts of a plan and not with its history.
/// </summary>
/// <param name="State">Without the reports that took effect lately, which the plan's grain alone needs.</param>
/// <param name="Reported">By milestone, the last report that took effect.</param>
/// <param name="OpenedAt">By report that has not taken effect, when it was drafted or handed in last.</param>
public sealed record PlanItem(
    PlanState State, PlanDrafted Drafted, DateTimeOffset DraftedAt, ImmutableArray<MeasureAdded> Measures, ImmutableDictionary<string, string> MilestoneTitles,
    ImmutableDictionary<string, string> MilestoneCodes, ImmutableDictionary<string, LastReport> Reported, ImmutableDictionary<string, DateTimeOffset> OpenedAt)
{
    public string Title => Drafted.Title;

    /// <summary>Title of a measure; null when there is none with this id.</summary>
    public string? TitleOf(string measure) => Measures.FirstOrDefault(one => one.Id == measure)?.Title;

    public static PlanItem Evolve(string id, PlanItem? item, Entry entry, Fact fact)
    {
        var state = Fact.Evolve(id, item?.State, fact) ?? throw new InvalidOperationException($"{entry.Stream} begins with {entry.Fact}.");
        item ??= new(
            state, (PlanDrafted)fact, entry.At, [], ImmutableDictionary<string, string>.Empty, ImmutableDictionary<string, string>.Empty, ImmutableDictionary<string, LastReport>.Empty,
            ImmutableDictionary<string, DateTimeOffset>.Empty);
        item = item with { State = state.Settled.IsEmpty ? state : state with { Settled = [] } };
        return fact switch
        {
            MeasureAdded it => item with { Measures = item.Measures.Add(it) },
            MilestoneAdded it when state.Milestones.TryGetValue(it.Id, out var milestone) => item with
            {
                MilestoneTitles = item.MilestoneTitles.SetItem(milestone.Id, it.Title),
                MilestoneCodes = it.Code is null ? item.MilestoneCodes : item.MilestoneCodes.SetItem(milestone.Id, it.Code),
            },
            ReportDrafted or ReportSubmitted when state.Reports.ContainsKey(((ReportFact)fact).Report.Id) => item with { OpenedAt = item.OpenedAt.SetItem(((ReportFact)fact).Report.Id, entry.At) },
            ReportApproved or MilestoneReported => item.TakingEffect(((ReportFact)fact).Report, entry.At),
            _ => item,
        };
    }

    private PlanItem TakingEffect(Report report, DateTimeOffset at) => this with
    {
        OpenedAt = OpenedAt.Remove(report.Id),
        Reported = State.Milestones.TryGetValue(report.Milestone, out var milestone) ? Reported.SetItem(milestone.Id, new(at, State.Shared(report.Body, milestone))) : Reported,
    };
}

/// <summary>When and for which body a report took effect.</summary>
public readonly record struct LastReport(DateTimeOffset At, string Body);

/// <summary>A request as its lists show it. Its thread, and with it the text that it was opened with, is read from the journal.</summary>
/// <param name="Opened">Without its text.</param>
/// <param name="Hands">Whose hands have opened what somebody may have to take up, the latest last; empty when the request is over.</param>
public sealed record RequestItem(
    RequestState State, RequestOpened Opened, ImmutableArray<Hand> Hands, DateTimeOffset OpenedAt, DateTimeOffset ChangedAt, long OpenedPosition, long Version)
{
    public static RequestItem Evolve(string id, RequestItem? item, Entry entry, Fact fact)
    {
        var state = Fact.Evolve(id, item?.State, fact) ?? throw new InvalidOperationException($"{entry.Stream} begins with {entry.Fact}.");
        item ??= new(state, (RequestOpened)fact with { Text = null }, [], entry.At, entry.At, entry.Position, 0);
        return item with { State = state, Hands = state.IsTerminal ? [] : HandsAfter(item.Hands, entry, fact), ChangedAt = entry.At, Version = entry.Position };
    }

    /// <summary>The last of each body and verb counts.</summary>
    private static ImmutableArray<Hand> HandsAfter(ImmutableArray<Hand> hands, Entry entry, Fact fact) =>
        fact is RequestFact one && one.Turn(entry.Body) is { Body: { } body, Verb: var verb } && Array.IndexOf(Hand.Verbs, verb) >= 0
            ? hands.RemoveAll(hand => hand.Verb == verb && hand.Body == body).Add(new(verb, body, entry.Actor, entry.At))
            : hands;
}

/// <summary>Who took a turn for a body that leaves it something to do, and when.</summary>
/// <param name="Verb">As <see cref="Turn"/> has it.</param>
public sealed record Hand(string Verb, string Body, string Actor, DateTimeOffset At)
{
    /// <summary>The turns that leave something to do.</summary>
    internal static readonly string[] Verbs = ["opened", "accepted", "proposed-date", "asked"];
}

/// <summary>A group as its page shows it. What is shared in it is read from the journal.</summary>
/// <param name="State">Without the marks of what was shared, which the group's grain alone needs.</param>
/// <param name="FormedBy">The body that formed it; null for an administrator.</param>
/// <param name="Shared">Of all updates.</param>
/// <param name="SharedWider">Of those that others than members may see.</param>
public sealed record GroupItem(GroupState State, GroupFormed Formed, string? FormedBy, DateTimeOffset FormedAt, Tally Shared = default, Tally SharedWider = default)
{
    public static GroupItem Evolve(string id, GroupItem? item, Entry entry, Fact fact)
    {
        var state = Fact.Evolve(id, item?.State, fact) ?? throw new InvalidOperationException($"{entry.Stream} begins with {entry.Fact}.");
        item ??= new(state, (GroupFormed)fact, entry.Body, entry.At);
        return item with
        {
            State = state.WithoutUpdates(),
            Shared = fact is GroupUpdateShared ? item.Shared.And(entry.At) : item.Shared,
            SharedWider = fact is GroupUpdateShared { Mark: not Mark.Parties } ? item.SharedWider.And(entry.At) : item.SharedWider,
        };
    }
}

/// <summary>How many there are, and when the last one came.</summary>
public readonly record struct Tally(int Count, DateTimeOffset? LatestAt)
{
    public Tally And(DateTimeOffset at) => new(Count + 1, at);
}
