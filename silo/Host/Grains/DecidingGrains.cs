using Coordination.Contracts.Bodies;
using Coordination.Contracts.Groups;
using Coordination.Contracts.Plans;
using Coordination.Domain.Bodies;
using Coordination.Domain.Groups;
using Coordination.Domain.Plans;
using Coordination.Host.Accounts;

namespace Coordination.Host.Grains;

/// <summary>Decides for one body.</summary>
public sealed class BodyGrain(Deciding deciding, Claims claims, AccountRecords accounts) : JournaledGrain<BodyState>(deciding), IBodyGrain
{
    protected override string Kind => "body";

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

    public Task<Outcome> Execute(CommandHeader header, PlanCommand command) =>
        Execute(header, (state, situation) => PlanRules.Decide(Id, state, command, situation), plan => plan.VersionsFor(command));
}

/// <summary>Decides for one group.</summary>
public sealed class GroupGrain(Deciding deciding, Claims claims) : JournaledGrain<GroupState>(deciding), IGroupGrain
{
    protected override string Kind => "group";

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
}
