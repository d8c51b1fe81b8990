using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Coordination.Contracts.Bodies;
using Coordination.Contracts.Security;

namespace Coordination.Contracts.Accounts;

/// <summary>What an account may do in a body.</summary>
[GenerateSerializer, Alias("Role")]
public enum Role
{
    /// <summary>Reads.</summary>
    Observer,
    /// <summary>Reports progress, shares updates.</summary>
    Contributor,
    /// <summary>The body's plans, requests, members.</summary>
    Coordinator,
    /// <summary>Admits bodies; reads nothing restricted.</summary>
    Administrator,
}

/// <summary>Ids of accounts: <c>a-</c> and eight random letters and digits, so that an id says nothing of its person.</summary>
public static class AccountId
{
    /// <summary>The account that the platform is installed with, which admits bodies. The one id that is known beforehand.</summary>
    public const string Administrator = "administrator";

    private const char Kind = 'a';

    public static string New() => NewId.Random(Kind);

    /// <summary>Whether a text has the form of an id. No sign-in name may have it.</summary>
    public static bool IsOne(string text) => NewId.IsOne(Kind, text);
}

/// <summary>Names that people sign in with: small letters and digits, parted by single dots and hyphens.</summary>
public static partial class SignInName
{
    public const int Longest = 80;
    public const string Form = "^[a-z0-9]+([.-][a-z0-9]+)*$";

    // A dollar sign lets a line end pass.
    public static bool IsOne(string text) => text.Length <= Longest && !text.EndsWith('\n') && Whole().IsMatch(text) && !AccountId.IsOne(text);

    [GeneratedRegex(Form)]
    private static partial Regex Whole();
}

/// <summary>What can be told an account to do, or told about it: a closed set.</summary>
[GenerateSerializer, Immutable, Alias("AccountCommand")]
public abstract record AccountCommand;

/// <summary>Gives an account a role in a body. The body's coordinator may; an administrator gives a body its first coordinator.</summary>
/// <param name="Body">Set from the path.</param>
/// <param name="Account">Sign-in name or id. By a sign-in name that is free an invitation makes a new account.</param>
/// <param name="Role">Null where it has one in the body, which it keeps.</param>
/// <param name="DisplayName">How the person is shown, of a new account; its sign-in name when null.</param>
[GenerateSerializer, Immutable, Alias("GrantRole")]
public sealed record GrantRole(
    [property: JsonIgnore] string? Body,
    [property: Required, StringLength(SignInName.Longest, MinimumLength = 1), Form(SignInName.Form)] string Account,
    Role? Role,
    [property: StringLength(200, MinimumLength = 1)] string? DisplayName = null) : AccountCommand;

/// <summary>Takes the role that an account has in a body. The body's coordinator or an administrator may, and the account itself.</summary>
[GenerateSerializer, Immutable, Alias("RevokeRole")]
public sealed record RevokeRole(string Body) : AccountCommand;

/// <summary>Takes up an invitation. Whoever has its secret may, once.</summary>
/// <param name="DisplayName">How the person wants to be shown; null leaves what the invitation says.</param>
[GenerateSerializer, Immutable, Alias("AcceptInvitation")]
public sealed record AcceptInvitation(string? DisplayName) : AccountCommand;

/// <summary>Changes how a person is shown. The person may, and an administrator.</summary>
[GenerateSerializer, Immutable, Alias("NameAccount")]
public sealed record NameAccount([property: Required, StringLength(200, MinimumLength = 1)] string DisplayName) : AccountCommand;

/// <summary>Asks that an account of one's body get another password, because its person has lost the one there is. A coordinator may.</summary>
/// <param name="Body">The body that the asker acts for.</param>
[GenerateSerializer, Immutable, Alias("AskReset")]
public sealed record AskReset(string? Body) : AccountCommand;

/// <summary>Agrees to that, as a second person. An administrator may: a coordinator could be the second one too, by an account made for it.</summary>
[GenerateSerializer, Immutable, Alias("AgreeToReset")]
public sealed record AgreeToReset : AccountCommand;

