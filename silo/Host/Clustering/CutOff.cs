using Microsoft.Extensions.Hosting;

namespace Coordination.Host.Clustering;

/// <summary>
/// Notices that this silo alone cannot reach the journal: the others still see it alive, so its plans would be refused for as
/// long as that lasts. Then it ends itself, and its grains answer where the journal can be reached. While nobody reaches it,
/// which is an outage of the database, everyone stays and waits.
/// </summary>
public sealed partial class CutOff(IJournal journal, Witnesses witnesses, ISiloStatusOracle members, IFatalErrorHandler death, TimeProvider time, ILogger<CutOff> logger)
    : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>Time for one look. A restart of the database may take several.</summary>
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(2);

    /// <summary>How long the journal must have been away from here.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var reached = time.GetTimestamp();
        try
        {
            while (true)
            {
                await Task.Delay(Every, TimeProvider.System, stoppingToken);
                if (await Reaches(journal)) reached = time.GetTimestamp();
                else if (time.GetElapsedTime(reached) is var away && away > Patience && await AnotherReaches()
                    // A database that has just come back was reached by the other a moment after this one had looked.
                    && !await Reaches(journal))
                {
                    LogCutOff(logger, away);
                    death.OnFatalException(this, "The journal can be reached from another silo and not from this one.", null);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    internal static async Task<bool> Reaches(IJournal journal)
    {
        try
        {
            await journal.ReadHead().WaitAsync(Within, TimeProvider.System);
            return true;
        }
        catch (Exception exception) when (exception is JournalUnavailableException or TimeoutException)
        {
            return false;
        }
    }

    private async Task<bool> AnotherReaches()
    {
        foreach (var silo in witnesses.Silos)
        {
            if (silo.Equals(members.SiloAddress)) continue;
            try
            {
                var (from, reaches) = await witnesses.Of(silo).Testify().WaitAsync(Within + Within, TimeProvider.System);
                if (reaches && from != members.SiloAddress.ToParsableString()) return true;
            }
            catch (Exception exception) when (exception is TimeoutException or OrleansException)
            {
                LogNoWitness(logger, silo, exception.Message);
            }
        }

        return false;
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The journal has been away from here for {Time}, and another silo reaches it")]
    private static partial void LogCutOff(ILogger logger, TimeSpan time);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Silo} does not say whether it reaches the journal. {Reason}")]
    private static partial void LogNoWitness(ILogger logger, SiloAddress silo, string reason);
}
