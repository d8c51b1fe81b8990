namespace Coordination.Journal;

/// <summary>Goes through a journal from the first entry to the head and recomputes every hash.</summary>
internal static class ChainWalk
{
    private const int Chunk = 500;

    /// <param name="journal">Whose head and acknowledged position count.</param>
    /// <param name="read">
    /// Adds at most so many entries with a position above the first number, oldest first; null for what no writer can have
    /// written, such as a moment outside the calendar.
    /// </param>
    /// <param name="ends">The position of the head and of the last entry, both of one moment.</param>
    /// <param name="progress">Is told the position after each chunk.</param>
    /// <param name="cancellation">Ends the walk between two chunks.</param>
    public static async Task<Verification> Verify(
        IJournal journal, Func<long, int, List<Entry?>, Task> read, Func<Task<(long Head, long Last)>> ends,
        IProgress<long>? progress, CancellationToken cancellation)
    {
        // Read before the head, so that a head that lost entries since they were acknowledged is noticed.
        var acknowledged = journal.Position;
        var head = await journal.ReadHead(cancellation);
        var chain = new HashChain();
        var previous = HashChain.Origin;
        var position = 0L;
        var chunk = new List<Entry?>(Chunk);
        long? brokenAt = null;
        while (position < head.Position && brokenAt is null)
        {
            chunk.Clear();
            // Others may want the thread between two chunks.
            await Task.Yield();
            await read(position, (int)Math.Min(Chunk, head.Position - position), chunk);
            if (chunk.Count == 0)
                brokenAt = position + 1;
            foreach (var entry in chunk)
            {
                if (entry?.Position != position + 1 || !entry.Hash.AsSpan().SequenceEqual(chain.Link(previous, entry)))
                {
                    brokenAt = position + 1;
                    break;
                }
                position = entry.Position;
                previous = entry.Hash;
            }
            progress?.Report(position);
            cancellation.ThrowIfCancellationRequested();
        }
        brokenAt ??= await EndBrokenAt(head, previous, acknowledged, ends);
        return new(position, brokenAt, Convert.ToHexStringLower(previous));
    }

    /// <summary>Where the end does not fit: the head's hash, entries beyond the head, or fewer than were once acknowledged.</summary>
    private static async Task<long?> EndBrokenAt(Head head, byte[] last, long acknowledged, Func<Task<(long Head, long Last)>> ends)
    {
        if (!last.AsSpan().SequenceEqual(head.Hash))
            return Math.Max(head.Position, 1);
        if (head.Position < acknowledged)
            return head.Position + 1;
        var (at, end) = await ends();
        return end > at ? at + 1 : null;
    }
}
