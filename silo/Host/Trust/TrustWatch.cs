using Microsoft.Extensions.Hosting;

namespace Coordination.Host.Trust;

/// <summary>
/// Hears on every silo, within some seconds, what another one has found, and that a row was refused here which the platform did not write so: then nothing is written any
/// more, as when the walk behind comes to that row. And compares each minute, on every silo, journal and records with the heads that this one knows, since its data
/// folder may hold some that the silo which leads has never seen.
/// </summary>
public sealed class TrustWatch(JournalTrust trust, ITrust journal, Heads heads, TimeProvider time, ILogger<TrustWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Comparing = TimeSpan.FromMinutes(1);

    private long _compared;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                try
                {
                    if (await journal.StopForWhatWasMet(stoppingToken) is { } met) StartCheck.LogBroken(logger, met);
                    if (await trust.Ask(stoppingToken) is null) await Compare(stoppingToken);
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

    private async Task Compare(CancellationToken cancellation)
    {
        if (_compared != 0 && time.GetElapsedTime(_compared) < Comparing) return;
        if (await heads.Contradicted(cancellation) is { } found)
        {
            await journal.Stop(found, cancellation);
            StartCheck.LogBroken(logger, found);
        }

        _compared = time.GetTimestamp();
    }
}
