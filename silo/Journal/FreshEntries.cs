namespace Coordination.Journal;

/// <summary>
/// What this process has committed and its follower has not taken yet, so that it need not be read again from where it was just written.
/// Without holes: when another process has written in between, the follower reads. Nor are texts told from here once this process has
/// erased any. Safe for concurrent use.
/// </summary>
internal sealed class FreshEntries
{
    /// <summary>A follower that falls behind further than this reads; one that stands still leaves no more than this here.</summary>
    private const int Most = 1_000;

    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];

    /// <summary>To be called after a commit, before anyone is told of it.</summary>
    /// <param name="committed">Of one commit, in their order; may be the caller's own list.</param>
    public void Add(List<Entry> committed)
    {
        if (committed.Count == 0)
            return;
        var erases = committed.Exists(static entry => entry.Fact == Erasure.Fact);
        lock (_lock)
        {
            if (erases || _entries.Count + committed.Count > Most || (_entries.Count > 0 && _entries[^1].Position + 1 != committed[0].Position))
                _entries.Clear();
            if (!erases && committed.Count <= Most)
                _entries.AddRange(committed);
        }
    }

    /// <summary>The entries after a position, which are forgotten then, as is what comes before them; or null when they are not here.</summary>
    public List<Entry>? Take(long after, int limit)
    {
        lock (_lock)
        {
            if (_entries.Count == 0 || after + 1 < _entries[0].Position)
                return null;
            var passed = (int)Math.Min(after + 1 - _entries[0].Position, _entries.Count);
            var taken = _entries.GetRange(passed, Math.Min(limit, _entries.Count - passed));
            _entries.RemoveRange(0, passed + taken.Count);
            return taken.Count > 0 ? taken : null;
        }
    }
}
