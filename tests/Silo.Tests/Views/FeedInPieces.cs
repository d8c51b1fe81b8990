using Microsoft.Extensions.DependencyInjection;

namespace Coordination.Silo.Tests.Views;

/// <summary>The feed of a large journal stands in the database, in pieces, and its end in memory. Nobody notices where one begins.</summary>
[Trait("On", "both")]
public sealed class FeedInPieces
{
    private const int Many = 24_000;

    [Fact]
    public async Task Pages_from_the_database_and_from_memory_are_those_of_a_fresh_fold()
    {
        await using var first = await RunningSilo.Start();
        await Restarts.ABusyWeek(first);
        await first.Settle();
        var folder = await first.Stop();
        await using (var store = await RunningSilo.OpenStore(folder)) await Bulk.Write(store.Journal, Many);
        await using var second = await RunningSilo.Start(folder);
        await second.Settle();
        await second.Stop();
        await using var silo = await RunningSilo.Start(folder);
        for (var time = 0; time < 30; time++) await silo.Plan("open-plan").Give("ruritania", new ReportProgress("one", MilestoneStatus.InProgress, time));
        await silo.Settle();

        var (index, feed) = (silo.Services.GetRequiredService<FeedIndex>(), silo.World.View<FeedView>());
        var fresh = (await silo.Services.GetRequiredService<Folding>().Anew(long.MaxValue, Waiting.Cancellation)).View<FeedView>().Tail;
        Assert.True(feed.Since > 10_000 && feed.Tail.After([], 0, int.MaxValue, _ => true).Length >= 30, $"The tail begins after {feed.Since}.");
        foreach (var viewer in (string[])["ruritania", "outside"])
        {
            bool Admits(Audience audience) => audience.Admits(silo.World.Who(viewer), silo.World);
            foreach (var (topics, limits) in ((string[], int[])[])[
                ([], [500]), (["plan/open-plan"], [1, 20]), (["plan/3"], [50, 500]), (["plan/rare-77", "plan/rare-78", "body/ruritania"], [1, 50]), (["plan/none"], [10])])
            {
                var expected = fresh.After(topics, 0, int.MaxValue, Admits);
                foreach (var limit in limits)
                {
                    var (rising, falling) = (new List<long>(), new List<long>());
                    for (var after = 0L; after < long.MaxValue;)
                    {
                        var (positions, reached) = await index.After(topics, after, limit, Admits);
                        Assert.True(positions.Count <= limit && reached > after);
                        rising.AddRange(positions);
                        after = reached;
                    }

                    for (var before = long.MaxValue; before > 1;)
                    {
                        var (positions, reached) = await index.Before(topics, before, limit, Admits);
                        Assert.True(positions.Count <= limit && reached < before);
                        falling.AddRange(positions);
                        before = reached;
                    }

                    Assert.Equal(expected, rising);
                    Assert.Equal(expected.Reverse(), falling);
                }

                // From anywhere.
                foreach (var from in (long[])[1, 17, feed.Since - 1, feed.Since, feed.Since + 1, silo.World.Position, silo.World.Position + 9])
                {
                    Assert.Equal(fresh.After(topics, from, 3, Admits), await Walk(from, 3, (after, wanted) => index.After(topics, after, wanted, Admits)));
                    Assert.Equal(fresh.Before(topics, from, 3, Admits), await Walk(from, 3, (before, wanted) => index.Before(topics, before, wanted, Admits)));
                }
            }
        }
    }

    private static async Task<List<long>> Walk(long from, int limit, Func<long, int, Task<(List<long> Positions, long Reached)>> page)
    {
        var found = new List<long>();
        while (found.Count < limit)
        {
            var (positions, reached) = await page(from, limit - found.Count);
            found.AddRange(positions);
            if (reached is 1 or long.MaxValue) break;
            from = reached;
        }

        return found;
    }
}
