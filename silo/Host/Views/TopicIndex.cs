namespace Coordination.Host.Views;

/// <summary>Which positions carry which topic, so that the feed of one plan need not walk the whole journal.</summary>
public sealed class TopicIndex
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<long>> _positions = new(StringComparer.Ordinal);

    public void Add(string[] topics, long position)
    {
        lock (_lock)
        {
            foreach (var topic in topics)
            {
                if (!_positions.TryGetValue(topic, out var list)) _positions[topic] = list = [];
                list.Add(position);
            }
        }
    }

    /// <summary>At most <paramref name="limit"/> positions above <paramref name="after"/> that carry any of the topics, rising.</summary>
    public long[] After(string[] topics, long after, int limit)
    {
        lock (_lock)
        {
            return [.. Lists(topics).SelectMany(list => list.Skip(FirstAbove(list, after)).Take(limit)).Distinct().Order().Take(limit)];
        }
    }

    /// <summary>At most <paramref name="limit"/> positions below <paramref name="before"/> that carry any of the topics, falling.</summary>
    public long[] Before(string[] topics, long before, int limit)
    {
        lock (_lock)
        {
            return [.. Lists(topics)
                .SelectMany(list =>
                {
                    var end = FirstAbove(list, before - 1);
                    return list.GetRange(Math.Max(0, end - limit), Math.Min(limit, end));
                })
                .Distinct().OrderDescending().Take(limit)];
        }
    }

    private IEnumerable<List<long>> Lists(string[] topics) =>
        topics.Select(topic => _positions.GetValueOrDefault(topic)).OfType<List<long>>();

    private static int FirstAbove(List<long> list, long position)
    {
        var index = list.BinarySearch(position);
        return index < 0 ? ~index : index + 1;
    }
}
