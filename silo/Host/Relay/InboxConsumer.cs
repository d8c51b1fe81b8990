using Coordination.Contracts.Messages;
using Coordination.Contracts.Subscriptions;
using MassTransit;

namespace Coordination.Host.Relay;

/// <summary>Hands each change to the grain of every body that it concerns.</summary>
public sealed class InboxConsumer(IGrainFactory grains, InboxProgress progress)
    : IConsumer<BodyChanged>, IConsumer<PlanChanged>, IConsumer<RequestChanged>, IConsumer<GroupChanged>, IConsumer<SubscriptionChanged>
{
    public Task Consume(ConsumeContext<BodyChanged> context) => Deliver(context.Message);
    public Task Consume(ConsumeContext<PlanChanged> context) => Deliver(context.Message);
    public Task Consume(ConsumeContext<RequestChanged> context) => Deliver(context.Message);
    public Task Consume(ConsumeContext<GroupChanged> context) => Deliver(context.Message);
    public Task Consume(ConsumeContext<SubscriptionChanged> context) => Deliver(context.Message);

    private async Task Deliver(Changed message)
    {
        await Task.WhenAll(message.Concerns.Select(concern => grains.GetGrain<IInboxGrain>(concern.Body).Deliver(message.Position, concern.Reason)));
        await progress.Delivered(message.Previous, message.Position);
    }
}

/// <summary>
/// Notes from time to time how far inboxes have been delivered. What was delivered after the last note is delivered again
/// after a crash, and taken in once.
/// </summary>
public sealed class InboxProgress(IInboxes inboxes, TimeProvider time) : IDisposable
{
    private const long Every = 64;
    private readonly Views.PositionGate _gate = new();
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _one = new(1);
    private long _delivered;
    private long _noted;
    private DateTimeOffset _notedAt;

    /// <summary>Goes on where the note of the last run ends.</summary>
    public void Begin(long position)
    {
        _delivered = _noted = position;
        _gate.Advance(position);
    }

    public async Task Delivered(long previous, long position)
    {
        await _one.WaitAsync();
        try
        {
            _gate.Advance(Math.Max(_gate.Position, position));
            // Behind a message that failed for good the note stays, so that the next start delivers it and all after it again.
            if (previous > _delivered) return;
            _delivered = Math.Max(_delivered, position);
            if (_delivered - _noted < Every && time.GetUtcNow() - _notedAt < Within) return;
            await Note();
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Completes when inboxes have been delivered up to a position, or quietly after <paramref name="within"/>.</summary>
    public Task Reach(long position, TimeSpan within) => _gate.Reach(position, within, time, CancellationToken.None);

    /// <summary>Notes what is not noted yet, before a clean stop.</summary>
    public async Task Flush()
    {
        await _one.WaitAsync();
        try
        {
            if (_delivered > _noted) await Note();
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task Note()
    {
        await inboxes.MarkDelivered(_delivered);
        (_noted, _notedAt) = (_delivered, time.GetUtcNow());
    }
}

/// <summary>One message at a time, in the order of the journal; a passing fault is tried again before the message is set aside.</summary>
public sealed class InboxConsumerDefinition : ConsumerDefinition<InboxConsumer>
{
    public InboxConsumerDefinition()
    {
        EndpointName = "inboxes";
        ConcurrentMessageLimit = 1;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<InboxConsumer> consumerConfigurator, IRegistrationContext context) =>
        endpointConfigurator.UseMessageRetry(retry => retry.Exponential(8, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(100)));
}
