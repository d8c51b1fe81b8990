using Coordination.Contracts.Requests;
using Coordination.Contracts.Subscriptions;

namespace Coordination.Domain.Subscriptions;

/// <summary>
/// Who subscribes what, as an inverted index. A subscription is filed under what it is about, the places that it asks for, and the kinds, pillars or
/// urgencies that it asks for, whichever tells it best from the others. For a fact only those are asked that can want it, and whether they do
/// <see cref="SubscriptionRules.Matches"/> says alone: the answer is the same as if all were asked. Safe for concurrent use.
/// </summary>
public sealed class SubscriptionIndex
{
    /// <summary>Under so many places a subscription is filed with what it asks for besides; with more of them, under the places alone.</summary>
    private const int MostPlaces = 16;

    private static readonly string?[] Anywhere = [null];

    private readonly Lock _lock = new();
    private readonly Dictionary<Drawer, List<Filed>> _drawers = [];

    /// <summary>How many subscriptions there are.</summary>
    public int Count { get; private set; }

    /// <summary>Takes in what has become of a body's subscriptions.</summary>
    /// <param name="before">As this was told before; null when it never was.</param>
    public void Update(SubscriptionsState? before, SubscriptionsState after)
    {
        var old = before?.Subscriptions ?? ImmutableDictionary<string, Subscribed>.Empty;
        if (ReferenceEquals(old, after.Subscriptions)) return;
        lock (_lock)
        {
            foreach (var (id, subscription) in old)
                if (!ReferenceEquals(after.Subscriptions.GetValueOrDefault(id), subscription)) Remove(new(after.Body, subscription));
            foreach (var (id, subscription) in after.Subscriptions)
                if (!ReferenceEquals(old.GetValueOrDefault(id), subscription)) Add(new(after.Body, subscription));
        }
    }

    /// <summary>The bodies of which a subscription wants a fact with this in it, each once.</summary>
    public IReadOnlyCollection<string> BodiesThatWant(in Interest interest)
    {
        var bodies = new HashSet<string>(StringComparer.Ordinal);
        lock (_lock)
        {
            foreach (var place in PlacesOf(interest))
            {
                Ask(new(interest.About, place, Property.None), interest, bodies);
                if (interest.Kind is { } kind) Ask(new(interest.About, place, Property.Of(kind)), interest, bodies);
                if (interest.Pillar is { } pillar) Ask(new(interest.About, place, Property.Of(pillar)), interest, bodies);
                if (interest.Urgency is { } urgency) Ask(new(interest.About, place, Property.Of(urgency)), interest, bodies);
            }
        }

        return bodies;
    }

    private void Ask(in Drawer drawer, in Interest interest, HashSet<string> bodies)
    {
        if (!_drawers.TryGetValue(drawer, out var filed)) return;
        foreach (var (body, subscription) in filed)
            if (!bodies.Contains(body) && SubscriptionRules.Matches(subscription, interest)) bodies.Add(body);
    }

    private void Add(Filed filed)
    {
        foreach (var drawer in DrawersOf(filed.Subscription))
        {
            if (!_drawers.TryGetValue(drawer, out var others)) _drawers[drawer] = others = new(1);
            others.Add(filed);
        }

        Count++;
    }

    private void Remove(Filed filed)
    {
        foreach (var drawer in DrawersOf(filed.Subscription))
        {
            var others = _drawers[drawer];
            var last = others.Count - 1;
            others[others.FindIndex(other => ReferenceEquals(other.Subscription, filed.Subscription) && other.Body == filed.Body)] = others[last];
            others.RemoveAt(last);
            if (last == 0) _drawers.Remove(drawer);
        }

        Count--;
    }

    /// <summary>Where a subscription is found: under one of each that it asks for, since it wants nothing that has none of them.</summary>
    private static IEnumerable<Drawer> DrawersOf(Subscribed subscription)
    {
        var places = subscription.States.Length > 0 ? [.. subscription.States.Distinct()]
            : subscription.Regions.Length > 0 ? subscription.Regions.Select(PlaceOf).Distinct().ToArray()
            : Anywhere;
        var properties = places.Length > MostPlaces ? [Property.None] : Property.BestOf(subscription);
        foreach (var place in places)
            foreach (var property in properties) yield return new(subscription.About, place, property);
    }

    /// <summary>Everything that a subscription may have been filed under that wants this: also none, the region of a call with its parts and what it is part of.</summary>
    private static HashSet<string?> PlacesOf(in Interest interest)
    {
        var places = new HashSet<string?>(StringComparer.Ordinal) { null };
        foreach (var body in interest.Bodies)
        {
            if (body.State is { } state) places.Add(state);
            foreach (var region in (ReadOnlySpan<string?>)[body.Region, body.Subregion, body.IntermediateRegion])
                if (region is not null) places.Add(region);
        }

        if (interest.Region is { } called)
        {
            places.Add(PlaceOf(called));
            places.UnionWith(Regions.Overlapping(PlaceOf(called)));
        }

        return places;
    }

    private static string PlaceOf(string region) => Regions.NameOf(region) ?? region;

    /// <param name="Place">A State or the name of a region; null when it asks for none.</param>
    private readonly record struct Drawer(SubscriptionSubject About, string? Place, Property Property);

    private readonly record struct Filed(string Body, Subscribed Subscription);

    /// <summary>One kind, pillar or urgency, or none.</summary>
    private readonly record struct Property(char Named, int Value)
    {
        public static Property None => default;

        private static readonly int Kinds = Enum.GetValues<RequestKind>().Length, Pillars = Enum.GetValues<Pillar>().Length, Urgencies = Enum.GetValues<Urgency>().Length;

        public static Property Of(RequestKind kind) => new('k', (int)kind);
        public static Property Of(Pillar pillar) => new('p', (int)pillar);
        public static Property Of(Urgency urgency) => new('u', (int)urgency);

        /// <summary>Those of the sort of which a subscription asks for the smallest part; none when it asks for nothing.</summary>
        public static IReadOnlyCollection<Property> BestOf(Subscribed subscription)
        {
            var kinds = PartOf(subscription.Kinds.Length, Kinds);
            var pillars = PartOf(subscription.Pillars.Length, Pillars);
            var urgencies = PartOf(subscription.Urgencies.Length, Urgencies);
            return Math.Min(kinds, Math.Min(pillars, urgencies)) switch
            {
                1 => [None],
                var part when part == kinds => [.. subscription.Kinds.Distinct().Select(Of)],
                var part when part == pillars => [.. subscription.Pillars.Distinct().Select(Of)],
                _ => [.. subscription.Urgencies.Distinct().Select(Of)],
            };
        }

        private static double PartOf(int asked, int all) => asked == 0 ? 1 : Math.Min(1, (double)asked / all);
    }
}
