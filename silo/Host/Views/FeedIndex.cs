namespace Coordination.Host.Views;

/// <summary>
/// Finds the positions of the feed that someone may see: the latest in memory, the others in the database, one round trip for a page of them. The tail is
/// taken first and the database read afterwards, so that what is stored in between is in both and never in none.
/// </summary>
public sealed class FeedIndex(World world, SealedViews views)
{
    /// <summary>Most runs of one topic that are read at once.</summary>
    private const int Most = 64;

    /// <summary>How often it reads on past runs in which there is nothing for the reader, before it answers with a page that is not full.</summary>
    private const int Rounds = 16;

    /// <summary>At most <paramref name="limit"/> admitted positions above <paramref name="after"/> that carry any of the topics (none: all), rising.</summary>
    /// <returns>The positions, and up to where was searched: to the end when fewer than wanted were found.</returns>
    /// <exception cref="Coordination.Contracts.Feed.ViewsBehindException">What is stored does not reach to what is in memory.</exception>
    public async Task<(List<long> Positions, long Reached)> After(string[] topics, long after, int limit, Func<Audience, bool> admits)
    {
        var (feed, found) = (world.View<FeedView>(), new List<long>());
        var tail = feed.Tail;
        for (var round = 0; after < tail.Since && found.Count < limit; round++)
        {
            if (round == Rounds) return (found, after);
            var runs = RunsFor(limit - found.Count, round);
            var (places, horizon) = Merge(await Read(feed, tail, Of(topics).Select(topic => new ViewRange(FeedView.Id(topic, after), FeedView.End(topic), runs))), runs, rising: true);
            horizon = Math.Min(horizon, tail.Since);
            var next = places.Where(place => place.Position > after && place.Position <= horizon).OrderBy(static place => place.Position);
            Take(found, limit, next, admits);
            after = horizon;
        }

        if (found.Count < limit) found.AddRange(tail.After(topics, after, limit - found.Count, admits));
        return (found, found.Count < limit ? long.MaxValue : found[^1]);
    }

    /// <summary>At most <paramref name="limit"/> admitted positions below <paramref name="before"/> that carry any of the topics (none: all), falling.</summary>
    /// <returns>The positions, and down to where was searched: to 1 when fewer than wanted were found.</returns>
    /// <exception cref="Coordination.Contracts.Feed.ViewsBehindException">What is stored does not reach to what is in memory.</exception>
    public async Task<(List<long> Positions, long Reached)> Before(string[] topics, long before, int limit, Func<Audience, bool> admits)
    {
        var feed = world.View<FeedView>();
        var tail = feed.Tail;
        List<long> found = [.. tail.Before(topics, before, limit, admits)];
        before = Math.Min(before, tail.Since + 1);
        for (var round = 0; before > 1 && found.Count < limit; round++)
        {
            if (round == Rounds) return (found, before);
            // The run that holds the position, and those before it.
            var runs = RunsFor(limit - found.Count, round);
            var (places, horizon) = Merge(
                await Read(feed, tail, Of(topics).SelectMany(topic => (ViewRange[])[
                    new(FeedView.Id(topic, before - 1), FeedView.End(topic), 1),
                    new(FeedView.Id(topic, 0), FeedView.Id(topic, before), runs, Falling: true)])),
                runs, rising: false);
            var next = places.Where(place => place.Position < before && place.Position >= horizon).OrderByDescending(static place => place.Position);
            Take(found, limit, next, admits);
            before = horizon;
        }

        return (found, found.Count < limit ? 1 : found[^1]);
    }

    /// <summary>As many as a page needs when its reader sees most of it; more each time for one who does not.</summary>
    private static int RunsFor(int wanted, int round) => Math.Min(((wanted / FeedView.MostOfRun) + 2) << Math.Min(round, 6), Most);

    private static IEnumerable<string> Of(string[] topics) => topics.Length == 0 ? [""] : topics.Distinct(StringComparer.Ordinal);

    private Task<StoredView> Read(FeedView feed, FeedTail tail, IEnumerable<ViewRange> ranges) => views.Page(feed, tail.Since, [.. ranges]);

    /// <summary>
    /// The positions in some runs, and how far they are all that there are: where a topic has more runs than were read, they are no further than its
    /// last one.
    /// </summary>
    private static (IEnumerable<FeedRun.Place> Places, long Horizon) Merge(StoredView page, int runs, bool rising)
    {
        var all = page.Items.Select(static item => (Topic: FeedView.TopicOf(item.Id), FeedRun.Read(item.Data).Places)).ToList();
        var full = all.GroupBy(static run => run.Topic, StringComparer.Ordinal).Where(topic => topic.Count() >= runs);
        return (
            all.SelectMany(static run => run.Places).DistinctBy(static place => place.Position),
            rising
                ? full.Select(static topic => topic.Max(static run => run.Places[^1].Position)).DefaultIfEmpty(long.MaxValue).Min()
                : full.Select(static topic => topic.Min(static run => run.Places[0].Position)).DefaultIfEmpty(1).Max());
    }

    private static void Take(List<long> found, int limit, IEnumerable<FeedRun.Place> places, Func<Audience, bool> admits)
    {
        foreach (var place in places)
        {
            if (found.Count == limit) return;
            if (admits(place.Audience)) found.Add(place.Position);
        }
    }
}
