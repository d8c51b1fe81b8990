using Coordination.Contracts.Accounts;

namespace Coordination.Domain.Accounts;

/// <summary>
/// Who may give and take an account's roles, and end it. A body's coordinator asks for a role and the account decides: two bodies that
/// ask at the same moment are answered one after the other, and neither takes anything from the other.
/// </summary>
public static class AccountRules
{
    /// <summary>What stands in no fact, and the rules need.</summary>
    /// <param name="ByName">A command that gives a role names the account by its sign-in name, which alone brings somebody new into a body.</param>
    /// <param name="MayOpen">A command that gives a role makes the account when there is none.</param>
    /// <param name="IsTaken">A person has chosen a password for it.</param>
    /// <param name="MayObject">The person is signed in somewhere, or was until somebody else ended it.</param>
    /// <param name="IsKept">Visitors of a demonstration share it.</param>
    public readonly record struct Beside(bool ByName = false, bool MayOpen = false, bool IsTaken = false, bool MayObject = false, bool IsKept = false);

    /// <summary>After which another password that was asked for is over.</summary>
    public static readonly TimeSpan ResetLasts = TimeSpan.FromDays(7);

    /// <summary>How long somebody may object who can.</summary>
    public static readonly TimeSpan ResetWaits = TimeSpan.FromDays(1);

    /// <summary>What a guard is asked about.</summary>
    /// <param name="Id">The account's id.</param>
    /// <param name="State">Null when it was never opened.</param>
    /// <param name="Body">The body in which something is done; null where it is done in none.</param>
    public readonly record struct Case(string Id, AccountState? State, Beside Beside = default, string? Body = null);

