using Coordination.Contracts.Bodies;

namespace Coordination.Domain.Groups;

[FactName("group.formed")]
public sealed record GroupFormed([property: Text] string Name, string[] Members, ChairTerm[] Chairs, [property: Text] string? Note, Source? Source, bool Exercise) : Fact;

/// <param name="By">Body that invites; null for an administrator.</param>
[FactName("group.member-invited")]
public sealed record GroupMemberInvited(string Body, string? By) : Fact;

[FactName("group.invitation-declined")]
public sealed record GroupInvitationDeclined(string Body) : Fact;

[FactName("group.invitation-withdrawn")]
public sealed record GroupInvitationWithdrawn(string Body) : Fact;

/// <summary>It has accepted, or the platform says so of what it imports.</summary>
[FactName("group.member-added")]
public sealed record GroupMemberAdded(string Body) : Fact;

[FactName("group.member-removed")]
public sealed record GroupMemberRemoved(string Body) : Fact;

[FactName("group.chair-appointed")]
public sealed record GroupChairAppointed(ChairTerm Term) : Fact;

[FactName("group.update-shared")]
public sealed record GroupUpdateShared(string Id, string Body, [property: Text] string Text, Mark Mark, string? ReplyTo) : Fact;
