using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Coordination.Benchmarks.Load;
using Coordination.Benchmarks.Servers;
using Coordination.Contracts.Plans;
using Coordination.Domain;
using Coordination.Domain.Plans;
using Coordination.Journal;
using Coordination.Journal.Postgres;

namespace Coordination.Benchmarks;

/// <summary>
/// The same reports with a million entries in the journal: two databases with the same 2,000 plans, one with a long history of
/// reports, a platform on each, and the plain program. All are loaded in turn.
/// </summary>
public static class Million
{
    private const int Rounds = 5;
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(8);

    public static async Task<bool> Run(long entries)
    {
        await using var postgres = await PostgresServer.Start();
        using var small = new DataFolder();
        using var large = new DataFolder();
        var shortJournal = await postgres.Database("short");
        People people;
        await using (var filled = await Platform.Start(small.Path, shortJournal)) people = await People.Prepare(filled.Address);
        var longJournal = await postgres.Database("long", template: "short");
        var began = Stopwatch.GetTimestamp();
        await Fill(longJournal, entries);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Filled to {entries} entries in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s."));

        await using var shortPlatform = await Platform.Start(small.Path, shortJournal);
        // The first start folds the whole journal, the next one begins from the views that were kept.
        await using (var folding = await Platform.Start(large.Path, longJournal))
        {
            Tell("first start with the long journal", folding);
            began = Stopwatch.GetTimestamp();
            await Kept(longJournal, entries);
            Tell(string.Create(CultureInfo.InvariantCulture, $"messages of the whole long journal sent and its views kept, {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s later"), folding);
        }

        await using var longPlatform = await Platform.Start(large.Path, longJournal);
        Tell("start with the short journal", shortPlatform);
        Tell("next start with the long journal", longPlatform);

        await using var plain = await ServerProcess.Start("Yardstick", [], new Dictionary<string, string> { ["Postgres"] = await postgres.Database("plain") });
        var (onShort, onLong) = (await people.Again(shortPlatform.Address), await people.Again(longPlatform.Address));
        using var few = await Side.OfPlatform("platform, short journal", shortPlatform, postgres, onShort);
        using var many = await Side.OfPlatform("platform, long journal", longPlatform, postgres, onLong);
        using var theirs = await Side.OfYardstick(plain, postgres, people);
        var (first, last) = (await few.Touch(onShort, plan => plan), await many.Touch(onLong, plan => plan));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"A first report on each plan: {first.TotalSeconds:0.0} s with the short journal, {last.TotalSeconds:0.0} s with the long one."));
        Side[] sides = [few, many, theirs];
        foreach (var side in sides) await side.Load(Warmup, keep: false);
        var before = await many.Written();
        for (var round = 0; round < Rounds; round++)
            foreach (var side in sides) await side.Load(Length, keep: true);

        Console.WriteLine(Side.Head);
        foreach (var side in sides) Console.WriteLine(side);
        Tell("after the load, with the long journal", longPlatform);
        var lost = many.Acknowledged - (await many.Written() - before);
        var (ratio, times) = (many.PerSecond / few.PerSecond, many.PerSecond / theirs.PerSecond);
        var kept = ratio >= 0.9 && lost == 0 && many.Refused == 0;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"With {entries} entries it takes {ratio:0.00} of what it takes with few, {times:0.00} times what the plain program takes; {lost} lost. Within 10 %, none lost: {(kept ? "kept" : "missed")}."));
        return kept;
    }

    private static void Tell(string what, ServerProcess server) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{what}: ready after {server.StartedWithin.TotalSeconds:0.0} s, {server.Memory / 1_048_576} MiB"));

    /// <summary>Completes when the views are stored as they stand at a position.</summary>
    private static async Task Kept(string postgres, long position)
    {
        await using var store = await PostgresStore.Open(new() { ConnectionString = postgres, Secret = Coordination.Journal.Secret.Read(Platform.Secret), Name = "kept", MustExist = true });
        while ((await store.Views.Marks()).Values.Select(mark => mark.Position).Distinct().ToArray() is not [var kept] || kept < position) await Task.Delay(500);
    }

    /// <summary>Appends reports on every plan's milestones, as its grain would write them, until the journal has so many entries.</summary>
    private static async Task Fill(string postgres, long entries)
    {
        await using var store = await PostgresStore.Open(new() { ConnectionString = postgres, Secret = Coordination.Journal.Secret.Read(Platform.Secret), Name = "fill" });
        var (plans, head) = await Plans(store.Journal);
        var (each, more) = Math.DivRem(entries - head, plans.Count);
        await Parallel.ForEachAsync(plans.Index(), new ParallelOptions { MaxDegreeOfParallelism = 1_000 }, async (item, cancellation) =>
        {
            var (index, plan) = item;
            for (var number = 1L; number <= each + (index < more ? 1 : 0); number++)
            {
                var milestone = plan.Milestones[(int)(number % plan.Milestones.Count)];
                var fact = new MilestoneReported(new(
                    $"r{number}", milestone.Id, plan.Body, plan.Body, MilestoneStatus.InProgress, (int)(number % 99) + 1, "Two of three regional workshops were held; the last one follows after the recess.", []));
                var stored = FactJson.Write(fact, "en");
                var (name, form) = FactJson.NameOf(fact);
                var outcome = await store.Journal.Append(
                    new(plan.Stream, plan.Version + number - 1, RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32),
                        TimeProvider.System.GetUtcNow(), plan.Body, plan.Body, [new(name, form, milestone.Topics, milestone.Audience, stored.Data, stored.Texts)]),
                    cancellation);
                if (outcome is not AppendOutcome.Appended) throw new InvalidOperationException($"{plan.Stream} was not appended to: {outcome}");
            }
        });
    }

    /// <summary>The plans that the load is about, as they stand in the journal: a report is for whom its milestone is, and under its topics.</summary>
    private static async Task<(List<Filled> Plans, long Head)> Plans(IJournal journal)
    {
        var plans = new Dictionary<string, Filled>();
        for (var head = 0L; ;)
        {
            var some = await journal.ReadFrom(head, 500);
            if (some.Count == 0) return ([.. plans.Values.Where(plan => plan.Milestones.Count == People.Milestones && plan.Version == 1 + People.Measures + People.Milestones)], head);
            foreach (var entry in some.Where(entry => entry.Stream.StartsWith("plan/nap-", StringComparison.Ordinal)))
            {
                if (!plans.TryGetValue(entry.Stream, out var plan)) plans[entry.Stream] = plan = new(entry.Stream, entry.Body!);
                plan.Version = entry.Version;
                if (FactJson.Read(entry.Fact, entry.Form, entry.Data, entry.Texts) is MilestoneAdded added) plan.Milestones.Add((added.Id, entry.Topics, entry.Audience));
            }

            head = some[^1].Position;
        }
    }

    private sealed class Filled(string stream, string body)
    {
        public string Stream => stream;
        public string Body => body;
        public long Version { get; set; }
        public List<(string Id, string[] Topics, byte[] Audience)> Milestones { get; } = [];
    }
}
