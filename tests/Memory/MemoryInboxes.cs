using Coordination.Journal;

namespace Coordination.Tests.Memory;

/// <summary>Inboxes in memory, which keep the promises of stored ones: the same tests go over them.</summary>
public sealed class MemoryInboxes : IInboxes
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, SortedDictionary<long, Delivery>> _bodies = new(StringComparer.Ordinal);
    private long _delivered;
    private long _forgotten;

    /// <summary>False plants a fault: the mark is not compared.</summary>
    public bool IsFenced { get; init; } = true;

    /// <summary>Where the mark stands.</summary>
    public long Delivered
    {
        get
        {
            lock (_lock) return _delivered;
        }
    }

    /// <summary>Plants a fault: adds rows apart from the mark.</summary>
    public void Add(IReadOnlyCollection<NewDelivery> deliveries)
    {
        lock (_lock)
        {
            foreach (var one in deliveries.Where(one => one.Position > _forgotten))
            {
                if (!_bodies.TryGetValue(one.Body, out var inbox)) _bodies.Add(one.Body, inbox = []);
                inbox.TryAdd(one.Position, new(one.Position, one.Reason, one.Thread, one.Batch));
            }
        }
    }

    public ValueTask<long> DeliveredUpTo(CancellationToken cancellation = default)
    {
        lock (_lock) return new(_delivered);
    }

    public ValueTask<long> KeptAfter(CancellationToken cancellation = default)
    {
        lock (_lock) return new(_forgotten);
    }

    public Task<bool> Deliver(long after, long upTo, IReadOnlyCollection<NewDelivery> deliveries, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(upTo, after);
        foreach (var one in deliveries)
        {
            ArgumentException.ThrowIfNullOrEmpty(one.Body);
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(one.Position, after);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(one.Position, upTo);
        }

        lock (_lock)
        {
            if (_delivered != after && IsFenced) return Task.FromResult(false);
            _delivered = upTo;
            Add(deliveries);
            return Task.FromResult(true);
        }
    }

    public Task Clear(CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            _bodies.Clear();
            _delivered = 0;
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<Delivery>> Read(string body, long? beforePosition, int limit, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<Delivery>>([.. Of(body).Reverse().DistinctBy(row => (row.Batch, row.Batch is null ? row.Position : 0))
                .Where(row => row.Position < (beforePosition ?? long.MaxValue)).Take(limit)]);
        }
    }

    public Task<IReadOnlyList<Delivery>> ReadBatch(string body, string batch, CancellationToken cancellation = default)
    {
        lock (_lock) return Task.FromResult<IReadOnlyList<Delivery>>([.. Of(body).Where(row => row.Batch == batch).Reverse()]);
    }

    public async IAsyncEnumerable<(string Body, Delivery Delivery)> All(long position, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation = default)
    {
        List<(string, Delivery)> all;
        lock (_lock) all = [.. _bodies.SelectMany(body => Of(body.Key).Where(row => row.Position <= position && row.Position > _forgotten).Select(row => (body.Key, row)))];
        await Task.CompletedTask;
        foreach (var one in all) yield return one;
    }

    public Task<int> Forget(long upTo, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            _forgotten = Math.Max(_forgotten, upTo);
            var count = 0;
            foreach (var inbox in _bodies.Values)
                foreach (var position in inbox.Keys.Where(position => position <= _forgotten).ToList()) count += inbox.Remove(position) ? 1 : 0;
            return Task.FromResult(count);
        }
    }

    private IEnumerable<Delivery> Of(string body) => _bodies.TryGetValue(body, out var inbox) ? inbox.Values : [];
}