/// <summary>Ends it. The account's person may, the body's coordinators and administrators.</summary>
[GenerateSerializer, Immutable, Alias("DropReset")]
public sealed record DropReset : AccountCommand;

/// <summary>Makes the link with which the person chooses another password. Whoever asked for it may, once a second person has agreed and the time to object is over.</summary>
[GenerateSerializer, Immutable, Alias("MakeResetLink")]
public sealed record MakeResetLink : AccountCommand;

/// <summary>Another password that is asked for.</summary>
/// <param name="Body">The body whose coordinator asks.</param>
/// <param name="Until">When it is over.</param>
/// <param name="AgreedBy">The second person; null as long as there is none.</param>
/// <param name="From">When the link can be made.</param>
[GenerateSerializer, Immutable, Alias("ResetView")]
public sealed record ResetView(BodyName Body, AccountName By, DateTimeOffset Until, AccountName? AgreedBy, DateTimeOffset? From);

/// <summary>Ends an account: its roles, its sign-in and its record with everything in it. An administrator may.</summary>
[GenerateSerializer, Immutable, Alias("EraseAccount")]
public sealed record EraseAccount : AccountCommand;

/// <summary>
/// What the platform knows of the person behind an account: names and secrets. It is stored beside the journal and never in it, so
/// that it can be erased.
/// </summary>
/// <param name="Account">The account's id.</param>
/// <param name="SignInName">Unique among all accounts.</param>
/// <param name="PasswordHash">As made by the gateway's hasher, or null: cannot sign in with a password of its own.</param>
/// <param name="Version">For optimistic writes; 0 when the record has never been written.</param>
/// <param name="Invitation">What lets a person choose the first password.</param>
/// <param name="Generation">How often another password was chosen. The same password under a stronger hash is of the same generation.</param>
/// <param name="IsShared">The password is the one of the setting, which each silo hashes for itself.</param>
/// <param name="Demonstration">Made by the import: while it has no password of its own, the one that the setting gives to all of these counts.</param>
/// <param name="IsKept">Visitors share it, by a setting: none of them changes it for the others.</param>
[GenerateSerializer, Immutable, Alias("AccountRecord")]
public sealed record AccountRecord(
    string Account, string SignInName, string DisplayName, string? PasswordHash,
    long Version, Invitation? Invitation = null, bool Demonstration = false, int Generation = 0, [property: JsonIgnore] bool IsShared = false, [property: JsonIgnore] bool IsKept = false)
{
    public static readonly Refusal Kept = Refusal.Conflict(
        "account.of-the-demonstration", "All visitors of the demonstration share this account. Its name, its password and its roles stay as they are. Have somebody invited for an account of your own.");

    /// <summary>A person has taken it up. Before that it is a name that somebody has written down.</summary>
    [JsonIgnore]
    public bool IsTaken => PasswordHash is not null || Demonstration;
}

/// <summary>Lets whoever has its secret choose the first password of an account, once.</summary>
/// <param name="Hash">Of the secret: SHA-256 in hexadecimal digits.</param>
/// <param name="Body">The body that invites.</param>
/// <param name="Accepting">Hash of the password that it is being taken up with, until the journal says so; null before.</param>
/// <param name="Resets">It gives another password to an account that was taken up, as two persons have agreed.</param>
[GenerateSerializer, Immutable, Alias("Invitation")]
public sealed record Invitation(string Hash, DateTimeOffset Expires, string Body, string? Accepting = null, bool Resets = false)
{
    /// <summary>After which it opens nothing.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromDays(1);

    /// <summary>It does not count (any more), or there never was one: which of them is told to nobody.</summary>
    public static readonly Refusal Gone = Refusal.NotFound(
        "invitation.gone", "This invitation has been used, has expired or was replaced. Ask whoever invited you for another one.");
}

/// <summary>A body in which an account has a role.</summary>
[GenerateSerializer, Immutable, Alias("AccountBody")]
public sealed record AccountBody(string Id, string Name, Role Role);

