using Coordination.Contracts.Accounts;

namespace Coordination.Domain.Accounts;

/// <summary>
/// Who may give and take an account's roles, and end it. A body's coordinator asks for a role and the account decides: two bodies that
/// ask at the same moment are answered one after the other, and neither takes anything from the other.
/// </summary>
public static class AccountRules
{
    private static readonly Refusal BodyNotFound = Refusal.NotFound("body.not-found", "There is no such body. Look its id up in /api/v1/bodies.");

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

    private static readonly Refusal LastCoordinator =
        Refusal.Conflict("body.last-coordinator", "This is the body's last coordinator. Grant the role to someone else first.");

    /// <param name="id">The account's id.</param>
    public static Decision Decide(string id, AccountState? state, AccountCommand command, in Situation situation, Beside beside = default) => command switch
    {
        GrantRole it => Grant(id, state, it, situation, beside),
        AcceptInvitation it => Accept(id, state, it, situation),
        RevokeRole it => Revoke(id, state, it, situation, beside.IsKept),
        NameAccount it => Name(id, state, it, situation, beside.IsKept),
        AskReset it => Ask(id, state, it, situation, beside),
        AgreeToReset => Agree(id, state, situation, beside),
        DropReset => Drop(id, state, situation),
        MakeResetLink => Link(state, situation, beside.IsKept),
        EraseAccount => Erase(id, state, situation, beside.IsKept),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "A command without a rule."),
    };

    private static Decision Grant(string id, AccountState? state, GrantRole command, in Situation situation, Beside beside)
    {
        var (actor, _, directory, _) = situation;
        if (command.Body is not { } body || directory.Body(body) is null) return BodyNotFound;
        if (!actor.Coordinates(body) && !actor.Administers)
            return Refusal.Forbidden("body.coordinator-only", "Only the body's coordinator or an administrator grants roles here.");
        // Another invitation takes no role for granted that somebody has changed meanwhile.
        if ((command.Role ?? state?.RoleIn(body)) is not { } granted)
            return Refusal.Invalid("#/role", "body.role-missing", "Say which role the account gets: coordinator, contributor or observer.");
        if (granted is Role.Administrator)
            return Refusal.Invalid("#/role", "body.role-not-of-a-body", "An administrator belongs to no body. Grant coordinator, contributor or observer.");
        if (id == AccountId.Administrator)
            return Refusal.Invalid("#/account", "account.of-no-body", "This account belongs to no body. Choose another name.");
        // An id, which others can read where its person acted, brings nobody into a body: a member is won by name.
        if (state is AccountState.Erased || (!beside.ByName && state?.RoleIn(body) is null))
            return Unnamed;
        // Whoever invited it first could take up what others give it.
        if (!beside.IsTaken && state is AccountState.Open open && open.Roles.Any(role => role.Body != body))
            return NotTaken;
        if (command.DisplayName is { } name && Texts.Name("#/displayName", name) is { } unnamed) return unnamed;

        var former = state?.RoleIn(body);
        if (former == granted) return Decision.Nothing;
        // The import itself gives them theirs.
        if (beside.IsKept && !actor.IsPlatform) return AccountRecord.Kept;
        var coordinators = directory.CoordinatorsOf(body);
        // An administrator opens the door once. Whoever else comes in, and so reads what is restricted, the body decides.
        if (!actor.Coordinates(body) && (granted is not Role.Coordinator || coordinators.Count > 0))
            return Refusal.Forbidden("body.first-coordinator-only", "An administrator grants a body its first coordinator. Further roles are granted by that coordinator.");
        if (former is Role.Coordinator && IsLast(id, coordinators)) return LastCoordinator;
        if (state is null && !beside.MayOpen) return Unknown;
        if (former is null && !actor.IsPlatform && directory.OpenOf(body, situation.Now).People >= directory.MostOpen.People)
            return Refusal.TooMany("body.too-many-people", $"At most {directory.MostOpen.People} accounts have a role in a body. Take the role of some first.");

        var taken = new AccountRoleTaken(body, granted, former, actor.Coordinates(body) ? null : true);
        return state is null ? Decision.Of(new AccountOpened(), taken) : taken;
    }

    private static Decision Revoke(string id, AccountState? state, RevokeRole command, in Situation situation, bool isKept)
    {
        var (actor, _, directory, _) = situation;
        if (directory.Body(command.Body) is null) return BodyNotFound;
        var own = actor.Account == id && actor.Body == command.Body;
        if (!own && !actor.Coordinates(command.Body) && !actor.Administers)
            return Refusal.Forbidden("body.coordinator-only", "Only the body's coordinator or an administrator revokes roles here.");
        if (state?.RoleIn(command.Body) is not { } role) return Decision.Nothing;
        if (isKept) return AccountRecord.Kept;
        if (!actor.Administers && role is Role.Coordinator && IsLast(id, directory.CoordinatorsOf(command.Body))) return LastCoordinator;
        return new AccountRoleLeft(command.Body, role, own || actor.Coordinates(command.Body) ? null : true);
    }

    private static Decision Accept(string id, AccountState? state, AcceptInvitation command, in Situation situation)
    {
        if (state is not AccountState.Open || situation.Actor.Account != id) return NotFound;
        return command.DisplayName is { } name && Texts.Name("#/displayName", name) is { } unnamed ? unnamed : new AccountAccepted();
    }

    private static Decision Name(string id, AccountState? state, NameAccount command, in Situation situation, bool isKept)
    {
        if (situation.Actor.Account != id && !situation.Actor.Administers)
            return Refusal.Forbidden("account.own-only", "A person is named by the person or by an administrator.");
        // The account that the platform is installed with is in the journal once something happens to it.
        var isNew = state is null && id == AccountId.Administrator;
        if (state is not AccountState.Open && !isNew) return NotFound;
        if (isKept) return AccountRecord.Kept;
        if (Texts.Name("#/displayName", command.DisplayName) is { } unnamed) return unnamed;
        return isNew ? Decision.Of(new AccountOpened(), new AccountNamed()) : new AccountNamed();
    }

    private static Decision Ask(string id, AccountState? state, AskReset command, in Situation situation, Beside beside)
    {
        if (command.Body is not { } body || state is not AccountState.Open open || open.RoleIn(body) is null || !situation.Actor.Coordinates(body))
            return NotFound;
        if (situation.Actor.Account == id)
            return Refusal.Conflict("account.reset-own", "This is your own account. Change its password with the one that counts now.");
        if (beside.IsKept) return AccountRecord.Kept;
        if (!beside.IsTaken)
            return Refusal.Conflict("account.reset-of-invited", "The person has not chosen a password yet. Make a new link: POST /api/v1/bodies/{id}/invitations.");
        if (Pending(open, situation.Now) is { } pending)
            return pending.Body == body && pending.By == situation.Actor.Account ? Decision.Nothing
                : Refusal.Conflict("account.reset-asked-already", "Another password is asked for already. It is over in a week at the latest, or when somebody drops it.");
        return new AccountResetAsked(body, situation.Actor.Account, situation.Now + ResetLasts);
    }

    /// <summary>A coordinator can make other coordinators, and so would agree with oneself: the second person is of another house.</summary>
    private static Decision Agree(string id, AccountState? state, in Situation situation, Beside beside)
    {
        if (Responsible(state, situation) is not { } pending) return NotFound;
        if (!situation.Actor.Administers || situation.Actor.Account == id)
            return Refusal.Forbidden("account.reset-second-person", "A second person has to agree: an administrator of the platform.");
        if (beside.IsKept) return AccountRecord.Kept;
        if (pending.AgreedBy is not null) return Decision.Nothing;
        return new AccountResetAgreed(pending.Body, situation.Actor.Account, beside.MayObject ? situation.Now + ResetWaits : situation.Now);
    }

    private static Decision Drop(string id, AccountState? state, in Situation situation) =>
        (situation.Actor.Account == id ? Pending(state, situation.Now) : Responsible(state, situation)) is { } pending ? new AccountResetDropped(pending.Body)
        : situation.Actor.Account == id ? Decision.Nothing
        : NotFound;

    private static Decision Link(AccountState? state, in Situation situation, bool isKept)
    {
        if (Responsible(state, situation) is not { } pending) return NotFound;
        if (situation.Actor.Account != pending.By)
            return Refusal.Forbidden("account.reset-link-of-another", "The link is for whoever asked for it.");
        if (isKept) return AccountRecord.Kept;
        if (pending.From is not { } from)
            return Refusal.Conflict("account.reset-not-agreed", "A second person has to agree first: an administrator of the platform.");
        return pending.IsDue(situation.Now) ? Decision.Nothing
            : Refusal.Conflict("account.reset-waits", $"The person has signed in lately and may object until {from.UtcDateTime:yyyy-MM-dd HH:mm} UTC. Make the link then.");
    }

    /// <summary>What is asked for, for whom it concerns besides the account's person.</summary>
    private static PendingReset? Responsible(AccountState? state, in Situation situation) =>
        Pending(state, situation.Now) is { } pending && (situation.Actor.Administers || situation.Actor.Coordinates(pending.Body)) ? pending : null;

    private static PendingReset? Pending(AccountState? state, DateTimeOffset now) => state is AccountState.Open { Reset: { } reset } && now < reset.Until ? reset : null;

    private static Decision Erase(string id, AccountState? state, in Situation situation, bool isKept)
    {
        if (!situation.Actor.Administers)
            return Refusal.Forbidden("account.administrator-only", "Only an administrator erases an account.");
        if (id == AccountId.Administrator)
            return Refusal.Conflict("account.built-in", "This is the account that the platform is installed with. It stays.");
        if (isKept && state is AccountState.Open) return AccountRecord.Kept;
        // Each body learns that its own role ended, and of no other.
        return state switch
        {
            null => NotFound,
            AccountState.Open open => Decision.Of([.. open.Roles.Select(role => new AccountRoleLeft(role.Body, role.Role)), new AccountErased()]),
            _ => Decision.Nothing,
        };
    }

    /// <summary>Whether no other account is known to coordinate the body.</summary>
    private static bool IsLast(string id, IReadOnlyCollection<string> coordinators) => !coordinators.Any(other => other != id);

    /// <summary>What is given for a sign-in name has the form of an id, or is one of no member of the body.</summary>
    public static readonly Refusal Unnamed = Refusal.Invalid(
        "#/account", "account.not-found", "The body has no account with this id. Give a sign-in name, which is not of the form of an id.");

    /// <summary>Names like that of a body are for the body's own accounts.</summary>
    public static readonly Refusal NameMisleads = Refusal.Taken(
        "#/account", "account.name-misleads", "This sign-in name is taken for another one, or for another body. Choose one that looks different, such as the person's own name.");

    private static readonly Refusal Unknown = Refusal.Invalid(
        "#/account", "account.unknown", "No account has this sign-in name. Invite the person: POST /api/v1/bodies/{id}/invitations.");

    private static readonly Refusal NotTaken = Refusal.Conflict(
        "account.not-taken", "The person with this sign-in name was invited elsewhere and has not chosen a password yet. Give the role once that is done.");

    private static readonly Refusal NotFound = Refusal.NotFound("account.not-found", "There is no such account.");
}
