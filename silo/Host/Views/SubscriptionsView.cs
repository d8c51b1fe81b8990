using Coordination.Domain.Subscriptions;

namespace Coordination.Host.Views;

/// <summary>What every body subscribes to.</summary>
public sealed class SubscriptionsView : KeptView<SubscriptionsState>
{
    public override string Name => "subscriptions";
    public override string Kind => "inbox";

    /// <summary>Which bodies want what.</summary>
    public SubscriptionIndex Subscribers { get; } = new();

    protected override SubscriptionsState? Evolve(string id, SubscriptionsState? item, Entry entry, Fact fact) => Fact.Evolve(id, item, fact);

    protected override void Index(string id, SubscriptionsState? before, SubscriptionsState item, DateTimeOffset at) => Subscribers.Update(before, item);
}
