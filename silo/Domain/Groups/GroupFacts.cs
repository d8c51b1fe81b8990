using Coordination.Contracts.Bodies;

namespace Coordination.Domain.Groups;

[FactName("group.formed")]
public sealed record GroupFormed([property: Text] string Name, string[] Members, ChairTerm[] Chairs, [property: Text] string? Note, Source? Source, bool Exercise) : Fact;

[FactName("group.member-added")]
public sealed record GroupMemberAdded(string Body) : Fact;

[FactName("group.member-removed")]
public sealed record GroupMemberRemoved(string Body) : Fact;

[FactName("group.chair-appointed")]
public sealed record GroupChairAppointed(ChairTerm Term) : Fact;

[FactName("group.update-shared")]
public sealed record GroupUpdateShared(string Id, string Body, [property: Text] string Text, Mark Mark, string? ReplyTo) : Fact;
