using System.Text.Json;
using Coordination.Contracts.Accounts;
using Coordination.Contracts.Feed;
using Coordination.Host.Views;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace Coordination.Host.Accounts;

/// <summary>One account. Its record stands beside the journal, so that it can be erased.</summary>
public sealed class AccountGrain(IRecords records, World world, Standing standing, BodyPages pages, TimeProvider time, IOptions<SiloOptions> options) : Grain, IAccountGrain
{
    private const string Kind = "account";
    private const int MostFailures = 5;
    private static readonly TimeSpan Lock = TimeSpan.FromMinutes(5);
    private (int Failed, DateTimeOffset? LockedUntil) _unrecorded;

    private string Name => this.GetPrimaryKeyString();

    public async Task<AccountRecord?> Find()
    {
        // A demonstration account has no record; its password is the one all of them share.
        if (IsDemonstration)
            return options.Value.DemonstrationPasswordHash is { } hash ? new(Name, world.NameOf(Name), hash, "demonstration", 0, null, 0) : null;
        return await records.Read(Kind, Name) is { } record ? JsonSerializer.Deserialize<AccountRecord>(record.Data)! with { Version = record.Version } : null;
    }

    public async Task<bool> Save(AccountRecord account) =>
        await records.Write(Kind, Name, JsonSerializer.SerializeToUtf8Bytes(account), account.Version) is not null;

    public async Task<DateTimeOffset?> NoteSignIn(bool succeeded)
    {
        var now = time.GetUtcNow();
        var record = IsDemonstration ? null : await Find();
        var (failed, locked) = record is null ? _unrecorded : (record.FailedSignIns, record.LockedUntil);
        if (locked > now) return locked;
        if (succeeded && failed == 0 && locked is null) return null;
        (failed, locked) = succeeded ? (0, null) : failed + 1 >= MostFailures ? (0, now + Lock) : (failed + 1, (DateTimeOffset?)null);
        // What is tried on a name without an account is forgotten with the activation: nobody fills the disk with names.
        if (record is null) _unrecorded = (failed, locked);
        else await Save(record with { FailedSignIns = failed, LockedUntil = locked });
        return locked;
    }

    public Task Erase() => records.Erase(Kind, Name, null);

    public async Task<bool> Settle(long position)
    {
        await world.Reach(position, options.Value.SeenWithin);
        return world.Position >= position;
    }

    public async Task<AccountView?> WhoIs()
    {
        var actor = await standing.Of(Name);
        if (actor.Administers) return new(Name, Name, actor.Role, null);
        return actor.Body is { } body && world.BodyItem(body) is { } item ? new(Name, item.Info.Name, actor.Role, pages.Brief(item, actor, online: false)) : null;
    }

    private bool IsDemonstration => options.Value.Demonstration && Name != Actor.AdministratorAccount && world.Body(Name) is not null;
}

[StatelessWorker, Reentrant]
public sealed class StandingGrain(Standing standing) : Grain, IStandingGrain
{
    public async Task<bool> IsSomebody() => standing.IsSomebody(await standing.Of(this.GetPrimaryKeyString()));
}

/// <summary>Whom an account speaks for. That it is nobody is said only by views that know the whole journal: those of a silo that has just started do not yet.</summary>
public sealed class Standing(World world, IJournal journal, IOptions<SiloOptions> options)
{
    /// <exception cref="ViewsBehindException">It cannot be said yet.</exception>
    public async ValueTask<Actor> Of(string account)
    {
        var actor = world.Who(account);
        if (IsSomebody(actor)) return actor;
        var head = (await journal.ReadHead()).Position;
        await world.Reach(head, options.Value.SeenWithin);
        return world.Position >= head ? world.Who(account) : throw new ViewsBehindException();
    }

    public bool IsSomebody(Actor actor) => actor.Administers || (actor.Body is { } body && world.BodyItem(body) is not null);
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