    /// <param name="id">The account's id.</param>
    public static Decision Decide(string id, AccountState? state, AccountCommand command, in Situation situation, Beside beside = default)
    {
        var at = new Case(id, state, beside);
        return command switch
        {
            GrantRole it => MayGrant(at with { Body = it.Body }, situation) ?? Grant(at with { Body = it.Body }, it, situation),
            AcceptInvitation it => MayAccept(at, situation) ?? Accept(it),
            RevokeRole it => MayRevoke(at with { Body = it.Body }, situation) ?? Revoke(at with { Body = it.Body }, situation),
            NameAccount it => MayName(at, situation) ?? Name(at, it),
            AskReset it => MayAsk(at with { Body = it.Body }, situation) ?? new AccountResetAsked(it.Body!, situation.Actor.Account, situation.Now + ResetLasts),
            AgreeToReset => MayAgree(at, situation) ?? Agree(at, situation),
            DropReset => MayDrop(at, situation) ?? new AccountResetDropped(Pending(state, situation.Now)!.Body),
            // The link itself stands in no fact.
            MakeResetLink => MayMakeLink(at, situation) ?? Decision.Nothing,
            EraseAccount => MayErase(at, situation) ?? Erase((AccountState.Open)state!),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "A command without a rule."),
        };
    }

    /// <summary>Whether an actor grants roles in a body. An administrator grants the first coordinator's, and another invitation to whoever has a role.</summary>
    public static Decision? MayGrant(string? body, in Situation situation) =>
        body is null || situation.Directory.Body(body) is null ? BodyNotFound
        : situation.Actor.Coordinates(body) || situation.Actor.Administers ? Decision.Undecided : GrantedByCoordinators;

    /// <summary>Whether an actor grants roles in a body to this account.</summary>
    public static Decision? MayGrant(Case at, in Situation situation)
    {
        if (MayGrant(at.Body, situation) is { } refusal) return refusal;
        if (at.Id == AccountId.Administrator) return OfNoBody;
        // An id, which others can read where its person acted, brings nobody into a body: a member is won by name.
        if (at.State is AccountState.Erased || (!at.Beside.ByName && at.State?.RoleIn(at.Body!) is null)) return Unnamed;
        // Whoever invited it first could take up what others give it.
        if (!at.Beside.IsTaken && at.State is AccountState.Open open && open.Roles.Any(role => role.Body != at.Body)) return NotTaken;
        if (at.State?.RoleIn(at.Body!) is not null) return Decision.Undecided;
        var (actor, now, directory, _) = situation;
        if (at.Beside.IsKept && !actor.IsPlatform) return Kept;
        if (!actor.Coordinates(at.Body) && directory.CoordinatorsOf(at.Body!).Count > 0) return FirstCoordinatorOnly;
        // Last: whoever may not give a role does not learn which accounts there are.
        if (at.State is null && !at.Beside.MayOpen) return Unknown;
        return actor.IsPlatform || directory.OpenOf(at.Body!, now).People < directory.MostOpen.People ? Decision.Undecided
            : Refusal.TooMany("body.too-many-people", $"At most {directory.MostOpen.People} accounts have a role in a body. Take the role of some first.");
    }

    private static Decision Grant(Case at, GrantRole command, in Situation situation)
    {
        var (actor, _, directory, _) = situation;
        var (body, former) = (at.Body!, at.State?.RoleIn(at.Body!));
        // Another invitation takes no role for granted that somebody has changed meanwhile.
        if ((command.Role ?? former) is not { } granted)
            return Refusal.Invalid("#/role", "body.role-missing", "Say which role the account gets: coordinator, contributor or observer.");
        if (granted is Role.Administrator)
            return Refusal.Invalid("#/role", "body.role-not-of-a-body", "An administrator belongs to no body. Grant coordinator, contributor or observer.");
        if (command.DisplayName is { } name && Texts.Name("#/displayName", name) is { } unnamed) return unnamed;
        if (former == granted) return Decision.Nothing;
        // The import itself gives them theirs.
        if (at.Beside.IsKept && !actor.IsPlatform) return Kept;
        var coordinators = directory.CoordinatorsOf(body);
        // An administrator opens the door once. Whoever else comes in, and so reads what is restricted, the body decides.
        if (!actor.Coordinates(body) && (granted is not Role.Coordinator || coordinators.Count > 0))
            return FirstCoordinatorOnly;
        if (former is Role.Coordinator && IsLast(at.Id, coordinators)) return LastCoordinator;

        var taken = new AccountRoleTaken(body, granted, former, actor.Coordinates(body) ? null : true);
        return at.State is null ? Decision.Of(new AccountOpened(), taken) : taken;
    }

    public static Decision? MayRevoke(Case at, in Situation situation)
    {
        var (actor, _, directory, _) = situation;
        if (at.Body is not { } body || directory.Body(body) is null) return BodyNotFound;
        if (!IsOwn(at, actor) && !actor.Coordinates(body) && !actor.Administers) return RevokedByCoordinators;
        if (at.State?.RoleIn(body) is not { } role) return Decision.Nothing;
        if (at.Beside.IsKept) return Kept;
        return !actor.Administers && role is Role.Coordinator && IsLast(at.Id, directory.CoordinatorsOf(body)) ? LastCoordinator : Decision.Undecided;
    }

    private static Decision Revoke(Case at, in Situation situation) => new AccountRoleLeft(
        at.Body!, at.State!.RoleIn(at.Body!)!.Value, IsOwn(at, situation.Actor) || situation.Actor.Coordinates(at.Body) ? null : true);

    /// <summary>Acting for one body, nobody leaves another.</summary>
    private static bool IsOwn(Case at, Actor actor) => actor.Account == at.Id && actor.Body == at.Body;

    public static Decision? MayAccept(Case at, in Situation situation) => at.State is AccountState.Open && situation.Actor.Account == at.Id ? Decision.Undecided : NotFound;

    private static Decision Accept(AcceptInvitation command) =>
        command.DisplayName is { } name && Texts.Name("#/displayName", name) is { } unnamed ? unnamed : new AccountAccepted();

    public static Decision? MayName(Case at, in Situation situation) =>
        situation.Actor.Account != at.Id && !situation.Actor.Administers ? OwnOnly
        : at.State is not AccountState.Open && !IsFirstSeen(at) ? NotFound
        : at.Beside.IsKept ? Kept : Decision.Undecided;

    private static Decision Name(Case at, NameAccount command) =>
        Texts.Name("#/displayName", command.DisplayName) is { } unnamed ? unnamed
        : IsFirstSeen(at) ? Decision.Of(new AccountOpened(), new AccountNamed())
        : new AccountNamed();

    /// <summary>The account that the platform is installed with is in the journal once something happens to it.</summary>
    private static bool IsFirstSeen(Case at) => at.State is null && at.Id == AccountId.Administrator;

    public static Decision? MayAsk(Case at, in Situation situation)
    {
        var actor = situation.Actor;
        if (at.Body is not { } body || at.State?.RoleIn(body) is null || !actor.Coordinates(body)) return NotFound;
        if (actor.Account == at.Id) return OwnReset;
        if (at.Beside.IsKept) return Kept;
        if (!at.Beside.IsTaken) return ResetOfInvited;
        if (Pending(at.State, situation.Now) is not { } pending) return Decision.Undecided;
        return pending.Body == body && pending.By == actor.Account ? Decision.Nothing : AskedAlready;
    }

    /// <summary>A coordinator can make other coordinators, and so would agree with oneself: the second person is of another house.</summary>
    public static Decision? MayAgree(Case at, in Situation situation) =>
        Responsible(at.State, situation) is not { } pending ? NotFound
        : !situation.Actor.Administers || situation.Actor.Account == at.Id ? SecondPerson
        : at.Beside.IsKept ? Kept
        : pending.AgreedBy is not null ? Decision.Nothing : Decision.Undecided;

    private static Decision Agree(Case at, in Situation situation) => new AccountResetAgreed(
        Pending(at.State, situation.Now)!.Body, situation.Actor.Account, at.Beside.MayObject ? situation.Now + ResetWaits : situation.Now);

    public static Decision? MayDrop(Case at, in Situation situation) =>
        situation.Actor.Account == at.Id ? Pending(at.State, situation.Now) is null ? Decision.Nothing : Decision.Undecided
        : Responsible(at.State, situation) is null ? NotFound : Decision.Undecided;

    public static Decision? MayMakeLink(Case at, in Situation situation)
    {
        if (Responsible(at.State, situation) is not { } pending) return NotFound;
        if (situation.Actor.Account != pending.By) return LinkOfAnother;
        if (at.Beside.IsKept) return Kept;
        if (pending.From is not { } from) return NotAgreed;
        return pending.IsDue(situation.Now) ? Decision.Undecided
            : Refusal.Conflict("account.reset-waits", $"The person has signed in lately and may object until {from.UtcDateTime:yyyy-MM-dd HH:mm} UTC. Make the link then.");
    }

    /// <summary>What is asked for, for whom it concerns besides the account's person.</summary>
    private static PendingReset? Responsible(AccountState? state, in Situation situation) =>
        Pending(state, situation.Now) is { } pending && (situation.Actor.Administers || situation.Actor.Coordinates(pending.Body)) ? pending : null;

    private static PendingReset? Pending(AccountState? state, DateTimeOffset now) => state is AccountState.Open { Reset: { } reset } && now < reset.Until ? reset : null;

    public static Decision? MayErase(Case at, in Situation situation) =>
        !situation.Actor.Administers ? AdministratorOnly
        : at.Id == AccountId.Administrator ? BuiltIn
        : at.State switch
        {
            null => NotFound,
            AccountState.Open => at.Beside.IsKept ? Kept : Decision.Undecided,
            _ => Decision.Nothing,
        };

    /// <summary>Each body learns that its own role ended, and of no other.</summary>
    private static Decision Erase(AccountState.Open open) =>
        Decision.Of([.. open.Roles.Select(role => new AccountRoleLeft(role.Body, role.Role)), new AccountErased()]);

    /// <summary>Whether no other account is known to coordinate the body.</summary>
    private static bool IsLast(string id, IReadOnlyCollection<string> coordinators) => !coordinators.Any(other => other != id);

    /// <summary>What is given for a sign-in name has the form of an id, or is one of no member of the body.</summary>
    public static readonly Refusal Unnamed = Refusal.Invalid(
        "#/account", "account.not-found", "The body has no account with this id. Give a sign-in name, which is not of the form of an id.");

    /// <summary>Names like that of a body are for the body's own accounts.</summary>
    public static readonly Refusal NameMisleads = Refusal.Taken(
        "#/account", "account.name-misleads", "This sign-in name is taken for another one, or for another body. Choose one that looks different, such as the person's own name.");

    private static readonly Decision Kept = AccountRecord.Kept;
    private static readonly Decision BodyNotFound = Refusal.NotFound("body.not-found", "There is no such body. Look its id up in /api/v1/bodies.");
    private static readonly Decision GrantedByCoordinators = Refusal.Forbidden("body.coordinator-only", "Only the body's coordinator or an administrator grants roles here.");
    private static readonly Decision RevokedByCoordinators = Refusal.Forbidden("body.coordinator-only", "Only the body's coordinator or an administrator revokes roles here.");
    private static readonly Decision FirstCoordinatorOnly = Refusal.Forbidden(
        "body.first-coordinator-only", "An administrator grants a body its first coordinator. Further roles are granted by that coordinator.");

    private static readonly Decision LastCoordinator =
        Refusal.Conflict("body.last-coordinator", "This is the body's last coordinator. Grant the role to someone else first.");

    private static readonly Decision OfNoBody = Refusal.Invalid("#/account", "account.of-no-body", "This account belongs to no body. Choose another name.");
    private static readonly Decision Unknown = Refusal.Invalid(
        "#/account", "account.unknown", "No account has this sign-in name. Invite the person: POST /api/v1/bodies/{id}/invitations.");

    private static readonly Decision NotTaken = Refusal.Conflict(
        "account.not-taken", "The person with this sign-in name was invited elsewhere and has not chosen a password yet. Give the role once that is done.");

    private static readonly Decision NotFound = Refusal.NotFound("account.not-found", "There is no such account.");
    private static readonly Decision OwnOnly = Refusal.Forbidden("account.own-only", "A person is named by the person or by an administrator.");
    private static readonly Decision OwnReset = Refusal.Conflict("account.reset-own", "This is your own account. Change its password with the one that counts now.");
    private static readonly Decision ResetOfInvited = Refusal.Conflict(
        "account.reset-of-invited", "The person has not chosen a password yet. Make a new link: POST /api/v1/bodies/{id}/invitations.");

    private static readonly Decision AskedAlready = Refusal.Conflict(
        "account.reset-asked-already", "Another password is asked for already. It is over in a week at the latest, or when somebody drops it.");

    private static readonly Decision SecondPerson = Refusal.Forbidden("account.reset-second-person", "A second person has to agree: an administrator of the platform.");
    private static readonly Decision LinkOfAnother = Refusal.Forbidden("account.reset-link-of-another", "The link is for whoever asked for it.");
    private static readonly Decision NotAgreed = Refusal.Conflict("account.reset-not-agreed", "A second person has to agree first: an administrator of the platform.");
    private static readonly Decision AdministratorOnly = Refusal.Forbidden("account.administrator-only", "Only an administrator erases an account.");
    private static readonly Decision BuiltIn = Refusal.Conflict("account.built-in", "This is the account that the platform is installed with. It stays.");
}
