using Coordination.Contracts.Accounts;
using Coordination.Domain.Accounts;
using Coordination.Host.Grains;

namespace Coordination.Host.Accounts;

/// <summary>Decides for one account, and keeps its record.</summary>
public sealed class AccountGrain(Deciding deciding, AccountRecords records) : JournaledGrain<AccountState>(deciding), IAccountGrain
{
    private const int Attempts = 5;

    /// <summary>The record of an account that the command at hand opens.</summary>
    private AccountRecord? _opening;

    /// <summary>The name that the command at hand gives.</summary>
    private string? _naming;

    protected override string Kind => "account";
    protected override int Form => 1;

    /// <summary>Names and secrets, which a command that was only repeated must not touch.</summary>
    protected override bool PreparesForGood => true;

    public async Task<Outcome> Execute(CommandHeader header, AccountCommand command) => command switch
    {
        RevokeRole it => await InBody(it.Body, header, command),
        NameAccount it => await Name(header, it),
        EraseAccount it => await Erase(header, it),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "A command that comes another way."),
    };

    public async Task<Granted> Grant(CommandHeader header, GrantRole command, FirstPassword first, string? signInName)
    {
        _opening = signInName is null ? null : new(
            Id, signInName, command.DisplayName?.Trim() ?? signInName, first.Hash, NewStamp(), 0, null, 0,
            FirstGivenBy: first.Hash is null ? null : header.Command, Demonstration: first.Hash is null);
        var outcome = await InBody(command.Body ?? "", header, command, opens: _opening is not null);
        return outcome is Done ? new(outcome, Id, await IsFirst(header, command, first)) : new(outcome, null, false);
    }

    public async Task<AccountRecord?> Find() => await records.Find(Id);

    public Task<bool> Save(AccountRecord account) => records.Save(account);

    /// <summary>
    /// The record is written before the journal tells of it: nobody meets an account without names and password. It is erased before,
    /// too: what the journal calls erased is gone.
    /// </summary>
    protected override Task Prepare(ImmutableArray<Fact> facts) => facts switch
    {
        [AccountOpened, ..] => WriteFirst(_opening!),
        [AccountNamed] => Change(record => record with { DisplayName = _naming! }),
        [.., AccountErased] => records.Erase(Id),
        _ => Task.CompletedTask,
    };

    /// <summary>Commands that gave a role or a name said names.</summary>
    protected override bool ForgetsCommands(ImmutableArray<Fact> facts) => facts is [.., AccountErased];

    protected override AccountState? Evolve(AccountState? state, Fact fact) => AccountState.Evolve(state, fact);

    protected override Audience AudienceOf(AccountState state, Fact fact) => AccountRules.AudienceOf(fact);

    protected override IEnumerable<string> TopicsOf(AccountState state, Fact fact) => Topics.OfAccount(Directory, Id, fact);

    protected override string AnswerOf(Fact fact) => (fact as AccountRoleFact)?.Body ?? Id;

    /// <summary>
    /// A command that is about one body is answered with the body's own version, and when there was nothing to do with a position that
    /// everyone knows: how often and when an account's roles elsewhere have changed is for no one to read.
    /// </summary>
    private async Task<Outcome> InBody(string body, CommandHeader header, AccountCommand command, bool opens = false)
    {
        var changes = false;
        var outcome = await Execute(header, (state, situation) =>
        {
            var decision = AccountRules.Decide(Id, state, command, situation, opens);
            changes = !decision.Facts.IsDefaultOrEmpty;
            return decision;
        });
        if (outcome is not Done done) return outcome;
        if (changes) await ViewsAt(done.Position);
        return new Done(body, Views.BodyItem(body)?.Version ?? 0, changes || done.Repeated ? done.Position : Views.Position, done.Repeated);
    }

    private async Task<Outcome> Name(CommandHeader header, NameAccount command)
    {
        _naming = command.DisplayName.Trim();
        var before = (await records.Find(Id))?.DisplayName;
        return await Execute(header, (state, situation) =>
        {
            var decision = AccountRules.Decide(Id, state, command, situation);
            return decision.Refusal is null && before == _naming ? Decision.Nothing : decision;
        });
    }

    private async Task<Outcome> Erase(CommandHeader header, EraseAccount command)
    {
        var outcome = await Execute(header, (state, situation) => AccountRules.Decide(Id, state, command, situation));
        if (outcome is Done done) await ViewsAt(done.Position);
        return outcome;
    }

    private async Task WriteFirst(AccountRecord opening)
    {
        if (!await records.Take(opening.SignInName, Id))
            throw new InvalidOperationException($"The sign-in name of {Id} is another account's.");
        if (await records.Save(opening)) return;
        // An attempt before this one came so far and no further; its password was told to nobody.
        await Change(before => opening with { Version = before.Version });
    }

    /// <summary>Changes the record, also when another write, such as one that counts a try to sign in, comes in between.</summary>
    private async Task Change(Func<AccountRecord, AccountRecord> change)
    {
        while (await records.Find(Id) is { } record && !await records.Save(change(record)))
        {
            // Read again.
        }
    }

    /// <summary>
    /// Whether the first password that came with a command is the account's now. When the answer was lost and the password with it, the
    /// command given again sets another one: until somebody has changed the password, and never after the role was taken again, nor for
    /// one who may not give roles there any more, nor once the account has a role in another body, which its first body must not open.
    /// </summary>
    private async Task<bool> IsFirst(CommandHeader header, GrantRole command, FirstPassword first)
    {
        var giver = Views.Who(header.Account, header.Body);
        if (first.Hash is null || !(giver.Coordinates(command.Body) || giver.Administers) || State is not AccountState.Open { Roles: [{ } only] } || only.Body != command.Body)
            return false;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var record = await records.Find(Id);
            if (record?.FirstGivenBy != header.Command) return false;
            if (record.PasswordHash == first.Hash) return true;
            // Whoever signed in with one that was given before is signed out.
            if (await records.Save(record with { PasswordHash = first.Hash, SecurityStamp = NewStamp() })) return true;
        }

        return false;
    }

    private static string NewStamp() => Guid.NewGuid().ToString("N");
}
