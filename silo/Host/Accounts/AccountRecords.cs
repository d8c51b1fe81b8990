using System.Text.Json;
using Coordination.Contracts.Accounts;
using Coordination.Host.Grains;
using Microsoft.Extensions.Options;

namespace Coordination.Host.Accounts;

/// <summary>
/// What is kept of persons, beside the journal: a record of each account under its id, and one under each sign-in name that says whose it
/// is. The second is written first and only where there is none, so that no two accounts have one name. An account whose facts were not
/// written is opened by whoever wants its name next.
/// </summary>
public sealed class AccountRecords(IRecords records, Names names, Claims claims, IOptions<SiloOptions> options)
{
    public const string Kind = "account";
    public const string NameKind = "sign-in-name";

    /// <summary>Of an account's stream in the journal.</summary>
    private const string StreamKind = "account";

    public static AccountRecord Read(Record record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return JsonSerializer.Deserialize<AccountRecord>(record.Data)! with { Version = record.Version };
    }

    /// <summary>What stands under a sign-in name.</summary>
    public static byte[] Named(string account) => JsonSerializer.SerializeToUtf8Bytes(new NamedAccount(account));

    /// <summary>The record with the password that counts: an account of the demonstration has the one of the setting until it has its own.</summary>
    public async ValueTask<AccountRecord?> Find(string account)
    {
        if (await records.Read(Kind, account) is not { } record) return null;
        var found = Read(record);
        if (found.Demonstration && options.Value.SharedDemonstration) found = found with { IsKept = true };
        return found is { Demonstration: true, PasswordHash: null } && options.Value.Demonstration ? found with { PasswordHash = options.Value.DemonstrationPasswordHash, IsShared = true } : found;
    }

    /// <summary>Whether visitors share the account. Answered without looking where none do, also while records are away.</summary>
    public async ValueTask<bool> IsKept(string account) => options.Value.SharedDemonstration && await Find(account) is { IsKept: true };

    /// <summary>Writes the record if it is still at its version.</summary>
    public async Task<bool> Save(AccountRecord account)
    {
        ArgumentNullException.ThrowIfNull(account);
        // The password of the setting stays in the setting.
        if (account.IsShared) account = account with { PasswordHash = null };
        if (await records.Write(Kind, account.Account, JsonSerializer.SerializeToUtf8Bytes(account), account.Version) is null) return false;
        names.Note(account);
        return true;
    }

    /// <summary>The account that has a sign-in name, or null.</summary>
    public async ValueTask<string?> AccountOf(string signInName) =>
        await records.Read(NameKind, signInName) is { } record ? JsonSerializer.Deserialize<NamedAccount>(record.Data)!.Account : null;

    /// <summary>Gives a free sign-in name to an account; false when it is another one's, or is taken for it.</summary>
    public async Task<bool> Take(string signInName, string account)
    {
        if (account != AccountId.Administrator && Confusables.Are(signInName, AccountId.Administrator)) return false;
        if (await records.Write(NameKind, signInName, Named(account), 0) is null && await AccountOf(signInName) != account) return false;
        return await claims.Take(Claims.SignInNames, signInName, StreamOf(account)) is null;
    }

    /// <summary>Whether a sign-in name stands for an account already, by an earlier command or by one whose facts may still come.</summary>
    public async Task<bool> IsTakenBy(string signInName, string account) => await AccountOf(signInName) == account;

    /// <summary>Gives up what was taken for an account that is not to have it.</summary>
    public async Task GiveBack(string signInName, string account)
    {
        await claims.Release(Claims.SignInNames, signInName, StreamOf(account), kept: "");
        if (await AccountOf(signInName) == account) await records.Erase(NameKind, signInName, null);
    }

    /// <summary>The account whose sign-in name is taken for a text, or null.</summary>
    public async Task<string?> AccountTakenFor(string text) =>
        Confusables.Are(text, AccountId.Administrator) ? AccountId.Administrator : (await claims.HolderOf(Claims.SignInNames, text))?[(StreamKind.Length + 1)..];

    /// <summary>Keeps what names are taken for, of accounts of which it is not kept.</summary>
    public async Task ClaimNames(CancellationToken cancellation)
    {
        var accounts = (await records.List(Kind, cancellation)).Select(Read).Where(account => account.Account != AccountId.Administrator);
        await claims.Restore(Claims.SignInNames, accounts.Select(account => (account.SignInName, StreamOf(account.Account))), cancellation);
    }

    /// <summary>Erases the record and frees the sign-in name.</summary>
    public async Task Erase(string account)
    {
        if (await records.Read(Kind, account) is not { } record) return;
        var name = Read(record).SignInName;
        // The record goes last: while it is there, an erasure that was cut off knows which name is to go too.
        await claims.Erase(Claims.SignInNames, name, StreamOf(account));
        if (await AccountOf(name) == account) await records.Erase(NameKind, name, null);
        await records.Erase(AccountSessionsGrain.Kind, account, null);
        await records.Erase(Kind, account, null);
    }

    private static string StreamOf(string account) => $"{StreamKind}/{account}";

    private sealed record NamedAccount(string Account);
}
