using Coordination.Contracts.Requests;
using Coordination.Host.Relay;
using Coordination.Host.Views;
using Microsoft.Extensions.Hosting;

namespace Coordination.Host.Reminders;

/// <summary>
/// The clock's substitute on the silo that leads: requests whose clock was lost, with a journal restored from elsewhere or a
/// cluster of another name, expire late instead of never.
/// </summary>
public sealed partial class ExpiryWatch(World world, IGrainFactory grains, Leadership leadership, TimeProvider time, ILogger<ExpiryWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(5);

    /// <summary>A clock that was due while the platform was off rings by itself within this time.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(15);

    /// <summary>Lets everything expire that is long due. Who decides is the request itself.</summary>
    public async Task Look(CancellationToken cancellation)
    {
        var due = time.GetUtcNow() - Late;
        foreach (var id in world.Requests.Where(request => request.State is { Status: RequestStatus.Open, ExpiresAt: { } expires } && expires < due).Select(request => request.State.Id))
        {
            cancellation.ThrowIfCancellationRequested();
            await grains.GetGrain<IRequestGrain>(id).Execute(Grains.RequestGrain.Expire(id), new ExpireRequest());
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Every, TimeProvider.System, stoppingToken);
                try
                {
                    if (leadership.IsHeld) await Look(stoppingToken);
                }
                catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
                {
                    LogLater(logger, exception);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Requests that are due could not expire; trying again")]
    private static partial void LogLater(ILogger logger, Exception exception);
}
