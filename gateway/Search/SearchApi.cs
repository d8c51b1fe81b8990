using Coordination.Contracts.Search;
using Coordination.Gateway.Http;

namespace Coordination.Gateway.Search;

public static class SearchApi
{
    public static RouteGroupBuilder MapSearch(this RouteGroupBuilder api)
    {
        api.MapGet("/search", Find).In(Chapter.Search).WithName("search")
            .WithSummary("Bodies, groups, plans with their measures and milestones, and requests by words of their names, titles, codes and subjects").Sorts();
        return api;
    }

    private static async Task<Page<Found>> Find(Named<SearchKind>? kind, [AsParameters] SearchQuery query, HttpContext http, [FromServices] Grains grains) =>
        await grains.Of<ISearchGrain>(0).Find(query.AskedBy(http), kind?.Value, query.PagingFor(http));
}
