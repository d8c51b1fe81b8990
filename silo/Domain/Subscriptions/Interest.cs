using Coordination.Contracts.Requests;
using Coordination.Contracts.Subscriptions;

namespace Coordination.Domain.Subscriptions;

/// <summary>What a subscription looks at in a fact.</summary>
/// <param name="Bodies">Bodies it concerns: of a request the one that asks and those asked, of a plan its own, of a group its members.</param>
/// <param name="Region">Name of the region of an open call.</param>
public readonly record struct Interest(
    SubscriptionSubject About, IReadOnlyList<BodyInfo> Bodies, string? Region = null, RequestKind? Kind = null, Pillar? Pillar = null, Urgency? Urgency = null);
