using Coordination.Contracts.Requests;

namespace Coordination.Domain.Requests;

/// <param name="States">States of the bodies involved, for their national rapporteurs.</param>
/// <param name="ExpiresAt">End of the day it is needed by, at the body that asks.</param>
[FactName("request.opened")]
public sealed record RequestOpened(
    string From, string[] To, string? Region, RequestKind Kind, [property: Text] string Subject, [property: Text] string? Text, Pillar? Pillar, Mark Mark, Urgency Urgency,
    DateOnly? NeededBy, DateTimeOffset? ExpiresAt, string[] States, [property: Text] string? Agreement, string? Measure, bool Exercise) : Fact;

/// <param name="By">Body that takes it on.</param>
/// <param name="NeededBy">The date agreed, when it differs from the one asked for.</param>
/// <param name="ExpiresAt">End of that day at the body that asks: should the request be open again by then, it expires.</param>
[FactName("request.accepted")]
public sealed record RequestAccepted(string By, DateOnly? NeededBy, [property: Text] string? Text, DateTimeOffset? ExpiresAt = null) : Fact;

[FactName("request.date-proposed")]
public sealed record RequestDateProposed(string By, DateOnly Date, [property: Text] string? Text) : Fact;

[FactName("request.declined")]
public sealed record RequestDeclined(string By, DeclineGround Ground, [property: Text] string? Text) : Fact;

[FactName("request.clarification-asked")]
public sealed record ClarificationAsked(string By, [property: Text] string Text) : Fact;

[FactName("request.clarification-answered")]
public sealed record ClarificationAnswered([property: Text] string Text) : Fact;

[FactName("request.answered")]
public sealed record RequestAnswered(string By, [property: Text] string Text) : Fact;

[FactName("request.confirmed")]
public sealed record RequestConfirmed([property: Text] string? Text) : Fact;

[FactName("request.withdrawn")]
public sealed record RequestWithdrawn([property: Text] string? Text) : Fact;

[FactName("request.expired")]
public sealed record RequestExpired : Fact;
