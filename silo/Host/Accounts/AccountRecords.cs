using System.Text.Json;
using Coordination.Contracts.Accounts;
using Microsoft.Extensions.Options;

namespace Coordination.Host.Accounts;

/// <summary>
/// What is kept of persons, beside the journal: a record of each account under its id, and one under each sign-in name that says whose it
/// is. The second is written first and only where there is none, so that no two accounts have one name.
/// </summary>
public sealed class AccountRecords(IRecords records, Names names, IOptions<SiloOptions> options)
{
    public const string Kind = "account";
    public const string NameKind = "sign-in-name";

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
        return found is { Demonstration: true, PasswordHash: null } && options.Value.Demonstration ? found with { PasswordHash = options.Value.DemonstrationPasswordHash, IsShared = true } : found;
    }

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

    /// <summary>Gives a free sign-in name to an account; false when it is another one's.</summary>
    public async Task<bool> Take(string signInName, string account) =>
        await records.Write(NameKind, signInName, Named(account), 0) is not null
        || await AccountOf(signInName) == account;

    /// <summary>Erases the record and frees the sign-in name.</summary>
    public async Task Erase(string account)
    {
        if (await records.Read(Kind, account) is not { } record) return;
        var name = Read(record).SignInName;
        // The record goes last: while it is there, an erasure that was cut off knows which name is to go too.
        if (await AccountOf(name) == account) await records.Erase(NameKind, name, null);
        await records.Erase(AccountSessionsGrain.Kind, account, null);
        await records.Erase(Kind, account, null);
    }

    private sealed record NamedAccount(string Account);
}
