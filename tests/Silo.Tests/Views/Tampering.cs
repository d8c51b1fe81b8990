using Coordination.Contracts.Accounts;
using Coordination.Contracts.Feed;
using Microsoft.Extensions.DependencyInjection;

namespace Coordination.Silo.Tests.Views;

/// <summary>Whoever can write to the stored views makes nobody believe anything.</summary>
[Trait("On", "both")]
public sealed class Tampering
{
    [Fact]
    public async Task Changed_views_make_no_observer_a_coordinator()
    {
        await using var first = await RunningSilo.Start();
        await first.Admit("ruritania");
        await first.GiveRole("ruritania", "an.observer", Role.Observer);
        await first.Settle();
        var folder = await first.Stop();
        folder.TamperViews(On(
            "UPDATE items SET data = CAST(replace(CAST(data AS TEXT), '\"observer\"', '\"coordinator\"') AS BLOB) WHERE id = 'an.observer'",
            "UPDATE view_items SET data = convert_to(replace(convert_from(data, 'UTF8'), '\"observer\"', '\"coordinator\"'), 'UTF8') WHERE id = 'an.observer'"));

        await using var second = await RunningSilo.Start(folder);
        Assert.Equal(Role.Observer, second.World.Who("an.observer", "ruritania").Role);
        var refusal = await second.Plan("p-tampered").Execute(Giving.By("an.observer"), new DraftPlan("p-tampered", "ruritania", "Mine")).Refused();
        Assert.Equal(RefusalReason.Forbidden, refusal.Reason);
    }

    /// <summary>A row that the platform wrote itself, put back after it was replaced.</summary>
    [Fact]
    public async Task An_older_row_brings_no_role_back()
    {
        await using var first = await RunningSilo.Start();
        await first.Admit("ruritania");
        await first.GiveRole("ruritania", "a.coordinator", Role.Coordinator);
        await first.Settle();
        var folder = await first.Stop();
        folder.TamperViews(On("CREATE TABLE kept AS SELECT * FROM items", "CREATE TABLE kept AS SELECT * FROM view_items"));
        await using var second = await RunningSilo.Start(folder);
        await second.TakeRole("ruritania", "a.coordinator");
        await second.Settle();
        await second.Stop();
        const string back = "SET position = kept.position, data = kept.data, digest = kept.digest FROM kept WHERE kept.number = own.number AND kept.id = own.id AND own.id = 'a.coordinator'";
        folder.TamperViews(On($"UPDATE items AS own {back}; DROP TABLE kept", $"UPDATE view_items AS own {back}; DROP TABLE kept"));

        await using var third = await RunningSilo.Start(folder);
        Assert.Empty(third.World.RolesOf("a.coordinator"));
        Assert.False(third.World.RolesIn("ruritania").ContainsKey("a.coordinator"));
    }

    [Theory]
    [InlineData("UPDATE {0} SET data = (SELECT data FROM {0} AS other WHERE other.number = {0}.number AND other.id <> {0}.id ORDER BY other.id LIMIT 1) WHERE number = {1}", "data that belong elsewhere")]
    [InlineData("UPDATE {0} SET position = position + 1 WHERE number = {1}", "other positions")]
    [InlineData("UPDATE views SET position = position + 1 WHERE number = {1}", "a mark that was moved")]
    public async Task A_page_of_changed_rows_is_never_served(string change, string what)
    {
        await using var first = await RunningSilo.Start();
        await Restarts.ABusyWeek(first);
        await first.Settle();
        var grain = first.Grains.GetGrain<IFeedGrain>(0);
        var expected = (await grain.Before(new("ruritania"), null, [], 500)).Items.Select(item => item.Position).ToList();
        var folder = await first.Stop();
        await using var silo = await RunningSilo.Start(folder);
        folder.TamperViews(string.Format(null, change, On("items", "view_items"), "(SELECT number FROM views WHERE view = 'feed')"));

        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                // Asked to come back, and the truth afterwards; nothing else in between.
                Assert.Equal(expected, (await silo.Grains.GetGrain<IFeedGrain>(0).Before(new("ruritania"), null, [], 500)).Items.Select(item => item.Position));
                break;
            }
            catch (ViewsBehindException)
            {
                Assert.True(TimeProvider.System.GetElapsedTime(began) < Waiting.Patience, $"After {what} the feed did not come back.");
                await Task.Delay(50, Waiting.Cancellation);
            }
        }

        Assert.True((await silo.Store.Views.Marks(Waiting.Cancellation)).Single(mark => mark.Key.Name == "feed").Value.Generation > 0, $"{what}: nobody noticed.");
    }

    [Fact]
    public async Task What_is_missing_is_found_by_the_walk()
    {
        await using var first = await RunningSilo.Start();
        await Restarts.ABusyWeek(first);
        await first.Settle();
        var folder = await first.Stop();
        await using var store = await RunningSilo.OpenStore(folder);
        var views = SealedViews.Of(store);
        var kinds = ViewRegistration.OfThePlatform.Select(kind => kind.Make()).ToList();
        foreach (var view in kinds) Assert.Null(await views.Check(view, Waiting.Cancellation));

        folder.TamperViews(On("DELETE FROM items WHERE id LIKE 'plan/open-plan %'", "DELETE FROM view_items WHERE id LIKE 'plan/open-plan %'"));
        foreach (var view in kinds) Assert.Equal(view.Name == "feed" ? "feed" : null, (await views.Check(view, Waiting.Cancellation))?.View);
        // It begins anew, and there is nothing wrong with that.
        Assert.Null(await views.Check(kinds.Single(view => view.Name == "feed"), Waiting.Cancellation));
    }

    private static string On(string sqlite, string postgres) => ClusterServers.Wanted ? postgres : sqlite;
}
