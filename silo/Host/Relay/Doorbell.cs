using Coordination.Contracts.Messages;

namespace Coordination.Host.Relay;

/// <summary>Tells everyone outside this silo that the journal went on. All that the relay needs of a bus.</summary>
public interface IDoorbell
{
    /// <summary>Completes when so many more changes may wait for those who take them. A broker holds as many as there are.</summary>
    Task Room(int count, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Completes when the broker has taken the message.</summary>
    Task Ring(Changes changes, CancellationToken cancellation);
}

/// <summary>By a message on the bus.</summary>
/// <param name="backlog">Of a bus that is in memory; else null.</param>
public sealed class BusDoorbell(MassTransit.IBus bus, MemoryBacklog? backlog = null) : IDoorbell
{
    public Task Room(int count, CancellationToken cancellation) => backlog?.Room(count, cancellation) ?? Task.CompletedTask;

    // Some transports do not look at the token while they wait for a broker that is away.
    public Task Ring(Changes changes, CancellationToken cancellation)
    {
        backlog?.Sending(changes);
        return bus.Publish(changes, cancellation).WaitAsync(cancellation);
    }
}
