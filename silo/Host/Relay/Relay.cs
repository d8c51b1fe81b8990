using Microsoft.Extensions.Hosting;

namespace Coordination.Host.Relay;

/// <summary>
/// Publishes what the follower hands it, one after the other. What was published and not delivered when the process ends
/// is published again: delivery goes by position, and every consumer drops repeats.
/// </summary>
public sealed partial class Relay(Follower follower, MassTransit.IBus bus, ILogger<Relay> logger) : BackgroundService
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var message in follower.Outgoing.ReadAllAsync(stoppingToken))
            {
                while (!await Published(message, stoppingToken))
                    await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    /// <summary>A publish that hangs is given up and tried again; the journal is the letter, this is only the doorbell.</summary>
    private async Task<bool> Published(Contracts.Messages.Changed message, CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(Limit);
        try
        {
            await bus.Publish(message, message.GetType(), limit.Token);
            return true;
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            LogFailed(logger, message.Position, exception);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The message of position {Position} could not be published; trying again")]
    private static partial void LogFailed(ILogger logger, long position, Exception exception);
}
