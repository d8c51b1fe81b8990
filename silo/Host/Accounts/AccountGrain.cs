using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Coordination.Contracts.Accounts;
using Coordination.Domain.Accounts;
using Coordination.Host.Grains;

namespace Coordination.Host.Accounts;

/// <summary>Decides for one account, and keeps its record.</summary>
public sealed class AccountGrain(Deciding deciding, AccountRecords records, Claims claims, IEvents events) : JournaledGrain<AccountState>(deciding), IAccountGrain
{
    /// <summary>The record of an account that the command at hand opens.</summary>
    private AccountRecord? _opening;

    /// <summary>What the command at hand takes the account up with.</summary>
    private (Invitation Invitation, string PasswordHash, string? DisplayName)? _accepting;

    /// <summary>The name that the command at hand gives.</summary>
    private string? _naming;

    protected override string Kind => "account";

    /// <summary>Names and secrets, which a command that was only repeated must not touch.</summary>
    protected override bool PreparesForGood => true;

    public async Task<Outcome> Execute(CommandHeader header, AccountCommand command) => command switch
    {
        RevokeRole it => await Revoke(header, it, await Beside()),
        NameAccount it => await Name(header, it),
        EraseAccount it => await Erase(header, it),
        AskReset it => await InBody(it.Body ?? "", header, it, await Beside()),
        AgreeToReset it => await InBody(PendingIn, header, it, await Beside() with { MayObject = await Sessions.MayObject() }),
        DropReset it => await InBody(PendingIn, header, it),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "A command that comes another way."),
    };

    public async Task<Granted> Grant(CommandHeader header, GrantRole command, string? signInName, Invitation? invitation)
    {
        // The platform itself makes the accounts of the demonstration, whose password a setting says.
        var demonstration = invitation is null && header.Account == Actor.Platform.Account;
        _opening = signInName is null ? null : new(Id, signInName, command.DisplayName?.Trim() ?? signInName, null, 0, Demonstration: demonstration);
        var beside = await Beside() with { ByName = signInName is not null, MayOpen = invitation is not null || demonstration };
        var outcome = await InBody(command.Body ?? "", header, command, beside);
        return outcome is Done ? new(outcome, Id, invitation is not null && await Invite(header, invitation)) : new(outcome, null, false);
    }

    public async Task<Granted> Reset(CommandHeader header, Invitation link)
    {
        var outcome = await InBody(PendingIn, header, new MakeResetLink(), await Beside());
        if (outcome is not Done) return new(outcome, null, false);
        await Change(record => record with { Invitation = link with { Body = PendingIn, Resets = true } });
        return new(outcome, Id, true);
    }

    public async Task<InvitationView?> Invited(string hash) =>
        await records.Find(Id) is { } record && Counts(record, hash) is { } invitation && State?.RoleIn(invitation.Body) is { } role
            ? new(record.SignInName, record.DisplayName, new(invitation.Body, Views.NameOf(invitation.Body)), role, invitation.Expires, invitation.Resets)
            : null;

    public async Task<Outcome> Accept(CommandHeader header, string hash, string passwordHash, string? displayName)
    {
        // The same said again, because it was cut off between record and journal, goes on where it was.
        var invitation = await records.Find(Id) is { } record ? record.Invitation?.Accepting == passwordHash ? record.Invitation : Counts(record, hash) : null;
        _accepting = invitation is null ? null : (invitation, passwordHash, displayName?.Trim());
        // Also without one: the same command said twice gets its first answer.
        var outcome = await Execute(header with { Body = invitation?.Body }, (state, situation) =>
            invitation is null || (invitation.Resets && !IsDue(state)) ? Invitation.Gone : AccountRules.Decide(Id, state, new AcceptInvitation(displayName), situation));
        if (outcome is Done) await Change(taken => taken.IsTaken ? taken with { Invitation = null } : taken);
        // What has begun with the password before.
        if (outcome is Done && invitation is { Resets: true }) await Sessions.EndAll(null);
        return outcome;
    }

    public async Task<AccountRecord?> Find() => await records.Find(Id);

    public Task Strengthen(string before, string hash) => Change(record => !record.IsShared && record.PasswordHash == before ? record with { PasswordHash = hash } : record);

    public async Task<bool> SetPassword(int generation, string hash, string? but)
    {
        if (await records.Find(Id) is { IsKept: true }) return false;
        // First, so that nothing has changed when it cannot be done; and then again, for what has begun meanwhile.
        await Sessions.EndAll(but);
        var isSet = false;
        await Change(record =>
            (isSet = record.Generation == generation || record.PasswordHash == hash) && record.PasswordHash != hash
                ? record with { PasswordHash = hash, Generation = record.Generation + 1, IsShared = false, Invitation = null }
                : record);
        if (isSet) await Sessions.EndAll(but);
        return isSet;
    }

    protected override bool Takes(ImmutableArray<Fact> facts) => facts is [AccountOpened, AccountRoleTaken, ..];

    /// <summary>
    /// The sign-in name. One that is taken for the id or the name of a body is for an account of this body. It is looked at after the name was
    /// taken, and a body looks at sign-in names after it has taken its id: whichever comes second sees the first.
    /// </summary>
    protected override async Task<Refusal?> Take(ImmutableArray<Fact> facts)
    {
        if (facts is not [AccountOpened, AccountRoleTaken taken, ..]) return null;
        var name = _opening!.SignInName;
        // What an earlier command has taken is not this one's to give back: its facts may still come.
        var wasTaken = await records.IsTakenBy(name, Id);
        if (await records.Take(name, Id) && !await IsOfAnotherBody(Claims.Ids) && !await IsOfAnotherBody(Claims.BodyNames)) return null;
        if (!wasTaken) await records.GiveBack(name, Id);
        return AccountRules.NameMisleads;

        async Task<bool> IsOfAnotherBody(string kind) =>
            await claims.HolderOf(kind, name) is { } holder && holder.StartsWith("body/", StringComparison.Ordinal) && holder != $"body/{taken.Body}";
    }

    /// <summary>
    /// The record is written before the journal tells of it: nobody meets an account without names and password. It is erased before,
    /// too: what the journal calls erased is gone.
    /// </summary>
    protected override Task Prepare(ImmutableArray<Fact> facts) => facts switch
    {
        [.., AccountNamed] => Change(record => record with { DisplayName = _naming! }),
        [AccountOpened, ..] => WriteFirst(_opening!),
        [AccountAccepted] => TakeUp(_accepting!.Value),
        // No link of before counts for what is asked for now, nor for what was dropped.
        [AccountResetAsked or AccountResetDropped] => Change(record => record.Invitation is { Resets: true } ? record with { Invitation = null } : record),
        [.., AccountErased] => EraseRecords(),
        [AccountRoleLeft left] => Leave(left.Body),
        _ => Task.CompletedTask,
    };

    /// <summary>The body whose coordinator asks for another password; the account itself when nobody does.</summary>
    private string PendingIn => (State as AccountState.Open)?.Reset?.Body ?? Id;

    private IAccountSessionsGrain Sessions => GrainFactory.GetGrain<IAccountSessionsGrain>(Id);

    /// <summary>Commands that gave a role or a name said names.</summary>
    protected override bool ForgetsCommands(ImmutableArray<Fact> facts) => facts is [.., AccountErased];

    /// <summary>
    /// A command that is about one body is answered with the body's own version, and when there was nothing to do with a position that
    /// everyone knows: how often and when an account's roles elsewhere have changed is for no one to read.
    /// </summary>
    private async Task<Outcome> InBody(string body, CommandHeader header, AccountCommand command, AccountRules.Beside beside = default)
    {
        var changes = false;
        var outcome = await Execute(header, (state, situation) =>
        {
            var decision = AccountRules.Decide(Id, state, command, situation, beside);
            changes = !decision.Facts.IsDefaultOrEmpty;
            return decision;
        });
        if (outcome is not Done done) return outcome;
        if (changes) await ViewsAt(done.Position);
        return new Done(body, Views.BodyItem(body)?.Version ?? 0, changes || done.Repeated ? done.Position : Views.Position, done.Repeated);
    }

    private async Task<Outcome> Revoke(CommandHeader header, RevokeRole command, AccountRules.Beside beside)
    {
        var outcome = await InBody(command.Body, header, command, beside);
        // What has begun while it was not known yet.
        if (outcome is Done) await Sessions.EndFor(command.Body);
        return outcome;
    }

    private async Task<Outcome> Name(CommandHeader header, NameAccount command)
    {
        _naming = command.DisplayName.Trim();
        var (before, beside) = ((await records.Find(Id))?.DisplayName, await Beside());
        return await Execute(header, (state, situation) =>
        {
            var decision = AccountRules.Decide(Id, state, command, situation, beside);
            return decision.Refusal is null && before == _naming ? Decision.Nothing : decision;
        });
    }

    private async Task<Outcome> Erase(CommandHeader header, EraseAccount command)
    {
        var beside = await Beside();
        var outcome = await Execute(header, (state, situation) => AccountRules.Decide(Id, state, command, situation, beside));
        if (outcome is Done done)
        {
            await ViewsAt(done.Position);
            // What has begun while it was not known yet.
            await Sessions.EndAll(null);
        }

        return outcome;
    }

    private async Task<AccountRules.Beside> Beside() => await records.Find(Id) is { } record ? new(IsTaken: record.IsTaken, IsKept: record.IsKept) : default;

    private async Task EraseRecords()
    {
        await Sessions.EndAll(null);
        await events.ForgetPlaces(Id);
        await records.Erase(Id);
    }

    private async Task WriteFirst(AccountRecord opening)
    {
        if (await records.Save(opening)) return;
        // An attempt before this one came so far and no further; it invited nobody.
        await Change(before => opening with { Version = before.Version });
    }

    /// <summary>Changes the record, also when another write, such as one of an operator, comes in between.</summary>
    private async Task Change(Func<AccountRecord, AccountRecord> change)
    {
        while (await records.Find(Id) is { } record && !await records.Save(change(record)))
        {
            // Read again.
        }
    }

    /// <summary>
    /// Lets an invitation count, in place of the one before: while nobody has taken the account up, for one who may give roles here now, and
    /// where the account has no role in another body, which this one must not open. So a lost answer is asked for again, and an old one
    /// opens nothing for whoever repeats it.
    /// </summary>
    private async Task<bool> Invite(CommandHeader header, Invitation invitation)
    {
        var giver = Views.Who(header.Account, header.Body);
        if (State is not AccountState.Open { Roles: [{ } only] } || only.Body != invitation.Body) return false;
        // An administrator opens the door to a body that has nobody else to do it, and not to whom the body has invited.
        var opens = giver.Administers && only.Role is Role.Coordinator && Views.CoordinatorsOf(only.Body).All(coordinator => coordinator == Id);
        if (!giver.Coordinates(only.Body) && !opens) return false;
        var counts = false;
        await Change(record => record with { Invitation = (counts = !record.IsTaken) ? invitation : record.Invitation });
        return counts;
    }

    private Invitation? Counts(AccountRecord record, string hash) =>
        record is { Invitation: { } invitation } && invitation.Expires > Time.GetUtcNow()
        && (invitation.Resets ? !record.IsKept && IsDue(State) : !record.IsTaken)
        && CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(hash.AsSpan()), MemoryMarshal.AsBytes(invitation.Hash.AsSpan()))
            ? invitation
            : null;

    /// <summary>Two persons have agreed to another password, and the one who has the link is still a coordinator of the body.</summary>
    private bool IsDue(AccountState? state) =>
        state is AccountState.Open { Reset: { } reset } && reset.IsDue(Time.GetUtcNow()) && Views.Who(reset.By, reset.Body).Coordinates(reset.Body);

    private async Task TakeUp((Invitation Invitation, string PasswordHash, string? DisplayName) taking)
    {
        // First, so that nothing has changed when it cannot be done.
        if (taking.Invitation.Resets) await Sessions.EndAll(null);
        await Change(record => record.Invitation == taking.Invitation && record.PasswordHash != taking.PasswordHash
            ? record with
            {
                PasswordHash = taking.PasswordHash,
                IsShared = false,
                Generation = record.Generation + 1,
                DisplayName = taking.DisplayName ?? record.DisplayName,
                Invitation = taking.Invitation with { Accepting = taking.PasswordHash },
            }
            : record);
    }

    /// <summary>A role that is given again opens nothing that was open before.</summary>
    private async Task Leave(string body)
    {
        await Change(record => record.Invitation?.Body == body ? record with { Invitation = null } : record);
        await Sessions.EndFor(body);
    }
}
