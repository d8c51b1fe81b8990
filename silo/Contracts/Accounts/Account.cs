namespace Coordination.Contracts.Accounts;

/// <summary>What an account may do in its body.</summary>
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

/// <summary>An account as the sign-in needs it. Stands in a record of its own, never in the journal, so that it can be erased.</summary>
/// <param name="PasswordHash">As made by the gateway's hasher, or null: cannot sign in with a password.</param>
/// <param name="SecurityStamp">Changes when open sessions must end.</param>
/// <param name="Version">For optimistic writes; 0 when the record has never been written.</param>
/// <param name="FirstGivenBy">The command whose answer told the password; null when the password is not the first.</param>
[GenerateSerializer, Immutable, Alias("AccountRecord")]
public sealed record AccountRecord(
    string Account, string Name, string? PasswordHash, string SecurityStamp, int FailedSignIns, DateTimeOffset? LockedUntil, long Version,
    string? FirstGivenBy = null);

/// <summary>Whom the platform knows an account to be, at this moment.</summary>
[GenerateSerializer, Immutable, Alias("AccountView")]
public sealed record AccountView(string Account, string Name, Role Role, Bodies.BodyView? Body);

/// <summary>An account that the sign-in page offers in a demonstration.</summary>
[GenerateSerializer, Immutable, Alias("DemonstrationAccount")]
public sealed record DemonstrationAccount(string Account, string Name, Bodies.BodyKind? Kind, bool Exercise);

/// <summary>One account, by its name.</summary>
[Alias("IAccountGrain")]
public interface IAccountGrain : IGrainWithStringKey
{
    /// <summary>The record, or null when there is no such account.</summary>
    [Alias("Find")]
    Task<AccountRecord?> Find();

    /// <summary>Writes the record if it is still at its version; false when another write came first.</summary>
    [Alias("Save")]
    Task<bool> Save(AccountRecord account);

    [Alias("Erase")]
    Task Erase();

    /// <summary>
    /// Counts a try to sign in, one after the other however many come at once. Answers until when the account is locked,
    /// which holds for a right password too, or null when it is open. Names without an account are counted alike.
    /// </summary>
    [Alias("NoteSignIn")]
    Task<DateTimeOffset?> NoteSignIn(bool succeeded);

    /// <summary>Waits (bounded) until it is known here whom the account speaks for at a position of the journal; false when it is not yet.</summary>
    [Alias("Settle")]
    Task<bool> Settle(long position);

    /// <summary>Whom the account speaks for now, or null when it has lost its body or never had one.</summary>
    [Alias("WhoIs")]
    Task<AccountView?> WhoIs();
}

/// <summary>
/// What an account is, by its name, said by whichever silo is asked: every request asks, and it must not depend on one silo.
/// </summary>
[Alias("IStandingGrain")]
public interface IStandingGrain : IGrainWithStringKey
{
    /// <summary>Whether <see cref="IAccountGrain.WhoIs"/> would answer anyone, without counting what stands in a view.</summary>
    [Alias("IsSomebody")]
    Task<bool> IsSomebody();
}

/// <summary>What the sign-in page may show to everyone. Empty when demonstration is off.</summary>
[Alias("IDemonstrationGrain")]
public interface IDemonstrationGrain : IGrainWithIntegerKey
{
    [Alias("Accounts")]
    Task<DemonstrationAccount[]> Accounts();
}
