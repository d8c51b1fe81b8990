using Coordination.Contracts.Accounts;
using Coordination.Contracts.Subscriptions;

namespace Coordination.Domain.Accounts;

/// <summary>
/// A fact about an account, which is named by its id here and everywhere in the journal: names and secrets of its person are in the account's record.
/// What is about no body of the account is nobody's.
/// </summary>
public abstract record AccountFact : Fact<AccountState>
{
    private protected AccountFact() { }

    public sealed override AccountState? Evolve(string id, AccountState? state) => state switch
    {
        null => this is AccountOpened ? new AccountState.Open([]) : null,
        AccountState.Open open => Evolve(open),
        _ => state,
    };

    protected abstract AccountState Evolve(AccountState.Open account);

    public override Audience AudienceIn(AccountState state) => Audience.Named();

    public override IEnumerable<string> TopicsIn(string id, AccountState state, IDirectory directory) => [$"account/{id}"];
}

[FactName("account.opened")]
public sealed record AccountOpened : AccountFact
{
    public override void Tell(Said said) { }
    protected override AccountState Evolve(AccountState.Open account) => account;
}

/// <summary>A person has taken up the account by its invitation, or come back by the link that two persons agreed on, and chosen a password.</summary>
[FactName("account.accepted")]
public sealed record AccountAccepted : AccountFact
{
    public override void Tell(Said said) { }
    protected override AccountState Evolve(AccountState.Open account) => account with { Reset = null };
}

/// <summary>An operator, at the machine, has given the account another password, because nobody knew one any more. All its sessions ended.</summary>
[FactName("account.reset-by-operator")]
public sealed record AccountResetByOperator : AccountFact
{
    public override void Tell(Said said) { }
    protected override AccountState Evolve(AccountState.Open account) => account;
}

/// <summary>How the person is shown has changed in the account's record.</summary>
[FactName("account.named")]
public sealed record AccountNamed : AccountFact
{
    public override void Tell(Said said) { }
    protected override AccountState Evolve(AccountState.Open account) => account;
}

/// <summary>The account's record was erased, and nobody signs in with it again.</summary>
[FactName("account.erased")]
public sealed record AccountErased : AccountFact
{
    public override void Tell(Said said) { }
    protected override AccountState Evolve(AccountState.Open account) => new AccountState.Erased();
}

/// <summary>
/// A fact about the account in a body. It is for that body and for no other body of the account, and is followed under the body. A role that an
/// administrator gives or takes opens the way to what the body restricts, and so never happens unseen.
/// </summary>
public abstract record AccountRoleFact(string Body) : AccountFact
{
    /// <summary>True when it came from outside the body; then it is told to everyone signed in.</summary>
    private protected virtual bool IsFromOutside => false;

    public sealed override Audience AudienceIn(AccountState state) => IsFromOutside ? Audience.Community : Audience.Named(Body);

    public sealed override IEnumerable<string> TopicsIn(string id, AccountState state, IDirectory directory) => Topics.OfBody(directory, Body);

    public sealed override string? Answer() => Body;

    /// <summary>Why it belongs in the body's inbox, whoever's hand it was; null when it does not.</summary>
    /// <param name="directory">Who there is after it.</param>
    public abstract InboxReason? ReasonIn(IDirectory directory);

    /// <summary>The body has lost its last coordinator. Two that leave at the same moment do not know of each other.</summary>
    private protected InboxReason? LastIn(IDirectory directory) => directory.CoordinatorsOf(Body).Count == 0 ? InboxReason.Roles : null;
}

/// <param name="Former">The role that this one takes the place of; null when there was none.</param>
/// <param name="ByAdministrator">True when it came from outside the body; then it is told to everyone signed in.</param>
[FactName("account.role-taken")]
public sealed record AccountRoleTaken(string Body, Role Role, Role? Former = null, bool? ByAdministrator = null) : AccountRoleFact(Body)
{
    private protected override bool IsFromOutside => ByAdministrator == true;
    public override InboxReason? ReasonIn(IDirectory directory) => Former is Role.Coordinator && Role is not Role.Coordinator ? LastIn(directory) : null;
    public override void Tell(Said said)
    {
        said.Code("role", Role);
        if (IsFromOutside) said.Variant("administrator");
    }


    protected override AccountState Evolve(AccountState.Open account) => new AccountState.Open(account.RoleIn(Body) is null
        ? account.Roles.Add(new(Body, Role))
        : [.. account.Roles.Select(role => role.Body == Body ? role with { Role = Role } : role)]);
}

/// <param name="Role">The role that is left.</param>
/// <param name="ByAdministrator">True when it came from outside the body; then it is told to everyone signed in.</param>
[FactName("account.role-left")]
public sealed record AccountRoleLeft(string Body, Role Role, bool? ByAdministrator = null) : AccountRoleFact(Body)
{
    private protected override bool IsFromOutside => ByAdministrator == true;
    public override InboxReason? ReasonIn(IDirectory directory) => Role is Role.Coordinator ? LastIn(directory) : null;
    public override void Tell(Said said)
    {
        said.Code("role", Role);
        if (IsFromOutside) said.Variant("administrator");
    }

    protected override AccountState Evolve(AccountState.Open account) => new AccountState.Open(account.Roles.RemoveAll(role => role.Body == Body));
}

/// <summary>Somebody of the body asks that the account get another password, because its person has lost the one there is.</summary>
/// <param name="By">Account of the coordinator who asks, and who alone gets the link.</param>
/// <param name="Until">When it is over, whatever came of it.</param>
[FactName("account.reset-asked")]
public sealed record AccountResetAsked(string Body, string By, DateTimeOffset Until) : AccountRoleFact(Body)
{
    public override InboxReason? ReasonIn(IDirectory directory) => InboxReason.Roles;
    public override void Tell(Said said) { }
    protected override AccountState Evolve(AccountState.Open account) => account with { Reset = new(Body, By, Until) };
}

/// <summary>A second person agrees.</summary>
/// <param name="By">Account of the second person.</param>
/// <param name="From">When the link can be made: later where the account's person can object.</param>
[FactName("account.reset-agreed")]
public sealed record AccountResetAgreed(string Body, string By, DateTimeOffset From) : AccountRoleFact(Body)
{
    public override InboxReason? ReasonIn(IDirectory directory) => InboxReason.Roles;
    public override void Tell(Said said) { }
    protected override AccountState Evolve(AccountState.Open account) => account.Reset is { } reset ? account with { Reset = reset.Agreed(By, From) } : account;
}

/// <summary>It is not to be: the account's person has objected, or whoever is responsible took it back.</summary>
[FactName("account.reset-dropped")]
public sealed record AccountResetDropped(string Body) : AccountRoleFact(Body)
{
    public override InboxReason? ReasonIn(IDirectory directory) => InboxReason.Roles;
    public override void Tell(Said said) { }
    protected override AccountState Evolve(AccountState.Open account) => account with { Reset = null };
}
