using Coordination.Contracts.Messages;
using MassTransit;

namespace Coordination.Host.Reactors;

/// <summary>Fills the inboxes with what the relay tells.</summary>
public sealed class InboxConsumer(InboxReactor reactor) : IConsumer<Changes>
{
    public Task Consume(ConsumeContext<Changes> context) => reactor.Take(context.Message, context.CancellationToken);
}

/// <summary>One message at a time, in the order of the journal; a passing fault is tried again before the message is set aside.</summary>
public sealed class InboxConsumerDefinition : ConsumerDefinition<InboxConsumer>
{
    public const string Queue = "inboxes";

    public InboxConsumerDefinition()
    {
        EndpointName = Queue;
        ConcurrentMessageLimit = 1;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<InboxConsumer> consumerConfigurator, IRegistrationContext context) =>
        endpointConfigurator.UseMessageRetry(retry => retry.Exponential(8, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(100)));
}
