using System.Threading.Channels;
using Coordination.Contracts.Messages;
using Coordination.Host.Views;
using Microsoft.Extensions.Hosting;

namespace Coordination.Host.Relay;

/// <summary>
/// Follows the journal from its beginning: folds every entry into <see cref="World"/> and hands those that have not been
/// delivered yet to the relay, in order. The one place where the journal is read for others.
/// </summary>
public sealed partial class Follower(IJournal journal, IInboxes inboxes, InboxProgress progress, World world, Courier courier, ILogger<Follower> logger) : BackgroundService
{
    private const int Batch = 500;

    // Bounded, so that a slow broker slows the follower's lead over the relay and not the memory of the silo.
    private readonly Channel<Changed> _outgoing = Channel.CreateBounded<Changed>(new BoundedChannelOptions(10_000) { SingleReader = true, SingleWriter = true });
    private readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Messages in the order of the journal.</summary>
    public ChannelReader<Changed> Outgoing => _outgoing.Reader;

    /// <summary>Completes when everything that was in the journal at start has been folded.</summary>
    public Task CaughtUp => _caughtUp.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            var delivered = await inboxes.DeliveredUpTo(stoppingToken);
            progress.Begin(delivered);
            var head = journal.Position;
            while (!stoppingToken.IsCancellationRequested)
            {
                var entries = await ReadNext(stoppingToken);
                foreach (var entry in entries)
                {
                    if (world.Apply(entry) is { } fact && entry.Position > delivered)
                        await _outgoing.Writer.WriteAsync(courier.MessageOf(entry, fact), stoppingToken);
                }

                if (world.Position >= head && _caughtUp.TrySetResult()) LogCaughtUp(logger, world.Position);
                if (entries.Count == 0) await journal.WaitBeyond(world.Position, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped.
        }
        catch (Exception exception)
        {
            _caughtUp.TrySetException(exception);
            LogBroken(logger, world.Position, exception);
            throw;
        }
        finally
        {
            _outgoing.Writer.TryComplete();
        }
    }

    private async Task<IReadOnlyList<Entry>> ReadNext(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await journal.ReadFrom(world.Position, Batch, cancellation);
            }
            catch (JournalUnavailableException exception)
            {
                LogUnavailable(logger, exception);
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellation);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Views have caught up with the journal at position {Position}")]
    private static partial void LogCaughtUp(ILogger logger, long position);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The journal cannot be read; trying again")]
    private static partial void LogUnavailable(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The entry after position {Position} cannot be folded; views stand still")]
    private static partial void LogBroken(ILogger logger, long position, Exception exception);
}
