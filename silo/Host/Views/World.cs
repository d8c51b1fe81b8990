using System.Collections.Concurrent;
using Coordination.Contracts.Accounts;
using Coordination.Contracts.Bodies;
using Coordination.Domain.Bodies;
using Coordination.Domain.Plans;
using Coordination.Domain.Requests;
using Coordination.Domain.Subscriptions;

namespace Coordination.Host.Views;

/// <summary>
/// The journal folded into what lists, pages and rules look things up in. One thread applies entries in order
/// (<c>Apply</c>); any number read. Items are immutable and replaced whole, so a reader never sees half a change.
/// Disposable: it is built from the journal at each start.
/// </summary>
public sealed class World(bool demonstration, TimeProvider time) : IDirectory
{
    private readonly ConcurrentDictionary<string, BodyItem> _bodies = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, PlanItem> _plans = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, RequestItem> _requests = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, GroupItem> _groups = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SubscriptionsState> _subscriptions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Body, Role? Role)> _accounts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ImmutableArray<string>> _rapporteurs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ImmutableList<string>> _plansOf = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ImmutableList<string>> _requestsOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Audience> _audiences = new(StringComparer.Ordinal);
    private readonly PositionGate _gate = new();

    public TopicIndex Topics { get; } = new();

    /// <summary>Position of the last entry that was applied.</summary>
    public long Position => _gate.Position;

    public DateTimeOffset Now => time.GetUtcNow();

    public IEnumerable<BodyItem> Bodies => _bodies.Values;
    public IEnumerable<PlanItem> Plans => _plans.Values;
    public IEnumerable<RequestItem> Requests => _requests.Values;
    public IEnumerable<GroupItem> Groups => _groups.Values;
    public IEnumerable<KeyValuePair<string, SubscriptionsState>> Subscriptions => _subscriptions;

    /// <summary>Plans of one body.</summary>
    public IEnumerable<PlanItem> PlansOf(string body) => _plansOf.GetValueOrDefault(body, []).Select(id => _plans[id]);

    /// <summary>Requests that a body has sent or is addressed in by name.</summary>
    public IEnumerable<RequestItem> RequestsOf(string body) => _requestsOf.GetValueOrDefault(body, []).Select(id => _requests[id]);

    public BodyItem? BodyItem(string id) => _bodies.GetValueOrDefault(id);
    public PlanItem? Plan(string id) => _plans.GetValueOrDefault(id);
    public RequestItem? Request(string id) => _requests.GetValueOrDefault(id);
    public GroupItem? Group(string id) => _groups.GetValueOrDefault(id);
    public SubscriptionsState SubscriptionsOf(string body) => _subscriptions.GetValueOrDefault(body, SubscriptionsState.Empty);

    /// <summary>Completes when entries up to <paramref name="position"/> are applied, or after <paramref name="within"/>.</summary>
    public Task Reach(long position, TimeSpan within, CancellationToken cancellation = default) => _gate.Reach(position, within, time, cancellation);

    /// <summary>Whom an account speaks for now.</summary>
    public Actor Who(string account)
    {
        if (account == Actor.Platform.Account) return Actor.Platform;
        if (account == Actor.AdministratorAccount) return new(account, null, Role.Administrator);
        if (demonstration && _bodies.ContainsKey(account)) return new(account, account, Role.Coordinator);
        return _accounts.TryGetValue(account, out var own) && own.Role is { } role ? new(account, own.Body, role) : Actor.Nobody(account);
    }

    public BodyInfo? Body(string id) => _bodies.GetValueOrDefault(id)?.Info;

    public string NameOf(string body) => _bodies.GetValueOrDefault(body)?.Info.Name ?? body;

    public IReadOnlyCollection<string> MembersOf(string group) =>
        _groups.TryGetValue(group, out var item) ? item.State.Members : ImmutableHashSet<string>.Empty;

    public IEnumerable<string> BodiesIn(string region) => _bodies.Values.Where(body => body.Info.IsIn(region)).Select(body => body.Info.Id);

    public IEnumerable<string> RapporteursOf(string state) => _rapporteurs.GetValueOrDefault(state, []);

    public bool HasMeasure(string plan, string measure, Actor actor) =>
        Plan(plan) is { } item && item.State.Measures.ContainsKey(measure) && MaySee(item, actor);

    public string? BodyOf(string account) => Who(account).Body ?? (_accounts.TryGetValue(account, out var own) ? own.Body : null);

    public bool HasGroup(string id) => _groups.ContainsKey(id);

    public bool MaySee(PlanItem plan, Actor actor) => plan.State.Audience.Admits(actor, this) || plan.State.Body == actor.Body;

    public bool MaySee(RequestItem request, Actor actor) => request.State.Audience.Admits(actor, this);

    /// <summary>Takes in the next entry. Called by one thread, in order; what is there already is passed over.</summary>
    public Fact? Apply(Entry entry)
    {
        if (entry.Position <= Position) return null;
        var fact = FactJson.Read(entry.Fact, entry.Form, entry.Data);
        var slash = entry.Stream.IndexOf('/', StringComparison.Ordinal);
        var (kind, id) = (entry.Stream[..slash], entry.Stream[(slash + 1)..]);
        switch (kind)
        {
            case "body": Apply(id, entry, fact); break;
            case "plan":
                _plans[id] = PlanItem.Evolve(id, Plan(id), entry, fact);
                if (fact is PlanDrafted drafted) Note(_plansOf, drafted.Body, id);
                break;
            case "request":
                _requests[id] = RequestItem.Evolve(id, Request(id), entry, fact);
                if (fact is RequestOpened opened)
                    foreach (var body in opened.To.Append(opened.From)) Note(_requestsOf, body, id);
                break;
            case "group": _groups[id] = GroupItem.Evolve(id, Group(id), entry, fact); break;
            case "inbox": _subscriptions[id] = SubscriptionsState.Evolve(SubscriptionsOf(id), fact); break;
        }

        Topics.Add(entry.Topics, entry.Position, AudienceOf(entry));
        _gate.Advance(entry.Position);
        return fact;
    }

    /// <summary>Most entries are for the same few audiences, which are then kept once.</summary>
    private Audience AudienceOf(Entry entry)
    {
        var text = System.Text.Encoding.UTF8.GetString(entry.Audience);
        return _audiences.TryGetValue(text, out var known) ? known : _audiences[text] = Teller.AudienceOf(entry);
    }

    private static void Note(ConcurrentDictionary<string, ImmutableList<string>> index, string key, string id) =>
        index[key] = index.GetValueOrDefault(key, []).Add(id);

    private void Apply(string id, Entry entry, Fact fact)
    {
        var item = Views.BodyItem.Evolve(_bodies.GetValueOrDefault(id), entry, fact);
        if (item is null) return;
        _bodies[id] = item;
        switch (fact)
        {
            case BodyAdmitted { Kind: BodyKind.NationalRapporteur, State: { } state }:
                _rapporteurs[state] = _rapporteurs.GetValueOrDefault(state, []).Add(id);
                break;
            // An account stays with the body that took it in first, also when it has no role any more: whoever once had its
            // password can then never come to speak for another body.
            case BodyRoleGranted it when !_accounts.TryGetValue(it.Account, out var own) || own.Body == id:
                _accounts[it.Account] = (id, it.Role);
                break;
            case BodyRoleRevoked it when _accounts.TryGetValue(it.Account, out var own) && own.Body == id:
                _accounts[it.Account] = (id, null);
                break;
        }
    }
}
