using Coordination.Contracts.Accounts;
using Coordination.Contracts.Security;
using Coordination.Domain.Accounts;
using Coordination.Domain.Subscriptions;
using Coordination.Host.Accounts;
using Coordination.Host.Search;

namespace Coordination.Host.Views;

/// <summary>
/// What lists, pages and rules look things up in: the journal as it is folded at this moment, and who is asking. One thread
/// applies entries in order (<see cref="Apply"/>); any number read.
/// </summary>
/// <param name="names">How persons are called, which the journal does not know.</param>
public sealed class World(Names names, TimeProvider time) : IDirectory
{
    private readonly PositionWaiter _reached = new();
    private volatile Folded _now = new();

    public TopicIndex Topics => _now.Topics;

    public SearchIndex Search => _now.Search;

    /// <summary>It is searched, as the silo's own is; one that is folded for a while to compare is not.</summary>
    public bool IsSearched
    {
        get;
        init
        {
            field = value;
            if (value) _now.Search.Serve();
        }
    }

    public Names Names => names;

    /// <summary>Position of the last entry that was applied.</summary>
    public long Position => _reached.Position;

    /// <summary>Why it takes in no further entry, in words for an operator; null while it does.</summary>
    public string? Stopped { get; private set; }

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Accounts that were erased.</summary>
    public IEnumerable<string> ErasedAccounts => _now.Accounts.Where(account => account.Value.IsErased).Select(account => account.Key);

    public IEnumerable<BodyItem> Bodies => _now.Bodies.Values;
    public IEnumerable<PlanItem> Plans => _now.Plans.Values;
    public IEnumerable<RequestItem> Requests => _now.Requests.Values;
    public IEnumerable<GroupItem> Groups => _now.Groups.Values;
    public IEnumerable<KeyValuePair<string, SubscriptionsState>> Subscriptions => _now.Subscriptions;

    /// <summary>Every state that waits for clocks, with the name of its stream. A kind of state that has clocks must be among these.</summary>
    public IEnumerable<(string Stream, IWoken State)> States
    {
        get
        {
            var now = _now;
            var states = now.Bodies.Select(pair => ($"body/{pair.Key}", (object)pair.Value.State))
                .Concat(now.Plans.Select(pair => ($"plan/{pair.Key}", (object)pair.Value.State)))
                .Concat(now.Requests.Select(pair => ($"request/{pair.Key}", (object)pair.Value.State)))
                .Concat(now.Groups.Select(pair => ($"group/{pair.Key}", (object)pair.Value.State)))
                .Concat(now.Subscriptions.Select(pair => ($"inbox/{pair.Key}", (object)pair.Value)));
            foreach (var (stream, state) in states)
                if (state is IWoken woken) yield return (stream, woken);
        }
    }

    /// <summary>What is stored of it.</summary>
    internal Folded Folded => _now;

    /// <summary>Plans of one body.</summary>
    public IEnumerable<PlanItem> PlansOf(string body) => _now is var now ? now.PlansOf.GetValueOrDefault(body, []).Select(id => now.Plans[id]) : [];

    /// <summary>Requests that a body has sent or is addressed in by name.</summary>
    public IEnumerable<RequestItem> RequestsOf(string body) => _now is var now ? now.RequestsOf.GetValueOrDefault(body, []).Select(id => now.Requests[id]) : [];

    public BodyItem? BodyItem(string id) => _now.Bodies.GetValueOrDefault(id);
    public PlanItem? Plan(string id) => _now.Plans.GetValueOrDefault(id);
    public RequestItem? Request(string id) => _now.Requests.GetValueOrDefault(id);
    public GroupItem? Group(string id) => _now.Groups.GetValueOrDefault(id);
    public SubscriptionsState SubscriptionsOf(string body) => _now.Subscriptions.GetValueOrDefault(body) ?? SubscriptionsState.Empty(body);

