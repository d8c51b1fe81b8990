using Coordination.Contracts.Bodies;

namespace Coordination.Contracts.Groups;

[GenerateSerializer, Immutable, Alias("GroupCommand")]
public abstract record GroupCommand;

/// <summary>Forms a group. An administrator may, or a coordinator whose body takes the chair.</summary>
/// <param name="Id">Null to have one made. One that a coordinator chooses begins with <c>g-</c>: all others are left to bodies.</param>
/// <param name="Chairs">Terms of the body that forms it; another body takes the chair once it has accepted.</param>
[GenerateSerializer, Immutable, Alias("FormGroup")]
public sealed record FormGroup(
    [property: StringLength(80), Form("^[a-z0-9]+(-[a-z0-9]+)*$")] string? Id,
    [property: Required, StringLength(300, MinimumLength = 1)] string Name,
    [property: MaxLength(500)] string[]? Members = null,
    [property: MaxLength(100)] ChairTerm[]? Chairs = null,
    [property: StringLength(2000)] string? Note = null,
    Source? Source = null,
    bool Exercise = false) : GroupCommand;

/// <summary>Invites a body into the group. The chair may; while nobody is in the chair, an administrator. It belongs to it once it has accepted.</summary>
[GenerateSerializer, Immutable, Alias("InviteMember")]
public sealed record InviteMember([property: Required] string Body) : GroupCommand;

/// <summary>Accepts the invitation of one's own body.</summary>
[GenerateSerializer, Immutable, Alias("JoinGroup")]
public sealed record JoinGroup : GroupCommand;

/// <summary>
/// A body leaves, by itself or by the chair, and sees no more of the group from then on. One that is invited declines by it; by the chair its invitation is
/// withdrawn.
/// </summary>
[GenerateSerializer, Immutable, Alias("RemoveMember")]
public sealed record RemoveMember(string? Body) : GroupCommand;

/// <summary>Hands the chair to a member for a term. The chair may; while nobody is in the chair, an administrator.</summary>
[GenerateSerializer, Immutable, Alias("AppointChair")]
public sealed record AppointChair([property: Required] string Body, [property: Required] DateOnly? From, DateOnly? To = null) : GroupCommand;

/// <summary>Shares something with the group. Its members' coordinators and contributors may.</summary>
/// <param name="Mark">Parties (the group) unless marked wider.</param>
/// <param name="ReplyTo">Id of the update it answers.</param>
[GenerateSerializer, Immutable, Alias("ShareUpdate")]
public sealed record ShareUpdate(
    [property: Required, StringLength(8000, MinimumLength = 1)] string Text,
    Mark? Mark = null,
    [property: StringLength(40)] string? ReplyTo = null) : GroupCommand;

/// <summary>
/// What groups can be sorted by: what concerns the asker (where its body is invited, then where it is a member, then the others, each by what
/// was shared last), their names, or when something was shared last that the asker may see.
/// </summary>
public enum GroupSort { Own, Name, Latest }

[GenerateSerializer, Immutable, Alias("GroupView")]
public record GroupView
{
    [Id(0)] public required string Id { get; init; }
    [Id(1)] public required string Name { get; init; }
    [Id(2)] public required BodyName[] Members { get; init; }
    [Id(3)] public required ChairTerm[] Chairs { get; init; }
    /// <summary>The body in the chair today, or null.</summary>
    [Id(4)] public BodyName? Chair { get; init; }
    [Id(5)] public required bool Exercise { get; init; }
    /// <summary>Position of the last change of the group itself. Invitations and updates do not move it.</summary>
    [Id(6)] public required long Version { get; init; }
    /// <summary>The asker's body is a member.</summary>
    [Id(7)] public required bool Member { get; init; }
    /// <summary>Updates the asker may see.</summary>
    [Id(8)] public required int Updates { get; init; }
    [Id(9)] public DateTimeOffset? LatestAt { get; init; }
    [Id(10)] public string? Note { get; init; }
    [Id(11)] public Source? Source { get; init; }
    /// <summary>
    /// What the asker may do: <c>share</c>, <c>add-member</c> (invite), <c>remove-member</c>, <c>appoint-chair</c>, <c>leave</c>; when its body is invited
    /// <c>join</c>, <c>decline</c>.
    /// </summary>
    [Id(12)] public required string[] Verbs { get; init; }
    /// <summary>Bodies that are here now; members see them.</summary>
    [Id(13)] public required BodyName[] Here { get; init; }
    /// <summary>Bodies that are invited and have not answered; members see them, and each of these sees itself.</summary>
    [Id(14)] public required BodyName[] Invited { get; init; }
    /// <summary>Who invites the asker's body; null when nobody does, or an administrator.</summary>
    [Id(15)] public BodyName? InvitedBy { get; init; }
}

/// <param name="ActorName">How the person is shown who shared it; null when the account was erased.</param>
[GenerateSerializer, Immutable, Alias("UpdateView")]
public sealed record UpdateView(
    string Id, long Position, DateTimeOffset At, string Body, string BodyName, string Actor, string? ActorName, string Text, Mark Mark, string? ReplyTo);

/// <summary>Decides for one group, by its id.</summary>
[Alias("IGroupGrain")]
public interface IGroupGrain : IGrainWithStringKey
{
    [Alias("Execute")]
    Task<Outcome> Execute(CommandHeader header, GroupCommand command);
}

[Alias("IGroupViewsGrain")]
public interface IGroupViewsGrain : IGrainWithIntegerKey
{
    [Alias("List")]
    Task<Page<GroupView>> List(Asker asker, Paging paging);

    [Alias("Get")]
    Task<GroupView?> Get(Asker asker, string id);

    /// <summary>Newest first; null when there is no such group.</summary>
    [Alias("Updates")]
    Task<Page<UpdateView>?> Updates(Asker asker, string id, Paging paging);
}

/// <summary>
/// Who is connected, by gateway connection. Never in the journal: it is true only now. Key: 0, one for the cluster.
/// Connections that are not renewed within 30 s count as gone.
/// </summary>
[Alias("IPresenceGrain")]
public interface IPresenceGrain : IGrainWithIntegerKey
{
    /// <summary>Replaces all that <paramref name="gateway"/> said before and answers who is here in all of them.</summary>
    [Alias("Renew")]
    Task<Presence> Renew(string gateway, Presence here);

    [Alias("Get")]
    Task<Presence> Get();
}

/// <param name="Online">Bodies with a live connection.</param>
/// <param name="Groups">By group, the bodies that have it open.</param>
[GenerateSerializer, Immutable, Alias("Presence")]
public sealed record Presence(string[] Online, Dictionary<string, string[]> Groups);
