using MassTransit;

namespace Coordination.Node.Bus;

/// <summary>
/// Queues on RabbitMQ. Every argument is given, because brokers of version 3 and 4 fill in different ones; a queue that is there
/// with others is refused, so a change here is a new name.
/// </summary>
internal static class RabbitMq
{
    public const string Inboxes = "inboxes";
    public const string Errors = "inboxes_error";
    public const string Skipped = "inboxes_skipped";

    /// <summary>Begins the name of each gateway's own queue.</summary>
    public const string Gateways = "gateway-";

    /// <summary>Messages on their way to a consumer: enough that it never waits, few enough that another can take over soon.</summary>
    private const int Prefetch = 32;

    /// <summary>Times that a message may bring its consumer's process down before it is set aside.</summary>
    private const int Deliveries = 10;

    /// <summary>What a gateway may be behind before the oldest is dropped; it reads that from the journal.</summary>
    private const int GatewayMost = 10_000;

    private static readonly TimeSpan GatewayExpires = TimeSpan.FromMinutes(1);

    public static void UseRabbitMq(this IBusRegistrationConfigurator bus, BrokerAddress broker, string name)
    {
        bus.AddConfigureEndpointsCallback((_, queue, endpoint) =>
        {
            if (endpoint is not IRabbitMqReceiveEndpointConfigurator rabbit) return;
            endpoint.PrefetchCount = Prefetch;
            // A fault is told by the error queue and the log; nobody listens for it as a message.
            endpoint.PublishFaults = false;
            if (queue == Inboxes) ForInboxes(rabbit);
            else if (queue.StartsWith(Gateways, StringComparison.Ordinal)) ForOneGateway(rabbit);
        });
        bus.UsingRabbitMq((context, rabbit) =>
        {
            rabbit.Host(broker.Host, (ushort)broker.Port, broker.VirtualHost, name, host =>
            {
                host.Username(broker.User);
                host.Password(broker.Password);
                host.PublisherConfirmation = true;
                host.Heartbeat(TimeSpan.FromSeconds(10));
                host.RequestedConnectionTimeout(TimeSpan.FromSeconds(5));
                if (broker.Tls) host.UseSsl(tls => tls.ServerName = broker.Host);
            });
            rabbit.SendTopology.ConfigureErrorSettings = ForWhatIsSetAside;
            rabbit.SendTopology.ConfigureDeadLetterSettings = ForWhatIsSetAside;
            rabbit.ConfigureEndpoints(context);
        });
    }

    /// <summary>One queue for all silos, on several machines where there are; one of them at a time takes from it, in order.</summary>
    private static void ForInboxes(IRabbitMqReceiveEndpointConfigurator rabbit)
    {
        rabbit.SetQueueArgument("x-queue-type", "quorum");
        rabbit.SetQueueArgument("x-single-active-consumer", true);
        rabbit.SetQueueArgument("x-delivery-limit", Deliveries);
        // The queue for what is set aside is made at once: what the broker itself sets aside would be lost without it.
        rabbit.BindDeadLetterQueue(Errors, Errors, ForWhatIsSetAside);
    }

    /// <summary>
    /// A queue that operators look into. Each look counts as a delivery: with a limit to those, what was looked at often enough
    /// would be gone. MassTransit hands it the arguments of the queue that it belongs to; those that do not fit are taken back.
    /// </summary>
    private static void ForWhatIsSetAside(IRabbitMqQueueConfigurator queue)
    {
        queue.SetQueueArgument("x-queue-type", "quorum");
        queue.SetQueueArgument("x-delivery-limit", int.MaxValue);
        // Nothing consumes it, and with this the broker would let nobody look.
        queue.SetQueueArgument("x-single-active-consumer", null);
        queue.SetQueueArgument("x-dead-letter-exchange", null);
    }

    /// <summary>
    /// Goes when its gateway goes: at once with its last consumer, after a minute where there never was one. A message that it
    /// cannot read is dropped: the journal has it.
    /// </summary>
    private static void ForOneGateway(IRabbitMqReceiveEndpointConfigurator rabbit)
    {
        // Queues that are neither durable nor exclusive are on their way out of RabbitMQ.
        rabbit.Durable = true;
        rabbit.AutoDelete = true;
        rabbit.SetQueueArgument("x-queue-type", "classic");
        rabbit.SetQueueArgument("x-expires", (long)GatewayExpires.TotalMilliseconds);
        rabbit.SetQueueArgument("x-max-length", GatewayMost);
        rabbit.SetQueueArgument("x-overflow", "drop-head");
        rabbit.DiscardFaultedMessages();
        rabbit.DiscardSkippedMessages();
    }
}
