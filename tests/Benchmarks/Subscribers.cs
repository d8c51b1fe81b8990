using System.Diagnostics;
using System.Globalization;
using Coordination.Benchmarks.Filling;
using Coordination.Contracts;
using Coordination.Contracts.Bodies;
using Coordination.Contracts.Requests;
using Coordination.Contracts.Subscriptions;
using Coordination.Domain;
using Coordination.Domain.Bodies;
using Coordination.Domain.Requests;
using Coordination.Domain.Subscriptions;
using Coordination.Host.Relay;
using Coordination.Host.Views;
using Coordination.Journal;
using Coordination.Journal.Sqlite;

namespace Coordination.Benchmarks;

/// <summary>
/// Whose inboxes a request belongs in when 1,000 bodies have 100 subscriptions each, as the follower of the journal finds it: the views are folded
/// from a journal, and each request is asked about as it is taken in.
/// </summary>
public static class Subscribers
{
    private const int Bodies = 1_000;
    private const int Requests = 2_000;
    private const double Most = 10;

    private static readonly string[] States = [.. Enumerable.Range(0, 200).Select(number => $"{(char)('A' + number / 26)}{(char)('A' + number % 26)}X")];

    public static async Task<bool> Run()
    {
        using var folder = new DataFolder();
        await using var store = await SqliteStore.Open(new() { Folder = folder.Path });
        var dice = new Random(1);
        var bodies = await Fill(store.Journal, dice);
        var world = await Folding.Of(store).Anew(long.MaxValue, default);
        var builder = new MessageBuilder(world);
        var (found, messages, alone, scanned) = (0L, new Series("a message with its recipients"), new Series("its subscribers, by the index"), new Series("its subscribers, by asking every subscription"));
        var states = bodies.Select(world.SubscriptionsOf).ToList();
        var before = (await store.Journal.ReadHead()).Position;
        await Open(store.Journal, bodies, dice, before);
        for (var position = before; await store.Journal.ReadFrom(position, 500) is { Count: > 0 } entries; position = entries[^1].Position)
        {
            foreach (var entry in entries)
            {
                var fact = world.Apply(entry)!;
                var began = Stopwatch.GetTimestamp();
                var message = builder.MessageOf(entry, fact);
                messages.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                found += message.Recipients.Length;
                var interest = RequestFact.InterestIn(world.Request(entry.Stream["request/".Length..])!.State, world);
                began = Stopwatch.GetTimestamp();
                var indexed = world.SubscribersOf(interest);
                alone.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                if (entry.Position % 20 != 0) continue;
                began = Stopwatch.GetTimestamp();
                var all = states.Where(state => state.Subscriptions.Values.Any(subscription => SubscriptionRules.Matches(subscription, interest))).Select(state => state.Body).ToList();
                scanned.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                if (!all.Order().SequenceEqual(indexed.Order())) throw new InvalidOperationException($"The index finds others than there are for the entry at {entry.Position}.");
            }
        }

        Console.WriteLine(Series.Head);
        foreach (var series in (Series[])[messages, alone, scanned]) Console.WriteLine(series);
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        var index = new SubscriptionIndex();
        foreach (var state in states) index.Update(null, state);
        memory = GC.GetTotalMemory(forceFullCollection: true) - memory;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{index.Count:N0} subscriptions, {(double)found / Requests:0} recipients at the mean; the index holds {memory / 1_048_576.0:0.0} MiB, {memory / index.Count} bytes for each."));
        var kept = messages.Median < Most;
        Console.WriteLine($"Under {Most} ms at the median: {(kept ? "kept" : "missed")}.");
        return kept;
    }

    private static async Task<string[]> Fill(IJournal journal, Random dice)
    {
        var known = new KnownBodies();
        var filler = new Filler(journal, known, 0);
        var bodies = new string[Bodies];
        for (var number = 0; number < Bodies; number++)
        {
            var body = bodies[number] = $"body-{number}";
            var places = Lineage(dice);
            var admitted = new BodyAdmitted(
                body, BodyKind.NationalBody, $"Commission {number}", null, States[number % States.Length], null, places.ElementAtOrDefault(0), places.ElementAtOrDefault(1), places.ElementAtOrDefault(2),
                null, null, null, null, [], [], null, true);
            known.Add(admitted);
            await filler.Add<BodyState>($"body/{body}", 0, null, body, [admitted]);
            await filler.Add<SubscriptionsState>($"inbox/{body}", 0, null, body, [.. Enumerable.Range(0, SubscriptionRules.Most).Select(one => Subscription(dice, $"{body} {one}"))]);
        }

        await filler.Finish();
        return bodies;
    }

    private static async Task Open(IJournal journal, string[] bodies, Random dice, long position)
    {
        var filler = new Filler(journal, await KnownBodies.Of(journal), position);
        for (var number = 0; number < Requests; number++)
        {
            var (from, to, isCall) = (bodies[dice.Next(Bodies)], bodies[dice.Next(Bodies)], number % 4 == 0);
            await filler.Add<RequestState>($"request/q-{number}", 0, null, from, [
                new RequestOpened(
                    from, isCall || from == to ? [] : [to], isCall ? Regions.All[dice.Next(Regions.All.Length)].Name : null, (RequestKind)dice.Next(8), "Who has done this", null, (Pillar)dice.Next(7),
                    Mark.Community, (Urgency)dice.Next(3), null, null, [], null, null, true),
            ]);
        }

        await filler.Finish();
    }

    /// <summary>As bodies choose: nine of ten name a State or a region, most of these also what it is to be about; the others want one subject from everywhere.</summary>
    private static Subscribed Subscription(Random dice, string command)
    {
        var place = dice.Next(10);
        return new(
            NewId.Of('n', command), dice.Next(10) < 7 ? SubscriptionSubject.Requests : SubscriptionSubject.Plans,
            place is 6 or 7 or 8 ? [Regions.All[dice.Next(Regions.All.Length)].Name] : [],
            place < 6 ? [.. Some(dice, 4).Select(_ => States[dice.Next(States.Length)]).Distinct()] : [],
            place == 9 || dice.Next(2) == 0 ? [.. Some(dice, 2).Select(_ => (RequestKind)dice.Next(8)).Distinct()] : [],
            place == 9 || dice.Next(2) == 0 ? [.. Some(dice, 2).Select(_ => (Pillar)dice.Next(7)).Distinct()] : [],
            place == 9 || dice.Next(4) == 0 ? [(Urgency)dice.Next(3)] : []);
    }

    private static IEnumerable<int> Some(Random dice, int most) => Enumerable.Range(0, dice.Next(1, most + 1));

    /// <summary>A region with what it is part of, the largest first.</summary>
    private static string[] Lineage(Random dice)
    {
        var names = new List<string>();
        for (string? name = Regions.All[dice.Next(Regions.All.Length)].Name; name is not null; name = Regions.All.First(region => region.Name == name) is { Parent: { } code } ? Regions.All.First(region => region.Code == code).Name : null)
            names.Insert(0, name);
        return [.. names];
    }
}
