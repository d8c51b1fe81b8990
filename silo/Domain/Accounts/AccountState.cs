using System.Text.Json.Serialization;
using Coordination.Contracts.Accounts;

namespace Coordination.Domain.Accounts;

/// <summary>An account as its rules need it: a closed set. Null stands for one that was never opened.</summary>
[JsonDerivedType(typeof(Open), "open")]
[JsonDerivedType(typeof(Erased), "erased")]
public abstract record AccountState
{
    private AccountState() { }

    /// <param name="Roles">By body, in the order in which they were taken first.</param>
    public sealed record Open(ImmutableArray<BodyRole> Roles) : AccountState;

    public sealed record Erased : AccountState;

    /// <summary>The role in a body, or null.</summary>
    public Role? RoleIn(string body)
    {
        if (this is not Open open) return null;
        foreach (var role in open.Roles)
            if (role.Body == body) return role.Role;
        return null;
    }

    public static AccountState? Evolve(AccountState? state, Fact fact) => (state, fact) switch
    {
        (null, AccountOpened) => new Open([]),
        (Open open, AccountRoleTaken it) => new Open(open.RoleIn(it.Body) is null
            ? open.Roles.Add(new(it.Body, it.Role))
            : [.. open.Roles.Select(role => role.Body == it.Body ? role with { Role = it.Role } : role)]),
        (Open open, AccountRoleLeft it) => new Open(open.Roles.RemoveAll(role => role.Body == it.Body)),
        (Open, AccountErased) => new Erased(),
        _ => state,
    };
}

/// <summary>A role in a body.</summary>
public sealed record BodyRole(string Body, Role Role);
