using Coordination.Domain.Subscriptions;

namespace Coordination.Host.Views;

/// <summary>What every body subscribes to.</summary>
public sealed class SubscriptionsView : KeptView<SubscriptionsState>
{
    public override string Name => "subscriptions";
    public override string Kind => "inbox";

    protected override SubscriptionsState? Evolve(string id, SubscriptionsState? item, Entry entry, Fact fact) => Fact.Evolve(id, item, fact);
}
