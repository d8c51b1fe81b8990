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
    /// <param name="Reset">Another password that is asked for; any change of roles ends it.</param>
    public sealed record Open(ImmutableArray<BodyRole> Roles, PendingReset? Reset = null) : AccountState;

    public sealed record Erased : AccountState;

    /// <summary>The role in a body, or null.</summary>
    public Role? RoleIn(string body)
    {
        if (this is not Open open) return null;
        foreach (var role in open.Roles)
            if (role.Body == body) return role.Role;
        return null;
    }
}

/// <summary>A role in a body.</summary>
public sealed record BodyRole(string Body, Role Role);

/// <summary>Another password that a coordinator has asked for, for somebody who has lost the one there is.</summary>
/// <param name="By">Account of the coordinator.</param>
/// <param name="Until">When it is over.</param>
/// <param name="AgreedBy">Account of the second person; null as long as there is none.</param>
/// <param name="From">When the link can be made.</param>
public sealed record PendingReset(string Body, string By, DateTimeOffset Until, string? AgreedBy = null, DateTimeOffset? From = null)
{
    /// <summary>However late somebody agrees, there is a day to make the link and to use it.</summary>
    public PendingReset Agreed(string by, DateTimeOffset from) => this with { AgreedBy = by, From = from, Until = Until > from.AddDays(1) ? Until : from.AddDays(1) };

    /// <summary>The link can be made, and counts.</summary>
    public bool IsDue(DateTimeOffset now) => From <= now && now < Until;
}
