using Coordination.Contracts.Requests;
using Coordination.Contracts.Subscriptions;

namespace Coordination.Domain.Subscriptions;

/// <summary>A fact about a body's subscriptions and its inbox. They are the body's own, and nothing is told of them.</summary>
public abstract record InboxFact : Fact<SubscriptionsState>
{
    private protected InboxFact() { }

    public sealed override SubscriptionsState? Evolve(string id, SubscriptionsState? state) => Evolve(state ?? SubscriptionsState.Empty(id));

    protected abstract SubscriptionsState Evolve(SubscriptionsState inbox);

    public sealed override Audience AudienceIn(SubscriptionsState state) => Audience.Named(state.Body);

    public sealed override IEnumerable<string> TopicsIn(string id, SubscriptionsState state, IDirectory directory) => [$"body/{id}"];

    public sealed override void Tell(Said said) { }
}

/// <param name="Regions">Names as M49 has them.</param>
[FactName("subscription.made")]
public sealed record Subscribed(
    string Id, SubscriptionSubject About, string[] Regions, string[] States, RequestKind[] Kinds, Pillar[] Pillars, Urgency[] Urgencies) : InboxFact
{
    public override string? Answer() => Id;
    protected override SubscriptionsState Evolve(SubscriptionsState inbox) => inbox with { Subscriptions = inbox.Subscriptions.SetItem(Id, this) };
}

[FactName("subscription.ended")]
public sealed record Unsubscribed(string Id) : InboxFact
{
    public override string? Answer() => Id;

    protected override SubscriptionsState Evolve(SubscriptionsState inbox) => inbox with
    {
        Subscriptions = inbox.Subscriptions.Remove(Id),
        Ended = (inbox.Ended.Count < SubscriptionsState.MostEnded ? inbox.Ended : inbox.Ended.RemoveAt(0)).Add(Id),
    };
}

[FactName("inbox.read")]
public sealed record InboxReadUpTo(long Position) : InboxFact
{
    protected override SubscriptionsState Evolve(SubscriptionsState inbox) => inbox with { ReadUpTo = Math.Max(inbox.ReadUpTo, Position) };
}
