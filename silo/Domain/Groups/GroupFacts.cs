using Coordination.Contracts.Subscriptions;
using Coordination.Domain.Subscriptions;

namespace Coordination.Domain.Groups;

/// <summary>
/// A fact about a group. That a group exists and who is in it is for every signed-in body; what is shared in it is for the group unless marked
/// wider. Who is invited is for the group and the body itself.
/// </summary>
public abstract record GroupFact : Fact<GroupState>
{
    private protected GroupFact() { }

    /// <summary>The body that it is about; null when it is the group itself.</summary>
    public abstract string? About();

    /// <summary>Bodies whose inboxes it belongs in, besides those that subscribe.</summary>
    /// <param name="group">After it.</param>
    /// <param name="day">On which it happened, in UTC.</param>
    public abstract IEnumerable<string> RecipientsIn(GroupState group, DateOnly day);

    public sealed override GroupState? Evolve(string id, GroupState? state) => state is null ? (this as GroupFormed)?.Begin(id) : Evolve(state);

    protected abstract GroupState Evolve(GroupState group);

    /// <summary>What subscriptions see of it.</summary>
    public static Interest InterestIn(GroupState group, IDirectory directory) =>
        new(SubscriptionSubject.Groups, [.. group.Members.Select(directory.Body).OfType<BodyInfo>()]);

    public sealed override IEnumerable<string> TopicsIn(string id, GroupState state, IDirectory directory)
    {
        yield return $"group/{id}";
        if (About() is { } body) yield return $"body/{body}";
    }

    /// <summary>The group and a body that is invited to it.</summary>
    private protected static Audience With(GroupState group, string invited) => Audience.OfGroup(group.Id) with { Bodies = [invited] };

    /// <summary>The body in the chair, if there is one.</summary>
    private protected static IEnumerable<string> Chair(GroupState group, DateOnly day) => group.ChairOn(day) is { } chair ? [chair] : [];
}

[FactName("group.formed")]
public sealed record GroupFormed([property: Text] string Name, string[] Members, Term[] Chairs, [property: Text] string? Note, Citation? Source, bool Exercise) : GroupFact
{
    public GroupState Begin(string id) => new(
        id, [.. Members], ImmutableDictionary<string, string?>.Empty, ImmutableDictionary<string, int>.Empty, [.. Chairs], Exercise,
        SharedUpdates.None, EntryPosition);

    public override string? About() => null;
    public override Audience AudienceIn(GroupState state) => Audience.Community;
    public override IEnumerable<string> RecipientsIn(GroupState group, DateOnly day) => group.Members;
    public override void Tell(Said said) { }
    protected override GroupState Evolve(GroupState group) => group;
}

/// <param name="By">Body that invites; null for an administrator.</param>
[FactName("group.member-invited")]
public sealed record GroupMemberInvited(string Body, string? By) : GroupFact
{
    public override string? About() => Body;
    public override Audience AudienceIn(GroupState state) => With(state, Body);
    public override IEnumerable<string> RecipientsIn(GroupState group, DateOnly day) => [Body];
    public override void Tell(Said said) { }

    protected override GroupState Evolve(GroupState group) => group with
    {
        Invited = group.Invited.SetItem(Body, By),
        Invitations = group.Invitations.SetItem(Body, group.Invitations.GetValueOrDefault(Body) + 1),
    };
}

[FactName("group.invitation-declined")]
public sealed record GroupInvitationDeclined(string Body) : GroupFact
{
    public override string? About() => Body;
    public override Audience AudienceIn(GroupState state) => With(state, Body);

    /// <summary>The chair has asked, and is told what came of it.</summary>
    public override IEnumerable<string> RecipientsIn(GroupState group, DateOnly day) => Chair(group, day);

    public override void Tell(Said said) { }
    protected override GroupState Evolve(GroupState group) => group with { Invited = group.Invited.Remove(Body) };
}

[FactName("group.invitation-withdrawn")]
public sealed record GroupInvitationWithdrawn(string Body) : GroupFact
{
    public override string? About() => Body;
    public override Audience AudienceIn(GroupState state) => With(state, Body);
    public override IEnumerable<string> RecipientsIn(GroupState group, DateOnly day) => [Body];
    public override void Tell(Said said) { }
    protected override GroupState Evolve(GroupState group) => group with { Invited = group.Invited.Remove(Body) };
}

/// <summary>It has accepted, or the platform says so of what it imports.</summary>
[FactName("group.member-added")]
public sealed record GroupMemberAdded(string Body) : GroupFact
{
    public override string? About() => Body;
    public override Audience AudienceIn(GroupState state) => Audience.Community;
    public override IEnumerable<string> RecipientsIn(GroupState group, DateOnly day) => Chair(group, day).Prepend(Body);
    public override void Tell(Said said) { }

    protected override GroupState Evolve(GroupState group) => group with
    {
        Members = group.Members.Add(Body),
        Invited = group.Invited.Remove(Body),
        Invitations = group.Invitations.Remove(Body),
        Version = EntryPosition,
    };
}

[FactName("group.member-removed")]
public sealed record GroupMemberRemoved(string Body) : GroupFact
{
    public override string? About() => Body;
    public override Audience AudienceIn(GroupState state) => Audience.Community;
    public override IEnumerable<string> RecipientsIn(GroupState group, DateOnly day) => [Body];
    public override void Tell(Said said) { }
    protected override GroupState Evolve(GroupState group) => group with { Members = group.Members.Remove(Body), Version = EntryPosition };
}

[FactName("group.chair-appointed")]
public sealed record GroupChairAppointed(Term Term) : GroupFact
{
    public override string? About() => Term.Body;
    public override Audience AudienceIn(GroupState state) => Audience.Community;
    public override IEnumerable<string> RecipientsIn(GroupState group, DateOnly day) => group.Members;
    public override void Tell(Said said) { }
    protected override GroupState Evolve(GroupState group) => group with { Chairs = ChairTerms.Appoint(group.Chairs, Term), Version = EntryPosition };
}

[FactName("group.update-shared")]
public sealed record GroupUpdateShared(string Id, string Body, [property: Text] string Text, Mark Mark, string? ReplyTo) : GroupFact
{
    public override string? About() => Body;
    public override Audience AudienceIn(GroupState state) => Mark is Mark.Parties ? Audience.OfGroup(state.Id) : new(Mark);
    public override IEnumerable<string> RecipientsIn(GroupState group, DateOnly day) => group.Members;
    public override string? Answer() => Id;

    public override void Tell(Said said)
    {
        said.Put("update", Id);
        said.Text("text", Text);
    }

    protected override GroupState Evolve(GroupState group) => group with { Updates = group.Updates.With(Id, Mark) };
}
