using Coordination.Contracts.Messages;

namespace Coordination.Host.Relay;

/// <summary>Tells everyone outside this silo that the journal went on. All that the relay needs of a bus.</summary>
public interface IDoorbell
{
    /// <summary>Completes when the broker has taken the message.</summary>
    Task Ring(Changes changes, CancellationToken cancellation);
}

/// <summary>By a message on the bus.</summary>
public sealed class BusDoorbell(MassTransit.IBus bus) : IDoorbell
{
    // Some transports do not look at the token while they wait for a broker that is away.
    public Task Ring(Changes changes, CancellationToken cancellation) => bus.Publish(changes, cancellation).WaitAsync(cancellation);
}
