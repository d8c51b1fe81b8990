using System.Text.Json;
using Coordination.Contracts.Feed;

namespace Coordination.Silo.Tests.Running;

/// <summary>All that viewers are shown, as text, to be compared.</summary>
internal static class Shown
{
    public static async Task<Dictionary<string, string>> To(this RunningSilo silo, params string[] viewers)
    {
        await silo.Settle();
        var shown = new Dictionary<string, string>();
        foreach (var viewer in viewers)
        {
            var asker = new Asker(viewer);
            void Note(string what, object? view) => shown[$"{viewer}: {what}"] = JsonSerializer.Serialize(view, FactJson.Options);
            var bodies = await All(async paging => (await silo.Grains.GetGrain<IBodyViewsGrain>(0).List(asker, new(), paging))!);
            Note("bodies", bodies);
            foreach (var body in bodies) Note($"body {body.Id}", await silo.Grains.GetGrain<IBodyViewsGrain>(0).Get(asker, body.Id));
            Note("regions", await silo.Grains.GetGrain<IBodyViewsGrain>(0).Regions(asker));
            var plans = await All(paging => silo.Grains.GetGrain<IPlanViewsGrain>(0).List(asker, new(), paging));
            Note("plans", plans);
            foreach (var plan in plans)
            {
                Note($"plan {plan.Id}", await silo.Grains.GetGrain<IPlanViewsGrain>(0).Get(asker, plan.Id));
                Note($"measures {plan.Id}", await All(async paging => (await silo.Grains.GetGrain<IPlanViewsGrain>(0).Measures(asker, plan.Id, null, paging))!));
            }

            var milestones = await All(paging => silo.Grains.GetGrain<IPlanViewsGrain>(0).Milestones(asker, new(), paging));
            Note("milestones", milestones);
            foreach (var milestone in milestones)
                Note($"reports {milestone.Plan}/{milestone.Id}", await All(async paging => (await silo.Grains.GetGrain<IPlanViewsGrain>(0).Reports(asker, milestone.Plan, milestone.Id, paging))!));
            var requests = await All(paging => silo.Grains.GetGrain<IRequestViewsGrain>(0).List(asker, new(), paging));
            Note("requests", requests);
            foreach (var request in requests) Note($"request {request.Id}", await silo.Grains.GetGrain<IRequestViewsGrain>(0).Get(asker, request.Id));
            var groups = await All(paging => silo.Grains.GetGrain<IGroupViewsGrain>(0).List(asker, paging));
            Note("groups", groups);
            foreach (var group in groups) Note($"updates {group.Id}", await All(async paging => (await silo.Grains.GetGrain<IGroupViewsGrain>(0).Updates(asker, group.Id, paging))!));
            Note("subscriptions", await All(paging => silo.Grains.GetGrain<ISubscriptionViewsGrain>(0).List(asker, paging)));
            Note("inbox", await silo.Inbox(viewer).Read(asker, new(Limit: 500)));
            Note("feed", await silo.Grains.GetGrain<IFeedGrain>(0).After(asker, 0, [], 500));
        }

        return shown;
    }

    public static void AssertSame(Dictionary<string, string> expected, Dictionary<string, string> actual)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        Assert.All(expected, pair => Assert.Equal(pair.Value, actual[pair.Key]));
    }

    private static async Task<List<T>> All<T>(Func<Paging, Task<Page<T>>> list)
    {
        var items = new List<T>();
        string? cursor = null;
        do
        {
            var page = await list(new(cursor, 7));
            items.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        return items;
    }
}
