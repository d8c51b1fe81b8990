using Coordination.Contracts.Search;
using Coordination.Host.Views;

namespace Coordination.Host.Search;

/// <summary>
/// What a list is searched by. Each word of the query must be found in what the reader sees of an item in the list: in its own texts, or in those of
/// the plan and the bodies that stand beside it.
/// </summary>
internal sealed class Finding
{
    private readonly SearchIndex.Finds? _finds;

    private Finding(SearchIndex.Finds? finds) => _finds = finds;

    /// <param name="paging">Of which the query is looked at. A blank one finds everything, one without a letter or digit nothing.</param>
    public static Finding Of(World world, Paging paging) =>
        string.IsNullOrWhiteSpace(paging.Query) ? new(null) : new(world.Search.Find(SearchText.QueryOf(paging.Query)));

    public bool Find(BodyItem body) => _finds is null || _finds.Has(Body(body.Info.Id));

    public bool Find(GroupItem group) => _finds is null || _finds.Has(new ThingName(SearchKind.Group, group.State.Id));

    public bool Find(PlanItem plan) => _finds is null || _finds.Has(Plan(plan), Body(plan.State.Body));

    public bool Find(PlanItem plan, string milestone) =>
        _finds is null || _finds.Has(new ThingName(SearchKind.Milestone, plan.State.Id, milestone), Plan(plan), Body(plan.State.Body));

    public bool Find(RequestItem request) =>
        _finds is null || _finds.Has([new ThingName(SearchKind.Request, request.State.Id), Body(request.State.From), .. request.State.To.Select(Body)]);

    private static ThingName Plan(PlanItem plan) => new(SearchKind.Plan, plan.State.Id);

    private static ThingName Body(string id) => new(SearchKind.Body, id);
}
