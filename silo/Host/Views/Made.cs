using System.Collections.Concurrent;

namespace Coordination.Host.Views;

/// <summary>
/// What bodies have made of one kind, as far as it counts: what is open, and what was made within the last day. One thread notes, any number
/// count.
/// </summary>
internal sealed class Made
{
    private readonly ConcurrentDictionary<string, ImmutableDictionary<string, Thing>> _of = new(StringComparer.Ordinal);

    /// <summary>Takes in that a thing was made or has changed.</summary>
    /// <param name="at">When it was made.</param>
    public void Note(string body, string id, DateTimeOffset at, bool isOpen, DateTimeOffset now)
    {
        var things = _of.GetValueOrDefault(body, ImmutableDictionary<string, Thing>.Empty);
        var (thing, isKnown) = (new Thing(at, isOpen), things.TryGetValue(id, out var before));
        if (isKnown ? thing == before : !thing.Counts(now)) return;
        // What counts no more is forgotten when the next one comes.
        if (!isKnown) things = things.RemoveRange(things.Where(pair => !pair.Value.Counts(now)).Select(pair => pair.Key));
        _of[body] = things.SetItem(id, thing);
    }

    public int CountOf(string body, DateTimeOffset now) => _of.GetValueOrDefault(body)?.Count(pair => pair.Value.Counts(now)) ?? 0;

    private readonly record struct Thing(DateTimeOffset At, bool IsOpen)
    {
        public bool Counts(DateTimeOffset now) => IsOpen || At > now - OpenThings.Day;
    }
}
