using Coordination.Contracts.Accounts;
using Coordination.Contracts.Bodies;
using Coordination.Contracts.Groups;
using Coordination.Domain.Bodies;
using Coordination.Domain.Groups;
using Orleans.Concurrency;

namespace Coordination.Host.Views;

/// <summary>What lists and pages say of bodies, to someone.</summary>
public sealed class BodyPages(World world, PlanPages plans, LeftOpenPages left)
{
    public BodyView Brief(BodyItem item, Actor actor, bool online) => Fill(new BodyView
    {
        Id = item.Info.Id,
        Kind = item.Info.Kind,
        Name = item.Info.Name,
        Exercise = item.Info.Exercise,
        Version = item.Version,
        Status = StatusOf(item.Info.Id, actor, online),
        Coordinators = actor.Administers ? CoordinatorsOf(item.Info.Id) : null,
    }, item);

    public BodyDetail Detail(BodyItem item, Actor actor, bool online)
    {
        var id = item.Info.Id;
        var members = item.Admitted.Members.ToList();
        IEnumerable<Term> chairs = item.Admitted.Chairs;
        // A body that is also a group has the members and the chair that the group has now.
        if (world.Group(id) is { } group) (members, chairs) = ([.. group.State.Members.Order(StringComparer.Ordinal)], group.State.Chairs);
        var isOwn = actor.Body == id;
        return (BodyDetail)Fill(new BodyDetail
        {
            Id = id,
            Kind = item.Info.Kind,
            Name = item.Info.Name,
            Exercise = item.Info.Exercise,
            Version = item.Version,
            Status = StatusOf(id, actor, online),
            IntermediateRegion = item.Info.IntermediateRegion,
            ParentRelation = item.Admitted.ParentRelation,
            LegalBasis = item.LegalBasis,
            TimeZone = item.State.TimeZone,
            Note = item.Admitted.Note,
            Source = item.Admitted.Source,
            Members = [.. members.Select(member => new BodyName(member, world.NameOf(member)))],
            Children = [.. world.Bodies.Where(body => body.Admitted.Parent == id).OrderBy(body => body.Info.Name, StringComparer.Ordinal).Select(body => new BodyName(body.Info.Id, body.Info.Name))],
            Chairs = [.. chairs.Select(term => term.ToContract())],
            FocalPoints = [.. item.FocalPoints],
            Facts = [.. item.Facts],
            Agreements = [.. item.Agreements],
            People = isOwn || actor.Administers ? People(id) : [],
            Verbs = BodyRules.Verbs.Allowed(item.State, new(actor, world.Now, world)),
            IdleMinutes = isOwn || actor.Administers ? item.State.IdleMinutes ?? SessionTimes.LongestIdle : null,
            LeftOpen = isOwn ? left.Of(id, actor) : [],
            Coordinators = isOwn || actor.Administers ? CoordinatorsOf(id) : null,
        }, item);
    }

    public int CoordinatorsOf(string body) => world.CoordinatorsOf(body).Count;

    private Person[] People(string body) => [.. world.RolesIn(body)
        .Select(role => (Account: role.Key, Names: world.Names.Of(role.Key), Role: role.Value))
        .OrderBy(person => person.Names?.DisplayName, StringComparer.Ordinal).ThenBy(person => person.Account, StringComparer.Ordinal)
        .Select(person => new Person(person.Account, person.Names?.SignInName, person.Names?.DisplayName, person.Role, person.Names?.IsTaken is false, world.ResetOf(person.Account) is { } reset && reset.Body.Id == body ? reset : null))];

    private static BodyView Fill(BodyView view, BodyItem item) => view with
    {
        Acronym = item.State.Acronym,
        State = item.Info.State,
        Region = item.Info.Region,
        Subregion = item.Info.Subregion,
        M49 = item.Admitted.M49,
        Parent = item.Admitted.Parent,
        Category = item.Admitted.Category,
    };

    /// <summary>Counts only what <paramref name="actor"/> may see: a number tells as much as a list.</summary>
    private BodyStatus StatusOf(string body, Actor actor, bool online)
    {
        var (count, milestones) = plans.CountsOf(body, actor);
        var open = world.RequestsOf(body).Count(request => !request.State.IsTerminal && world.MaySee(request, actor));
        return new(count, milestones, open, online);
    }
}

[StatelessWorker, Reentrant]
public sealed class BodyViewsGrain(World world, BodyPages pages, ReadYourWrites reads) : Grain, IBodyViewsGrain
{
    public async Task<Page<BodyView>?> List(Asker asker, BodyFilter filter, Paging paging)
    {
        await reads.For(asker);
        var actor = world.Who(asker);
        if (filter.WithoutCoordinator is not null && !actor.Administers) return null;
        var online = await Online();
        var bodies = world.Bodies
            .Where(body => (filter.Kind is null || body.Info.Kind == filter.Kind)
                && (filter.State is null || body.Info.State == filter.State)
                && (filter.Region is null || body.Info.IsIn(filter.Region))
                && (filter.WithoutCoordinator is null || (pages.CoordinatorsOf(body.Info.Id) == 0) == filter.WithoutCoordinator)
                && (filter.Text is null || Has(body, filter.Text)))
            .OrderBy(body => body.Info.Id, StringComparer.Ordinal);
        return Paged.By(bodies, body => body.Info.Id, paging, body => pages.Brief(body, actor, online.Contains(body.Info.Id)));
    }

    public async Task<BodyDetail?> Get(Asker asker, string id)
    {
        await reads.For(asker);
        return world.BodyItem(id) is { } item ? pages.Detail(item, world.Who(asker), (await Online()).Contains(id)) : null;
    }

    public async Task<RegionView[]> Regions(Asker asker, bool all = false)
    {
        await reads.For(asker);
        var bodies = world.Bodies.ToList();
        return [.. Domain.Regions.All
            .Select(region => new RegionView(region.Code, region.Name, region.Parent, bodies.Count(body => body.Info.IsIn(region.Name))))
            .Where(region => all || region.Bodies > 0)];
    }

    private static bool Has(BodyItem body, string text) =>
        body.Info.Name.Contains(text, StringComparison.OrdinalIgnoreCase) || body.Info.Id.Contains(text, StringComparison.OrdinalIgnoreCase)
        || body.State.Acronym?.Contains(text, StringComparison.OrdinalIgnoreCase) == true;

    private async Task<HashSet<string>> Online() => [.. (await GrainFactory.GetGrain<IPresenceGrain>(0).Get()).Online];
}
