using System.Text.Json;
using System.Text.Json.Nodes;
using Coordination.Contracts.Messages;
using Coordination.Contracts.Plans;
using Coordination.Contracts.Subscriptions;
using Coordination.Domain.Subscriptions;

namespace Coordination.Domain.Plans;

/// <summary>A fact about an action plan. Whom it is for and whose inboxes it belongs in stand beside it.</summary>
public abstract record PlanFact : Fact<PlanState>
{
    private protected PlanFact() { }

    /// <summary>What of the plan it is about.</summary>
    public abstract PlanPart About();

    /// <summary>Bodies whose inboxes it belongs in, each with the reason that comes first, besides those that subscribe.</summary>
    /// <param name="plan">After it.</param>
    public abstract IEnumerable<Recipient> RecipientsIn(PlanState plan);

    public sealed override PlanState? Evolve(string id, PlanState? state) => state is null ? (this as PlanDrafted)?.Begin(id) : Evolve(state);

    protected abstract PlanState Evolve(PlanState plan);

    /// <summary>What subscriptions see of it.</summary>
    public Interest InterestIn(PlanState plan, IDirectory directory) =>
        new(SubscriptionSubject.Plans, directory.Body(plan.Body) is { } body ? [body] : [], Pillar: MeasureIn(plan)?.Pillar);

    public sealed override IEnumerable<string> TopicsIn(string id, PlanState state, IDirectory directory)
    {
        yield return $"plan/{id}";
        if (About().Milestone is { } milestone) yield return Topics.OfMilestone(id, milestone);
        foreach (var topic in Topics.OfBody(directory, state.Body, state.State)) yield return topic;
        if (MeasureIn(state) is not { } measure) yield break;
        yield return $"pillar/{EnumNames.NameOf(measure.Pillar)}";
        if (measure.Lead is { } lead) yield return $"body/{lead}";
        foreach (var body in measure.Supporting) yield return $"body/{body}";
    }

    public sealed override string? Answer() => About() is var part ? part.Report ?? part.Milestone ?? part.Measure : null;

    /// <summary>The measure that it is about, or that what it is about belongs to.</summary>
    public Measure? MeasureIn(PlanState plan)
    {
        var (measure, milestone, _) = About();
        measure ??= milestone is null ? null : plan.Milestones.GetValueOrDefault(milestone)?.Measure;
        return measure is null ? null : plan.Measures.GetValueOrDefault(measure);
    }

    /// <summary>Who leads and supports the measure, and the plan's own body.</summary>
    private protected IEnumerable<Recipient> Involved(PlanState plan) => MeasureIn(plan) is { } measure
        ? measure.Bodies.Append(plan.Body).Select(body => new Recipient(body, InboxReason.Measure))
        : [];
}

/// <summary>What of a plan a fact is about: a measure, a milestone, a report on one. With none of them it is the plan itself.</summary>
public readonly record struct PlanPart(string? Measure = null, string? Milestone = null, string? Report = null);

/// <param name="Code">Number or letters that it has in print.</param>
[FactName("plan.drafted", form: 2)]
public sealed record PlanDrafted(
    string Body, string? State, [property: Text] string Title, Iteration? Iteration, PlanPeriod? Period, PlanStatus Status, Mark Mark, Citation? Source, [property: Text] string? Note,
    bool Exercise, string? Code = null) : PlanFact
{
    public PlanState Begin(string id) => new(
        id, Body, State, Status, Mark, Exercise, ImmutableDictionary<string, Measure>.Empty, ImmutableDictionary<string, Milestone>.Empty,
        ImmutableDictionary<string, OpenReport>.Empty, [], EntryPosition, EntryPosition);

    public override PlanPart About() => default;
    public override Audience AudienceIn(PlanState state) => state.Audience;
    public override IEnumerable<Recipient> RecipientsIn(PlanState plan) => [];
    public override void Tell(Said said) { }
    protected override PlanState Evolve(PlanState plan) => plan;

    /// <summary>Form 1 knew plans by six words for their place in the count.</summary>
    [Lift(from: 1)]
    internal static void CountInNumbers(JsonObject data)
    {
        if ((string?)data["iteration"] is not { } word) return;
        var number = word is "second-or-later" ? 2 : Array.IndexOf(["first", "second", "third", "fourth", "fifth"], word) + 1;
        if (number == 0) throw new JsonException($"A plan has no place in the count that is called '{word}'.");
        data["iteration"] = new JsonObject { ["number"] = number, ["atLeast"] = word is "second-or-later" };
    }
}

