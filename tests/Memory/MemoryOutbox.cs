using Coordination.Journal;

namespace Coordination.Tests.Memory;

/// <summary>An outbox in memory, which keeps the promises of a stored one (the same tests go over it) and costs nothing. What outlives a crash is this object.</summary>
public sealed class MemoryOutbox : IOutbox
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _marks = [];
    private readonly SortedDictionary<long, (Outgoing Row, DateTimeOffset Changed)> _rows = [];
    private readonly HashSet<(string, string, string, string)> _batches = [];
    private long _last;

    /// <summary>False plants a fault: the mark is not compared.</summary>
    public bool IsFenced { get; init; } = true;

    /// <summary>Every row, in whatever state.</summary>
    public IReadOnlyList<Outgoing> All
    {
        get
        {
            lock (_lock) return [.. _rows.Values.Select(kept => kept.Row)];
        }
    }

    /// <summary>Plants a fault: adds rows apart from the mark.</summary>
    public void Add(string reactor, IReadOnlyCollection<NewOutgoing> outgoing, DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (var one in outgoing)
            {
                if (one.Batch is not null && !_batches.Add((one.Batch, one.Recipient, one.Channel, reactor))) continue;
                var row = new Outgoing(++_last, reactor, one.Position, one.Part, one.Channel, one.Recipient, one.Thread, one.Data, OutgoingState.Waiting, now, now, now, 0, null);
                _rows.Add(row.Number, (row, now));
            }
        }
    }

    public Task<long> Mark(string reactor, long begin, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            _marks.TryAdd(reactor, begin);
            return Task.FromResult(_marks[reactor]);
        }
    }

    public Task<bool> Put(string reactor, long after, long upTo, IReadOnlyCollection<NewOutgoing> outgoing, DateTimeOffset now, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(upTo, after);
        ArgumentException.ThrowIfNullOrEmpty(reactor);
        foreach (var one in outgoing)
        {
            ArgumentException.ThrowIfNullOrEmpty(one.Recipient);
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(one.Position, after);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(one.Position, upTo);
        }

        if (outgoing.Select(one => (one.Position, one.Part)).Distinct().Count() < outgoing.Count) throw new ArgumentException("Two parts have one number.", nameof(outgoing));
        lock (_lock)
        {
            if (!_marks.TryGetValue(reactor, out var mark) || (mark != after && IsFenced)) return Task.FromResult(false);
            _marks[reactor] = upTo;
            Add(reactor, outgoing, now);
            return Task.FromResult(true);
        }
    }

    public Task<IReadOnlyList<Outgoing>> Take(string channel, DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            var taken = Of(OutgoingState.Waiting).Where(row => row.Channel == channel).GroupBy(row => row.Recipient)
                .Where(rows => rows.First().Due <= now).Take(limit)
                .SelectMany(rows => rows.TakeWhile(row => row.Due <= now).Take(limit)).OrderBy(row => row.Number)
                .Select(row => row with { Due = until, Attempts = row.Attempts + 1 }).ToList();
            foreach (var row in taken) _rows[row.Number] = (row, _rows[row.Number].Changed);
            return Task.FromResult<IReadOnlyList<Outgoing>>(taken);
        }
    }

    public Task Note(IReadOnlyCollection<Sending> sendings, DateTimeOffset now, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            foreach (var sending in sendings)
            {
                if (!_rows.TryGetValue(sending.Row.Number, out var kept)) continue;
                var row = kept.Row;
                if (sending is Sending.Done) row = row with { State = OutgoingState.Sent, Reason = null, Data = [] };
                else if (row.Attempts != sending.Row.Attempts || row.State is not OutgoingState.Waiting) continue;
                else if (sending is Sending.Later later) row = row with { Due = later.Due, Reason = later.Reason };
                else if (sending is Sending.Never never) row = row with { State = OutgoingState.GivenUp, Reason = never.Reason };
                else row = row with { Due = now, Attempts = row.Attempts - 1 };
                _rows[row.Number] = (row, now);
            }

            return Task.CompletedTask;
        }
    }

    public Task<IReadOnlyList<Outgoing>> List(string? channel, OutgoingState state, long after, int limit, CancellationToken cancellation = default)
    {
        lock (_lock) return Task.FromResult<IReadOnlyList<Outgoing>>([.. Of(state).Where(row => row.Number > after && (channel is null || row.Channel == channel)).Take(limit)]);
    }

    public Task<int> Retry(string? channel, long? number, DateTimeOffset now, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            var chosen = Chosen(channel, number);
            foreach (var row in chosen) _rows[row.Number] = (row with { State = OutgoingState.Waiting, Attempts = 0, Since = now, Due = now }, now);
            return Task.FromResult(chosen.Count);
        }
    }

    public Task<int> Drop(string? channel, long? number, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            var chosen = Chosen(channel, number);
            foreach (var row in chosen) _rows.Remove(row.Number);
            return Task.FromResult(chosen.Count);
        }
    }

    public Task<IReadOnlyList<Backlog>> Backlogs(CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<Backlog>>([.. _rows.Values.Select(kept => kept.Row).Where(row => row.State is not OutgoingState.Sent).GroupBy(row => row.Channel)
                .OrderBy(rows => rows.Key, StringComparer.Ordinal)
                .Select(rows => (rows.Key, Waiting: rows.Where(row => row.State is OutgoingState.Waiting).ToList(), All: rows.Count()))
                .Select(it => new Backlog(it.Key, it.Waiting.Count, it.All - it.Waiting.Count, it.Waiting.Count == 0 ? null : it.Waiting.Min(row => row.Put)))]);
        }
    }

    public Task<int> Forget(DateTimeOffset sentBefore, DateTimeOffset givenUpBefore, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            var over = _rows.Values.Where(kept => kept.Row.State is OutgoingState.Sent ? kept.Changed < sentBefore : kept.Row.State is OutgoingState.GivenUp && kept.Changed < givenUpBefore)
                .Select(kept => kept.Row.Number).ToList();
            foreach (var number in over) _rows.Remove(number);
            return Task.FromResult(over.Count);
        }
    }

    private IEnumerable<Outgoing> Of(OutgoingState state) => _rows.Values.Select(kept => kept.Row).Where(row => row.State == state);

    private List<Outgoing> Chosen(string? channel, long? number) => [.. _rows.Values.Select(kept => kept.Row)
        .Where(row => (channel is null || row.Channel == channel) && (number is null ? row.State is OutgoingState.GivenUp : row.Number == number && row.State is not OutgoingState.Sent))];
}
