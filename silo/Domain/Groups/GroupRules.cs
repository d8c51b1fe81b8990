using System.Globalization;
using Coordination.Contracts.Bodies;
using Coordination.Contracts.Groups;

namespace Coordination.Domain.Groups;

/// <summary>Who may do what in a group, and what comes of it.</summary>
public static class GroupRules
{
    /// <summary>How often a body is asked that does not come.</summary>
    public const int MostInvitations = 3;

    /// <summary>How ids of groups begin, and of no body: those that the platform makes, and those that coordinators choose.</summary>
    public const string OwnIds = "g-";

    private static readonly Refusal IdForBodies =
        Refusal.Invalid("#/id", "group.id-for-bodies", $"Ids like this one are for bodies. Begin the id of a group with {OwnIds}, or leave it out.");

    public static readonly Refusal IdOfABody =
        Refusal.Conflict("group.already-exists", "A body has this id, and its page shows the group of the same id. Choose another id, or leave it out.");

    public static readonly Refusal IdMisleads =
        Refusal.Conflict("group.id-misleads", "A body or another group has an id that is taken for this one. Choose an id that looks different, or leave it out.");

    /// <summary>The verbs of a group that is there. <see cref="RemoveMember"/> is the command of three: a body declines or leaves by it, and the chair removes another body.</summary>
    public static readonly Verbs<GroupState> Verbs = new(
        ("join", MayJoin), ("decline", MayDecline), ("share", MayShare), ("add-member", MayInvite), ("remove-member", MayRemove), ("appoint-chair", MayAppoint),
        ("leave", MayLeave));

