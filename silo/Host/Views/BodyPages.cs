using Coordination.Contracts.Accounts;
using Coordination.Contracts.Bodies;
using Coordination.Contracts.Groups;
using Coordination.Domain.Bodies;
using Coordination.Domain.Groups;
using Coordination.Host.Search;
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

    /// <summary>How many milestones of its plans are late, of those that <paramref name="actor"/> may see.</summary>
    internal int LateOf(string body, Actor actor) => world.PlansOf(body).Where(plan => world.MaySee(plan, actor)).Sum(plans.LateIn);

    /// <summary>How the milestones of some plans stand, pillar by pillar.</summary>
    internal PillarProgress[] ProgressOf(IEnumerable<PlanItem> items) => [.. items
        .SelectMany(plan => MilestonesByDue.Of(plan).Select(row => (row.Measure.Pillar, row.Milestone, Today: plans.Today(plan))))
        .GroupBy(row => row.Pillar).OrderBy(group => group.Key)
        .Select(group => new PillarProgress(group.Key, PlanPages.Count(group.Select(row => (row.Milestone, row.Today)))))];

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
        var words = Finding.Of(world, paging);
        var bodies = (filter.Ids is { } ids ? ids.Distinct().Select(world.BodyItem).OfType<BodyItem>() : world.Bodies)
            .Where(body => (filter.Kind is null || body.Info.Kind == filter.Kind)
                && (filter.State is null || body.Info.State == filter.State)
                && (filter.Exercise is null || body.Info.Exercise == filter.Exercise)
                && (filter.Region is null || body.Info.IsIn(filter.Region))
                && (filter.WithoutCoordinator is null || (pages.CoordinatorsOf(body.Info.Id) == 0) == filter.WithoutCoordinator)
                && words.Find(body));
        var order = new Order<BodyItem, BodySort>(
            "bodies", "name", body => (body.Info.Id, ""),
            (BodySort.Name, null, body => body.Info.Name),
            (BodySort.Kind, body => (int)body.Info.Kind, body => body.Info.Name),
            (BodySort.Late, body => pages.LateOf(body.Info.Id, actor), body => body.Info.Name));
        return Paged.By(bodies, order, filter, paging, body => pages.Brief(body, actor, online.Contains(body.Info.Id)));
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

    public async Task<StateProgress[]?> Progress(Asker asker, string region, string? language)
    {
        await reads.For(asker);
        if (Domain.Regions.NameOf(region) is not { } name) return null;
        var actor = world.Who(asker);
        var alphabet = Alphabet.Of(language);
        var plans = world.Plans.Where(plan => plan.State.State is not null && world.MaySee(plan, actor)).ToLookup(plan => plan.State.State, StringComparer.Ordinal);
        return [.. world.Bodies.Where(body => body.Info is { Kind: BodyKind.State } && body.Info.IsIn(name))
            .Select(body => new StateProgress(new(body.Info.Id, body.Info.Name), body.Info.State, pages.ProgressOf(plans[body.Info.State])))
            .Where(row => row.Pillars.Length > 0)
            .OrderBy(row => row.State.Name, alphabet)
            .ThenBy(row => row.State.Id, StringComparer.Ordinal)];
    }

    private async Task<HashSet<string>> Online() => [.. (await GrainFactory.GetGrain<IPresenceGrain>(0).Get()).Online];
}
