using System.Collections.Concurrent;
using Coordination.Contracts.Accounts;
using Coordination.Contracts.Bodies;
using Coordination.Domain.Accounts;
using Coordination.Domain.Bodies;
using Coordination.Domain.Subscriptions;
using Coordination.Host.Search;

namespace Coordination.Host.Views;

/// <summary>
/// The journal folded up to a position, view by view. One thread applies entries in order; any number read. Items are
/// immutable and replaced whole, so a reader never sees half a change. Which of them have changed is remembered until they
/// are stored.
/// </summary>
internal sealed class Folded
{
    private readonly Lock _lock = new();

    /// <summary>Items that are not known to be stored, with the position that changed them last.</summary>
    private readonly Dictionary<(string View, string Id), long> _changed = [];
    private readonly Dictionary<string, Audience> _audiences = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, BodyItem> Bodies { get; } = new(StringComparer.Ordinal);
    public ConcurrentDictionary<string, PlanItem> Plans { get; } = new(StringComparer.Ordinal);
    public ConcurrentDictionary<string, RequestItem> Requests { get; } = new(StringComparer.Ordinal);
    public ConcurrentDictionary<string, GroupItem> Groups { get; } = new(StringComparer.Ordinal);
    public ConcurrentDictionary<string, SubscriptionsState> Subscriptions { get; } = new(StringComparer.Ordinal);
    public ConcurrentDictionary<string, AccountItem> Accounts { get; } = new(StringComparer.Ordinal);

    /// <summary>By body, the accounts that have a role in it.</summary>
    public ConcurrentDictionary<string, ImmutableDictionary<string, Role>> RolesIn { get; } = new(StringComparer.Ordinal);
    public ConcurrentDictionary<string, ImmutableArray<string>> Rapporteurs { get; } = new(StringComparer.Ordinal);
    public ConcurrentDictionary<string, ImmutableList<string>> PlansOf { get; } = new(StringComparer.Ordinal);
    public ConcurrentDictionary<string, ImmutableList<string>> RequestsOf { get; } = new(StringComparer.Ordinal);
    public TopicIndex Topics { get; } = new();
    public SearchIndex Search { get; } = new();

    private readonly Made _plans = new();
    private readonly Made _requests = new();
    private readonly Made _calls = new();
    private readonly Made _groups = new();

    /// <summary>What a body has open.</summary>
    public OpenThings OpenOf(string body, DateTimeOffset now) => new(
        _plans.CountOf(body, now), _requests.CountOf(body, now), _calls.CountOf(body, now), _groups.CountOf(body, now), RolesIn.GetValueOrDefault(body)?.Count ?? 0);

    public long Position { get; private set; }

    /// <summary>Takes in the next entry.</summary>
    public Fact Apply(Entry entry)
    {
        var fact = entry.ToFact();
        var (kind, id) = EntryFacts.Split(entry.Stream);
        lock (_lock)
        {
            switch (kind)
            {
                case "body": ApplyBody(id, entry, fact); break;
                case "account": ApplyAccount(id, entry, fact); break;
                case "plan": Plan(id, PlanItem.Evolve(id, Plans.GetValueOrDefault(id), entry, fact), entry.At, entry.Position); break;
                case "request": Request(id, RequestItem.Evolve(id, Requests.GetValueOrDefault(id), entry, fact), entry.At, entry.Position); break;
                case "group": Group(id, GroupItem.Evolve(id, Groups.GetValueOrDefault(id), entry, fact), entry.At, entry.Position); break;
                case "inbox" when Fact.Evolve(id, Subscriptions.GetValueOrDefault(id), fact) is { } inbox: Keep(StoredViews.Subscriptions, Subscriptions, id, inbox, entry.Position); break;
            }

            Topics.Add(entry.Topics, entry.Position, AudienceOf(entry));
            _changed[(StoredViews.Feed, StoredViews.BlockOf(entry.Position))] = entry.Position;
            Position = entry.Position;
        }

        return fact;
    }

