using Coordination.Contracts.Messages;
using Coordination.Contracts.Subscriptions;
using MassTransit;

namespace Coordination.Host.Relay;

/// <summary>Hands each change to the grain of every body that it concerns.</summary>
public sealed partial class InboxConsumer(IGrainFactory grains, InboxProgress progress, ILogger<InboxConsumer> logger)
    : IConsumer<BodyChanged>, IConsumer<PlanChanged>, IConsumer<RequestChanged>, IConsumer<GroupChanged>, IConsumer<SubscriptionChanged>
{
    public Task Consume(ConsumeContext<BodyChanged> context) => Deliver(context.Message, context.CancellationToken);
    public Task Consume(ConsumeContext<PlanChanged> context) => Deliver(context.Message, context.CancellationToken);
    public Task Consume(ConsumeContext<RequestChanged> context) => Deliver(context.Message, context.CancellationToken);
    public Task Consume(ConsumeContext<GroupChanged> context) => Deliver(context.Message, context.CancellationToken);
    public Task Consume(ConsumeContext<SubscriptionChanged> context) => Deliver(context.Message, context.CancellationToken);

    private async Task Deliver(Changed message, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await Task.WhenAll(message.Concerns.Select(concern => grains.GetGrain<IInboxGrain>(concern.Body).Deliver(message.Position, concern.Reason)));
                await progress.Delivered(message.Position);
                return;
            }
            catch (JournalUnavailableException exception)
            {
                // However long it lasts: a message that is set aside would be missing from inboxes until the next start.
                LogUnavailable(logger, message.Position, exception);
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellation);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Position {Position} cannot be delivered to inboxes; trying again")]
    private static partial void LogUnavailable(ILogger logger, long position, Exception exception);
}

/// <summary>
/// Notes from time to time how far inboxes have been delivered without a hole, however messages come in. What was delivered
/// after the last note, or after a message that was set aside, is delivered again at the next start, and taken in once.
/// </summary>
public sealed class InboxProgress(IInboxes inboxes, TimeProvider time) : IDisposable
{
    private const long Every = 64;
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _one = new(1);
    private readonly Views.PositionGate _gate = new();
    private readonly HashSet<long> _ahead = [];
    private long? _delivered;
    private long _noted;
    private DateTimeOffset _notedAt;

    /// <summary>Goes on where the note of the last run ends.</summary>
    public void Begin(long position)
    {
        _delivered = _noted = position;
        _gate.Advance(position);
    }

    public async Task Delivered(long position)
    {
        await _one.WaitAsync();
        try
        {
            if (position > _gate.Position) _gate.Advance(position);
            _delivered ??= _noted = await inboxes.DeliveredUpTo();
            if (position > _delivered) _ahead.Add(position);
            while (_ahead.Remove(_delivered.Value + 1)) _delivered++;
            if (_delivered == _noted || (_delivered - _noted < Every && time.GetUtcNow() - _notedAt < Within)) return;
            await Note(_delivered.Value);
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
            if (_delivered > _noted) await Note(_delivered.Value);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task Note(long delivered)
    {
        await inboxes.MarkDelivered(delivered);
        (_noted, _notedAt) = (delivered, time.GetUtcNow());
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
