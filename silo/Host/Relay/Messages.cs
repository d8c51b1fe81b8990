using System.Runtime.CompilerServices;
using Coordination.Contracts.Feed;
using Coordination.Contracts.Messages;
using Coordination.Host.Reactors;
using Coordination.Host.Views;

namespace Coordination.Host.Relay;

/// <summary>
/// The messages of the latest entries, as they were when each entry was taken in, and what gateways tell of them. Older messages are
/// made again, the same and a part at a time, from things as they were then: however far behind somebody is, no more of them is held.
/// The follower adds, in order; any number read.
/// </summary>
public sealed class Messages(Folding folding, TimeProvider time) : IChanges
{
    /// <summary>How many are kept: seconds of a busy platform, some 10 MB.</summary>
    public const int Kept = 5_000;

    /// <summary>How long things as they were are kept for whoever goes on from there.</summary>
    private static readonly TimeSpan IdleFor = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Told[] _recent = new Told[Kept];
    private readonly PositionWaiter _reached = new();
    private long _first = 1;
    private Idle? _idle;

    /// <summary>What is told of entries up to here may hold a text that was erased since.</summary>
    private long _forgotten;

    /// <summary>Position of the last one.</summary>
    public long Position => _reached.Position;

    /// <summary>The next one added is the one after this position.</summary>
    public void Begin(long position)
    {
        lock (_lock) _first = position + 1;
        _reached.Advance(position);
    }

    /// <param name="message">The message.</param>
    /// <param name="told">What gateways tell of the entry to those entitled; null when that is nothing.</param>
    public void Add(Changed message, FeedEntry? told)
    {
        lock (_lock)
        {
            _recent[message.Position % Kept] = new(message, told);
            _first = Math.Max(_first, message.Position - Kept + 1);
            if (_idle is { } idle && time.GetElapsedTime(idle.Since) > IdleFor) _idle = null;
        }

        _reached.Advance(message.Position);
    }

    /// <summary>Forgets what is told of the entries before a position, which says that something was erased.</summary>
    public void Forget(long position)
    {
        lock (_lock)
        {
            for (var before = Math.Max(_first, _forgotten + 1); before < position; before++)
                if (_recent[before % Kept] is { } kept) _recent[before % Kept] = kept with { Entry = null };
            _forgotten = position - 1;
        }
    }

    /// <summary>Passes over an entry that is too far back for its message to be kept: it is made when somebody asks for it.</summary>
    public void PassOver(long position)
    {
        lock (_lock) _first = Math.Max(_first, position + 1);
        _reached.Advance(position);
    }

    /// <summary>Completes when there is a message at a position, or quietly after <paramref name="within"/>.</summary>
    public Task Reach(long position, TimeSpan within) => _reached.WaitFor(position, within, time, CancellationToken.None);

    /// <summary>Those after a position with what is told of them, at most <paramref name="limit"/>; null when that is no longer kept.</summary>
    public Told[]? Told(long after, int limit)
    {
        lock (_lock) return after < _forgotten ? null : Recent(after, limit, told => told);
    }

    private Changed[]? Recent(long after, int limit)
    {
        lock (_lock) return Recent(after, limit, told => told.Change);
    }

    private T[]? Recent<T>(long after, int limit, Func<Told, T> take)
    {
        if (after + 1 < _first) return null;
        var recent = new T[Math.Clamp(Position - after, 0, limit)];
        for (var index = 0; index < recent.Length; index++) recent[index] = take(_recent[(after + 1 + index) % Kept]);
        return recent;
    }

    private Things? TakeIdle(long position)
    {
        lock (_lock)
        {
            if (_idle is not { } idle || idle.Things.Position != position) return null;
            _idle = null;
            return idle.Things;
        }
    }

    /// <summary>Whoever goes step by step, each time as far as it was told, soon goes on from there; whoever has caught up does not.</summary>
    private void LeaveIdle(Things things)
    {
        lock (_lock)
            if (things.Position + 1 < _first) _idle = new(things, time.GetTimestamp());
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Changed[]> After(long position, int limit, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            var recent = Recent(position, limit);
            if (recent is null)
            {
                var things = TakeIdle(position) ?? await folding.At(position, cancellation);
                try
                {
                    while (Recent(position, limit) is null && await folding.Next(things, Math.Min(limit, Position - position), cancellation) is { Length: > 0 } old)
                    {
                        position = old[^1].Position;
                        yield return old;
                    }
                }
                finally
                {
                    LeaveIdle(things);
                }
            }
            else if (recent.Length > 0)
            {
                yield return recent;
                position = recent[^1].Position;
            }
            else
            {
                await _reached.WaitFor(position + 1, TimeSpan.FromMinutes(1), time, cancellation);
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    private sealed record Idle(Things Things, long Since);
}
