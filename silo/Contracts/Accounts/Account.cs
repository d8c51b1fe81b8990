using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Coordination.Contracts.Bodies;

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
/// <param name="Account">Sign-in name or id. A sign-in name that is free makes a new account.</param>
/// <param name="DisplayName">How the person is shown, of a new account; its sign-in name when null.</param>
[GenerateSerializer, Immutable, Alias("GrantRole")]
public sealed record GrantRole(
    [property: JsonIgnore] string? Body,
    [property: Required, StringLength(SignInName.Longest, MinimumLength = 1), Form(SignInName.Form)] string Account,
    [property: Required] Role? Role,
    [property: StringLength(200, MinimumLength = 1)] string? DisplayName = null) : AccountCommand;

/// <summary>Takes the role that an account has in a body. The body's coordinator or an administrator may, and the account itself.</summary>
[GenerateSerializer, Immutable, Alias("RevokeRole")]
public sealed record RevokeRole(string Body) : AccountCommand;

/// <summary>Changes how a person is shown. The person may, and an administrator.</summary>
[GenerateSerializer, Immutable, Alias("NameAccount")]
public sealed record NameAccount([property: Required, StringLength(200, MinimumLength = 1)] string DisplayName) : AccountCommand;

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
/// <param name="SecurityStamp">Changes when open sessions must end.</param>
/// <param name="Version">For optimistic writes; 0 when the record has never been written.</param>
/// <param name="FirstGivenBy">The command whose answer told the password; null when the password is not the first.</param>
/// <param name="Demonstration">Made by the import: while it has no password of its own, the one that the setting gives to all of these counts.</param>
[GenerateSerializer, Immutable, Alias("AccountRecord")]
public sealed record AccountRecord(
    string Account, string SignInName, string DisplayName, string? PasswordHash, string SecurityStamp, int FailedSignIns, DateTimeOffset? LockedUntil,
    long Version, string? FirstGivenBy = null, bool Demonstration = false);

/// <summary>A body in which an account has a role.</summary>
[GenerateSerializer, Immutable, Alias("AccountBody")]
public sealed record AccountBody(string Id, string Name, Role Role);

/// <summary>Whom the platform knows an account to be, at this moment.</summary>
/// <param name="Role">In the body that it acts for.</param>
/// <param name="Body">The body that it acts for; null for an administrator.</param>
/// <param name="Bodies">All that it has a role in, in the order in which it took them.</param>
[GenerateSerializer, Immutable, Alias("AccountView")]
public sealed record AccountView(string Account, string SignInName, string DisplayName, Role Role, BodyView? Body, AccountBody[] Bodies);

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

/// <summary>A first password for an account that has none yet.</summary>
/// <param name="Hash">As made by the gateway's hasher; null leaves the account to the password of the demonstration.</param>
[GenerateSerializer, Immutable, Alias("FirstPassword")]
public sealed record FirstPassword(string? Hash);

/// <summary>What became of a role that was to be given.</summary>
/// <param name="Account">The account's id, when it was given.</param>
/// <param name="PasswordIsFirst">The first password that was offered is the account's now.</param>
[GenerateSerializer, Immutable, Alias("Granted")]
public sealed record Granted(Outcome Outcome, string? Account, bool PasswordIsFirst);

/// <summary>Decides for one account, by its id, and keeps its record.</summary>
[Alias("IAccountGrain")]
public interface IAccountGrain : IGrainWithStringKey
{
    [Alias("Execute")]
    Task<Outcome> Execute(CommandHeader header, AccountCommand command);

    /// <summary>
    /// Gives it a role. The same command given again offers another first password, which counts until somebody has changed the
    /// password and not after the role was taken again.
    /// </summary>
    /// <param name="signInName">Opens the account under this name when it is not there yet; null opens none.</param>
    [Alias("Grant")]
    Task<Granted> Grant(CommandHeader header, GrantRole command, FirstPassword first, string? signInName);

    /// <summary>The record, or null when there is no such account (any more).</summary>
    [Alias("Find")]
    Task<AccountRecord?> Find();

    /// <summary>Writes the record if it is still at its version; false when another write came first.</summary>
    [Alias("Save")]
    Task<bool> Save(AccountRecord account);
}

/// <summary>One sign-in name, whether an account has it or not.</summary>
[Alias("ISignInNameGrain")]
public interface ISignInNameGrain : IGrainWithStringKey
{
    /// <summary>The record of the account that has the name, or null.</summary>
    [Alias("Find")]
    Task<AccountRecord?> Find();

    /// <summary>
    /// Counts a try to sign in, one after the other however many come at once. Answers until when the name is locked,
    /// which holds for a right password too, or null when it is open. Names without an account are counted alike.
    /// </summary>
    [Alias("NoteSignIn")]
    Task<DateTimeOffset?> NoteSignIn(bool succeeded);

    /// <summary>Gives the account with this name a role, and makes the account when there is none.</summary>
    [Alias("Grant")]
    Task<Granted> Grant(CommandHeader header, GrantRole command, FirstPassword first);

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

/// <summary>What the sign-in page may show to everyone. Empty when demonstration is off.</summary>
[Alias("IDemonstrationGrain")]
public interface IDemonstrationGrain : IGrainWithIntegerKey
{
    [Alias("Accounts")]
    Task<DemonstrationAccount[]> Accounts();
}
