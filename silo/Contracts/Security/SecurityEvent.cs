using Coordination.Contracts.Bodies;

namespace Coordination.Contracts.Security;

/// <summary>What the security log tells of.</summary>
[GenerateSerializer, Alias("SecurityEventKind")]
public enum SecurityEventKind
{
    SignedIn,
    /// <summary>A name that an account has, with a wrong password; of any other name it is not told which.</summary>
    SignInFailed,
    /// <summary>Not even tried: too many wrong passwords before.</summary>
    SignInLocked,
    /// <summary>Of somebody who is signed in, at a change of password or when it was asked for again.</summary>
    PasswordWrong,
    PasswordChanged,
    /// <summary>By its owner or by somebody responsible; those of a person whose password changed or whose role was taken end with that.</summary>
    SessionEnded,
    RoleGiven,
    RoleTaken,
    /// <summary>A link was made with which an account is taken up.</summary>
    Invited,
    InvitationAccepted,
    /// <summary>By a rule: the code says which.</summary>
    Refused,
    /// <summary>More than a bound allows: the code says which.</summary>
    Bounded,
    /// <summary>The journal was read from one end to the other.</summary>
    Exported,
    TextsErased,
    AccountErased,
    BodyAdmitted,
    /// <summary>Another password, for somebody who has lost the one there is.</summary>
    ResetAsked,
    ResetAgreed,
    ResetDropped,
    /// <summary>A link was made with which its person chooses it.</summary>
    ResetLinkMade,
    /// <summary>Its person has chosen it.</summary>
    PasswordReset,
}

/// <summary>Something at the doors that matters to those responsible. Without secrets and without what people write.</summary>
/// <param name="Account">Which did it; null when it is not known who it was.</param>
/// <param name="Body">The body that it acted for.</param>
/// <param name="About">The account that it was done about.</param>
/// <param name="AboutBody">The body that it was done about.</param>
/// <param name="Network">Of the address that it came from, such as <c>192.0.2.0/24</c>.</param>
/// <param name="Browser">As the device says; null when it says nothing known.</param>
/// <param name="Operation">What was refused, by its name in the interface's description.</param>
/// <param name="Code">Of the refusal.</param>
/// <param name="Count">How often the same happened within a moment.</param>
/// <param name="Concerned">Whom it concerned, where much that happened within a moment is told as one and not all of it was about the same.</param>
[GenerateSerializer, Immutable, Alias("SecurityEvent")]
public sealed record SecurityEvent(
    SecurityEventKind Kind, DateTimeOffset At, string? Account = null, string? Body = null, string? About = null, string? AboutBody = null,
    string? Network = null, string? Browser = null, string? System = null, string? Operation = null, string? Code = null, int Count = 1,
    Concern[]? Concerned = null);

/// <summary>Whom something concerned, and how often.</summary>
[GenerateSerializer, Immutable, Alias("Concern")]
public sealed record Concern(string? Account, string? Body, int Count);

/// <summary>An account, as it is shown. Without a name when it was erased.</summary>
[GenerateSerializer, Immutable, Alias("AccountName")]
public sealed record AccountName(string Id, string? Name);

/// <inheritdoc cref="SecurityEvent"/>
[GenerateSerializer, Immutable, Alias("SecurityEventView")]
public sealed record SecurityEventView(
    long Number, SecurityEventKind Kind, DateTimeOffset At, AccountName? Account, BodyName? Body, AccountName? About, BodyName? AboutBody,
    string? Network, string? Browser, string? System, string? Operation, string? Code, int Count);

/// <param name="Account">Id of the account that did it or is concerned.</param>
[GenerateSerializer, Immutable, Alias("SecurityFilter")]
public sealed record SecurityFilter(SecurityEventKind? Kind = null, string? Account = null);

/// <summary>The security log. Key: 0. Any silo answers.</summary>
[Alias("ISecurityLogGrain")]
public interface ISecurityLogGrain : IGrainWithIntegerKey
{
    [Alias("Note")]
    Task Note(SecurityEvent[] events);

    /// <summary>Newest first: for a coordinator what its body did or what was done about it, for an administrator all. Null when the asker is neither.</summary>
    [Alias("List")]
    Task<Page<SecurityEventView>?> List(Asker asker, SecurityFilter filter, Paging paging);
}
