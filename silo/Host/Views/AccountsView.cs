using System.Collections.Concurrent;
using Coordination.Contracts.Accounts;
using Coordination.Domain.Accounts;

namespace Coordination.Host.Views;

/// <summary>The roles of every account, and the accounts of every body.</summary>
public sealed class AccountsView : KeptView<AccountItem>
{
    private readonly ConcurrentDictionary<string, ImmutableDictionary<string, Role>> _rolesIn = new(StringComparer.Ordinal);

    public override string Name => "accounts";
    public override string Kind => "account";

    /// <summary>The accounts that have a role in a body.</summary>
    public ImmutableDictionary<string, Role> RolesIn(string body) => _rolesIn.GetValueOrDefault(body, ImmutableDictionary<string, Role>.Empty);

    protected override AccountItem? Evolve(string id, AccountItem? item, Entry entry, Fact fact) =>
        Fact.Evolve(id, item?.State, fact) is { } state ? AccountItem.Of(state) : null;

    protected override void Index(string id, AccountItem? before, AccountItem item, DateTimeOffset at)
    {
        foreach (var role in item.Roles) _rolesIn[role.Body] = RolesIn(role.Body).SetItem(id, role.Role);
        foreach (var role in before?.Roles ?? [])
            if (!item.Roles.Any(one => one.Body == role.Body)) _rolesIn[role.Body] = RolesIn(role.Body).Remove(id);
    }
}

/// <summary>The roles of an account, in the order in which it took them first, and the other password that is asked for it.</summary>
public sealed record AccountItem(ImmutableArray<BodyRole> Roles, bool IsErased, PendingReset? Reset = null)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public AccountState State => IsErased ? new AccountState.Erased() : new AccountState.Open(Roles, Reset);

    public static AccountItem Of(AccountState state) => state is AccountState.Open open ? new(open.Roles, false, open.Reset) : new([], true);
}
