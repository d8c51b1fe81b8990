using Coordination.Contracts.Accounts;

namespace Coordination.Domain.Accounts;

// An account is named by its id here and everywhere in the journal. Names and secrets of its person are in the account's record.

[FactName("account.opened")]
public sealed record AccountOpened : Fact;

/// <summary>A person has taken up the account by its invitation, or come back by the link that two persons agreed on, and chosen a password.</summary>
[FactName("account.accepted")]
public sealed record AccountAccepted : Fact;

/// <summary>An operator, at the machine, has given the account another password, because nobody knew one any more. All its sessions ended.</summary>
[FactName("account.reset-by-operator")]
public sealed record AccountResetByOperator : Fact;

/// <summary>How the person is shown has changed in the account's record.</summary>
[FactName("account.named")]
public sealed record AccountNamed : Fact;

/// <summary>A fact about the account in a body.</summary>
public abstract record AccountRoleFact(string Body) : Fact;

/// <param name="Former">The role that this one takes the place of; null when there was none.</param>
/// <param name="ByAdministrator">True when it came from outside the body; then it is told to everyone signed in.</param>
[FactName("account.role-taken")]
public sealed record AccountRoleTaken(string Body, Role Role, Role? Former = null, bool? ByAdministrator = null) : AccountRoleFact(Body);

/// <param name="Role">The role that is left.</param>
/// <param name="ByAdministrator">True when it came from outside the body; then it is told to everyone signed in.</param>
[FactName("account.role-left")]
public sealed record AccountRoleLeft(string Body, Role Role, bool? ByAdministrator = null) : AccountRoleFact(Body);

/// <summary>The account's record was erased, and nobody signs in with it again.</summary>
[FactName("account.erased")]
public sealed record AccountErased : Fact;

/// <summary>Somebody of the body asks that the account get another password, because its person has lost the one there is.</summary>
/// <param name="By">Account of the coordinator who asks, and who alone gets the link.</param>
/// <param name="Until">When it is over, whatever came of it.</param>
[FactName("account.reset-asked")]
public sealed record AccountResetAsked(string Body, string By, DateTimeOffset Until) : AccountRoleFact(Body);

/// <summary>A second person agrees.</summary>
/// <param name="By">Account of the second person.</param>
/// <param name="From">When the link can be made: later where the account's person can object.</param>
[FactName("account.reset-agreed")]
public sealed record AccountResetAgreed(string Body, string By, DateTimeOffset From) : AccountRoleFact(Body);

/// <summary>It is not to be: the account's person has objected, or whoever is responsible took it back.</summary>
[FactName("account.reset-dropped")]
public sealed record AccountResetDropped(string Body) : AccountRoleFact(Body);
