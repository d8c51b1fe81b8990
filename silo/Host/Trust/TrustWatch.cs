using Microsoft.Extensions.Hosting;

namespace Coordination.Host.Trust;

/// <summary>
/// Hears on every silo, within some seconds, what another one has found, and that a row was refused here which the platform did not write so: then nothing is written any
/// more, as when the walk behind comes to that row.
/// </summary>
public sealed class TrustWatch(ITrust store, JournalTrust trust, ILogger<TrustWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                try
                {
                    if (await store.StopForWhatWasMet(stoppingToken) is { } met) StartCheck.LogBroken(logger, met);
                    await trust.Ask(stoppingToken);
                }
                catch (JournalUnavailableException)
                {
                    // Asked again.
                }

                await Task.Delay(Every, TimeProvider.System, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }
}
