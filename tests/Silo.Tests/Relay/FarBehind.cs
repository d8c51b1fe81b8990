using System.Runtime.CompilerServices;
using Coordination.Benchmarks.Filling;
using Coordination.Domain.Bodies;
using Coordination.Domain.Plans;
using Coordination.Domain.Subscriptions;
using Coordination.Host.Relay;
using Coordination.Journal.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Coordination.Silo.Tests.Relay;

/// <summary>A relay that has a long journal to tell of: what it holds of it does not grow with it.</summary>
[Trait("Full", "scale")]
public sealed class FarBehind : IDisposable
{
    private const int MostHeld = 10_000;
    private const string Owner = "owner", Subscriber = "subscriber";

    private static readonly int Behind = TestSize.Of(30_000, 200_000);

    private readonly ManualResetEventSlim _delivers = new(false);

    /// <summary>A message has the same topics, as an object, as the entry that it is made from.</summary>
    private readonly List<WeakReference<string[]>> _topics = [];
    private readonly Lock _lock = new();
    private long _read;

    public void Dispose() => _delivers.Dispose();

    [Fact]
    public async Task However_far_behind_it_is_it_holds_ten_thousand_messages_at_most_and_reads_the_journal_once_for_each_who_is_behind()
    {
        var folder = new DataFolder();
        var last = await Fill(folder);
        await using var silo = await RunningSilo.Start(folder, before: disk =>
        {
            disk.Hears = Hear;
            disk.Fails = access =>
            {
                if (access is "Deliver") _delivers.Wait(Waiting.Cancellation);
                return false;
            };
        });
        var (relay, backlog) = (silo.Services.GetRequiredService<Host.Relay.Relay>(), silo.Services.GetRequiredService<MemoryBacklog>());
        var held = new List<long>();
        // Nobody takes anything: the bus is filled as far as it may be.
        await Reaches(() => backlog.Waiting > MemoryBacklog.Most - 200, "messages wait in the bus");
        held.Add(Held(backlog));
        Assert.InRange(relay.Published, 1, MemoryBacklog.Most);

        _delivers.Set();
        while (relay.Published < last || await silo.Store.Inboxes.DeliveredUpTo(Waiting.Cancellation) < last)
        {
            held.Add(Held(backlog));
            await Task.Delay(300, Waiting.Cancellation);
        }

        Assert.True(held.Max() <= MostHeld, $"There were {held.Max()} messages at once.");
        Assert.Equal(Behind, (await silo.Store.Inboxes.Read(Subscriber, null, int.MaxValue, Waiting.Cancellation)).Count(delivery => delivery.Thread == "plan/plan" && delivery.Position > last - Behind));
        // The views, the relay and the inboxes; whoever watches over the inboxes may have begun once more.
        Assert.True(_read < 5L * Behind, $"{_read} entries were read.");
    }

    private void Hear(IReadOnlyList<Entry> entries)
    {
        lock (_lock)
        {
            _read += entries.Count;
            foreach (var entry in entries) _topics.Add(new(entry.Topics));
        }
    }

    /// <summary>Messages that are there as objects, and those that wait in the bus as bytes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private long Held(MemoryBacklog backlog)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        lock (_lock)
        {
            _topics.RemoveAll(topics => !topics.TryGetTarget(out _));
            return _topics.Count + backlog.Waiting;
        }
    }

    private static async Task Reaches(Func<bool> reached, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!reached())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Waiting.Patience, $"Waited in vain: {what}.");
            await Task.Delay(20, Waiting.Cancellation);
        }
    }

    /// <summary>One body's plan with many reports, and another body that subscribes to plans.</summary>
    private static async Task<long> Fill(DataFolder folder)
    {
        await using var store = await SqliteStore.Open(new() { Folder = folder.Path }, Waiting.Cancellation);
        var known = new KnownBodies();
        var filler = new Filler(store.Journal, known, 0);
        foreach (var body in (string[])[Owner, Subscriber])
        {
            var admitted = new BodyAdmitted(body, BodyKind.NationalBody, body, null, null, null, null, null, null, null, null, null, null, [], [], null, true);
            known.Add(admitted);
            await filler.Add<BodyState>($"body/{body}", 0, null, body, [admitted]);
        }

        await filler.Add<SubscriptionsState>($"inbox/{Subscriber}", 0, null, Subscriber, [new Subscribed("n-aaaaaaaa", SubscriptionSubject.Plans, [], [], [], [], [])]);
        var due = new DateOnly(2030, 1, 1);
        var state = await filler.Add<PlanState>("plan/plan", 0, null, Owner, [
            new PlanDrafted(Owner, null, "Plan", null, null, PlanStatus.UnderImplementation, Mark.Community, null, null, true),
            new MeasureAdded("measure", Pillar.Training, "Measure", Participation.Of(Owner), null, null),
            new MilestoneAdded("measure", "milestone", "Milestone", due, due),
        ]);
        for (var number = 0; number < Behind; number += 500)
        {
            state = await filler.Add("plan/plan", 3 + number, state, Owner, [
                .. Enumerable.Range(number, 500).Select(one => new MilestoneReported(new($"r{one}", "milestone", Owner, Owner, MilestoneStatus.InProgress, one % 100, "Two of three workshops.", []))),
            ]);
        }

        await filler.Finish();
        return filler.Entries;
    }
}
