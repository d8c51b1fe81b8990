using Coordination.Contracts.Bodies;
using Coordination.Contracts.Groups;
using Coordination.Contracts.Plans;
using Coordination.Domain.Accounts;
using Coordination.Domain.Bodies;
using Coordination.Domain.Groups;
using Coordination.Domain.Plans;
using Coordination.Host.Accounts;
using Coordination.Host.Views;

namespace Coordination.Host.Grains;

/// <summary>Decides for one body.</summary>
public sealed class BodyGrain(Deciding deciding, Claims claims, AccountRecords accounts) : JournaledGrain<BodyState>(deciding), IBodyGrain
{
    protected override string Kind => "body";
    protected override int Form => 3;

    public async Task<Outcome> Execute(CommandHeader header, BodyCommand command)
    {
        var before = State?.Name;
        var outcome = await Execute(header, (state, situation) => BodyRules.Decide(Id, state, command, situation));
        if (before is not null && State?.Name is { } name && name != before) await Release(before, name);
        return outcome;
    }

    protected override bool Takes(ImmutableArray<Fact> facts) => facts is [BodyAdmitted, ..] or [BodyProfileChanged { Name: not null }, ..];

    protected override async Task<Refusal?> Take(ImmutableArray<Fact> facts)
    {
        var (isNew, name) = facts switch
        {
            [BodyAdmitted it, ..] => (true, it.Name),
            [BodyProfileChanged { Name: { } changed }, ..] => (false, changed),
            _ => (false, null),
        };
        if (name is null) return null;
        var refusal = (isNew ? await TakeId() : null) ?? await TakeName(name);
        // Free for others at once, and not only when it has come to nothing for long enough.
        if (refusal is not null) await claims.Release(Claims.BodyNames, name, Stream, State?.Name ?? "");
        if (refusal is not null && isNew) await claims.Release(Claims.Ids, Id, Stream, "");
        return refusal;
    }

    protected override BodyState? Evolve(BodyState? state, Fact fact) => BodyState.Evolve(state, fact);

    protected override Audience AudienceOf(BodyState state, Fact fact) => BodyRules.Audience;

    protected override IEnumerable<string> TopicsOf(BodyState state, Fact fact) => Topics.OfBody(Directory, state.Id, (fact as BodyAdmitted)?.State);

    private async Task<Refusal?> TakeId() => await claims.Take(Claims.Ids, Id, Stream) switch
    {
        null => await IsOfAnother(Id) ? BodyRules.IdOfAnAccount : null,
        var other when other == $"group/{Id}" => BodyRules.IdOfAGroup,
        _ => BodyRules.IdMisleads,
    };

    private async Task<Refusal?> TakeName(string name) =>
        await claims.Take(Claims.BodyNames, name, Stream) is not null ? BodyRules.NameTaken
        : await IsOfAnother(name) ? BodyRules.NameOfAnAccount
        : null;

    /// <summary>Whether somebody who is not of this body has a sign-in name that is taken for this. Asked after it was claimed: see <see cref="AccountGrain"/>.</summary>
    private async Task<bool> IsOfAnother(string text) => await accounts.AccountTakenFor(text) is { } account && !Views.RolesIn(Id).ContainsKey(account);

    /// <summary>What cannot be given up now is free once somebody asks for it.</summary>
    private async Task Release(string before, string name)
    {
        try
        {
            await claims.Release(Claims.BodyNames, before, Stream, name);
        }
        catch (JournalUnavailableException)
        {
            // The journal says that it is not this body's any more.
        }
    }
}

/// <summary>Decides for one plan.</summary>
public sealed class PlanGrain(Deciding deciding) : JournaledGrain<PlanState>(deciding), IPlanGrain
{
    protected override string Kind => "plan";
    protected override int Form => 3;

    public Task<Outcome> Execute(CommandHeader header, PlanCommand command) =>
        Execute(header, (state, situation) => PlanRules.Decide(Id, state, command, situation), plan => plan.VersionsFor(command));

