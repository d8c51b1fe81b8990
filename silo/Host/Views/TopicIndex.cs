namespace Coordination.Host.Views;

/// <summary>
/// Which positions carry which topic, and for whom they are: the feed of one plan need not walk the whole journal, and what
/// someone may not see costs no read, so that the time of an answer does not tell of it. About 40 bytes a position.
/// </summary>
public sealed class TopicIndex
{
    /// <summary>Positions that are kept together as one stored item.</summary>
    public const int BlockSize = 1_024;

    private const int Chunk = 512;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly List<(string Name, List<long> Positions)> _topics = [];

    /// <summary>Topics of all positions, one after the other, and where those of each position end.</summary>
    private readonly List<int> _carried = [];
    private readonly List<int> _ends = [];

    /// <summary>Of every position, from the first on. Most are the same few objects.</summary>
    private readonly List<Audience> _audiences = [];

    /// <summary>Takes in the next position.</summary>
    public void Add(IReadOnlyList<string> topics, long position, Audience audience)
    {
        lock (_lock)
        {
            if (position != _audiences.Count + 1) throw new ArgumentOutOfRangeException(nameof(position), position, $"After {_audiences.Count} comes the next one.");
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

    /// <summary>The stored form of one block of positions; the last one may be short.</summary>
    /// <param name="block">0 holds the first <see cref="BlockSize"/> positions.</param>
    public FeedBlock Block(int block)
    {
        lock (_lock)
        {
            var first = block * BlockSize;
            var count = Math.Min(BlockSize, _audiences.Count - first);
            var (topics, audiences) = (new Dictionary<int, int>(), new Dictionary<Audience, int>(ReferenceEqualityComparer.Instance));
            var entries = new FeedBlock.Place[count];
            for (var index = 0; index < count; index++)
            {
                var start = first + index == 0 ? 0 : _ends[first + index - 1];
                var carried = new int[_ends[first + index] - start];
                for (var topic = 0; topic < carried.Length; topic++) carried[topic] = Number(topics, _carried[start + topic]);
                entries[index] = new(Number(audiences, _audiences[first + index]), carried);
            }

            return new([.. topics.Keys.Select(number => _topics[number].Name)], [.. audiences.Keys], entries);
        }

        static int Number<T>(Dictionary<T, int> numbers, T key) where T : notnull
        {
            if (!numbers.TryGetValue(key, out var number)) numbers[key] = number = numbers.Count;
            return number;
        }
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
                foreach (var position in positions) audiences.Add(_audiences[(int)(position - 1)]);
            }

            for (var index = 0; index < positions.Length && found.Count < limit; index++)
                if (admits(audiences[index])) found.Add(positions[index]);
            if (positions.Length < Chunk) break;
            from = positions[^1];
        }

        return [.. found];
    }

    private long[] Rising(string[] topics, long after)
    {
        var first = Math.Max(after, 0) + 1;
        if (topics.Length == 0) return Range(first, Math.Min(_audiences.Count, first + Chunk - 1));
        var parts = Lists(topics).Select(list =>
        {
            var start = FirstAbove(list, after);
            return list.GetRange(start, Math.Min(Chunk, list.Count - start));
        }).ToArray();
        return parts.Length == 1 ? [.. parts[0]] : [.. parts.SelectMany(part => part).Distinct().Order().Take(Chunk)];
    }

    private long[] Falling(string[] topics, long before)
    {
        var last = Math.Min(before - 1, _audiences.Count);
        if (topics.Length == 0)
        {
            var range = Range(Math.Max(1, last - Chunk + 1), last);
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

/// <summary>Topics and audiences of some positions that follow one another.</summary>
public sealed record FeedBlock(string[] Topics, Audience[] Audiences, FeedBlock.Place[] Entries)
{
    /// <summary>One position: places in the two lists.</summary>
    public sealed record Place(int Audience, int[] Topics);
}
