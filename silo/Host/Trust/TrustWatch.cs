using Microsoft.Extensions.Hosting;

namespace Coordination.Host.Trust;

/// <summary>Hears on every silo, within some seconds, what another one has found.</summary>
public sealed class TrustWatch(JournalTrust trust) : BackgroundService
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
