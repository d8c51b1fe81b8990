using Coordination.Contracts.Accounts;
using Coordination.Domain.Accounts;

namespace Coordination.Host.Accounts;

/// <summary>One sign-in name. What is done by it is done one after the other.</summary>
public sealed class SignInNameGrain(AccountRecords records, TimeProvider time) : Grain, ISignInNameGrain
{
    private const int MostFailures = 5;
    private static readonly TimeSpan Lock = TimeSpan.FromMinutes(5);
    private (int Failed, DateTimeOffset? LockedUntil) _unrecorded;

    private string Name => this.GetPrimaryKeyString();

    public async Task<AccountRecord?> Find() => await records.AccountOf(Name) is { } account ? await records.Find(account) : null;

    public async Task<DateTimeOffset?> NoteSignIn(bool succeeded)
    {
        var now = time.GetUtcNow();
        while (true)
        {
            var record = await Find();
            var (failed, locked) = record is null ? _unrecorded : (record.FailedSignIns, record.LockedUntil);
            if (locked > now) return locked;
            if (succeeded && failed == 0 && locked is null) return null;
            (failed, locked) = succeeded ? (0, null) : failed + 1 >= MostFailures ? (0, now + Lock) : (failed + 1, (DateTimeOffset?)null);
            // What is tried on a name without an account is forgotten with the activation: nobody fills the disk with names.
            if (record is null) _unrecorded = (failed, locked);
            // Another write that came first, such as one of a password, is not undone: it is counted again.
            else if (!await records.Save(record with { FailedSignIns = failed, LockedUntil = locked })) continue;
            return locked;
        }
    }

    public async Task<Granted> Grant(CommandHeader header, GrantRole command, Invitation? invitation)
    {
        if (await records.AccountOf(Name) is not { } account)
        {
            if (AccountId.IsOne(Name))
                return new(new Refused(AccountRules.Unnamed), null, false);
            account = AccountId.New();
        }

        return await GrainFactory.GetGrain<IAccountGrain>(account).Grant(header, command, Name, invitation);
    }

    public async Task<Outcome> Revoke(CommandHeader header, RevokeRole command) =>
        // An account that there is not has no role: its rules say the same as those of one without it.
        await GrainFactory.GetGrain<IAccountGrain>(await records.AccountOf(Name) ?? AccountId.New()).Execute(header, command);
}
