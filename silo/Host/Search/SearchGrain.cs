using Coordination.Contracts.Search;
using Coordination.Host.Views;
using Orleans.Concurrency;

namespace Coordination.Host.Search;

/// <summary>Finds by words whatever has a name, title or subject, as far as somebody may see it.</summary>
public sealed class SearchPages(World world)
{
    /// <summary>The one order there is; it has no name that anybody could ask for.</summary>
    private enum By { Rank }

    private static readonly Order<(Thing Thing, int Missing), By> Order = new(
        "search", "rank", found => (found.Thing.Name.Id, found.Thing.Name.Part),
        (By.Rank, found => (found.Missing * 16) + (int)found.Thing.Name.Kind, found => found.Thing.Title));

    public Page<Found> Find(Actor actor, SearchKind? kind, Paging paging)
    {
        var query = SearchText.QueryOf(paging.Query);
        var plans = new Dictionary<string, bool>(StringComparer.Ordinal);
        var found = world.Search.Find(query).All()
            .Where(one => (kind is null || one.Thing.Name.Kind == kind) && MaySee(one.Thing.Name))
            .Select(one => (one.Thing, query.Count - one.Whole));
        return Paged.By(found, Order, kind, paging with { Sort = null }, one => View(one.Item1));

        bool MaySee(ThingName name)
        {
            switch (name.Kind)
            {
                case SearchKind.Body: return world.BodyItem(name.Id) is not null;
                case SearchKind.Group: return world.Group(name.Id) is not null;
                case SearchKind.Request: return world.Request(name.Id) is { } request && world.MaySee(request, actor);
                default:
                    // A plan's parts are as many as they are, and all of them are for whoever the plan is for.
                    if (!plans.TryGetValue(name.Id, out var maySee)) plans[name.Id] = maySee = world.Plan(name.Id) is { } plan && world.MaySee(plan, actor);
                    return maySee;
            }
        }
    }

    private Found View(Thing thing)
    {
        var (kind, id, part) = thing.Name;
        if (kind is SearchKind.Body && world.BodyItem(id) is { } body) return new(kind, id, null, body.Info.Name, null, null, body.State.Acronym, body.Info.Exercise);
        if (kind is SearchKind.Group) return new(kind, id, null, thing.Title, null, null, null, world.Group(id)?.State.Exercise == true);
        if (kind is SearchKind.Request && world.Request(id) is { } request)
            return new(kind, id, null, thing.Title, request.State.From, world.NameOf(request.State.From), null, request.Opened.Exercise);
        if (world.Plan(id) is not { } plan) return new(kind, id, null, thing.Title, null, null, null, false);
        var code = kind switch
        {
            SearchKind.Plan => plan.Drafted.Code,
            SearchKind.Measure => plan.Measures.FirstOrDefault(measure => measure.Id == part)?.Code,
            _ => plan.MilestoneCodes.GetValueOrDefault(part),
        };
        return new(kind, part.Length > 0 ? part : id, part.Length > 0 ? id : null, thing.Title, plan.State.Body, world.NameOf(plan.State.Body), code, plan.State.Exercise);
    }
}

[StatelessWorker, Reentrant]
public sealed class SearchGrain(World world, SearchPages pages, Views.ReadYourWrites reads) : Grain, ISearchGrain
{
    public async Task<Page<Found>> Find(Asker asker, SearchKind? kind, Paging paging)
    {
        await reads.For(asker);
        return pages.Find(world.Who(asker), kind, paging);
    }
}
