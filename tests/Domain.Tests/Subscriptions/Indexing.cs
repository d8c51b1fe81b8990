using Coordination.Contracts.Bodies;
using Coordination.Contracts.Requests;
using Coordination.Contracts.Subscriptions;
using CsCheck;

namespace Coordination.Domain.Tests.Subscriptions;

/// <summary>The index of all subscriptions: it answers what asking each of them would.</summary>
public class Indexing
{
    private static readonly string[] States = [.. Enumerable.Range(0, 40).Select(number => $"X{(char)('A' + number / 26)}{(char)('A' + number % 26)}")];
    private static readonly string[] RegionNames = [.. Regions.All.Select(region => region.Name)];

    private static readonly Gen<string[]> SomeRegions = Some(Of(RegionNames), 4);

    private static readonly Gen<Subscribed> AnySubscription = Gen.Select(
        Gen.Enum<SubscriptionSubject>(), SomeRegions, Gen.OneOf(Some(Of(States), 4), Some(Of(States), 30)),
        Some(Gen.Enum<RequestKind>(), 8), Some(Gen.Enum<Pillar>(), 7), Some(Gen.Enum<Urgency>(), 3),
        (about, regions, states, kinds, pillars, urgencies) => new Subscribed("", about, regions, states, kinds, pillars, urgencies));

    private static readonly Gen<BodyInfo> AnyBody = Gen.Select(Of<string?>([null, .. States]), Perhaps(), Perhaps(), Perhaps(), (state, region, subregion, intermediate) =>
        new BodyInfo("b", "b", BodyKind.NationalBody, state, region, subregion, intermediate, TimeZoneInfo.Utc, true));

    private static readonly Gen<Interest> AnyInterest = Gen.Select(
        Gen.Enum<SubscriptionSubject>(), AnyBody.Array[0, 5], Of<string?>([null, "Atlantis", .. RegionNames]), Gen.Enum<RequestKind>().Nullable(), Gen.Enum<Pillar>().Nullable(), Gen.Enum<Urgency>().Nullable(),
        (about, bodies, region, kind, pillar, urgency) => new Interest(about, bodies, region, kind, pillar, urgency));

    [Fact]
    public void It_finds_whom_asking_every_subscription_finds_whatever_was_made_and_ended() => Gen.Select(
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 9], Gen.Frequency((3, AnySubscription.Select(made => (Subscribed?)made)), (1, Gen.Const((Subscribed?)null))), (body, id, made) => (Body: $"body-{body}", Id: $"n{id}", Made: made)).Array[0, 60], AnyInterest.Array[1, 10])
        .Sample((steps, interests) =>
        {
            var index = new SubscriptionIndex();
            var states = new Dictionary<string, SubscriptionsState>();
            foreach (var (body, id, made) in steps)
            {
                var before = states.GetValueOrDefault(body);
                Fact fact = made is null ? new Unsubscribed(id) : made with { Id = id };
                states[body] = Fact.Evolve(body, before, fact)!;
                index.Update(before, states[body]);
            }

            Assert.Equal(states.Values.Sum(state => state.Subscriptions.Count), index.Count);
            foreach (var interest in interests)
                Assert.Equal(Scan(states.Values, interest), index.BodiesThatWant(interest).Order());
        }, iter: 2_000);

    [Fact]
    public void What_is_read_from_storage_and_what_was_told_one_by_one_is_the_same_index() => Gen.Select(AnySubscription.Array[1, 30], AnyInterest).Sample((made, interest) =>
    {
        var (told, read) = (new SubscriptionIndex(), new SubscriptionIndex());
        var state = SubscriptionsState.Empty("body");
        foreach (var (subscription, number) in made.Select((subscription, number) => (subscription, number)))
        {
            var after = Fact.Evolve("body", state, subscription with { Id = $"n{number}" })!;
            told.Update(state, after);
            state = after;
        }

        read.Update(null, state);
        Assert.Equal(told.BodiesThatWant(interest), read.BodiesThatWant(interest));
        told.Update(state, SubscriptionsState.Empty("body"));
        Assert.Equal(0, told.Count);
        Assert.Empty(told.BodiesThatWant(interest));
    });

    [Fact]
    public void Regions_that_overlap_are_those_that_the_rule_says()
    {
        foreach (var one in RegionNames)
            Assert.Equal(RegionNames.Where(other => Regions.Overlap(one, other)), Regions.Overlapping(one));
        Assert.Empty(Regions.Overlapping("Atlantis"));
    }

    [Fact]
    public void Among_a_hundred_thousand_the_few_that_want_something_are_found_in_less_than_ten_milliseconds()
    {
        var index = new SubscriptionIndex();
        var made = AnySubscription.Array[SubscriptionRules.Most].Array[1_000].Generate(new(1), null, out _);
        var states = made.Select((some, body) => some.Select((subscription, number) => subscription with { Id = $"n{number}" }).Aggregate(
            SubscriptionsState.Empty($"body-{body}"), (state, fact) => Fact.Evolve(state.Body, state, fact)!)).ToList();
        foreach (var state in states) index.Update(null, state);
        var interests = AnyInterest.Array[200].Generate(new(2), null, out _);
        foreach (var interest in interests.Take(5)) Assert.Equal(Scan(states, interest), index.BodiesThatWant(interest).Order());

        var times = interests.Select(interest =>
        {
            var began = TimeProvider.System.GetTimestamp();
            index.BodiesThatWant(interest);
            return TimeProvider.System.GetElapsedTime(began);
        }).Order().ToList();

        Assert.Equal(100_000, index.Count);
        Assert.True(times[100] < TimeSpan.FromMilliseconds(10), $"It took {times[100].TotalMilliseconds} ms at the median.");
    }

    private static IEnumerable<string> Scan(IEnumerable<SubscriptionsState> states, Interest interest) => states
        .Where(state => state.Subscriptions.Values.Any(subscription => SubscriptionRules.Matches(subscription, interest)))
        .Select(state => state.Body).Order();

    private static Gen<T[]> Some<T>(Gen<T> one, int most) => Gen.OneOf(Gen.Const(Array.Empty<T>()), one.Array[1, most]);

    private static Gen<T> Of<T>(T[] all) => Gen.Int[0, all.Length - 1].Select(index => all[index]);

    private static Gen<string?> Perhaps() => Of<string?>([null, .. RegionNames]);
}