[FactName("plan.status-changed")]
public sealed record PlanStatusChanged(PlanStatus Status) : PlanFact
{
    public override PlanPart About() => default;
    public override Audience AudienceIn(PlanState state) => state.Audience;
    public override IEnumerable<Recipient> RecipientsIn(PlanState plan) => [];
    public override void Tell(Said said) => said.Code("status", Status);
    protected override PlanState Evolve(PlanState plan) => plan with { Status = Status, Version = EntryPosition, HeadVersion = EntryPosition };
}

/// <param name="Code">Number or letters that it has in print.</param>
[FactName("plan.measure-added", form: 2)]
public sealed record MeasureAdded(
    string Id, Pillar Pillar, [property: Text] string Title, Participation[] Participations, string? ReportedStatus, Citation? Source, string? Code = null) : PlanFact
{
    /// <summary>The first body of the platform that answers for it; all others that take part support it.</summary>
    private string? Lead => Participations.FirstOrDefault(one => one is { Role: ParticipationRole.Lead, Body: not null })?.Body;

    public override PlanPart About() => new(Id);
    public override Audience AudienceIn(PlanState state) => state.Audience;
    public override IEnumerable<Recipient> RecipientsIn(PlanState plan) => Involved(plan);
    public override void Tell(Said said) => said.Put("title", Title);

    protected override PlanState Evolve(PlanState plan) => plan with
    {
        Measures = plan.Measures.SetItem(Id, new(
            Id, Pillar, Lead, [.. Participations.Select(one => one.Body).OfType<string>().Except(Lead is { } lead ? [lead] : [])], EntryPosition)),
        Version = EntryPosition,
        HeadVersion = EntryPosition,
    };

    /// <summary>Form 1 knew one body that leads and others that support.</summary>
    [Lift(from: 1)]
    internal static void TakePart(JsonObject data)
    {
        JsonNode Part(string role, JsonNode? body) => new JsonObject { ["role"] = role, ["body"] = body?.DeepClone() };
        data["participations"] = new JsonArray([Part("lead", data["lead"]), .. data["supporting"]?.AsArray().Select(body => Part("cooperating", body)) ?? []]);
        data.Remove("lead");
        data.Remove("supporting");
    }
}

/// <param name="Baseline">When it was due as first agreed.</param>
/// <param name="Code">Number or letters that it has in print.</param>
[FactName("plan.milestone-added")]
public sealed record MilestoneAdded(string Measure, string Id, [property: Text] string Title, Due Due, Due Baseline, string? Code = null) : PlanFact
{
    public override PlanPart About() => new(Measure, Id);
    public override Audience AudienceIn(PlanState state) => state.Audience;
    public override IEnumerable<Recipient> RecipientsIn(PlanState plan) => Involved(plan);
    public override void Tell(Said said) => said.Put("date", Due.Text);

    protected override PlanState Evolve(PlanState plan) => plan.Measures.TryGetValue(Measure, out var measure)
        ? plan with
        {
            Measures = plan.Measures.SetItem(measure.Id, measure with { Version = EntryPosition }),
            // One text and one date where they are the same: a large plan has thousands of them.
            Milestones = plan.Milestones.SetItem(Id, new(Id, measure.Id, Due, Baseline == Due ? Due : Baseline, MilestoneStatus.Planned, 0, EntryPosition)),
            Version = EntryPosition,
        }
        : plan;
}

[FactName("plan.milestone-rescheduled")]
public sealed record MilestoneRescheduled(string Milestone, Due Due, [property: Text] string Reason) : PlanFact
{
    public override PlanPart About() => new(Milestone: Milestone);
    public override Audience AudienceIn(PlanState state) => state.Audience;
    public override IEnumerable<Recipient> RecipientsIn(PlanState plan) => Involved(plan);

    public override void Tell(Said said)
    {
        said.Put("date", Due.Text);
        said.Text("reason", Reason);
    }

    protected override PlanState Evolve(PlanState plan) => plan.Milestones.TryGetValue(Milestone, out var milestone)
        ? plan with { Milestones = plan.Milestones.SetItem(Milestone, milestone with { Due = Due, Version = EntryPosition }), Version = EntryPosition }
        : plan;
}

/// <summary>A fact about a report.</summary>
public abstract record ReportFact(Report Report) : PlanFact
{
    public sealed override PlanPart About() => new(Milestone: Report.Milestone, Report: Report.Id);

    public sealed override ImmutableArray<long> RefersTo() => [.. new[] { Report.NoteAt, Report.EvidenceAt }.OfType<long>().Distinct()];

    public override void Tell(Said said)
    {
        said.Code("status", Report.Status);
        said.Number("progress", Report.Progress);
        said.Text("text", Report.Note);
    }

