// Repeated by hand and not by Polly: it beats whatever happens, and what failed is tried with the next beat.
using Coordination.Contracts.Accounts;
using Coordination.Contracts.Groups;
using Coordination.Gateway.Http;
using Coordination.Gateway.Sessions;
using Microsoft.Extensions.Options;

namespace Coordination.Gateway.Live;

/// <summary>What a gateway does by itself: positions to viewers, presence to the cluster and back, a look at what the bus keeps back.</summary>
public sealed class Heartbeat(LiveFeed feed, Viewers viewers, KnownSessions known, Grains grains, IOptions<GatewayOptions> options, TimeProvider time, ILogger<Heartbeat> logger) : BackgroundService
{
    /// <summary>Comings and goings within this time are told together.</summary>
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AskAllEvery = TimeSpan.FromSeconds(30);

    /// <summary>How often is asked which sessions have ended: what has, is dead within a second everywhere.</summary>
    private static readonly TimeSpan Ends = TimeSpan.FromMilliseconds(400);

    private readonly string _gateway = Guid.NewGuid().ToString("N");
    private readonly SemaphoreSlim _moved = new(0, 1);
    private int _askAll;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        Telemetry.Begin();
        // Before the first connection it should be known where to begin; when no silo answers yet, the watch finds out.
        await Try(feed.Look, cancellationToken);
        viewers.Moved += Note;
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(Beats(stoppingToken), Looks(stoppingToken), Others(stoppingToken), Endings(stoppingToken), Overdue(stoppingToken), Movements(stoppingToken), Regroupings(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    public override void Dispose()
    {
        viewers.Moved -= Note;
        _moved.Dispose();
        base.Dispose();
    }

    private void Note()
    {
        try
        {
            _moved.Release();
        }
        catch (Exception exception) when (exception is SemaphoreFullException or ObjectDisposedException)
        {
            // Noted already, or over.
        }
    }

    private async Task Beats(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(options.Value.Heartbeat);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            await feed.Beat();
            await Try(Tell, stopping);
        }
    }

    private async Task Looks(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(options.Value.Watch);
        while (await timer.WaitForNextTickAsync(stopping)) await Try(feed.Look, stopping);
    }

    /// <summary>Whoever comes to another gateway or goes there is seen to.</summary>
    private async Task Others(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(options.Value.Watch);
        while (await timer.WaitForNextTickAsync(stopping)) await Try(See, stopping);
    }

    /// <summary>Whoever signs out at another gateway is signed out here.</summary>
    private async Task Endings(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Ends);
        while (await timer.WaitForNextTickAsync(stopping)) await Try(End, stopping);
    }

    private async Task Movements(CancellationToken stopping)
    {
        while (true)
        {
            await _moved.WaitAsync(stopping);
            await Task.Delay(Together, TimeProvider.System, stopping);
            await Try(Tell, stopping);
        }
    }

    private async Task Regroupings(CancellationToken stopping)
    {
        await foreach (var position in feed.Regrouped.ReadAllAsync(stopping))
        {
            while (!await Try(() => viewers.AskGroupsAgain(position), stopping)) await Task.Delay(Pause, TimeProvider.System, stopping);
        }
    }

    private async Task End()
    {
        EndedSession[] ended;
        try
        {
            ended = await grains.Of<IEndedSessionsGrain>(0).Lately();
        }
        catch
        {
            // Who told it may have forgotten.
            Volatile.Write(ref _askAll, 1);
            throw;
        }

        foreach (var (session, turn) in ended)
        {
            if (turn is null) known.End(session);
            else known.Forget(session);
            viewers.End(session, turn);
        }
    }

    /// <summary>Ends what was not used for too long. A body may have said a shorter time since: now and then all are asked for.</summary>
    private async Task Overdue(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(AskEvery);
        var asked = time.GetTimestamp();
        while (await timer.WaitForNextTickAsync(stopping))
        {
            var all = Interlocked.Exchange(ref _askAll, 0) == 1 || time.GetElapsedTime(asked) > AskAllEvery;
            if (all) asked = time.GetTimestamp();
            await Try(
                async () =>
                {
                    if (!await viewers.EndOverdue(all) && all) Volatile.Write(ref _askAll, 1);
                },
                stopping);
        }
    }

    /// <summary>Most of the time nobody has moved, and then viewers are told nothing.</summary>
    private async Task See() => viewers.Tell(await grains.Of<IPresenceGrain>(0).Get());

    private async Task Tell()
    {
        var presence = await grains.Of<IPresenceGrain>(0).Renew(_gateway, viewers.Here());
        viewers.Tell(presence);
    }

    /// <returns>False when no silo answered. The beat goes on whatever happens.</returns>
    private async Task<bool> Try(Func<Task> action, CancellationToken stopping)
    {
        try
        {
            await action();
            return true;
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            if (Silos.AreAway(exception)) Log.NotTold(logger, exception.GetType().Name, exception.Message);
            else Log.Unexpected(logger, exception);
            return false;
        }
    }
}
