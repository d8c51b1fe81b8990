using Coordination.Contracts.Accounts;
using Coordination.Contracts.Bodies;

namespace Coordination.Domain;

/// <summary>Who acts or looks, as known at this moment.</summary>
/// <param name="Account">Id of the account.</param>
/// <param name="Body">The body that the account acts for; null for administrators and the platform.</param>
/// <param name="Role">In that body.</param>
public sealed record Actor(string Account, string? Body, Role Role)
{
    /// <summary>The platform itself: its clock and its import. No account can have this name, which is not a valid one.</summary>
    public static readonly Actor Platform = new("#platform", null, Role.Administrator);

    /// <summary>The account that admits bodies. No body can give it a role.</summary>
    public const string AdministratorAccount = AccountId.Administrator;

    /// <summary>Someone signed in who has no part in anything (any more).</summary>
    public static Actor Nobody(string account) => new(account, null, Role.Observer);

    public bool IsPlatform => ReferenceEquals(this, Platform) || Account == Platform.Account;

    /// <summary>Coordinator of this body, or the platform itself.</summary>
    public bool Coordinates(string? body) => IsPlatform || (body is not null && Body == body && Role == Role.Coordinator);

    /// <summary>May report and share for this body.</summary>
    public bool ContributesTo(string? body) => IsPlatform || (body is not null && Body == body && Role is Role.Coordinator or Role.Contributor);

    public bool Administers => IsPlatform || (Role == Role.Administrator && Body is null);
}

/// <summary>A body as the rules need it.</summary>
/// <param name="TimeZone">UTC when not stated.</param>
public sealed record BodyInfo(
    string Id, string Name, BodyKind Kind, string? State, string? Region, string? Subregion, string? IntermediateRegion, TimeZoneInfo TimeZone,
    bool Exercise)
{
    /// <summary>The day it is at the body. Deadlines are days and turn at the body's own midnight.</summary>
    public DateOnly Today(DateTimeOffset now) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, TimeZone).DateTime);

    /// <summary>
    /// The moment a day ends at the body: the first at which <see cref="Today"/> is a later one, also where clocks change
    /// at midnight and it never comes, or comes twice. The last year there is has no end.
    /// </summary>
    public DateTimeOffset EndOf(DateOnly day)
    {
        if (day.Year == DateOnly.MaxValue.Year) return DateTimeOffset.MaxValue;
        var midnight = new DateTimeOffset(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero);
        var one = midnight - TimeZone.GetUtcOffset(midnight.AddDays(-1));
        var other = midnight - TimeZone.GetUtcOffset(midnight.AddDays(1));
        var (earlier, later) = one < other ? (one, other) : (other, one);
        return Today(earlier) > day ? earlier : later;
    }

    /// <summary>Whether it lies in a region given by M49 name or code.</summary>
    public bool IsIn(string region) => Regions.NameOf(region) is { } name && (name == Region || name == Subregion || name == IntermediateRegion);
}

/// <summary>Who there is besides the thing decided on. Answers from memory and never waits.</summary>
public interface IDirectory
{
    BodyInfo? Body(string id);

    /// <summary>Bodies that belong to a group now; empty when there is no such group.</summary>
    IReadOnlyCollection<string> MembersOf(string group);

    /// <summary>Bodies that lie in a region, given by M49 name or code.</summary>
    IEnumerable<string> BodiesIn(string region);

    /// <summary>The national rapporteurs of a State.</summary>
    IEnumerable<string> RapporteursOf(string state);

    /// <summary>Accounts that have the role of coordinator in a body.</summary>
    IReadOnlyCollection<string> CoordinatorsOf(string body);

    /// <summary>What a body has open.</summary>
    OpenThings OpenOf(string body, DateTimeOffset now);

    /// <summary>How much it may have open.</summary>
    OpenThings MostOpen => OpenThings.Most;

    /// <summary>Whether there is a group with this id.</summary>
    bool HasGroup(string id);

    /// <summary>Whether there is a plan with this measure that <paramref name="actor"/> may see.</summary>
    bool HasMeasure(string plan, string measure, Actor actor);
}