    /// <summary>It has not taken effect: the milestone stays as it is.</summary>
    private protected PlanState Keep(PlanState plan, ReportState state) => plan with
    {
        Reports = plan.Milestones.ContainsKey(Report.Milestone) ? plan.Reports.SetItem(Report.Id, new(Report.At(EntryPosition), state, EntryPosition)) : plan.Reports,
    };

    private protected PlanState TakeEffect(PlanState plan) => plan with
    {
        Milestones = plan.Milestones.TryGetValue(Report.Milestone, out var milestone)
            ? plan.Milestones.SetItem(milestone.Id, milestone with { Status = Report.Status, Progress = Report.Progress, Version = EntryPosition })
            : plan.Milestones,
        Reports = plan.Reports.Remove(Report.Id),
        Settled = (plan.Settled.Count < PlanState.MostSettled ? plan.Settled : plan.Settled.RemoveAt(0)).Add(Report.Id),
        Version = EntryPosition,
    };
}

/// <summary>A report that only the reporting body sees yet.</summary>
[FactName("plan.report-drafted")]
public sealed record ReportDrafted(Report Report) : ReportFact(Report)
{
    public override Audience AudienceIn(PlanState state) => Audience.Named(Report.Body);
    public override IEnumerable<Recipient> RecipientsIn(PlanState plan) => [];
    protected override PlanState Evolve(PlanState plan) => Keep(plan, ReportState.Draft);
}

/// <summary>A report that waits for the plan's coordinator. The milestone has not changed yet.</summary>
[FactName("plan.report-submitted")]
public sealed record ReportSubmitted(Report Report) : ReportFact(Report)
{
    public override Audience AudienceIn(PlanState state) => state.Involved;
    public override IEnumerable<Recipient> RecipientsIn(PlanState plan) => [new(plan.Body, InboxReason.Report)];
    protected override PlanState Evolve(PlanState plan) => Keep(plan, ReportState.Submitted);
}

[FactName("plan.report-returned")]
public sealed record ReportReturned(Report Report, [property: Text] string Reason) : ReportFact(Report)
{
    public override Audience AudienceIn(PlanState state) => state.Involved;
    public override IEnumerable<Recipient> RecipientsIn(PlanState plan) => [new(Report.Body, InboxReason.Report), .. Involved(plan)];

    public override void Tell(Said said)
    {
        base.Tell(said);
        said.Text("reason", Reason);
    }

    protected override PlanState Evolve(PlanState plan) => Keep(plan, ReportState.Returned);
}

/// <summary>A submitted report took effect.</summary>
[FactName("plan.report-approved")]
public sealed record ReportApproved(Report Report) : ReportFact(Report)
{
    public override Audience AudienceIn(PlanState state) => state.Audience;
    public override IEnumerable<Recipient> RecipientsIn(PlanState plan) => [new(Report.Body, InboxReason.Report), .. Involved(plan)];
    protected override PlanState Evolve(PlanState plan) => TakeEffect(plan);
}

/// <summary>The plan's own coordinator reported, which took effect at once.</summary>
[FactName("plan.milestone-reported")]
public sealed record MilestoneReported(Report Report) : ReportFact(Report)
{
    public override Audience AudienceIn(PlanState state) => state.Audience;
    public override IEnumerable<Recipient> RecipientsIn(PlanState plan) => Involved(plan);
    protected override PlanState Evolve(PlanState plan) => TakeEffect(plan);
}

/// <summary>What a report says of a milestone.</summary>
/// <param name="Body">Body that reports.</param>
/// <param name="NoteAt">Position of the entry of this plan whose note it is, when it is not here: a text is stored once.</param>
/// <param name="EvidenceAt">The same for the evidence.</param>
public sealed record Report(
    string Id, string Milestone, string Body, string Account, MilestoneStatus Status, int Progress, [property: Text] string? Note,
    [property: Text] string[]? Evidence, long? NoteAt = null, long? EvidenceAt = null)
{
    /// <summary>As the entry at <paramref name="position"/> says it, without its texts but with where they stand.</summary>
    public Report At(long position) => this with
    {
        Note = null,
        Evidence = Evidence is { Length: > 0 } ? null : Evidence,
        NoteAt = Note is null ? NoteAt : position,
        EvidenceAt = Evidence is { Length: > 0 } ? position : EvidenceAt,
    };

    /// <summary>With the texts that <paramref name="earlier"/> says, where this one only says where they stand.</summary>
    public Report With(Func<long, Report?> earlier) => this with
    {
        Note = NoteAt is { } note ? earlier(note)?.Note : Note,
        Evidence = EvidenceAt is { } evidence ? earlier(evidence)?.Evidence : Evidence,
    };
}
