using System.Collections.Concurrent;
using Coordination.Contracts.Security;
using Coordination.Gateway.Http;

namespace Coordination.Gateway.Security;

/// <summary>
/// Gathers what matters at the doors, for a moment, and gives it to the silos and to whoever collects logs. Nobody who knocks waits for it, and
/// however often somebody knocks, it stays small: what is alike is counted.
/// </summary>
public sealed partial class SecurityLog(Grains grains, TimeProvider time, ILoggerFactory logs) : BackgroundService
{
    /// <summary>By which the events are found among a process's other logs.</summary>
    public const string Category = "Coordination.Security";

    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    /// <summary>Events that wait, also while no silo answers. Beyond it the newest are lost, and counted.</summary>
    private const int MostWaiting = 5_000;

    private readonly ILogger logger = logs.CreateLogger(Category);
    private readonly ConcurrentQueue<SecurityEvent> _noted = new();
    private readonly SemaphoreSlim _one = new(1, 1);
    private SecurityEvent[] _waiting = [];
    private int _lost;

    public void Note(SecurityEvent given)
    {
        if (_noted.Count < MostWaiting) _noted.Enqueue(given);
        else Interlocked.Increment(ref _lost);
    }

    /// <summary>Gives on what was noted, so that whoever reads the log next finds it there.</summary>
    public async Task Flush()
    {
        await _one.WaitAsync();
        try
        {
            var noted = new List<SecurityEvent>();
            while (noted.Count < MostWaiting && _noted.TryDequeue(out var one)) noted.Add(one);
            SecurityEvent[] few = [.. Condensed.Of(noted)];
            Array.ForEach(few, Tell);
            _waiting = [.. _waiting, .. few];
            if (_waiting.Length == 0) return;
            await grains.Of<ISecurityLogGrain>(0).Note(_waiting);
            _waiting = [];
        }
        finally
        {
            if (_waiting.Length > MostWaiting)
            {
                Interlocked.Add(ref _lost, _waiting.Length - MostWaiting);
                _waiting = _waiting[..MostWaiting];
            }

            _one.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Moment, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await TryFlush();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await TryFlush();
        }
    }

    public override void Dispose()
    {
        _one.Dispose();
        base.Dispose();
    }

    private async Task TryFlush()
    {
        try
        {
            await Flush();
            if (Interlocked.Exchange(ref _lost, 0) is > 0 and var lost) LogLost(logger, lost);
        }
        catch (Exception exception) when (Silos.AreAway(exception))
        {
            // They wait.
        }
        catch (Exception exception)
        {
            // Also before the cluster was met. A log that cannot be kept ends no gateway.
            Log.Unexpected(logger, exception);
        }
    }

    private void Tell(SecurityEvent it) => LogEvent(
        logger, it.Kind, it.At, it.Account, it.Body, it.About, it.AboutBody, it.Network, it.Operation, it.Code, it.Count);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{Event} at {At}: account {Account} for {Body}, about {About} in {AboutBody}, from {Network}, {Operation} {Code}, {Count} times")]
    private static partial void LogEvent(
        ILogger logger, SecurityEventKind @event, DateTimeOffset at, string? account, string? body, string? about, string? aboutBody, string? network,
        string? operation, string? code, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} events are missing from the security log, because silos did not answer or there were too many at once")]
    private static partial void LogLost(ILogger logger, int count);
}
