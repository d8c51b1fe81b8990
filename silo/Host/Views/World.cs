using System.Runtime.CompilerServices;
using Coordination.Contracts.Accounts;
using Coordination.Contracts.Feed;
using Coordination.Contracts.Security;
using Coordination.Domain.Accounts;
using Coordination.Domain.Groups;
using Coordination.Domain.Plans;
using Coordination.Domain.Requests;
using Coordination.Domain.Subscriptions;
using Coordination.Host.Accounts;
using Coordination.Host.Relay;
using Coordination.Host.Search;

namespace Coordination.Host.Views;

/// <summary>
/// What lists, pages and rules look things up in: the journal as it is folded at this moment, and who is asking. One thread
/// applies entries in order (<see cref="Apply"/>); any number read.
/// </summary>
public sealed class World : IThings
{
    private readonly PositionWaiter _reached = new();
    private readonly Names _names;
    private readonly TimeProvider _time;
    private volatile Known _now;

    /// <param name="names">How persons are called, which the journal does not know.</param>
    /// <param name="time">What the time is.</param>
    /// <param name="views">What it is made of; by default what the platform has.</param>
    public World(Names names, TimeProvider time, IEnumerable<ViewKind>? views = null)
    {
        (_names, _time) = (names, time);
        _now = new([.. (views ?? ViewRegistration.OfThePlatform).Select(kind => kind.Make())]);
        foreach (var view in Views.OfType<KeptView>()) view.TellTo(Search.Changed);
    }

    /// <summary>What its views keep, by words.</summary>
    public SearchIndex Search { get; } = new();

    /// <summary>It is searched, as the silo's own is; one that is folded for a while to compare is not.</summary>
    public bool IsSearched
    {
        get;
        init
        {
            field = value;
            if (value) Search.Serve();
        }
    }

    public Names Names => _names;

    /// <summary>All views, in the order in which they take in an entry.</summary>
    public ImmutableArray<View> Views => _now.Views;

    /// <summary>Position of the last entry that was applied.</summary>
    public long Position => _reached.Position;

    /// <summary>Why it takes in no further entry, in words for an operator; null while it does.</summary>
    public string? Stopped { get; private set; }

    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>Accounts that were erased.</summary>
    public IEnumerable<string> ErasedAccounts => _now.Accounts.All.Where(account => account.Value.IsErased).Select(account => account.Key);

    public IEnumerable<BodyItem> Bodies => _now.Bodies.Values;
    public IEnumerable<PlanItem> Plans => _now.Plans.Values;
    public IEnumerable<RequestItem> Requests => _now.Requests.Values;
    public IEnumerable<GroupItem> Groups => _now.Groups.Values;

    /// <summary>Every state that waits for clocks, with the name of its stream. A kind of state that has clocks must be among these.</summary>
    public IEnumerable<(string Stream, IWoken State)> States
    {
        get
        {
            // A clock is asked by its grain whether it means anything: a view that has stopped may still wake.
            var views = _now.Views;
            var states = Of<BodiesView>(views).All.Select(pair => ($"body/{pair.Key}", (object)pair.Value.State))
                .Concat(Of<PlansView>(views).All.Select(pair => ($"plan/{pair.Key}", (object)pair.Value.State)))
                .Concat(Of<RequestsView>(views).All.Select(pair => ($"request/{pair.Key}", (object)pair.Value.State)))
                .Concat(Of<GroupsView>(views).All.Select(pair => ($"group/{pair.Key}", (object)pair.Value.State)))
                .Concat(Of<SubscriptionsView>(views).All.Select(pair => ($"inbox/{pair.Key}", (object)pair.Value)));
            foreach (var (stream, state) in states)
                if (state is IWoken woken) yield return (stream, woken);
        }
    }

    /// <summary>A view of this world, to be read.</summary>
    /// <exception cref="ViewsBehindException">It has stopped.</exception>
    public T View<T>() where T : View => Known.Going(Of<T>(_now.Views));

    /// <summary>Plans of one body.</summary>
    public IEnumerable<PlanItem> PlansOf(string body) => _now.Plans.Of(body);

    /// <summary>Requests that a body has sent or is addressed in by name.</summary>
    public IEnumerable<RequestItem> RequestsOf(string body) => _now.Requests.Of(body);

    public BodyItem? BodyItem(string id) => _now.Bodies.Find(id);
    public PlanItem? Plan(string id) => _now.Plans.Find(id);
    public RequestItem? Request(string id) => _now.Requests.Find(id);
    public GroupItem? Group(string id) => _now.Groups.Find(id);

    /// <summary>Bodies of which a subscription wants a fact with this in it.</summary>
    public IReadOnlyCollection<string> SubscribersOf(in Interest interest) => _now.Subscriptions.Subscribers.BodiesThatWant(interest);

    public PlanState? PlanState(string id) => Plan(id)?.State;
    public RequestState? RequestState(string id) => Request(id)?.State;
    public GroupState? GroupState(string id) => Group(id)?.State;
    public SubscriptionsState SubscriptionsOf(string body) => _now.Subscriptions.Find(body) ?? SubscriptionsState.Empty(body);

    /// <summary>Completes when entries up to <paramref name="position"/> are applied, or after <paramref name="within"/>.</summary>
    public Task Reach(long position, TimeSpan within, CancellationToken cancellation = default) => _reached.WaitFor(position, within, _time, cancellation);

    /// <summary>Who an account is when it acts for a body; for null its first one. <see cref="Actor.Nobody"/> when it has no role there.</summary>
    public Actor Who(string account, string? body = null)
    {
        if (account == Actor.Platform.Account) return Actor.Platform;
        if (account == Actor.AdministratorAccount) return body is null ? new(account, null, Role.Administrator) : Actor.Nobody(account);
        foreach (var role in RolesOf(account))
            if (body is null || role.Body == body) return new(account, role.Body, role.Role);
        return Actor.Nobody(account);
    }

