using Coordination.Contracts.Requests;
using Coordination.Contracts.Subscriptions;

namespace Coordination.Domain.Subscriptions;

/// <param name="Regions">Names as M49 has them.</param>
[FactName("subscription.made")]
public sealed record Subscribed(
    string Id, SubscriptionSubject About, string[] Regions, string[] States, RequestKind[] Kinds, Pillar[] Pillars, Urgency[] Urgencies) : Fact;

[FactName("subscription.ended")]
public sealed record Unsubscribed(string Id) : Fact;

[FactName("inbox.read")]
public sealed record InboxReadUpTo(long Position) : Fact;
