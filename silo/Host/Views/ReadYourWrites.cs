using Microsoft.Extensions.Options;

namespace Coordination.Host.Views;

/// <summary>Sees to it that an answer knows what its asker has seen, and what this silo knows to be written: what every list and page waits for.</summary>
public sealed class ReadYourWrites(World world, IJournal journal, IOptions<SiloOptions> options, TimeProvider time)
{
    /// <summary>Within which this silo hears of what was written through another one.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(300);

    /// <summary>Waits for views that know it, bounded: after that the answer is what there is.</summary>
    /// <returns>What was waited for.</returns>
    public async Task<long> For(Asker asker)
    {
        var within = options.Value.SeenWithin;
        var known = journal.Position;
        if (asker.Seen <= known)
        {
            await world.Reach(known, within);
            return known;
        }

        var began = time.GetTimestamp();
        await world.Reach(asker.Seen, Moment < within ? Moment : within);
        if (world.Position >= asker.Seen || Left() <= TimeSpan.Zero || await Head(Left()) is not { } head) return asker.Seen;
        // A position beyond the journal's end was made up, or kept from a journal that was longer than the one restored in its place.
        var position = Math.Min(asker.Seen, head);
        await world.Reach(position, Left());
        return position;

        TimeSpan Left() => within - time.GetElapsedTime(began) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>Waits until all views know what one of them knows.</summary>
    public Task Reach(long position) => world.Reach(position, options.Value.SeenWithin);

    /// <summary>Where the journal ends; null when it does not say so in time. Reads go on without it.</summary>
    private async Task<long?> Head(TimeSpan within)
    {
        try
        {
            return (await journal.ReadHead().WaitAsync(within, TimeProvider.System)).Position;
        }
        catch (Exception exception) when (exception is TimeoutException or JournalUnavailableException)
        {
            return null;
        }
    }
}
