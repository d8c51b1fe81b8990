namespace Coordination.Journal;

/// <summary>How far a journal was checked.</summary>
/// <param name="Position">Of the last entry that fits; 0 before the first.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Missing">Positions up to here whose texts are missing though no entry so far says that they were erased.</param>
public sealed record ChainPlace(long Position, byte[] Hash, IReadOnlyList<long> Missing)
{
    public static readonly ChainPlace Origin = new(0, HashChain.Origin, []);
}

/// <summary>Goes through a journal to the head, from the first entry or from where another walk was, and recomputes every digest and hash.</summary>
/// <param name="journal">Whose head and acknowledged position count.</param>
/// <param name="read">
/// Adds at most so many entries with a position above the first number, oldest first; null for one that no writer can have written,
/// such as a moment outside the calendar.
/// </param>
/// <param name="ends">See <see cref="JournalEnds"/>.</param>
/// <param name="from">Where to go on.</param>
/// <param name="reached">Is told the place after each chunk; the walk goes on when its task completes. Null tells nobody.</param>
/// <param name="cancellation">Ends the walk between two chunks.</param>
internal sealed class ChainWalk(
    IJournal journal, Func<long, int, List<Entry?>, Task> read, Func<Task<JournalEnds>> ends, ChainPlace from, Func<ChainPlace, Task>? reached,
    CancellationToken cancellation)
{
    private const int Chunk = 500;
    private readonly ChainFollower _chain = new(from);
    private readonly List<Entry?> _entries = new(Chunk);

    /// <summary>As <see cref="IJournal.Verify(IProgress{long}, CancellationToken)"/> tells it.</summary>
    public static Func<ChainPlace, Task>? Telling(IProgress<long>? progress) => progress is null ? null : place =>
    {
        progress.Report(place.Position);
        return Task.CompletedTask;
    };

    public async Task<Verification> Verify()
    {
        // Read before the head, so that a head that lost entries since they were acknowledged is noticed.
        var acknowledged = journal.Position;
        var head = await journal.ReadHead(cancellation);
        if (head.Position < from.Position)
            return new(head.Position, head.Position + 1, Convert.ToHexStringLower(head.Hash));
        var brokenAt = await WalkTo(head);
        while (brokenAt is null && _chain.Missing is not null)
        {
            // Texts that were erased during the walk: the entry that says so stands beyond the head as it was, and by now within the head.
            var walked = _chain.Position;
            head = await journal.ReadHead(cancellation);
            brokenAt = await WalkTo(head);
            if (_chain.Missing <= walked)
                break;
        }
        brokenAt ??= await EndBrokenAt(head, acknowledged);
        if (brokenAt is not null && _chain.Missing is not null)
            await LookForErasures();
        return _chain.Missing is { } missing && !(brokenAt < missing)
            ? new(missing - 1, missing, Convert.ToHexStringLower(_chain.HashBeforeMissing))
            : new(_chain.Position, brokenAt, Convert.ToHexStringLower(_chain.Hash));
    }

    /// <returns>The position that does not fit, or null.</returns>
    private async Task<long?> WalkTo(Head head)
    {
        while (_chain.Position < head.Position)
        {
            await ReadAfter(_chain.Position, (int)Math.Min(Chunk, head.Position - _chain.Position));
            if (_entries.Count == 0 || !_entries.TrueForAll(_chain.Follow))
                return _chain.Position + 1;
            if (reached is not null)
                await reached(_chain.Place);
        }
        return null;
    }

    /// <summary>Where the end does not fit: the head's hash, rows outside of the journal, or fewer entries than were once acknowledged.</summary>
    private async Task<long?> EndBrokenAt(Head head, long acknowledged)
    {
        if (!_chain.Hash.AsSpan().SequenceEqual(head.Hash))
            return Math.Max(head.Position, 1);
        if (head.Position < acknowledged)
            return head.Position + 1;
        var found = await ends();
        if (found.First < 1)
            return found.First;
        return found.Last > found.Head ? found.Head + 1 : null;
    }

    /// <summary>
    /// Beyond a break nothing is certain. The entries there still tell which missing texts were erased, so that the break is named and
    /// not a lawful erasure before it.
    /// </summary>
    private async Task LookForErasures()
    {
        var after = _chain.Position;
        do
        {
            await ReadAfter(after, Chunk);
            after = long.MaxValue;
            foreach (var entry in _entries.OfType<Entry>())
            {
                _chain.NoteErasure(entry);
                after = entry.Position;
            }
        } while (after < long.MaxValue && _chain.Missing is not null);
    }

    private async Task ReadAfter(long position, int limit)
    {
        _entries.Clear();
        // Others may want the thread between two chunks.
        await Task.Yield();
        cancellation.ThrowIfCancellationRequested();
        await read(position, limit, _entries);
    }
}

/// <summary>What the tables hold at one moment, since appends go on meanwhile.</summary>
/// <param name="Head">Position of the head.</param>
/// <param name="First">Lowest position of an entry or of texts; 1 when there are none.</param>
/// <param name="Last">Highest position of an entry or of texts; 0 when there are none.</param>
internal sealed record JournalEnds(long Head, long First, long Last);
