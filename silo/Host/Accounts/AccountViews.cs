using Coordination.Contracts.Accounts;
using Coordination.Contracts.Feed;
using Coordination.Host.Grains;
using Coordination.Host.Views;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace Coordination.Host.Accounts;

/// <summary>Says what an account may do and who it is, from this silo's views.</summary>
[StatelessWorker, Reentrant]
public sealed class StandingGrain(Deciding deciding, World world, BodyPages pages) : Grain, IStandingGrain
{
    private string Id => this.GetPrimaryKeyString();

    public async Task<Standing> Of(Asker asker)
    {
        var (standing, _) = await Find(asker);
        return standing;
    }

    public async Task<AccountView?> WhoIs(Asker asker)
    {
        var (standing, actor) = await Find(asker);
        if (standing is not Standing.Here) return null;
        var names = world.Names.Of(Id);
        return new(
            Id, names?.SignInName ?? Id, names?.DisplayName ?? Id, actor.Role,
            actor.Body is { } body && world.BodyItem(body) is { } item ? pages.Brief(item, actor, online: false) : null,
            [.. world.RolesOf(Id).Select(role => new AccountBody(role.Body, world.NameOf(role.Body), role.Role))],
            world.ResetOf(Id));
    }

    /// <summary>That an account has lost a role is said only by views that know the whole journal: those of a silo that has just started do not yet.</summary>
    /// <exception cref="ViewsBehindException">It cannot be said yet.</exception>
    private async ValueTask<(Standing Standing, Actor Actor)> Find(Asker asker)
    {
        if (!await deciding.Knows(asker.Seen)) throw new ViewsBehindException();
        if (Now(asker) is { Standing: Standing.Here } here) return here;
        if (!await deciding.Knows((await deciding.Journal.ReadHead()).Position)) throw new ViewsBehindException();
        return Now(asker);
    }

    private (Standing Standing, Actor Actor) Now(Asker asker)
    {
        var actor = world.Who(Id, asker.Body);
        if (actor.Body is not null || actor.Administers) return (Standing.Here, actor);
        return (world.RolesOf(Id).IsEmpty && Id != Actor.AdministratorAccount ? Standing.None : Standing.Elsewhere, actor);
    }
}

/// <summary>The list of accounts, for those who may end them.</summary>
[StatelessWorker, Reentrant]
public sealed class AccountViewsGrain(World world, Views.ReadYourWrites reads) : Grain, IAccountViewsGrain
{
    private static readonly Order<AccountSummary, AccountSort> Sorts = new(
        "accounts", "sign-in-name", account => (account.Account, ""), (AccountSort.SignInName, null, account => account.SignInName), (AccountSort.Name, null, account => account.DisplayName));

    public async Task<Page<AccountSummary>?> List(Asker asker, bool resets, Paging paging)
    {
        await reads.For(asker);
        if (!world.Who(asker).Administers) return null;
        // Names of persons are in no index: they are kept in one place, from which they can be erased.
        var query = SearchText.QueryOf(paging.Query);
        var accounts = world.Names.All.Select(pair => ToSummary(pair.Account, pair.Names))
            .Where(account => (!resets || account.Reset is not null) && SearchText.Finds(query, [account.SignInName, account.DisplayName, .. account.Bodies.Select(body => body.Name)]));
        return Paged.By(accounts, Sorts, resets, paging, account => account);
    }

    private AccountSummary ToSummary(string account, AccountNames names) => new(
        account, names.SignInName, names.DisplayName, !names.IsTaken, [.. world.RolesOf(account).Select(role => new AccountBody(role.Body, world.NameOf(role.Body), role.Role))],
        world.ResetOf(account));
}

[StatelessWorker, Reentrant]
public sealed class DemonstrationGrain(World world, IOptions<SiloOptions> options) : Grain, IDemonstrationGrain
{
    public Task<DemonstrationAccount[]> Accounts() => Task.FromResult<DemonstrationAccount[]>(
        !options.Value.Demonstration || options.Value.DemonstrationPasswordHash is null
            ? []
            : [.. Offered().OrderByDescending(account => account.Exercise).ThenBy(account => account.Name, StringComparer.Ordinal)]);

    private IEnumerable<DemonstrationAccount> Offered()
    {
        foreach (var (account, names) in world.Names.Offered)
        {
            // Of an account that has lost its role there is nothing to try.
            if (world.Who(account).Body is { } body && world.Body(body) is { } info) yield return new(names.SignInName, names.DisplayName, info.Kind, info.Exercise);
        }
    }
}
