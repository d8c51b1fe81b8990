using Coordination.Contracts.Feed;
using Coordination.Contracts.Messages;
using Coordination.Gateway.Http;
using MassTransit;
using Microsoft.Extensions.Options;

namespace Coordination.Gateway.Live;

/// <summary>
/// Puts changes into the order of the journal before viewers hear of them: a repeat is dropped, and where positions leave a
/// hole, what is missing is read from the journal. So the bus may lose, repeat or shuffle, and no viewer notices.
/// </summary>
public sealed class LiveFeed(IGrainFactory grains, Viewers viewers, ILogger<LiveFeed> logger) : IDisposable
{
    private const int Chunk = 500;
    private readonly SemaphoreSlim _one = new(1);
    private long _position = -1;

    /// <summary>Position of the last change that was handed to viewers; -1 before the start.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>Begins where the views stand: nobody is connected yet who could miss what was before.</summary>
    public async Task Start()
    {
        await _one.WaitAsync();
        try
        {
            _position = await grains.GetGrain<IFeedGrain>(0).Position();
        }
        finally
        {
            _one.Release();
        }
    }

    public async Task Hear(Changes message)
    {
        await _one.WaitAsync();
        try
        {
            if (_position < 0 || message.Position <= _position) return;
            if (message.Previous > _position) await Refill(message.Previous);
            foreach (var item in message.Items)
            {
                if (item.Position > _position) await Tell(item);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>
    /// Follows topics from this very position on: what comes later is sent, what came before is in the feed, and nothing lies
    /// between the two.
    /// </summary>
    public async Task Follow(string connection, string[] topics, int most)
    {
        await _one.WaitAsync();
        try
        {
            viewers.Follow(connection, topics, most, _position);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Tells every viewer how far it has been told, and finds out whether the bus has kept something back.</summary>
    public async Task Beat()
    {
        await _one.WaitAsync();
        try
        {
            if (_position < 0) return;
            var head = await grains.GetGrain<IFeedGrain>(0).Position();
            // A message that is only under way is dropped as a repeat when it comes.
            if (head > _position) await Refill(head);
            viewers.Tell(new Said.Position(_position));
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task Refill(long until)
    {
        while (_position < until)
        {
            var missed = await grains.GetGrain<IFeedGrain>(0).MessagesAfter(_position, Chunk);
            if (missed.Length == 0) return;
            foreach (var message in missed) await Tell(message);
        }
    }

    private async Task Tell(Changed message)
    {
        viewers.Tell(message);
        Volatile.Write(ref _position, message.Position);
        await AskAgain(message);
    }

    private async Task AskAgain(Changed message)
    {
        try
        {
            if (message.Revoked is { } account) await viewers.AskAgain(account);
            if (message.Regrouped is not null) await viewers.AskGroupsAgain();
        }
        catch (Exception exception) when (exception is TimeoutException or Orleans.Runtime.OrleansException)
        {
            Log.NotRefilled(logger, message.Position, exception);
        }
    }
}

/// <summary>The gateway's ear on the bus.</summary>
public sealed class ChangesConsumer(LiveFeed feed) : IConsumer<Changes>
{
    public Task Consume(ConsumeContext<Changes> context) => feed.Hear(context.Message);
}

/// <summary>A queue of its own for each gateway, which ends with it: what it misses it reads from the journal.</summary>
public sealed class ChangesConsumerDefinition : ConsumerDefinition<ChangesConsumer>
{
    public ChangesConsumerDefinition()
    {
        Endpoint(endpoint =>
        {
            endpoint.Name = $"gateway-{Guid.NewGuid():N}";
            endpoint.Temporary = true;
        });
        ConcurrentMessageLimit = 1;
    }
}

/// <summary>The regular beat: positions to viewers, presence to the cluster and back.</summary>
public sealed class Heartbeat(LiveFeed feed, Viewers viewers, IGrainFactory grains, IOptions<GatewayOptions> options, ILogger<Heartbeat> logger) : BackgroundService
{
    /// <summary>Comings and goings within this time are told together.</summary>
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(150);

    private readonly string _gateway = Guid.NewGuid().ToString("N");
    private readonly SemaphoreSlim _moved = new(0, 1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await feed.Start();
        viewers.Moved += Note;
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.WhenAll(Beats(stoppingToken), Movements(stoppingToken));
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
        while (await Next(timer, stopping))
        {
            await Try(feed.Beat);
            await Try(Tell);
        }
    }

    private async Task Movements(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await _moved.WaitAsync(stopping);
                await Task.Delay(Together, TimeProvider.System, stopping);
                await Try(Tell);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task Tell()
    {
        var presence = await grains.GetGrain<Contracts.Groups.IPresenceGrain>(0).Renew(_gateway, viewers.Here());
        viewers.Tell(presence);
    }

    private async Task Try(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception exception) when (exception is TimeoutException or Orleans.Runtime.OrleansException or IOException)
        {
            Log.NotRefilled(logger, feed.Position, exception);
        }
    }

    private static async Task<bool> Next(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