    /// <summary>
    /// Folds what is shown of a stream anew, because texts of it were erased: from all its entries up to here, as they are now.
    /// </summary>
    /// <param name="stream">Its name.</param>
    /// <param name="entries">Its entries, oldest first, up to the position that the views stand at.</param>
    /// <param name="at">Position of the entry that says so.</param>
    public void Refold(string stream, IEnumerable<Entry> entries, long at)
    {
        var (kind, id) = EntryFacts.Split(stream);
        lock (_lock)
        {
            switch (kind)
            {
                case "body" when Fold<BodyItem>(entries, BodyItem.Evolve) is { } item: Keep(StoredViews.Bodies, Bodies, id, item, at); break;
                case "plan" when Fold<PlanItem>(entries, (item, entry, fact) => PlanItem.Evolve(id, item, entry, fact)) is { } item: Keep(StoredViews.Plans, Plans, id, item, at); break;
                case "request" when Fold<RequestItem>(entries, (item, entry, fact) => RequestItem.Evolve(id, item, entry, fact)) is { } item: Keep(StoredViews.Requests, Requests, id, item, at); break;
                case "group" when Fold<GroupItem>(entries, (item, entry, fact) => GroupItem.Evolve(id, item, entry, fact)) is { } item: Keep(StoredViews.Groups, Groups, id, item, at); break;
            }
        }

        static T? Fold<T>(IEnumerable<Entry> entries, Func<T?, Entry, Fact, T?> evolve) where T : class =>
            entries.Aggregate((T?)null, (item, entry) => evolve(item, entry, entry.ToFact()));
    }

    /// <summary>The items that have changed after <paramref name="position"/>, and where all of them stand, of one moment.</summary>
    public (long Position, List<(string View, string Id, object Item)> Items) ChangedAfter(Func<string, long> position)
    {
        lock (_lock)
        {
            var items = new List<(string, string, object)>();
            foreach (var ((view, id), at) in _changed)
                if (at > position(view)) items.Add((view, id, Item(view, id)));
            return (Position, items);
        }
    }

    /// <summary>Everything there is, of one moment.</summary>
    public (long Position, List<(string View, string Id, object Item)> Items) All()
    {
        lock (_lock)
        {
            var items = new List<(string, string, object)>();
            foreach (var view in StoredViews.Names)
                foreach (var id in Ids(view)) items.Add((view, id, Item(view, id)));
            return (Position, items);
        }
    }

    /// <summary>Forgets that items have changed up to where they have been stored.</summary>
    public void Stored(Func<string, long> position)
    {
        lock (_lock)
        {
            foreach (var ((view, id), at) in _changed)
                if (at <= position(view)) _changed.Remove((view, id));
        }
    }

