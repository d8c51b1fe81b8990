using Coordination.Contracts.Accounts;
using Coordination.Contracts.Bodies;
using Coordination.Domain.Accounts;
using Coordination.Domain.Bodies;
using Coordination.Domain.Groups;
using Coordination.Domain.Plans;
using Coordination.Domain.Requests;
using Coordination.Domain.Subscriptions;
using Coordination.Host.Views;

namespace Coordination.Host.Relay;

/// <summary>Things as rules know them at one moment: all that says whom a change is for and whose inbox it belongs in.</summary>
public interface IThings : IDirectory
{
    PlanState? PlanState(string id);

    RequestState? RequestState(string id);

    GroupState? GroupState(string id);

    /// <summary>Bodies of which a subscription wants a fact with this in it.</summary>
    IReadOnlyCollection<string> SubscribersOf(in Interest interest);
}

/// <summary>
/// Things as they were at an earlier position, for the messages of that time: states without texts, and nothing of what only pages show, so that a
/// second fold of the journal takes a small part of what the views take. One thread at a time.
/// </summary>
internal sealed class Things : IThings
{
    private readonly Dictionary<string, BodyItem> _bodies = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AccountState> _accounts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PlanState> _plans = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RequestState> _requests = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GroupState> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SubscriptionsState> _inboxes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _coordinators = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _rapporteurs = new(StringComparer.Ordinal);
    private readonly SubscriptionIndex _subscribers = new();

    /// <summary>Position of the last entry that they know.</summary>
    public long Position { get; private set; }

    /// <summary>As views have them now; the two are apart from then on.</summary>
    public static Things Of(World world)
    {
        var things = new Things();
        foreach (var (id, body) in world.View<BodiesView>().All) things.Keep(id, body);
        foreach (var (id, account) in world.View<AccountsView>().All) things.Keep(id, account.State);
        foreach (var (id, plan) in world.View<PlansView>().All) things._plans[id] = plan.State;
        foreach (var (id, request) in world.View<RequestsView>().All) things._requests[id] = request.State;
        foreach (var (id, group) in world.View<GroupsView>().All) things._groups[id] = group.State;
        foreach (var (id, inbox) in world.View<SubscriptionsView>().All) things.Keep(id, inbox);
        things.Position = world.Position;
        return things;
    }

    /// <summary>Takes in the next entry.</summary>
    public Fact Apply(Entry entry)
    {
        if (entry.Position != Position + 1) throw new ArgumentOutOfRangeException(nameof(entry), entry.Position, $"After {Position} comes the next one.");
        var fact = entry.ToFact();
        var (kind, id) = EntryFacts.Split(entry.Stream);
        switch (kind)
        {
            case "body" when BodyItem.Evolve(_bodies.GetValueOrDefault(id), entry, fact) is { } body: Keep(id, body); break;
            case "account" when Fact.Evolve(id, _accounts.GetValueOrDefault(id), fact) is { } account: Keep(id, account); break;
            case "plan" when Fact.Evolve(id, _plans.GetValueOrDefault(id), fact) is { } plan: _plans[id] = plan; break;
            case "request" when Fact.Evolve(id, _requests.GetValueOrDefault(id), fact) is { } request: _requests[id] = request; break;
            case "group" when Fact.Evolve(id, _groups.GetValueOrDefault(id), fact) is { } group: _groups[id] = group; break;
            case "inbox" when Fact.Evolve(id, _inboxes.GetValueOrDefault(id), fact) is { } inbox: Keep(id, inbox); break;
        }

        Position = entry.Position;
        return fact;
    }

    public PlanState? PlanState(string id) => _plans.GetValueOrDefault(id);
    public RequestState? RequestState(string id) => _requests.GetValueOrDefault(id);
    public GroupState? GroupState(string id) => _groups.GetValueOrDefault(id);
    public IReadOnlyCollection<string> SubscribersOf(in Interest interest) => _subscribers.BodiesThatWant(interest);

    public BodyInfo? Body(string id) => _bodies.GetValueOrDefault(id)?.Info;
    public IReadOnlyCollection<string> MembersOf(string group) => _groups.TryGetValue(group, out var state) ? state.Members : ImmutableHashSet<string>.Empty;
    public IEnumerable<string> BodiesIn(string region) => _bodies.Values.Where(body => body.Info.IsIn(region)).Select(body => body.Info.Id);
    public IEnumerable<string> RapporteursOf(string state) => _rapporteurs.GetValueOrDefault(state, []);
    public IReadOnlyCollection<string> CoordinatorsOf(string body) => _coordinators.TryGetValue(body, out var accounts) ? accounts : ImmutableHashSet<string>.Empty;
    public bool HasGroup(string id) => _groups.ContainsKey(id);

    /// <summary>Only who decides asks this, and nothing is decided here.</summary>
    public OpenThings OpenOf(string body, DateTimeOffset now) => throw new NotSupportedException("Nothing is decided on things as they were.");

    /// <inheritdoc cref="OpenOf"/>
    public bool HasMeasure(string plan, string measure, Actor actor) => throw new NotSupportedException("Nothing is decided on things as they were.");

    private void Keep(string id, BodyItem body)
    {
        // What only pages show of a body grows with its profile; of a plan it is not kept at all.
        if (!_bodies.ContainsKey(id) && body.Admitted is { Kind: BodyKind.NationalRapporteur, State: { } state })
        {
            if (!_rapporteurs.TryGetValue(state, out var others)) _rapporteurs[state] = others = [];
            others.Add(id);
        }

        _bodies[id] = body;
    }

    private void Keep(string id, AccountState account)
    {
        foreach (var role in RolesOf(_accounts.GetValueOrDefault(id)))
            if (role.Role is Role.Coordinator) _coordinators[role.Body].Remove(id);
        _accounts[id] = account;
        foreach (var role in RolesOf(account))
        {
            if (role.Role is not Role.Coordinator) continue;
            if (!_coordinators.TryGetValue(role.Body, out var others)) _coordinators[role.Body] = others = new(StringComparer.Ordinal);
            others.Add(id);
        }
    }

    private void Keep(string id, SubscriptionsState inbox)
    {
        _subscribers.Update(_inboxes.GetValueOrDefault(id), inbox);
        _inboxes[id] = inbox;
    }

    private static ImmutableArray<BodyRole> RolesOf(AccountState? account) => account is AccountState.Open open ? open.Roles : [];
}