    public static Decision Decide(string id, GroupState? state, GroupCommand command, in Situation situation)
    {
        if (command is FormGroup form) return MayForm(state, situation) ?? Form(id, form, situation);
        if (state is null) return NotFound;
        var actor = situation.Actor;
        return command switch
        {
            InviteMember it => MayInvite(state, situation) ?? Invite(state, it, situation),
            JoinGroup => MayJoin(state, situation) ?? new GroupMemberAdded(actor.Body!),
            RemoveMember { Body: { } own } when own == actor.Body && actor.Coordinates(own) =>
                state.Invited.ContainsKey(own) ? MayDecline(state, situation) ?? new GroupInvitationDeclined(own) : MayLeave(state, situation) ?? new GroupMemberRemoved(own),
            RemoveMember it => MayRemove(state, situation) ?? Remove(state, it, situation),
            AppointChair it => MayAppoint(state, situation) ?? Appoint(state, it),
            ShareUpdate it => MayShare(state, situation) ?? Share(state, it, situation),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "A command without a rule."),
        };
    }

    public static Decision? MayForm(GroupState? group, in Situation situation)
    {
        var (actor, now, directory, _) = situation;
        if (!actor.Administers && !actor.Coordinates(actor.Body)) return FormedByCoordinators;
        if (group is not null) return AlreadyExists;
        return actor.Body is not { } body || directory.OpenOf(body, now).Groups < directory.MostOpen.Groups ? Decision.Undecided
            : Refusal.TooMany("group.too-many", $"A body belongs to at most {directory.MostOpen.Groups} groups that it formed, or formed within a day. Leave some first.");
    }

    private static Decision? MayInvite(GroupState group, in Situation situation) =>
        IsChair(group, situation) || (group.Members.IsEmpty && IsVacant(group, situation)) ? Decision.Undecided : ChairOnly;

    private static Decision? MayJoin(GroupState group, in Situation situation)
    {
        if (situation.Actor.Body is not { } body || !situation.Actor.Coordinates(body)) return AcceptedByCoordinators;
        return group.Members.Contains(body) ? Decision.Nothing : group.Invited.ContainsKey(body) ? Decision.Undecided : NotInvited;
    }

    private static Decision? MayDecline(GroupState group, in Situation situation)
    {
        if (situation.Actor.Body is not { } body || !situation.Actor.Coordinates(body)) return ChairOnly;
        return group.Invited.ContainsKey(body) ? Decision.Undecided : Decision.Nothing;
    }

    private static Decision? MayLeave(GroupState group, in Situation situation)
    {
        if (situation.Actor.Body is not { } body || !situation.Actor.Coordinates(body)) return ChairOnly;
        return !group.Members.Contains(body) ? Decision.Nothing : body == group.ChairOn(Today(situation)) ? ChairCannotLeave : Decision.Undecided;
    }

    /// <summary>There must be a member or an invited body besides the one in the chair.</summary>
    private static Decision? MayRemove(GroupState group, in Situation situation)
    {
        if (!IsChair(group, situation)) return ChairOnly;
        return group.Invited.IsEmpty && (group.Members.IsEmpty || (group.Members.Count == 1 && group.ChairOn(Today(situation)) is not null)) ? Decision.Nothing : Decision.Undecided;
    }

    /// <summary>There must be a member that can take the chair.</summary>
    private static Decision? MayAppoint(GroupState group, in Situation situation) =>
        !IsChair(group, situation) && !IsVacant(group, situation) ? ChairOnly : group.Members.IsEmpty ? NotAMember : Decision.Undecided;

    private static Decision? MayShare(GroupState group, in Situation situation) =>
        situation.Actor.Body is not { } body || !group.Members.Contains(body) ? MembersOnly : situation.Actor.ContributesTo(body) ? Decision.Undecided : ObserversRead;

    private static Decision Form(string id, FormGroup command, in Situation situation)
    {
        var (actor, _, directory, _) = situation;
        // An inter-agency group is a body and the group of its members, on one page.
        if (directory.Body(id) is { } body && !(actor.Coordinates(id) && body.Kind is BodyKind.InterAgencyGroup)) return IdOfABody;
        // Whoever is admitted later finds its id free.
        if (!actor.Administers && directory.Body(id) is null && !id.StartsWith(OwnIds, StringComparison.Ordinal)) return IdForBodies;
        if (Texts.Name("#/name", command.Name) is { } unnamed) return unnamed;
        var members = (command.Members ?? []).Concat((command.Chairs ?? []).Select(term => term?.Body!));
        if (!actor.Administers) members = members.Append(actor.Body!);
        var distinct = members.Distinct().ToArray();
        foreach (var member in distinct)
        {
            if (member is null || directory.Body(member) is null)
                return Refusal.Invalid("#/members", "body.not-found", $"There is no body '{member}'. Look its id up in /api/v1/bodies.");
        }

        foreach (var term in command.Chairs ?? [])
        {
            if (!ChairTerms.IsDate(term.From) || !ChairTerms.IsDate(term.To) || !ChairTerms.IsDate(term.AsAt))
                return Refusal.Invalid("#/chairs", "date.does-not-exist", "A term's dates are years, months or days that exist, such as 2011 or 2011-06-30.");
            if ((Days.OutOfBounds("#/chairs", term.From) ?? Days.OutOfBounds("#/chairs", term.To) ?? Days.OutOfBounds("#/chairs", term.AsAt)) is { } outOfBounds)
                return outOfBounds;
        }

        // A body that has not accepted is in no chair. The groups of an import are there already.
        var stranger = Array.FindIndex(command.Chairs ?? [], term => !actor.IsPlatform && term.Body != actor.Body);
        if (stranger >= 0) return NotMember($"#/chairs/{stranger}/body");
        var today = Today(situation);
        Term[] chairs = command.Chairs is { } named ? [.. named]
            : actor.Administers ? []
            : [new(actor.Body!, today.ToString("O", CultureInfo.InvariantCulture), null)];
        if (!actor.Administers && ChairTerms.On(chairs, today, _ => true) != actor.Body)
            return Refusal.Invalid("#/chairs", "group.not-in-chair", "Your body takes the chair of a group that you form. Give it the term that runs today, or leave the chairs out.");
        // What a document says is cited by the import alone; whether it is an exercise follows from who is in it.
        var exercise = actor.IsPlatform ? command.Exercise : distinct.Length > 0 && Array.TrueForAll(distinct, member => directory.Body(member!)!.Exercise);
        // Whoever else is to belong to it is asked.
        string[] belong = actor.IsPlatform ? distinct! : actor.Body is { } own ? [own] : [];
        return Decision.Of(
        [
            new GroupFormed(command.Name.Trim(), belong, chairs, command.Note, actor.IsPlatform ? command.Source : null, exercise),
            .. distinct.Except(belong).Select(member => new GroupMemberInvited(member!, actor.Body)),
        ]);
    }

    private static Decision Invite(GroupState group, InviteMember command, in Situation situation)
    {
        if (situation.Directory.Body(command.Body) is null)
            return Refusal.Invalid("#/body", "body.not-found", "There is no such body. Look its id up in /api/v1/bodies.");
        if (group.Members.Contains(command.Body)) return Decision.Nothing;
        if (situation.Actor.IsPlatform) return new GroupMemberAdded(command.Body);
        if (group.Invited.ContainsKey(command.Body)) return Decision.Nothing;
        return group.Invitations.GetValueOrDefault(command.Body) >= MostInvitations
            ? Refusal.TooMany("group.invited-too-often", $"This body was invited {MostInvitations} times and has not come. It is not asked again.")
            : new GroupMemberInvited(command.Body, situation.Actor.Body);
    }

    private static Decision Remove(GroupState group, RemoveMember command, in Situation situation) =>
        command.Body is not { } body ? Decision.Nothing
        : group.Invited.ContainsKey(body) ? new GroupInvitationWithdrawn(body)
        : !group.Members.Contains(body) ? Decision.Nothing
        : body == group.ChairOn(Today(situation)) ? ChairCannotLeave
        : new GroupMemberRemoved(body);

    private static Decision Appoint(GroupState group, AppointChair command)
    {
        if (!group.Members.Contains(command.Body)) return NotAMember;
        var from = command.From!.Value;
        if ((Days.OutOfBounds("#/from", from) ?? Days.OutOfBounds("#/to", command.To)) is { } outOfBounds) return outOfBounds;
        if (command.To < from)
            return Refusal.Invalid("#/to", "group.term-reversed", "The term ends before it begins. Give a later last day.");
        var term = new Term(
            command.Body, from.ToString("O", CultureInfo.InvariantCulture), command.To?.ToString("O", CultureInfo.InvariantCulture));
        return group.Chairs is [.., var last] && last == term ? Decision.Nothing : new GroupChairAppointed(term);
    }

    private static Decision Share(GroupState group, ShareUpdate command, in Situation situation)
    {
        var mark = command.Mark ?? Mark.Parties;
        if (mark is Mark.Named)
            return Refusal.Invalid("#/mark", "group.mark-not-offered", "An update is for the group (parties), for every signed-in body (community) or public.");
        if (command.ReplyTo is { } reply)
        {
            if (group.MarkOf(reply) is not { } original)
                return Refusal.Invalid("#/replyTo", "group.update-not-found", "There is no such update to reply to.");
            // A reply tells of what it answers, so it is never seen by more.
            if (original > mark) mark = original;
        }

        if (Texts.IsEmpty(command.Text))
            return Refusal.Invalid("#/text", "group.update-empty", "Write something to share.");
        return new GroupUpdateShared(NewId.Free('u', situation.Command, group.Updates.Contains), situation.Actor.Body!, command.Text.Trim(), mark, command.ReplyTo);
    }

    private static bool IsChair(GroupState group, in Situation situation) =>
        situation.Actor.IsPlatform || (situation.Actor.Coordinates(situation.Actor.Body) && group.ChairOn(Today(situation)) == situation.Actor.Body);

    /// <summary>
    /// A group would stand still whose chair's term ran out, or to which nobody has come yet: an administrator may seat one of its members, and
    /// invite to it as long as there is none.
    /// </summary>
    private static bool IsVacant(GroupState group, in Situation situation) => situation.Actor.Administers && group.ChairOn(Today(situation)) is null;

    private static DateOnly Today(in Situation situation) => DateOnly.FromDateTime(situation.Now.UtcDateTime);

    private static Refusal NotMember(string pointer) =>
        Refusal.Invalid(pointer, "group.not-a-member", "Only a member can take the chair. Invite the body first; once it has accepted, it can.");

    private static readonly Decision NotFound = Refusal.NotFound("group.not-found", "There is no such group. Look its id up in /api/v1/groups.");
    private static readonly Decision FormedByCoordinators = Refusal.Forbidden("group.coordinator-only", "Only a body's coordinator or an administrator forms a group.");
    private static readonly Decision AlreadyExists = Refusal.Conflict("group.already-exists", "A group with this id exists already. Choose another id, or leave it out.");
    private static readonly Decision ChairOnly = Refusal.Forbidden("group.chair-only", "Only a coordinator of the body in the chair may do this.");
    private static readonly Decision ChairCannotLeave =
        Refusal.Conflict("group.chair-cannot-leave", "The body in the chair cannot leave. Hand the chair to another member first.");

    private static readonly Decision AcceptedByCoordinators = Refusal.Forbidden("group.coordinator-only", "Only a coordinator of the invited body accepts for it.");
    private static readonly Decision NotInvited = Refusal.Forbidden("group.not-invited", "Your body is not invited to this group. Ask the body in the chair.");
    private static readonly Decision NotAMember = NotMember("#/body");
    private static readonly Decision MembersOnly = Refusal.Forbidden("group.members-only", "Only members share updates in a group.");
    private static readonly Decision ObserversRead = Refusal.Forbidden("group.observer", "Observers read. A coordinator or contributor of your body can share.");
}