    /// <summary>Completes when entries up to <paramref name="position"/> are applied, or after <paramref name="within"/>.</summary>
    public Task Reach(long position, TimeSpan within, CancellationToken cancellation = default) => _reached.WaitFor(position, within, time, cancellation);

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
    public ResetView? ResetOf(string account) => _now.Accounts.TryGetValue(account, out var item) && item.Reset is { } reset && Now < reset.Until
        ? new(new(reset.Body, NameOf(reset.Body)), AccountNameOf(reset.By), reset.Until, reset.AgreedBy is { } second ? AccountNameOf(second) : null, reset.From)
        : null;

    private AccountName AccountNameOf(string account) => new(account, names.Of(account)?.DisplayName);

    /// <summary>The roles of an account, in the order in which it took them first.</summary>
    public ImmutableArray<BodyRole> RolesOf(string account) => _now.Accounts.TryGetValue(account, out var item) ? item.Roles : [];

    /// <summary>The accounts that have a role in a body.</summary>
    public ImmutableDictionary<string, Role> RolesIn(string body) => _now.RolesIn.GetValueOrDefault(body, ImmutableDictionary<string, Role>.Empty);

    /// <summary>How the person behind an account is shown; null for the platform and for an account that was erased.</summary>
    public string? PersonOf(string account) => names.Of(account)?.DisplayName;

    public BodyInfo? Body(string id) => _now.Bodies.GetValueOrDefault(id)?.Info;

    public string NameOf(string body) => _now.Bodies.GetValueOrDefault(body)?.Info.Name ?? body;

    public IReadOnlyCollection<string> MembersOf(string group) =>
        _now.Groups.TryGetValue(group, out var item) ? item.State.Members : ImmutableHashSet<string>.Empty;

    public IEnumerable<string> BodiesIn(string region) => _now.Bodies.Values.Where(body => body.Info.IsIn(region)).Select(body => body.Info.Id);

    public IEnumerable<string> RapporteursOf(string state) => _now.Rapporteurs.GetValueOrDefault(state, []);

    public bool HasMeasure(string plan, string measure, Actor actor) =>
        Plan(plan) is { } item && item.State.Measures.ContainsKey(measure) && MaySee(item, actor);

    public IReadOnlyCollection<string> CoordinatorsOf(string body) =>
        [.. RolesIn(body).Where(role => role.Value is Role.Coordinator).Select(role => role.Key)];

    public OpenThings OpenOf(string body, DateTimeOffset now) => _now.OpenOf(body, now);

    public OpenThings MostOpen { get; init; } = OpenThings.Most;

    public bool HasGroup(string id) => _now.Groups.ContainsKey(id);

    public bool MaySee(PlanItem plan, Actor actor) => plan.State.Audience.Admits(actor, this) || plan.State.Body == actor.Body;

    public bool MaySee(RequestItem request, Actor actor) => request.State.Audience.Admits(actor, this);

    /// <summary>Takes in the next entry. Called by one thread, in order; what is there already is passed over.</summary>
    public Fact? Apply(Entry entry)
    {
        if (entry.Position <= Position) return null;
        var fact = _now.Apply(entry);
        _reached.Advance(entry.Position);
        return fact;
    }

    /// <summary>Folds anew what is shown of a stream of which texts were erased. Called by the thread that applies, before the entry that says so.</summary>
    internal void Refold(string stream, IEnumerable<Entry> entries, long at) => _now.Refold(stream, entries, at);

    /// <summary>Takes in nothing more: the next entry cannot be folded by this version. All that is there stays as it is.</summary>
    internal void Stop(string reason) => Stopped = reason;

    /// <summary>Begins with what was stored instead of an empty journal. Before the first entry only.</summary>
    internal void Begin(long position, IReadOnlyDictionary<string, IReadOnlyList<ViewItem>> stored, CancellationToken cancellation = default)
    {
        var folded = new Folded();
        folded.Load(position, stored, Now, cancellation);
        _now = folded;
        if (IsSearched) folded.Search.Serve();
        _reached.Advance(position);
    }

    /// <summary>Goes on with what another has folded up to the same position. Called by the thread that applies.</summary>
    internal void Replace(World other)
    {
        if (other.Position != Position) throw new ArgumentException($"It stands at {other.Position} and not at {Position}.", nameof(other));
        _now = other._now;
        if (IsSearched) _now.Search.Serve();
    }
}
