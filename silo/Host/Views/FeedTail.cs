namespace Coordination.Host.Views;

/// <summary>Which of the latest positions carry which topic, and for whom they are. One thread adds, any number read.</summary>
/// <param name="since">It begins after this position.</param>
public sealed class FeedTail(long since)
{
    private const int Chunk = 512;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly List<(string Name, List<long> Positions)> _topics = [];

    /// <summary>Topics of all positions, one after the other, and where those of each position end.</summary>
    private readonly List<int> _carried = [];
    private readonly List<int> _ends = [];

    /// <summary>Of every position, from the first on. Most are the same few objects.</summary>
    private readonly List<Audience> _audiences = [];

    public long Since => since;

    /// <summary>Takes in the next position.</summary>
    public void Add(IReadOnlyList<string> topics, long position, Audience audience)
    {
        lock (_lock)
        {
            if (position != Last + 1) throw new ArgumentOutOfRangeException(nameof(position), position, $"After {Last} comes the next one.");
            _audiences.Add(audience);
            foreach (var topic in topics)
            {
                if (!_names.TryGetValue(topic, out var number))
                {
                    _names[topic] = number = _topics.Count;
                    _topics.Add((topic, []));
                }

                _topics[number].Positions.Add(position);
                _carried.Add(number);
            }

            _ends.Add(_carried.Count);
        }
    }

    /// <summary>Every topic with its positions up to one, and all of them under no topic.</summary>
    public List<(string Topic, List<FeedRun.Place> Places)> Topics(long upTo)
    {
        lock (_lock)
        {
            var all = (Topic: "", Range(since + 1, Math.Min(upTo, Last)).Select(PlaceAt).ToList());
            return [all, .. _topics.Select(topic => (topic.Name, topic.Positions.TakeWhile(position => position <= upTo).Select(PlaceAt).ToList()))
                .Where(static topic => topic.Item2.Count > 0)];
        }
    }

    /// <summary>What comes after a position, as a tail of its own.</summary>
    public FeedTail Rest(long position)
    {
        var rest = new FeedTail(position);
        lock (_lock)
        {
            for (var at = position + 1; at <= Last; at++)
            {
                var index = (int)(at - since - 1);
                var start = index == 0 ? 0 : _ends[index - 1];
                rest.Add([.. _carried.GetRange(start, _ends[index] - start).Select(number => _topics[number].Name)], at, _audiences[index]);
            }
        }

        return rest;
    }

    /// <summary>At most <paramref name="limit"/> admitted positions above <paramref name="after"/> that carry any of the topics (none: all), rising.</summary>
    public long[] After(string[] topics, long after, int limit, Func<Audience, bool> admits) =>
        Walk(after, limit, admits, from => Rising(topics, from));

    /// <summary>At most <paramref name="limit"/> admitted positions below <paramref name="before"/> that carry any of the topics (none: all), falling.</summary>
    public long[] Before(string[] topics, long before, int limit, Func<Audience, bool> admits) =>
        Walk(before, limit, admits, from => Falling(topics, from));

    /// <summary>Audiences are asked outside the lock, which the views' one writer waits for.</summary>
    private long[] Walk(long from, int limit, Func<Audience, bool> admits, Func<long, long[]> next)
    {
        var found = new List<long>();
        var audiences = new List<Audience>();
        while (found.Count < limit)
        {
            long[] positions;
            audiences.Clear();
            lock (_lock)
            {
                positions = next(from);
                foreach (var position in positions) audiences.Add(AudienceOf(position));
            }

            for (var index = 0; index < positions.Length && found.Count < limit; index++)
                if (admits(audiences[index])) found.Add(positions[index]);
            if (positions.Length < Chunk) break;
            from = positions[^1];
        }

        return [.. found];
    }

    private long Last => since + _audiences.Count;

    private FeedRun.Place PlaceAt(long position) => new(position, AudienceOf(position));

    private Audience AudienceOf(long position) => _audiences[(int)(position - since - 1)];

    private long[] Rising(string[] topics, long after)
    {
        var first = Math.Max(after, since) + 1;
        if (topics.Length == 0) return Range(first, Math.Min(Last, first + Chunk - 1));
        var parts = Lists(topics).Select(list =>
        {
            var start = FirstAbove(list, after);
            return list.GetRange(start, Math.Min(Chunk, list.Count - start));
        }).ToArray();
        return parts.Length == 1 ? [.. parts[0]] : [.. parts.SelectMany(part => part).Distinct().Order().Take(Chunk)];
    }

    private long[] Falling(string[] topics, long before)
    {
        var last = Math.Min(before - 1, Last);
        if (topics.Length == 0)
        {
            var range = Range(Math.Max(since + 1, last - Chunk + 1), last);
            Array.Reverse(range);
            return range;
        }

        var parts = Lists(topics).Select(list =>
        {
            var end = FirstAbove(list, before - 1);
            return list.GetRange(Math.Max(0, end - Chunk), Math.Min(Chunk, end));
        }).ToArray();
        if (parts.Length != 1) return [.. parts.SelectMany(part => part).Distinct().OrderDescending().Take(Chunk)];
        parts[0].Reverse();
        return [.. parts[0]];
    }

    private static long[] Range(long first, long last)
    {
        var range = new long[Math.Max(0, last - first + 1)];
        for (var index = 0; index < range.Length; index++) range[index] = first + index;
        return range;
    }

    private IEnumerable<List<long>> Lists(string[] topics) =>
        topics.Where(_names.ContainsKey).Select(topic => _topics[_names[topic]].Positions);

    private static int FirstAbove(List<long> list, long position)
    {
        var index = list.BinarySearch(position);
        return index < 0 ? ~index : index + 1;
    }
}
