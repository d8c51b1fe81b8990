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

    /// <summary>Under the skeleton of a sign-in name: which account has the one name of all that are taken for one another.</summary>
    public const string LookKind = "sign-in-name-look";

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
    public ValueTask<string?> AccountOf(string signInName) => AccountOf(NameKind, signInName);

    /// <summary>Gives a free sign-in name to an account; false when it is another one's, or is taken for it.</summary>
    public async Task<bool> Take(string signInName, string account)
    {
        if (account != AccountId.Administrator && Confusables.Are(signInName, AccountId.Administrator)) return false;
        if (!await Take(NameKind, signInName, account)) return false;
        if (await TakeLook(signInName, account)) return true;
        await EraseOwn(NameKind, signInName, account);
        return false;
    }

    /// <summary>Keeps what names look like for accounts of which it is not kept.</summary>
    public async Task ClaimNames(CancellationToken cancellation)
    {
        var known = (await records.List(LookKind, cancellation)).Select(record => record.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var account in (await records.List(Kind, cancellation)).Select(Read))
            if (Confusables.Skeletons(account.SignInName).Any(look => !known.Contains(look))) await TakeLook(account.SignInName, account.Account);
    }

    /// <summary>Erases the record and frees the sign-in name.</summary>
    public async Task Erase(string account)
    {
        if (await records.Read(Kind, account) is not { } record) return;
        var name = Read(record).SignInName;
        // The record goes last: while it is there, an erasure that was cut off knows which name is to go too.
        await EraseOwn(NameKind, name, account);
        foreach (var look in Confusables.Skeletons(name)) await EraseOwn(LookKind, look, account);
        await records.Erase(AccountSessionsGrain.Kind, account, null);
        await records.Erase(Kind, account, null);
    }

    private async ValueTask<string?> AccountOf(string kind, string id) =>
        await records.Read(kind, id) is { } record ? JsonSerializer.Deserialize<NamedAccount>(record.Data)!.Account : null;

    private async Task<bool> TakeLook(string signInName, string account)
    {
        foreach (var look in Confusables.Skeletons(signInName))
            if (!await Take(LookKind, look, account)) return false;
        return true;
    }

    private async Task<bool> Take(string kind, string id, string account) =>
        await records.Write(kind, id, Named(account), 0) is not null || await AccountOf(kind, id) == account;

    private async Task EraseOwn(string kind, string id, string account)
    {
        if (await AccountOf(kind, id) == account) await records.Erase(kind, id, null);
    }

    private sealed record NamedAccount(string Account);
}
