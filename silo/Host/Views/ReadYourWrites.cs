using Microsoft.Extensions.Options;

namespace Coordination.Host.Views;

/// <summary>Sees to it that an answer knows what its asker has seen, and what this silo knows to be written: what every list and page waits for.</summary>
public sealed class ReadYourWrites(World world, IJournal journal, IOptions<SiloOptions> options)
{
    /// <summary>Waits for views that know it, bounded: after that the answer is what there is.</summary>
    /// <returns>Where the wait ended for.</returns>
    public async Task<long> For(Asker asker)
    {
        var position = await PositionOf(asker);
        await world.Reach(position, options.Value.SeenWithin);
        return position;
    }

    /// <summary>
    /// What an asker says to have seen may have been written through another silo a moment ago. Where it is beyond the journal's end, it was
    /// made up, or kept from a journal that was longer than the one restored in its place, and is not waited for.
    /// </summary>
    private async ValueTask<long> PositionOf(Asker asker)
    {
        var known = journal.Position;
        if (asker.Seen <= known) return known;
        try
        {
            return Math.Max(known, Math.Min(asker.Seen, (await journal.ReadHead()).Position));
        }
        catch (JournalUnavailableException)
        {
            // Reads go on without the journal; whether it is there is seen when the time is over.
            return asker.Seen;
        }
    }
}
