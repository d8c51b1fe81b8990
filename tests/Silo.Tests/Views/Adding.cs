using System.Globalization;
using Coordination.Contracts.Feed;
using Coordination.Host.Relay;
using Microsoft.Extensions.DependencyInjection;

namespace Coordination.Silo.Tests.Views;

/// <summary>A view that the journal did not have, and views that throw: each is its own affair, and all others serve.</summary>
[Trait("On", "both")]
public sealed class Adding
{
    /// <summary>More than a view may be behind at a start and still be waited for.</summary>
    private const int Many = 21_000;

    [Fact]
    public async Task A_view_that_is_new_to_a_journal_is_folded_alone_while_all_others_serve()
    {
        await using var first = await RunningSilo.Start();
        await Restarts.ABusyWeek(first);
        await first.Settle();
        var folder = await first.Stop();
        await using (var store = await RunningSilo.OpenStore(folder)) await Bulk.Write(store.Journal, Many);
        await using var second = await RunningSilo.Start(folder);
        await second.Settle();
        await second.Stop();

        var began = TimeProvider.System.GetTimestamp();
        await using var silo = await RunningSilo.Start(folder, add: static services => services.AddView<Hands>());
        var started = TimeProvider.System.GetElapsedTime(began);
        var (waited, reads, longest) = (0, 0, TimeSpan.Zero);
        string[]? shown = null;
        while (shown is null)
        {
            // Nobody waits for it: what there was before answers, and what is written is there.
            var round = TimeProvider.System.GetTimestamp();
            Assert.NotEmpty((await silo.Grains.GetGrain<IFeedGrain>(0).Before(new("ruritania"), null, ["plan/open-plan"], 10)).Items);
            Assert.NotEmpty((await silo.Grains.GetGrain<IPlanViewsGrain>(0).List(new("ruritania"), new(), new())).Items);
            var done = await silo.Plan("open-plan").Give("ruritania", new ReportProgress("one", MilestoneStatus.InProgress, 30));
            Assert.Equal(done.Position, Assert.Single((await silo.Grains.GetGrain<IFeedGrain>(0).After(new("ruritania", done.Position), done.Position - 1, ["plan/open-plan"], 10)).Items).Position);
            if (reads++ > 0 && TimeProvider.System.GetElapsedTime(round) is var took && took > longest) longest = took;
            try
            {
                shown = await Hands.Of(silo, "ruritania");
            }
            catch (ViewsBehindException)
            {
                waited++;
                Assert.True(TimeProvider.System.GetElapsedTime(began) < Waiting.Patience, "The new view is not whole.");
            }
        }

        await silo.Settle();
        var entries = new List<Entry>();
        while (await silo.Disk.Journal.ReadFrom(entries.Count, 5_000, Waiting.Cancellation) is { Count: > 0 } some) entries.AddRange(some);
        string[] expected = [.. entries.Where(entry => entry.Actor == "ruritania").Select(entry => Hands.Id("ruritania", entry.Position))];
        Assert.Equal(expected, await Hands.Of(silo, "ruritania"));
        Assert.True(shown.Length > 20 && expected.Length >= shown.Length);
        TestContext.Current.SendDiagnosticMessage(
            $"A view over {entries.Count} entries: start in {started.TotalSeconds:0.0} s, whole after {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s; {reads} rounds of others' reads, the longest but the first of {longest.TotalMilliseconds:0} ms, {waited} before it was there.");
    }

    [Fact]
    public async Task A_view_that_throws_stops_alone()
    {
        await using var silo = await RunningSilo.Start(add: static services => services.AddView<Fragile>());
        await silo.Admit("ruritania");
        var plan = await silo.Draft("ruritania");
        await silo.Settle();
        _ = silo.World.View<Fragile>();
        var trap = await silo.Draft("ruritania", Fragile.Trap);
        await silo.Settle();
        var done = await silo.Plan(plan).Give("ruritania", new ReportProgress("one", MilestoneStatus.InProgress, 30));
        await silo.Settle();

        Assert.Equal(trap, silo.World.Plan(trap)!.State.Id);
        Assert.Equal(30, silo.World.Plan(plan)!.State.Milestones["one"].Progress);
        Assert.Equal(done.Position, (await silo.Grains.GetGrain<IFeedGrain>(0).Before(new("ruritania", done.Position), null, [], 1)).Items[0].Position);
        Assert.True(silo.Services.GetRequiredService<Messages>().Position >= done.Position);
        Assert.Throws<ViewsBehindException>(silo.World.View<Fragile>);
        var stopped = Assert.Single(silo.World.Views, view => view.Fault is not null);
        Assert.Equal(("fragile", "It cannot take this in."), (stopped.Name, stopped.Fault!.Message));
        Assert.True(stopped.Position < silo.World.Position);
        var mark = (await silo.Store.Views.Marks(Waiting.Cancellation)).GetValueOrDefault(stopped.Key, ViewMark.None);
        Assert.True(mark.Position <= stopped.Position);
    }

