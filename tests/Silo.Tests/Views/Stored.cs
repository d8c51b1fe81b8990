using Coordination.Host.Relay;
using Microsoft.Extensions.DependencyInjection;

namespace Coordination.Silo.Tests.Views;

/// <summary>Views beside the journal: what is stored is what a fresh fold gives, at the position that it names.</summary>
[Trait("On", "both")]
public sealed class Stored
{
    private static readonly string[] Views = ["bodies", "accounts", "plans", "requests", "groups", "subscriptions", "feed"];

    [Fact]
    public async Task What_is_stored_what_is_in_memory_and_what_a_fresh_fold_gives_are_the_same()
    {
        await using var silo = await RunningSilo.Start();
        await Restarts.ABusyWeek(silo);
        await silo.Settle();

        var stored = await Kept(silo);

        var fresh = ViewDigests.Of(await silo.Services.GetRequiredService<Folding>().Anew(long.MaxValue, Waiting.Cancellation));
        Assert.Equal(silo.Disk.Journal.Position, fresh.Position);
        Assert.Equal(fresh.Views, stored.Views);
        Assert.Equal(fresh.Views, (await silo.Digests()).Views);
        Assert.Equal(Views.Order(), stored.Views.Keys.Order());
        Assert.Equal(Views.Length, stored.Views.Values.Distinct().Count());
    }

    [Fact]
    public async Task A_start_goes_on_from_what_is_stored()
    {
        await using var first = await RunningSilo.Start();
        await Restarts.ABusyWeek(first);
        await first.Settle();
        var position = (await Kept(first)).Position;
        var folder = await first.Stop();

        await using var second = await RunningSilo.Start(folder);
        await second.Admit();
        await second.Settle();

        Assert.All(second.Disk.ReadsFrom, from => Assert.True(from >= position, $"The journal was read from {from} though views were stored at {position}."));
        var fresh = ViewDigests.Of(await second.Services.GetRequiredService<Folding>().Anew(long.MaxValue, Waiting.Cancellation));
        Assert.Equal(fresh.Views, (await second.Digests()).Views);
    }

    /// <summary>One that is read whole, one that is not; each of them where there is time.</summary>
    public static TheoryData<string> Dropped => [.. TestSize.Of(["plans", "feed"], Views)];

    [Trait("Full", "scale")]
    [Theory]
    [MemberData(nameof(Dropped))]
    public async Task A_dropped_view_is_folded_anew_while_the_platform_runs(string view)
    {
        await using var silo = await RunningSilo.Start();
        await Restarts.ABusyWeek(silo);
        await silo.Settle();
        var before = await Kept(silo);

        await silo.Store.Views.Drop(silo.World.Views.Single(one => one.Name == view).Key, cancellation: Waiting.Cancellation);
        var writing = Task.Run(
            async () =>
            {
                for (var time = 0; time < 40; time++) await silo.Plan("open-plan").Give("ruritania", new ReportProgress("one", MilestoneStatus.InProgress, time));
            },
            Waiting.Cancellation);
        await writing.Until("the platform goes on");
        await silo.Settle();
        var after = await Kept(silo);

        Assert.True(after.Position > before.Position);
        Assert.Equal(1, (await silo.Store.Views.Marks(Waiting.Cancellation)).Single(mark => mark.Key.Name == view).Value.Generation);
        var fresh = ViewDigests.Of(await silo.Services.GetRequiredService<Folding>().Anew(long.MaxValue, Waiting.Cancellation));
        Assert.Equal(fresh.Views, after.Views);
        Assert.Equal(fresh.Views, (await silo.Digests()).Views);
    }

    [Theory]
    [InlineData("UPDATE items SET data = CAST(replace(CAST(data AS TEXT), '\"version\":', '\"wersion\":') AS BLOB) WHERE number <> (SELECT number FROM views WHERE view = 'feed')", "an item of another form")]
    [InlineData("DELETE FROM items WHERE number = (SELECT number FROM views WHERE view = 'feed')", "a feed that is not there")]
    [InlineData("DELETE FROM items WHERE number = (SELECT number FROM views WHERE view = 'plans') AND id = 'open-plan'", "a plan less")]
    [InlineData("UPDATE items SET position = position + 1", "items of other positions")]
    [InlineData("UPDATE views SET digest = zeroblob(64)", "marks of another platform")]
    [InlineData("UPDATE views SET position = position - 1 WHERE view = 'plans'", "a mark that was moved")]
    [InlineData("UPDATE views SET position = 1000000", "views beyond the journal")]
    [InlineData("UPDATE views SET generation = generation + 1 WHERE view <> 'relay'", "marks of another generation")]
    [InlineData("DELETE FROM items; DELETE FROM views", "no views")]
    public async Task What_cannot_be_trusted_is_folded_anew(string change, string what)
    {
        await using var first = await RunningSilo.Start();
        await Restarts.ABusyWeek(first);
        await first.Settle();
        var expected = (await Kept(first)).Views;
        var folder = (await first.Stop()).TamperViews(ClusterServers.Wanted ? InPostgres(change) : change);

        await using var second = await RunningSilo.Start(folder);
        await second.Settle();

        // The feed is looked at as a whole behind the start; a page of it in which something does not fit is not served.
        foreach (var (view, digest) in (await second.Digests()).Views)
            Assert.True(digest == expected[view] || view == "feed", $"After a start with {what} the view {view} shows something else.");
        // Stored by whoever leads, and nobody may for as long as the lease of the one before runs.
        Assert.True(await Becomes(second, expected), $"After a start with {what} something else is stored.");
    }

    private static async Task<bool> Becomes(RunningSilo silo, IReadOnlyDictionary<string, string> expected)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!expected.SequenceEqual((await Kept(silo)).Views))
        {
            if (TimeProvider.System.GetElapsedTime(began) > Waiting.Patience) return false;
            await Task.Delay(50, Waiting.Cancellation);
        }

        return true;
    }

    private static string InPostgres(string change) => change
        .Replace("CAST(replace(CAST(data AS TEXT), '\"version\":', '\"wersion\":') AS BLOB)", "convert_to(replace(convert_from(data, 'UTF8'), '\"version\":', '\"wersion\":'), 'UTF8')", StringComparison.Ordinal)
        .Replace("zeroblob(64)", "decode(repeat('00', 64), 'hex')", StringComparison.Ordinal)
        .Replace("UPDATE items", "UPDATE view_items", StringComparison.Ordinal)
        .Replace("FROM items", "FROM view_items", StringComparison.Ordinal);

    /// <summary>Waits until everything is stored.</summary>
    internal static async Task<ViewDigests> Kept(RunningSilo silo)
    {
        var until = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(until) < Waiting.Patience)
        {
            var head = await silo.Disk.Journal.ReadHead(Waiting.Cancellation);
            var marks = await silo.Store.Views.Marks(Waiting.Cancellation);
            if (silo.World.Views.OfType<KeptView>().All(view => marks.GetValueOrDefault(view.Key, ViewMark.None).Position == head.Position)
                && await ViewDigests.Of(silo.Store, Waiting.Cancellation) is { } stored && stored.Position == head.Position)
                return stored;
            await Task.Delay(50, Waiting.Cancellation);
        }

        throw new TimeoutException("The views were not stored up to the end of the journal.");
    }
}