/// <summary>Whom the platform knows an account to be, at this moment.</summary>
/// <param name="Role">In the body that it acts for.</param>
/// <param name="Body">The body that it acts for; null for an administrator.</param>
/// <param name="Bodies">All that it has a role in, in the order in which it took them.</param>
/// <param name="Reset">Another password that is asked for it.</param>
[GenerateSerializer, Immutable, Alias("AccountView")]
public sealed record AccountView(string Account, string SignInName, string DisplayName, Role Role, BodyView? Body, AccountBody[] Bodies, ResetView? Reset = null);

/// <summary>What an account may still do.</summary>
[GenerateSerializer, Alias("Standing")]
public enum Standing
{
    /// <summary>It has no role anywhere.</summary>
    None,
    /// <summary>It has a role, and none in the body that it wants to act for.</summary>
    Elsewhere,
    /// <summary>It may act for the body.</summary>
    Here,
}

/// <summary>An account that the sign-in page offers in a demonstration.</summary>
/// <param name="Account">Its sign-in name.</param>
[GenerateSerializer, Immutable, Alias("DemonstrationAccount")]
public sealed record DemonstrationAccount(string Account, string Name, BodyKind? Kind, bool Exercise);

/// <summary>What became of a role that was to be given.</summary>
/// <param name="Account">The account's id, when it was given.</param>
/// <param name="IsInvited">The invitation that came with it counts from now on, and no earlier one. False when the account has been taken up.</param>
[GenerateSerializer, Immutable, Alias("Granted")]
public sealed record Granted(Outcome Outcome, string? Account, bool IsInvited);

/// <summary>What an invitation tells whoever has its secret.</summary>
/// <param name="Resets">It gives another password to an account that was taken up before.</param>
[GenerateSerializer, Immutable, Alias("InvitationView")]
public sealed record InvitationView(string SignInName, string DisplayName, BodyName Body, Role Role, DateTimeOffset Expires, bool Resets);

/// <summary>Decides for one account, by its id, and keeps its record.</summary>
[Alias("IAccountGrain")]
public interface IAccountGrain : IGrainWithStringKey
{
    [Alias("Execute")]
    Task<Outcome> Execute(CommandHeader header, AccountCommand command);

    /// <summary>Gives it a role.</summary>
    /// <param name="signInName">The name by which the command says whom it means; null when it says the id.</param>
    /// <param name="invitation">Opens the account when it is not there yet, and counts as long as nobody has taken it up.</param>
    [Alias("Grant")]
    Task<Granted> Grant(CommandHeader header, GrantRole command, string? signInName, Invitation? invitation);

    /// <summary>What an invitation says; null when it does not count (any more).</summary>
    /// <param name="hash">Of its secret, as in <see cref="Invitation.Hash"/>.</param>
    [Alias("Invited")]
    Task<InvitationView?> Invited(string hash);

    /// <summary>Takes up the account: the password counts from now on, and the invitation no longer.</summary>
    /// <param name="passwordHash">As made by the gateway's hasher.</param>
    /// <param name="displayName">How the person wants to be shown; null leaves it.</param>
    [Alias("Accept")]
    Task<Outcome> Accept(CommandHeader header, string hash, string passwordHash, string? displayName);

    /// <summary>Lets a link count with which the person chooses another password, as was asked for and agreed to.</summary>
    [Alias("Reset")]
    Task<Granted> Reset(CommandHeader header, Invitation link);

    /// <summary>The record, or null when there is no such account (any more).</summary>
    [Alias("Find")]
    Task<AccountRecord?> Find();

    /// <summary>Gives the account the password that its person has chosen, and ends its sessions. False when it was changed meanwhile. Said twice it is done once.</summary>
    /// <param name="generation">Of the password that the person knew.</param>
    /// <param name="hash">As made by the gateway's hasher.</param>
    /// <param name="but">The session that goes on; null ends all.</param>
    [Alias("SetPassword")]
    Task<bool> SetPassword(int generation, string hash, string? but);

    /// <summary>Keeps the same password under a stronger hash, unless it was changed meanwhile.</summary>
    [Alias("Strengthen")]
    Task Strengthen(string before, string hash);
}

