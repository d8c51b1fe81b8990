using Coordination.Host.Relay;
using MassTransit;

namespace Coordination.Node.Bus;

/// <summary>What carries messages: RabbitMQ where one is given, else this process's memory. Consumers are the same.</summary>
public static class Transport
{
    public static void AddBus(this IServiceCollection services, Settings settings, Action<IBusRegistrationConfigurator> consumers)
    {
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            consumers(bus);
            if (settings.Broker() is { } broker) bus.UseRabbitMq(broker, settings.Name);
            else bus.UseMemory();
        });
        services.Configure<MassTransitHostOptions>(options =>
        {
            // Queues are there and bound before anything is published: a message nobody is bound for is confirmed and dropped.
            options.WaitUntilStarted = true;
            options.StopTimeout = TimeSpan.FromSeconds(10);
        });
    }
}
