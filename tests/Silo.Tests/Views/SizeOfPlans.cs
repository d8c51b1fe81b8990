using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Coordination.Domain.Plans;
using Coordination.Journal.Sqlite;

namespace Coordination.Silo.Tests.Views;

/// <summary>What plans take in memory, and what one that is large takes when its grain keeps a snapshot.</summary>
[Collection(nameof(SizeOfPlans))]
public sealed class SizeOfPlans(ITestOutputHelper output)
{
    /// <summary>140,000 milestones then take less than 70 MB.</summary>
    private const int MostOfMilestone = 500;

    private const int Milestones = 20;
    private const int Reports = 3;
    private static readonly (int Small, int Large) Plans = TestSize.Of((1_000, 4), (5_000, 20));

    [Trait("Full", "scale")]
    [Fact]
    public async Task A_milestone_with_its_title_takes_less_than_500_bytes_however_often_it_was_reported()
    {
        using var folder = new DataFolder();
        await using var store = await SqliteStore.Open(new() { Folder = folder.Path }, Waiting.Cancellation);
        for (var number = 0; number < Plans.Small; number++) await Write(store.Journal, $"small-{number}", Milestones / 2, Milestones);
        for (var number = 0; number < Plans.Large; number++) await Write(store.Journal, $"large-{number}", 300, 2_000);
        var count = (Plans.Small * Milestones) + (Plans.Large * 2_000);

        // What is no milestone is taken off: heads and measures are as many as they are.
        var (plans, without) = await Fold(store.Journal, static fact => fact is "plan.drafted" or "plan.measure-added");
        var (all, with) = await Fold(store.Journal, static _ => true);
        Assert.Equal(count, all.Plans.Sum(plan => plan.State.Milestones.Count));
        Tell($"folded: {(with - without) / count} bytes for each of {count} milestones with {Reports} reports; {without / plans.Plans.Count()} for a plan and its measures");
        // Nothing is stored of it: what has changed is noted besides.
        Assert.InRange((with - without) / count, 1, MostOfMilestone * 4 / 3);

        await new Rebuilding(store, Folding.Of(store), TimeProvider.System, _ => { }).Rebuild(Rebuilding.Names, Waiting.Cancellation);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var loaded = await Folding.Of(store).Now(Waiting.Cancellation);
        await Task.Yield();
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before - without;
        Assert.Equal(count, loaded.Plans.Sum(plan => plan.State.Milestones.Count));
        Tell($"loaded: {bytes / count} bytes for each milestone");
        Assert.InRange(bytes / count, 1, MostOfMilestone);

        var large = loaded.Plan("large-0")!.State;
        var began = Stopwatch.GetTimestamp();
        var snapshot = JsonSerializer.SerializeToUtf8Bytes(large, FactJson.Options);
        var written = Stopwatch.GetElapsedTime(began);
        began = Stopwatch.GetTimestamp();
        Assert.Equal(2_000, JsonSerializer.Deserialize<PlanState>(snapshot, FactJson.Options)!.Milestones.Count);
        Tell($"a snapshot of a plan with 300 measures and 2,000 milestones: {snapshot.Length / 1_024} KiB, written in {written.TotalMilliseconds:0} ms, read in {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms");
        GC.KeepAlive((plans, all));
    }

    private static async Task<(World World, long Bytes)> Fold(IJournal journal, Func<string, bool> wanted)
    {
        var world = new World(new(), TimeProvider.System, ViewRegistration.OfThePlatform.Where(static kind => kind.Make() is KeptView));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var position = 0L; await journal.ReadFrom(position, 500, Waiting.Cancellation) is { Count: > 0 } entries; position = entries[^1].Position)
            foreach (var entry in entries.Where(entry => wanted(entry.Fact))) world.Apply(entry);
        return (world, GC.GetTotalMemory(forceFullCollection: true) - before);
    }

    private void Tell(FormattableString what) => output.WriteLine(what.ToString(CultureInfo.InvariantCulture));

    private static async Task Write(IJournal journal, string plan, int measures, int milestones)
    {
        var facts = new List<PlanFact>
        {
            new PlanDrafted("ruritania", "XRU", $"A plan of middling length that is called {plan}", null, null, PlanStatus.Adopted, Mark.Community, null, null, false),
        };
        for (var number = 0; number < measures; number++)
            facts.Add(new MeasureAdded($"s-measur{number:D3}", Pillar.Training, "A measure with a title of usual length", [new(ParticipationRole.Lead, $"lead-{number % 7}")], null, null));
        for (var number = 0; number < milestones; number++)
        {
            Due due = new DateOnly(2030, 1, 1).AddDays(number);
            facts.Add(new MilestoneAdded($"s-measur{number % measures:D3}", $"m-{number:D8}", "A milestone whose title is about as long as most", due, due));
        }

        for (var round = 0; round < Reports; round++)
        {
            for (var number = 0; number < milestones; number++)
                facts.Add(new MilestoneReported(new($"r-{round}{number:D7}", $"m-{number:D8}", $"lead-{number % measures % 7}", "a.person", MilestoneStatus.InProgress, round, "A note that says in a sentence what was done this month", [])));
        }

        var version = 0L;
        foreach (var some in facts.Chunk(1_000))
        {
            await journal.Append(
                new($"plan/{plan}", version, null, null, DateTimeOffset.UnixEpoch, "a.person", "ruritania", [.. some.Select(fact => Entry(plan, fact))], null, "web"), Waiting.Cancellation);
            version += some.Length;
        }
    }

    private static NewEntry Entry(string plan, PlanFact fact)
    {
        var ((name, form), stored) = (FactJson.NameOf(fact), FactJson.Write(fact));
        return new(name, form, [$"plan/{plan}"], FactJson.Write(Audience.Community), stored.Data, stored.Texts);
    }
}

/// <summary>Memory is measured while nobody else makes any.</summary>
[CollectionDefinition(nameof(SizeOfPlans), DisableParallelization = true)]
public sealed class SizeOfPlansCollection;