    /// <summary>Takes in what was stored. All views must have been stored at <paramref name="position"/>.</summary>
    public void Load(long position, IReadOnlyDictionary<string, IReadOnlyList<ViewItem>> views, DateTimeOffset now, CancellationToken cancellation = default)
    {
        foreach (var item in views[StoredViews.Bodies])
        {
            var body = ViewJson.Read<BodyItem>(item.Data);
            Bodies[item.Id] = body;
            Search.Changed(item.Id, body);
            NoteRapporteur(item.Id, body.Admitted);
        }

        foreach (var item in views[StoredViews.Accounts])
        {
            var account = ViewJson.Read<AccountItem>(item.Data);
            Accounts[item.Id] = account;
            foreach (var role in account.Roles) NoteRole(role.Body, item.Id, role.Role);
        }

        foreach (var item in views[StoredViews.Plans])
        {
            cancellation.ThrowIfCancellationRequested();
            Plan(item.Id, ViewJson.Read<PlanItem>(item.Data), now, null);
        }

        foreach (var item in views[StoredViews.Requests]) Request(item.Id, ViewJson.Read<RequestItem>(item.Data), now, null);
        foreach (var item in views[StoredViews.Groups]) Group(item.Id, ViewJson.Read<GroupItem>(item.Data), now, null);
        foreach (var item in views[StoredViews.Subscriptions]) Subscriptions[item.Id] = ViewJson.Read<SubscriptionsState>(item.Data);
        var next = 1L;
        foreach (var item in views[StoredViews.Feed].OrderBy(item => item.Id, StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            var block = ViewJson.Read<FeedBlock>(item.Data);
            var audiences = Array.ConvertAll(block.Audiences, Shared);
            foreach (var place in block.Entries)
                Topics.Add(Array.ConvertAll(place.Topics, topic => block.Topics[topic]), next++, audiences[place.Audience]);
        }

        if (next - 1 != position) throw new InvalidDataException($"The stored feed ends at {next - 1} and not at {position}.");
        Position = position;
    }

    private IEnumerable<string> Ids(string view) => view switch
    {
        StoredViews.Bodies => Bodies.Keys,
        StoredViews.Accounts => Accounts.Keys,
        StoredViews.Plans => Plans.Keys,
        StoredViews.Requests => Requests.Keys,
        StoredViews.Groups => Groups.Keys,
        StoredViews.Subscriptions => Subscriptions.Keys,
        _ => Enumerable.Range(0, (int)((Position + TopicIndex.BlockSize - 1) / TopicIndex.BlockSize)).Select(StoredViews.BlockName),
    };

    private object Item(string view, string id) => view switch
    {
        StoredViews.Bodies => Bodies[id],
        StoredViews.Accounts => Accounts[id],
        StoredViews.Plans => Plans[id],
        StoredViews.Requests => Requests[id],
        StoredViews.Groups => Groups[id],
        StoredViews.Subscriptions => Subscriptions[id],
        _ => Topics.Block(StoredViews.NumberOf(id)),
    };

    private void ApplyBody(string id, Entry entry, Fact fact)
    {
        var item = BodyItem.Evolve(Bodies.GetValueOrDefault(id), entry, fact);
        if (item is null) return;
        Keep(StoredViews.Bodies, Bodies, id, item, entry.Position);
        if (fact is BodyAdmitted admitted) NoteRapporteur(id, admitted);
    }

    private void ApplyAccount(string id, Entry entry, Fact fact)
    {
        var before = Accounts.GetValueOrDefault(id);
        var state = Fact.Evolve(id, before?.State, fact);
        if (state is null) return;
        Keep(StoredViews.Accounts, Accounts, id, AccountItem.Of(state), entry.Position);
        if (fact is AccountRoleFact { Body: var body }) NoteRole(body, id, state.RoleIn(body));
    }

    private void Plan(string id, PlanItem item, DateTimeOffset now, long? position)
    {
        _plans.Note(item.Drafted.Body, id, item.DraftedAt, !item.State.IsClosed, now);
        if (Keep(StoredViews.Plans, Plans, id, item, position)) Note(PlansOf, item.Drafted.Body, id);
    }

    private void Group(string id, GroupItem item, DateTimeOffset now, long? position)
    {
        if (item.FormedBy is { } body) _groups.Note(body, id, item.FormedAt, item.State.Members.Contains(body), now);
        Keep(StoredViews.Groups, Groups, id, item, position);
    }

    private void Request(string id, RequestItem item, DateTimeOffset now, long? position)
    {
        _requests.Note(item.Opened.From, id, item.OpenedAt, !item.State.IsTerminal, now);
        if (item.Opened.Region is not null) _calls.Note(item.Opened.From, id, item.OpenedAt, !item.State.IsTerminal, now);
        if (!Keep(StoredViews.Requests, Requests, id, item, position)) return;
        foreach (var body in item.Opened.To.Append(item.Opened.From)) Note(RequestsOf, body, id);
    }

    /// <returns>Whether it is new.</returns>
    private bool Keep<T>(string view, ConcurrentDictionary<string, T> items, string id, T item, long? position)
    {
        var isNew = !items.ContainsKey(id);
        items[id] = item;
        Search.Changed(id, item!);
        if (position is { } at) _changed[(view, id)] = at;
        return isNew;
    }

    private void NoteRole(string body, string account, Role? role)
    {
        var roles = RolesIn.GetValueOrDefault(body, ImmutableDictionary<string, Role>.Empty);
        RolesIn[body] = role is { } taken ? roles.SetItem(account, taken) : roles.Remove(account);
    }

    private void NoteRapporteur(string id, BodyAdmitted admitted)
    {
        if (admitted is { Kind: BodyKind.NationalRapporteur, State: { } state }) Rapporteurs[state] = Rapporteurs.GetValueOrDefault(state, []).Add(id);
    }

    private static void Note(ConcurrentDictionary<string, ImmutableList<string>> index, string key, string id) =>
        index[key] = index.GetValueOrDefault(key, []).Add(id);

    /// <summary>Most entries are for the same few audiences, which are then kept once.</summary>
    private Audience AudienceOf(Entry entry)
    {
        var text = System.Text.Encoding.UTF8.GetString(entry.Audience);
        return _audiences.TryGetValue(text, out var known) ? known : _audiences[text] = FactJson.ReadAudience(entry.Audience);
    }

    private Audience Shared(Audience audience)
    {
        var text = System.Text.Json.JsonSerializer.Serialize(audience, FactJson.Options);
        return _audiences.TryGetValue(text, out var known) ? known : _audiences[text] = audience;
    }
}

/// <summary>The roles of an account, in the order in which it took them first, and the other password that is asked for it.</summary>
internal sealed record AccountItem(ImmutableArray<BodyRole> Roles, bool IsErased, PendingReset? Reset = null)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public AccountState State => IsErased ? new AccountState.Erased() : new AccountState.Open(Roles, Reset);

    public static AccountItem Of(AccountState state) => state is AccountState.Open open ? new(open.Roles, false, open.Reset) : new([], true);
}