/// <summary>Where a password is tried from.</summary>
/// <param name="Network">Of the address, such as <c>192.0.2.0/24</c>.</param>
/// <param name="Site">The networks that one customer of a provider commonly has: 24 bits of IPv4, 48 of IPv6.</param>
/// <param name="Device">One on which the account has signed in before, or the session that it has; null for any other.</param>
/// <param name="Generation">Of the password that it signed in with there: an older one makes no device known.</param>
[GenerateSerializer, Immutable, Alias("TriedFrom")]
public sealed record TriedFrom(string Network, string Site, string? Device = null, int Generation = 0);

/// <summary>Whether a password may be tried.</summary>
/// <param name="Closed">Until when nothing more may be tried from there, with a right password neither; null: now.</param>
/// <param name="Account">Whose password it is, or null when the name is nobody's.</param>
/// <param name="IsKnown">It comes from a known device.</param>
/// <param name="Whose">Id of the account, also while nothing may be tried: for those responsible, and never for whoever tries.</param>
[GenerateSerializer, Immutable, Alias("Tried")]
public sealed record Tried(DateTimeOffset? Closed, AccountRecord? Account, bool IsKnown, string? Whose);

/// <summary>One sign-in name, whether an account has it or not.</summary>
[Alias("ISignInNameGrain")]
public interface ISignInNameGrain : IGrainWithStringKey
{
    /// <summary>The record of the account that has the name, or null.</summary>
    [Alias("Find")]
    Task<AccountRecord?> Find();

    /// <summary>Counts a try before the password is looked at, so that however many come at once are counted. Names without an account are counted alike.</summary>
    [Alias("Try")]
    Task<Tried> Try(TriedFrom from);

    /// <summary>Takes a counted try back: the password was right, or was not looked at.</summary>
    /// <param name="isRight">Forgets what was tried from there before.</param>
    [Alias("TakeBack")]
    Task TakeBack(TriedFrom from, bool isRight);

    /// <summary>Gives the account with this name a role. With an invitation, makes the account when there is none.</summary>
    [Alias("Grant")]
    Task<Granted> Grant(CommandHeader header, GrantRole command, Invitation? invitation);

    /// <summary>Takes the role of the account with this name. A name without an account is answered like one without the role.</summary>
    [Alias("Revoke")]
    Task<Outcome> Revoke(CommandHeader header, RevokeRole command);
}

/// <summary>
/// What an account is, by its id, said by whichever silo is asked: every request asks, and it must not depend on one silo. An answer
/// knows at least the position that the asker has seen.
/// </summary>
[Alias("IStandingGrain")]
public interface IStandingGrain : IGrainWithStringKey
{
    /// <summary>Whether it may act for the body that the asker names.</summary>
    [Alias("Of")]
    Task<Standing> Of(Asker asker);

    /// <summary>Whom it is, acting for the body that the asker names; null when it has no role there.</summary>
    [Alias("WhoIs")]
    Task<AccountView?> WhoIs(Asker asker);
}

/// <summary>An account in the administrators' list.</summary>
/// <param name="IsInvited">Nobody has taken it up yet.</param>
[GenerateSerializer, Immutable, Alias("AccountSummary")]
public sealed record AccountSummary(string Account, string SignInName, string DisplayName, bool IsInvited, AccountBody[] Bodies, ResetView? Reset = null);

/// <summary>What accounts can be sorted by: the names that people sign in with, or those that they are shown by.</summary>
public enum AccountSort { SignInName, Name }

/// <summary>All accounts. Key: 0.</summary>
[Alias("IAccountViewsGrain")]
public interface IAccountViewsGrain : IGrainWithIntegerKey
{
    /// <summary>By sign-in name unless the asker says another sort; found by names of the account and of its bodies. Null when the asker is no administrator.</summary>
    /// <param name="resets">Only those for which another password is asked for.</param>
    [Alias("List")]
    Task<Page<AccountSummary>?> List(Asker asker, bool resets, Paging paging);
}

/// <summary>What the sign-in page may show to everyone. Empty when demonstration is off.</summary>
[Alias("IDemonstrationGrain")]
public interface IDemonstrationGrain : IGrainWithIntegerKey
{
    [Alias("Accounts")]
    Task<DemonstrationAccount[]> Accounts();
}
