using Coordination.Contracts.Security;
using Coordination.Host.Relay;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Coordination.Host.Security;

/// <summary>Lets what is old pass from the security log, on the silo that leads.</summary>
public sealed partial class SecurityLogKeeper(IEvents events, Leadership leadership, IOptions<SiloOptions> options, TimeProvider time, ILogger<SecurityLogKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <summary>Whoever tries to fill the log fills it with this much, and not the disk: some 300 MB.</summary>
    private const long Most = 1_000_000;

    /// <summary>What anybody brings about as often as one likes must not push out who was given which right.</summary>
    private static readonly string[] Bounded = [.. ((SecurityEventKind[])[
        SecurityEventKind.SignInFailed, SecurityEventKind.SignInLocked, SecurityEventKind.PasswordWrong, SecurityEventKind.Refused, SecurityEventKind.Bounded])
        .Select(EnumNames.NameOf)];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            do await Pass(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task Pass(CancellationToken stopping)
    {
        await leadership.Held(stopping);
        var now = time.GetUtcNow();
        try
        {
            await events.Pass(now - options.Value.SecurityLogKept, now - options.Value.SecurityLogPlacesKept, Most, Bounded, stopping);
        }
        catch (JournalUnavailableException exception)
        {
            LogNotPassed(logger, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "What is old in the security log stays for another hour")]
    private static partial void LogNotPassed(ILogger logger, Exception exception);
}