    protected override PlanState? Evolve(PlanState? state, Fact fact) => PlanState.Evolve(Id, state, fact);

    protected override Audience AudienceOf(PlanState state, Fact fact) => PlanRules.AudienceOf(state, fact);

    protected override IEnumerable<string> TopicsOf(PlanState state, Fact fact)
    {
        yield return $"plan/{Id}";
        foreach (var topic in Topics.OfBody(Directory, state.Body, state.State)) yield return topic;
        var measure = fact switch
        {
            MeasureAdded it => it.Id,
            MilestoneAdded it => it.Measure,
            MilestoneRescheduled it => state.Milestones.GetValueOrDefault(it.Milestone)?.Measure,
            ReportFact it => state.Milestones.GetValueOrDefault(it.Report.Milestone)?.Measure,
            _ => null,
        };
        if (measure is null || !state.Measures.TryGetValue(measure, out var part)) yield break;
        yield return $"pillar/{FeedEntryFormatter.Name(part.Pillar)}";
        yield return $"body/{part.Lead}";
        foreach (var body in part.Supporting) yield return $"body/{body}";
    }

    protected override string AnswerOf(Fact fact) => fact switch
    {
        MeasureAdded it => it.Id,
        MilestoneAdded it => it.Id,
        MilestoneRescheduled it => it.Milestone,
        ReportFact it => it.Report.Id,
        _ => Id,
    };
}

/// <summary>Decides for one group.</summary>
public sealed class GroupGrain(Deciding deciding, Claims claims) : JournaledGrain<GroupState>(deciding), IGroupGrain
{
    protected override string Kind => "group";
    protected override int Form => 4;

    public Task<Outcome> Execute(CommandHeader header, GroupCommand command) =>
        Execute(header, (state, situation) => GroupRules.Decide(Id, state, command, situation));

    protected override bool Takes(ImmutableArray<Fact> facts) => facts is [GroupFormed, ..];

    protected override async Task<Refusal?> Take(ImmutableArray<Fact> facts)
    {
        // The rules let only a body that is a group itself have one under its id.
        if (Directory.Body(Id) is not null) return null;
        return await claims.Take(Claims.Ids, Id, Stream) switch
        {
            null => null,
            var other when other == $"body/{Id}" => GroupRules.IdOfABody,
            _ => GroupRules.IdMisleads,
        };
    }

    protected override Versions VersionsOf(GroupState state) => Versions.Of(state.Version);

    protected override GroupState? Evolve(GroupState? state, Fact fact) => GroupState.Evolve(Id, state, fact);

    protected override Audience AudienceOf(GroupState state, Fact fact) => GroupRules.AudienceOf(state, fact);

    protected override IEnumerable<string> TopicsOf(GroupState state, Fact fact)
    {
        yield return $"group/{Id}";
        var body = fact switch
        {
            GroupUpdateShared it => it.Body,
            GroupMemberInvited it => it.Body,
            GroupInvitationDeclined it => it.Body,
            GroupInvitationWithdrawn it => it.Body,
            GroupMemberAdded it => it.Body,
            GroupMemberRemoved it => it.Body,
            GroupChairAppointed it => it.Term.Body,
            _ => null,
        };
        if (body is not null) yield return $"body/{body}";
    }

    protected override string AnswerOf(Fact fact) => fact is GroupUpdateShared it ? it.Id : Id;
}

/// <summary>Names under which changes can be followed.</summary>
internal static class Topics
{
    /// <summary>A role is followed under the body that it is in; all else under the account.</summary>
    public static IEnumerable<string> OfAccount(IDirectory directory, string account, Fact fact) =>
        fact is AccountRoleFact { Body: var body } ? OfBody(directory, body) : [$"account/{account}"];

    public static IEnumerable<string> OfBody(IDirectory directory, string body, string? state = null)
    {
        yield return $"body/{body}";
        if ((state ?? directory.Body(body)?.State) is { } iso3) yield return $"state/{iso3}";
    }
}
