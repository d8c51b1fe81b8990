using System.Text.Json;
using Coordination.Contracts.Accounts;
using Coordination.Host.Views;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace Coordination.Host.Accounts;

/// <summary>One account. Its record stands beside the journal, so that it can be erased.</summary>
public sealed class AccountGrain(IRecords records, World world, BodyPages pages, IOptions<SiloOptions> options) : Grain, IAccountGrain
{
    private const string Kind = "account";

    private string Name => this.GetPrimaryKeyString();

    public async Task<AccountRecord?> Find()
    {
        var record = await records.Read(Kind, Name);
        var stored = record is null ? null : JsonSerializer.Deserialize<AccountRecord>(record.Data)! with { Version = record.Version };
        if (!IsDemonstration) return stored is { PasswordHash: null } ? null : stored;
        // A demonstration account has a record only for its failed sign-ins; its password is the one all of them share.
        var hash = options.Value.DemonstrationPasswordHash;
        return hash is null ? null : (stored ?? new(Name, world.NameOf(Name), null, "demonstration", 0, null, 0)) with { PasswordHash = hash };
    }

    public async Task<bool> Save(AccountRecord account)
    {
        var stored = IsDemonstration ? account with { PasswordHash = null } : account;
        return await records.Write(Kind, Name, JsonSerializer.SerializeToUtf8Bytes(stored), account.Version) is not null;
    }

    public Task Erase() => records.Erase(Kind, Name, null);

    public Task<AccountView?> WhoIs()
    {
        var actor = world.Who(Name);
        if (actor.Administers) return Task.FromResult<AccountView?>(new(Name, Name, actor.Role, null));
        return Task.FromResult<AccountView?>(
            actor.Body is { } body && world.BodyItem(body) is { } item ? new(Name, item.Info.Name, actor.Role, pages.Brief(item, actor, online: false)) : null);
    }

    private bool IsDemonstration => options.Value.Demonstration && Name != World.AdministratorAccount && world.Body(Name) is not null;
}

[StatelessWorker, Reentrant]
public sealed class DemonstrationGrain(World world, IOptions<SiloOptions> options) : Grain, IDemonstrationGrain
{
    public Task<DemonstrationAccount[]> Accounts() => Task.FromResult<DemonstrationAccount[]>(
        !options.Value.Demonstration || options.Value.DemonstrationPasswordHash is null
            ? []
            : [.. world.Bodies
                .OrderByDescending(body => body.Info.Exercise).ThenBy(body => body.Info.Name, StringComparer.Ordinal)
                .Select(body => new DemonstrationAccount(body.Info.Id, body.Info.Name, body.Info.Kind, body.Info.Exercise))]);
}
