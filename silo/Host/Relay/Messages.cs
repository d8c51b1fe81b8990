using System.Runtime.CompilerServices;
using Coordination.Contracts.Messages;
using Coordination.Host.Views;

namespace Coordination.Host.Relay;

/// <summary>
/// The messages of the latest entries, as they were when each entry was taken in. Older ones are made again, the same, by
/// folding the journal a second time. The follower adds, in order; any number read.
/// </summary>
public sealed class Messages(Folding folding, TimeProvider time)
{
    /// <summary>How many are kept: seconds of a busy platform, some 20 MB.</summary>
    public const int Kept = 10_000;

    private readonly Lock _lock = new();
    private readonly Changed[] _recent = new Changed[Kept];
    private readonly PositionWaiter _reached = new();
    private long _first = 1;

    /// <summary>Position of the last one.</summary>
    public long Position => _reached.Position;

    /// <summary>The next one added is the one after this position.</summary>
    public void Begin(long position)
    {
        lock (_lock) _first = position + 1;
        _reached.Advance(position);
    }

    public void Add(Changed message)
    {
        lock (_lock)
        {
            _recent[message.Position % Kept] = message;
            _first = Math.Max(_first, message.Position - Kept + 1);
        }

        _reached.Advance(message.Position);
    }

    /// <summary>Those after a position, at most <paramref name="limit"/>; null when they are no longer kept.</summary>
    public Changed[]? Recent(long after, int limit)
    {
        lock (_lock)
        {
            if (after + 1 < _first) return null;
            var count = Math.Clamp(Position - after, 0, limit);
            var messages = new Changed[count];
            for (var index = 0; index < count; index++) messages[index] = _recent[(after + 1 + index) % Kept];
            return messages;
        }
    }

    /// <summary>All after a position, in order and without a hole, in parts of at most <paramref name="limit"/>; waits for what is to come.</summary>
    public async IAsyncEnumerable<Changed[]> After(long position, int limit, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            var recent = Recent(position, limit);
            if (recent is null)
            {
                await foreach (var old in folding.Again(position, Position, limit, cancellation))
                {
                    yield return old;
                    position = old[^1].Position;
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
}
