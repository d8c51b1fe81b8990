// Repeated by hand and not by Polly: a try counts only when it brought nothing new, and the next one asks another silo.
using System.Diagnostics;
using System.Threading.Channels;
using Coordination.Contracts.Feed;
using Coordination.Contracts.Messages;
using Coordination.Gateway.Http;
using MassTransit;

namespace Coordination.Gateway.Live;

/// <summary>
/// Tells viewers of changes in the order of the journal. A message says how far the journal is, and no more: what there is to tell is read
/// from a silo, once for all viewers. So the bus may lose, repeat or shuffle, and no viewer notices.
/// </summary>
public sealed class LiveFeed(Grains grains, Viewers viewers, ReadYourWrites writes, ILogger<LiveFeed> logger) : IDisposable
{
    private const int Chunk = 500;

    /// <summary>Silos that are asked for what is missing before it is left to the next look: one may be behind itself.</summary>
    private const int Tries = 2;

    /// <summary>Time for one answer: nobody waits longer for a silo that hangs.</summary>
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _one = new(1);
    private readonly Channel<long> _regrouped = Channel.CreateBounded<long>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    private long _position = -1;

    /// <summary>Ids under which silos are asked: more than a cluster has silos, and few enough to be kept.</summary>
    private const int Ids = 16;

    /// <summary>Stands for the silo that is asked.</summary>
    private long _asked;

    /// <summary>Last position that is known to be in the journal, from a message or from a silo.</summary>
    private long _known;

    /// <summary>Position of the last change that was handed to viewers; -1 while it is not known where to begin.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>Positions at which members of a group changed, the latest only.</summary>
    public ChannelReader<long> Regrouped => _regrouped.Reader;

    public async Task Hear(Changes message)
    {
        await _one.WaitAsync();
        try
        {
            if (_position < 0 || message.Position <= _position || !message.IsWhole()) return;
            Know(message.Position);
            // The message is the doorbell: what there is to tell is read from a silo, for all viewers at once. What cannot be read now is
            // read when the next message or look comes.
            await Refill(message.Position, message);
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
    /// <returns>False when the account would follow more than it may.</returns>
    public async Task<bool> Follow(string connection, string[] topics, int most)
    {
        await _one.WaitAsync();
        try
        {
            return viewers.Follow(connection, topics, most, _position);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Tells every viewer how far it has been told.</summary>
    public async Task Beat()
    {
        await _one.WaitAsync();
        try
        {
            if (_position >= 0) viewers.Tell(new Said.Position(_position));
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>
    /// Looks whether the bus keeps something back: what was in the journal at the look before and has not been told since is read
    /// from there. So without a broker, too, viewers hear of a change two looks later. The first look finds where to begin: nobody
    /// is connected yet who could miss what was before.
    /// </summary>
    /// <exception cref="Exception">No silo answers (<see cref="Silos.AreAway"/>).</exception>
    public async Task Look()
    {
        var due = Volatile.Read(ref _known);
        if (Position >= 0 && Position < due)
        {
            await _one.WaitAsync();
            try
            {
                await Refill(due);
            }
            finally
            {
                _one.Release();
            }
        }

        var head = await Ask(feed => feed.Position());
        Know(head);
        // A silo that is behind this gateway changes nothing.
        if (Interlocked.CompareExchange(ref _position, head, -1) >= 0) return;
        writes.Reach(head);
        // It was not there to hear of rights that were withdrawn before.
        writes.ReachRights(head);
    }

    public void Dispose() => _one.Dispose();

    private void Know(long position)
    {
        for (var known = Volatile.Read(ref _known); position > known; known = Volatile.Read(ref _known))
        {
            if (Interlocked.CompareExchange(ref _known, position, known) == known) return;
        }
    }

    /// <summary>Tells what is in the journal up to a position, as far as silos know it.</summary>
    /// <param name="until">The position.</param>
    /// <param name="message">The message that says so, or null: what is told follows from it.</param>
    private async Task Refill(long until, Changes? message = null)
    {
        try
        {
            for (var tries = 0; _position < until && tries < Tries;)
            {
                var before = _position;
                foreach (var told in await Ask(feed => feed.MessagesAfter(before, until, Chunk)))
                {
                    var position = told.Change.Position;
                    if (position != _position + 1) continue;
                    Tell(position > message?.Previous && position <= message.Position ? message.Items[position - message.Previous - 1] : told.Change, told.Entry);
                }

                if (_position > before) continue;
                tries++;
                AskAnother();
                await Task.Delay(Pause, TimeProvider.System);
            }
        }
        catch (Exception exception) when (Silos.AreAway(exception))
        {
            Log.NotRefilled(logger, _position, exception.GetType().Name, exception.Message);
        }
    }

    /// <summary>Asks a silo; when it does not answer, or knows too little, the next time another one.</summary>
    private async Task<T> Ask<T>(Func<IFeedGrain, Task<T>> ask)
    {
        try
        {
            // A client keeps to one silo for one id, as long as that silo is a member.
            return await ask(grains.Of<IFeedGrain>(Volatile.Read(ref _asked) % Ids)).WaitAsync(Within, TimeProvider.System);
        }
        catch
        {
            AskAnother();
            throw;
        }
    }

    private void AskAnother() => Interlocked.Increment(ref _asked);

    private void Tell(Changed message, FeedEntry? entry)
    {
        using var heard = Telemetry.Follow("gateway.hear", ActivityKind.Consumer, message.Trace);
        viewers.Tell(heard is null ? message : message with { Trace = heard.Id }, entry);
        Volatile.Write(ref _position, message.Position);
        writes.Reach(message.Position);
        if (message.Right is { } right)
        {
            writes.ReachRights(message.Position);
            // Silos are asked beside the feed: it goes on meanwhile.
            _ = viewers.AskAgain(right.Account, right.Body, message.Position);
        }

        if (message.Regrouped is not null) _regrouped.Writer.TryWrite(message.Position);
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
