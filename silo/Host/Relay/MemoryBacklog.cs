using Coordination.Contracts.Messages;
using Coordination.Host.Reactors;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Coordination.Host.Relay;

/// <summary>
/// What waits in a bus that keeps its messages in this process's memory. However fast the relay is, and however slow a consumer, no more than
/// <see cref="Most"/> changes do. A broker of its own needs none of this: it keeps what waits on its disk.
/// </summary>
public sealed class MemoryBacklog : IConsumeObserver
{
    /// <summary>Changes that wait for the slowest consumer, at most.</summary>
    public const int Most = 2_000;

    private readonly Lock _lock = new();

    /// <summary>By queue, the position up to which it has been emptied. The inboxes' is among them before its first message is through.</summary>
    private readonly Dictionary<string, long> _emptied = new(StringComparer.Ordinal);
    private long _sent;
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Changes that wait for the slowest consumer.</summary>
    public long Waiting
    {
        get
        {
            lock (_lock) return _emptied.Count == 0 ? 0 : Math.Max(0, _sent - _emptied.Values.Min());
        }
    }

    /// <summary>Completes when so many more may wait.</summary>
    public async Task Room(int count, CancellationToken cancellation)
    {
        while (true)
        {
            Task moved;
            lock (_lock)
            {
                if (Waiting == 0 || Waiting + count <= Most) return;
                if (_moved.Task.IsCompleted) _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
                moved = _moved.Task;
            }

            await moved.WaitAsync(cancellation);
        }
    }

    /// <summary>A message is about to be put there.</summary>
    public void Sending(Changes message)
    {
        lock (_lock)
        {
            _emptied.TryAdd(InboxConsumerDefinition.Queue, message.Previous);
            _sent = message.Position;
        }
    }

    public Task PreConsume<T>(ConsumeContext<T> context) where T : class => Task.CompletedTask;

    public Task PostConsume<T>(ConsumeContext<T> context) where T : class => Taken(context);

    /// <summary>What is tried again is nearly through, and what is set aside waits no more.</summary>
    public Task ConsumeFault<T>(ConsumeContext<T> context, Exception exception) where T : class => Taken(context);

    private Task Taken<T>(ConsumeContext<T> context) where T : class
    {
        if (context.Message is not Changes message || context.ReceiveContext.InputAddress is not { } address) return Task.CompletedTask;
        var queue = address.Segments[^1];
        lock (_lock)
        {
            _emptied[queue] = message.Position;
            _moved.TrySetResult();
        }

        return Task.CompletedTask;
    }
}

/// <summary>A bus in this process's memory.</summary>
public static class MemoryBus
{
    public static void UseMemory(this IBusRegistrationConfigurator bus)
    {
        bus.AddSingleton<MemoryBacklog>();
        bus.AddConsumeObserver(provider => provider.GetRequiredService<MemoryBacklog>());
        bus.UsingInMemory((context, memory) => memory.ConfigureEndpoints(context));
    }
}