    /// <summary>Who asks.</summary>
    public Actor Who(Asker asker)
    {
        ArgumentNullException.ThrowIfNull(asker);
        return Who(asker.Account, asker.Body);
    }

    /// <summary>The other password that is asked for an account; null when none is (any more).</summary>
    public ResetView? ResetOf(string account) => _now.Accounts.Find(account) is { Reset: { } reset } && Now < reset.Until
        ? new(new(reset.Body, NameOf(reset.Body)), AccountNameOf(reset.By), reset.Until, reset.AgreedBy is { } second ? AccountNameOf(second) : null, reset.From)
        : null;

    private AccountName AccountNameOf(string account) => new(account, _names.Of(account)?.DisplayName);

    /// <summary>The roles of an account, in the order in which it took them first.</summary>
    public ImmutableArray<BodyRole> RolesOf(string account) => _now.Accounts.Find(account) is { } item ? item.Roles : [];

    /// <summary>The accounts that have a role in a body.</summary>
    public ImmutableDictionary<string, Role> RolesIn(string body) => _now.Accounts.RolesIn(body);

    /// <summary>How the person behind an account is shown; null for the platform and for an account that was erased.</summary>
    public string? PersonOf(string account) => _names.Of(account)?.DisplayName;

    public BodyInfo? Body(string id) => _now.Bodies.Find(id)?.Info;

    public string NameOf(string body) => _now.Bodies.Find(body)?.Info.Name ?? body;

    public IReadOnlyCollection<string> MembersOf(string group) =>
        _now.Groups.Find(group) is { } item ? item.State.Members : ImmutableHashSet<string>.Empty;

    public IEnumerable<string> BodiesIn(string region) => _now.Bodies.Values.Where(body => body.Info.IsIn(region)).Select(body => body.Info.Id);

    public IEnumerable<string> RapporteursOf(string state) => _now.Bodies.RapporteursOf(state);

    public bool HasMeasure(string plan, string measure, Actor actor) =>
        Plan(plan) is { } item && item.State.Measures.ContainsKey(measure) && MaySee(item, actor);

    public IReadOnlyCollection<string> CoordinatorsOf(string body) =>
        [.. RolesIn(body).Where(role => role.Value is Role.Coordinator).Select(role => role.Key)];

    public OpenThings OpenOf(string body, DateTimeOffset now)
    {
        var known = _now;
        var (requests, calls) = known.Requests.OpenOf(body, now);
        return new(known.Plans.OpenOf(body, now), requests, calls, known.Groups.OpenOf(body, now), known.Accounts.RolesIn(body).Count);
    }

    public OpenThings MostOpen { get; init; } = OpenThings.Most;

    public bool HasGroup(string id) => _now.Groups.Find(id) is not null;

    public bool MaySee(PlanItem plan, Actor actor) =>
        plan.State.Body == actor.Body || Audiences.GetValue(plan.State, static state => state.Audience).Admits(actor, this);

    public bool MaySee(RequestItem request, Actor actor) => request.State.Audience.Admits(actor, this);

    /// <summary>Takes in the next entry. Called by one thread, in order; what is there already is passed over.</summary>
    public Fact? Apply(Entry entry)
    {
        if (entry.Position <= Position) return null;
        var fact = entry.ToFact();
        foreach (var view in Views) view.Take(entry, fact);
        _reached.Advance(entry.Position);
        return fact;
    }

    /// <summary>Takes in nothing more: the next entry cannot be folded by this version. All that is there stays as it is.</summary>
    internal void Stop(string reason) => Stopped = reason;

    /// <summary>Where its views stand from here on. Before the first entry only.</summary>
    internal void Begin(long position) => _reached.Advance(position);

    /// <summary>Goes on with a view that another has folded up to the same position. Called by the thread that applies.</summary>
    internal void Replace(View view)
    {
        if (view.Position != Position) throw new ArgumentException($"It stands at {view.Position} and not at {Position}.", nameof(view));
        var views = Views;
        _now = new(views.SetItem(views.IndexOf(views.Single(one => one.Name == view.Name)), view));
        if (view is KeptView kept) kept.TellTo(Search.Changed);
    }

    /// <summary>Lists ask of thousands of plans, and each may have hundreds of measures whose bodies may see it.</summary>
    private static readonly ConditionalWeakTable<PlanState, Audience> Audiences = [];

    private static T Of<T>(ImmutableArray<View> views) where T : View => views.OfType<T>().Single();

    /// <summary>The views of a moment, the ones that rules ask by name. Whoever reads one that has stopped is asked to come back: it would say what was.</summary>
    private sealed class Known(ImmutableArray<View> views)
    {
        private readonly BodiesView _bodies = Of<BodiesView>(views);
        private readonly AccountsView _accounts = Of<AccountsView>(views);
        private readonly PlansView _plans = Of<PlansView>(views);
        private readonly RequestsView _requests = Of<RequestsView>(views);
        private readonly GroupsView _groups = Of<GroupsView>(views);
        private readonly SubscriptionsView _subscriptions = Of<SubscriptionsView>(views);

        public ImmutableArray<View> Views => views;
        public BodiesView Bodies => Going(_bodies);
        public AccountsView Accounts => Going(_accounts);
        public PlansView Plans => Going(_plans);
        public RequestsView Requests => Going(_requests);
        public GroupsView Groups => Going(_groups);
        public SubscriptionsView Subscriptions => Going(_subscriptions);

        public static T Going<T>(T view) where T : View => view.Fault is null ? view : throw new ViewsBehindException();
    }
}
