using Coordination.Host.Relay;
using Coordination.Host.Views;
using Microsoft.Extensions.Hosting;

namespace Coordination.Host.Reminders;

/// <summary>
/// The clocks' substitute on the silo that leads: what waits for a clock that was lost, with a journal restored from elsewhere or a
/// cluster of another name, is woken late instead of never.
/// </summary>
public sealed partial class ClockWatch(World world, IGrainFactory grains, Leadership leadership, TimeProvider time, ILogger<ClockWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(5);

    /// <summary>A clock that was due while the platform was off rings by itself within this time.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(15);

    /// <summary>Rings for everything that is long due. What comes of it is decided by the grain itself; one that fails stands in nobody's way.</summary>
    public async Task Look(CancellationToken cancellation)
    {
        var due = time.GetUtcNow() - Late;
        foreach (var (stream, state) in world.States)
        {
            foreach (var wake in state.Wakes().Where(wake => wake.At < due))
            {
                cancellation.ThrowIfCancellationRequested();
                try
                {
                    await Grain(stream).ReceiveReminder(wake.Name, default, cancellation);
                }
                catch (Exception exception) when (!cancellation.IsCancellationRequested)
                {
                    LogLater(logger, wake.Name, stream, exception);
                }
            }
        }
    }

    /// <summary>Where a clock of a stream rings. Orleans names a grain as the journal names its stream: by kind and id.</summary>
    private IRemindable Grain(string stream)
    {
        var (kind, id) = EntryFacts.Split(stream);
        return grains.GetGrain<IRemindable>(GrainId.Create(kind, id));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Every, TimeProvider.System, stoppingToken);
                if (leadership.IsHeld) await Look(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The clock '{Name}' of {Stream} is overdue and could not be rung; trying again")]
    private static partial void LogLater(ILogger logger, string name, string stream, Exception exception);
}
