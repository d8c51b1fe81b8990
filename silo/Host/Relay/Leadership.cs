using Microsoft.Extensions.Hosting;

namespace Coordination.Host.Relay;

/// <summary>
/// Whether this silo is the one that relays, keeps the stored views and loads the first input. It renews a lease each second;
/// when it dies or sleeps, another has it some seconds later. Whoever wakes late writes nothing: marks stand elsewhere by then.
/// </summary>
public sealed partial class Leadership(ILeases leases, TimeProvider time, ILogger<Leadership> logger) : BackgroundService
{
    public const string Lease = "relay";

    private static readonly TimeSpan Length = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(1);

    /// <summary>Shorter than the lease: it has ended here before it ends in the store.</summary>
    private static readonly TimeSpan Certain = TimeSpan.FromSeconds(3);

    private readonly string _holder = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}";
    private long _renewedAt;
    private bool _held;

    public bool IsHeld => Volatile.Read(ref _held) && time.GetElapsedTime(Volatile.Read(ref _renewedAt)) < Certain;

    /// <summary>Completes when this silo leads.</summary>
    public async Task Held(CancellationToken cancellation)
    {
        while (!IsHeld) await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellation);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Renew(stoppingToken);
                await Task.Delay(Renewal, TimeProvider.System, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Volatile.Write(ref _held, false);
        try
        {
            await leases.Release(Lease, _holder, cancellationToken);
        }
        catch (JournalUnavailableException exception)
        {
            LogNotRenewed(logger, exception);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // No time is left: the lease runs out by itself, seconds later.
        }
    }

    private async Task Renew(CancellationToken cancellation)
    {
        var asked = time.GetTimestamp();
        try
        {
            var held = await leases.Hold(Lease, _holder, Length, cancellation);
            Volatile.Write(ref _renewedAt, asked);
            if (held != _held) LogChanged(logger, held ? "leads" : "no longer leads");
            Volatile.Write(ref _held, held);
        }
        catch (JournalUnavailableException exception)
        {
            LogNotRenewed(logger, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "This silo {Does}")]
    private static partial void LogChanged(ILogger logger, string does);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease could not be renewed; trying again")]
    private static partial void LogNotRenewed(ILogger logger, Exception exception);
}
