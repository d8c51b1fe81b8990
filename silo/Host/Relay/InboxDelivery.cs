using System.Diagnostics;
using Coordination.Contracts.Messages;
using Coordination.Host.Views;
using Microsoft.Extensions.Hosting;

namespace Coordination.Host.Relay;

/// <summary>
/// Puts changes into the inboxes of the bodies that they concern, each once and together with the note of how far it has come,
/// whatever the bus loses, repeats, shuffles or makes up: a message only says how far to go, and what is delivered is what this
/// silo has read in the journal itself.
/// </summary>
public sealed partial class InboxDelivery(
    IJournal journal, IInboxes inboxes, Messages messages, InboxProgress progress, IHostApplicationLifetime lifetime, ILogger<InboxDelivery> logger) : IDisposable
{
    private const int Most = 500;

    /// <summary>To finish what is being delivered when the silo is asked to end. What a long journal still owes then is delivered by whoever leads next.</summary>
    private static readonly TimeSpan ToEnd = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _one = new(1);

    /// <summary>How far the inboxes were filled when last seen from here; null when that is to be asked.</summary>
    private long? _delivered;

    /// <summary>Goes as far as a message tells. Waits as long as the journal is away.</summary>
    public async Task Take(Changes message, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var end = lifetime.ApplicationStopping.Register(() => limit.CancelAfter(ToEnd));
        try
        {
            await Insist(
                async () =>
                {
                    var delivered = _delivered ??= await inboxes.DeliveredUpTo(limit.Token);
                    if (message.Position <= delivered) return;
                    if (message.Previous > delivered) LogFills(logger, delivered, message.Previous);
                    using var spans = Telemetry.Follow("inboxes.deliver", ActivityKind.Consumer, message.Items);
                    await Fill(await Reachable(message.Position, limit.Token), limit.Token);
                },
                limit.Token);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            // The message has told what it had to: inboxes that stand still are filled up from the journal.
        }
    }

    /// <summary>Fills the inboxes up to a position from the journal, without having been told by anyone.</summary>
    public Task FillUpTo(long position, CancellationToken cancellation) => Insist(
        async () =>
        {
            _delivered = await inboxes.DeliveredUpTo(cancellation);
            LogFills(logger, _delivered, position);
            await Fill(position, cancellation);
        },
        cancellation);

    /// <summary>What changes put into inboxes.</summary>
    internal static List<NewDelivery> Of(IEnumerable<Changed> items) =>
        [.. items.SelectMany(item => item.Recipients, (item, recipient) => new NewDelivery(recipient.Body, item.Position, recipient.Reason.ToString()))];

    public void Dispose() => _one.Dispose();

    private async Task Fill(long position, CancellationToken cancellation)
    {
        if (_delivered >= position) return;
        await foreach (var items in messages.After(_delivered!.Value, Most, cancellation))
        {
            if (!await Deliver(items, cancellation) || _delivered >= position) return;
        }
    }

    /// <summary>A message may be left over from a journal that was longer than the one restored in its place: what is not there is not waited for.</summary>
    private async ValueTask<long> Reachable(long position, CancellationToken cancellation) =>
        position <= messages.Position ? position : Math.Min(position, (await journal.ReadHead(cancellation)).Position);

    /// <returns>False when somebody else has delivered meanwhile.</returns>
    private async Task<bool> Deliver(Changed[] items, CancellationToken cancellation)
    {
        if (!await inboxes.Deliver(_delivered!.Value, items[^1].Position, Of(items), cancellation)) throw new OtherDeliveredException();
        _delivered = items[^1].Position;
        progress.Advance(items[^1].Position);
        return true;
    }

    private async Task Insist(Func<Task> deliver, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            while (true)
            {
                try
                {
                    await deliver();
                    return;
                }
                catch (OtherDeliveredException)
                {
                    _delivered = null;
                }
                catch (OperationCanceledException)
                {
                    _delivered = null;
                    throw;
                }
                catch (JournalUnavailableException exception)
                {
                    // However long it lasts: whether it was written before the connection broke is asked afterwards.
                    _delivered = null;
                    LogUnavailable(logger, exception);
                    await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellation);
                }
            }
        }
        finally
        {
            _one.Release();
        }
    }

    private sealed class OtherDeliveredException : Exception;

    [LoggerMessage(Level = LogLevel.Information, Message = "Inboxes are filled from the journal from position {From} to {To}")]
    private static partial void LogFills(ILogger logger, long? from, long to);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Inboxes cannot be filled; trying again")]
    private static partial void LogUnavailable(ILogger logger, Exception exception);
}

/// <summary>How far inboxes have been filled, here or by another silo.</summary>
public sealed class InboxProgress(IInboxes inboxes, TimeProvider time)
{
    private static readonly TimeSpan Ask = TimeSpan.FromMilliseconds(20);
    private readonly PositionWaiter _reached = new();

    public void Advance(long position) => _reached.Advance(position);

    /// <summary>Completes when inboxes are filled up to a position, or quietly after <paramref name="within"/>.</summary>
    public async Task Reach(long position, TimeSpan within)
    {
        var began = time.GetTimestamp();
        while (_reached.Position < position)
        {
            // Another silo may be the one that fills them.
            Advance(await inboxes.DeliveredUpTo());
            if (_reached.Position >= position || time.GetElapsedTime(began) >= within) return;
            await _reached.WaitFor(position, Ask, time, CancellationToken.None);
        }
    }
}

/// <summary>
/// The doorbell's substitute on the silo that leads: when the inboxes stand still though the journal went on, the messages
/// were lost or the broker is away, and they are filled from the journal.
/// </summary>
public sealed class InboxWatch(IInboxes inboxes, InboxDelivery delivery, World world, Leadership leadership) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (delivered, wanted) = (-1L, 0L);
        try
        {
            while (true)
            {
                await Task.Delay(Every, TimeProvider.System, stoppingToken);
                if (!leadership.IsHeld) continue;
                try
                {
                    var now = await inboxes.DeliveredUpTo(stoppingToken);
                    if (now == delivered && now < wanted) await delivery.FillUpTo(wanted, stoppingToken);
                    (delivered, wanted) = (now, world.Position);
                }
                catch (JournalUnavailableException)
                {
                    // Asked again.
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }
}