    /// <summary>Whom a message is for is looked up in the views that are in memory: without one of them some would never hear of it.</summary>
    [Fact]
    public async Task When_a_view_in_memory_throws_messages_wait_and_none_is_lost()
    {
        await using var first = await RunningSilo.Start(add: static services => services.AddView<FragileInMemory>());
        await first.Admit("ruritania");
        await first.Admit("valdoria");
        await first.Settle();
        var before = first.Services.GetRequiredService<Messages>().Position;
        await first.Draft("ruritania", Fragile.Trap);
        var done = await first.Request("q-waiting").Give("ruritania", new OpenRequest(["valdoria"], null, RequestKind.Information, "About this", "Text"));
        await first.World.Reach(done.Position, Waiting.Patience, Waiting.Cancellation);

        // Reads and commands go on.
        Assert.NotNull(first.World.Request("q-waiting"));
        Assert.Equal(before, first.Services.GetRequiredService<Messages>().Position);
        Assert.Throws<ViewsBehindException>(first.World.View<FragileInMemory>);
        var folder = await first.Stop();

        await using var second = await RunningSilo.Start(folder);
        await second.Settle();
        Assert.Contains((await second.Inbox("valdoria").Read(new("valdoria", done.Position), new())).Items, item => item.Entry.Position == done.Position);
    }

    /// <summary>Whose hand it was, entry by entry.</summary>
    private sealed class Hands : PagedView
    {
        private readonly List<PendingItem> _tail = [];

        public override string Name => "hands";
        public override int Form => 1;

        public static string Id(string actor, long position) => string.Create(CultureInfo.InvariantCulture, $"{actor} {position:D19}");

        public static async Task<string[]> Of(RunningSilo silo, string actor)
        {
            var view = silo.World.View<Hands>();
            string[] tail;
            long since;
            lock (view._tail) (tail, since) = ([.. view._tail.Select(item => item.Id).Where(id => id.StartsWith(actor + " ", StringComparison.Ordinal))], view.Since);
            var page = await silo.Services.GetRequiredService<SealedViews>().Page(view, since, [new($"{actor} ", $"{actor} ~", int.MaxValue)], Waiting.Cancellation);
            return [.. page.Items.Select(item => item.Id).Union(tail)];
        }

        protected override void Apply(Entry entry, Fact fact)
        {
            lock (_tail) _tail.Add(new(Id(entry.Actor, entry.Position), entry.Position, []));
        }

        protected override IReadOnlyList<PendingItem> Pending(long upTo) => [.. _tail.Where(item => item.Position <= upTo)];

        protected override void Forget(long position)
        {
            lock (_tail) _tail.RemoveAll(item => item.Position <= position);
        }
    }

    private sealed class Fragile : PagedView
    {
        public const string Trap = "a-trap";

        public override string Name => "fragile";
        public override int Form => 1;

        protected override void Apply(Entry entry, Fact fact)
        {
            if (entry.Stream == $"plan/{Trap}") throw new InvalidOperationException("It cannot take this in.");
        }

        protected override IReadOnlyList<PendingItem> Pending(long upTo) => [];

        protected override void Forget(long position) { }
    }

    private sealed class FragileInMemory : KeptView<PlanItem>
    {
        public override string Name => "fragile-in-memory";
        public override string Kind => "plan";

        protected override PlanItem? Evolve(string id, PlanItem? item, Entry entry, Fact fact) =>
            id == Fragile.Trap ? throw new InvalidOperationException("It cannot take this in.") : PlanItem.Evolve(id, item, entry, fact);
    }
}

/// <summary>Entries in numbers, written past the grains: read marks, with topics and audiences of every kind.</summary>
internal static class Bulk
{
    public static async Task Write(IJournal journal, int count)
    {
        Audience[] audiences = [Audience.Public, Audience.Community, Audience.Named("ruritania"), Audience.Named("valdoria")];
        for (var from = 0; from < count; from += 1_000)
        {
            await journal.Append(
                new("inbox/bulk", from, null, null, TimeProvider.System.GetUtcNow(), "bulk", null,
                    [.. Enumerable.Range(from, Math.Min(1_000, count - from)).Select(number => new NewEntry(
                        "inbox.read", 1, [$"plan/{number % 7}", $"plan/rare-{number % 1_000}"], FactJson.Write(audiences[number % 9 == 0 ? 2 + (number % 2) : number % 2]),
                        System.Text.Encoding.UTF8.GetBytes($$"""{"position":{{number + 1}}}""")))]),
                Waiting.Cancellation);
        }
    }
}
