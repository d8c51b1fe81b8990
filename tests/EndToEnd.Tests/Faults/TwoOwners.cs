using Coordination.Domain;
using Coordination.Domain.Plans;
using Coordination.EndToEnd.Tests.Clusters;
using Coordination.Journal;
using Coordination.Journal.Postgres;

namespace Coordination.EndToEnd.Tests.Faults;

/// <summary>
/// Somebody else writes to the stream of a plan that a silo holds in memory and takes for its own, as the other half of a split cluster would.
/// The journal knows one order; the silo learns of it and answers truthfully.
/// </summary>
[Collection(typeof(OnACluster))]
[Trait("On", "cluster")]
[Trait("Full", "soak")]
public sealed class TwoOwners(RunningCluster running)
{
    private const int Rounds = 60;

    private Cluster Cluster => running.Cluster;

    [Fact]
    public async Task Of_two_that_own_a_plan_one_writes_and_the_other_learns_of_it_and_nothing_is_lost()
    {
        await Cluster.Up();
        var head = await Cluster.Head(Waiting.Cancellation);
        var caller = running.Sessions.Callers["canada"];
        var plan = (await caller.Write("plans", new { id = $"two-owners-{head}", title = "Of two owners" }, Waiting.Cancellation)).Id;
        await caller.Write($"plans/{plan}/measures", new { id = "s1", pillar = "training", title = "Courses" }, Waiting.Cancellation);
        await caller.Write($"plans/{plan}/measures/s1/milestones", new { id = "m1", title = "The first is held", due = "2099-06-30" }, Waiting.Cancellation);
        var first = await caller.Write(Reports(plan), Report("begins"), Waiting.Cancellation);
        var (start, stream) = (first.Position, $"plan/{plan}");
        var holders = await Task.WhenAll(Cluster.Silos.Select(Cluster.Held));
        Assert.Single(holders, held => held.Contains(stream));
        await using var store = await PostgresStore.Open(new() { ConnectionString = Cluster.DatabaseAddress, Secret = Cluster.Secret, Name = "another owner", MustExist = true }, Waiting.Cancellation);
        var begun = Assert.Single(await store.Journal.ReadAt([start], Waiting.Cancellation));
        var other = new OtherOwner(store.Journal, begun);

        // The one in memory does not know of it. Whoever names a version is told the real one, whoever does not is served on top of it.
        var foreign = await other.Append("foreign 1", begun.Version);
        using (var stale = await caller.Send(Reports(plan), Report("on what is gone"), null, Waiting.Cancellation, $"\"v{first.Version}\""))
        {
            Assert.Equal(HttpStatusCode.PreconditionFailed, stale.StatusCode);
            Assert.Equal($"\"v{foreign.Position}\"", stale.Headers.ETag?.ToString());
        }

        var told = new List<(string Text, long Position)> { ("foreign 1", foreign.Position) };
        foreign = await other.Append("foreign 2", foreign.Version);
        var served = await caller.Write(Reports(plan), Report("served"), Waiting.Cancellation, $"{plan}-served");
        Assert.Equal((foreign.Position + 1, foreign.Position + 1), (served.Version, served.Position));
        told.AddRange([("foreign 2", foreign.Position), ("served", served.Position)]);

        // Both at once, each on the version that it takes for the last.
        var (conflicts, contended) = (0, 0);
        await Task.WhenAll(Platform(), Other());
        Waiting.Say($"{told.Count} reports of two owners; the other one was wrong {conflicts} times, the platform said {contended} times that it was contended.");
        Assert.True(conflicts > 0, "The two never met.");

        var kept = await Cluster.Read(start, Waiting.Cancellation);
        Assert.Equal(told.OrderBy(one => one.Position).Select(one => (one.Position, stream)), kept.Entries.Select(entry => (entry.Position, entry.Stream)));
        Assert.All(kept.Entries.Zip(told.OrderBy(one => one.Position)), pair => Assert.Contains($"\"{pair.Second.Text}\"", pair.First.Texts, StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(1, told.Count).Select(number => begun.Version + number), kept.Entries.Select(entry => entry.Version));
        var end = kept.Entries[^1].Position;
        var verified = await caller.Get("journal/verify", Waiting.Cancellation);
        Assert.True(verified.GetProperty("ok").GetBoolean() && verified.GetProperty("entries").GetInt64() == end, $"{verified}");
        Assert.Empty(await Cluster.Inspect(end, Waiting.Cancellation));

        async Task Platform()
        {
            for (var number = 1; number <= Rounds; number++)
            {
                var key = $"{plan}-platform-{number}";
                HttpResponseMessage answer;
                while ((answer = await caller.Send(Reports(plan), Report($"platform {number}"), key, Waiting.Cancellation)).StatusCode is HttpStatusCode.Conflict)
                {
                    contended++;
                    answer.Dispose();
                }

                using var one = answer;
                var receipt = await Caller.ReceiptOf(one, Reports(plan), Waiting.Cancellation);
                lock (told) told.Add(($"platform {number}", receipt.Position));
            }
        }

        async Task Other()
        {
            var version = foreign.Version + 1;
            for (var number = 3; number < 3 + Rounds; number++)
            {
                while (true)
                {
                    var outcome = await other.Try($"foreign {number}", version);
                    if (outcome is AppendOutcome.Appended done)
                    {
                        lock (told) told.Add(($"foreign {number}", done.Position));
                        version = done.Version;
                        break;
                    }

                    conflicts++;
                    version = Assert.IsType<AppendOutcome.Conflict>(outcome).ActualVersion;
                }

                // So that the platform is not always too late.
                await Task.Delay(Random.Shared.Next(8), Waiting.Cancellation);
            }
        }
    }

    private static string Reports(string plan) => $"plans/{plan}/milestones/m1/reports";

    private static object Report(string note) => new { status = "in-progress", progress = 10, note };

    /// <summary>Reports on the plan's milestone as the rules would have it report, on the version that it takes for the last.</summary>
    private sealed class OtherOwner(IJournal journal, Entry first)
    {
        public async Task<AppendOutcome.Appended> Append(string note, long version) => Assert.IsType<AppendOutcome.Appended>(await Try(note, version));

        public async Task<AppendOutcome> Try(string note, long version)
        {
            var like = ((MilestoneReported)FactJson.Read(first.Fact, first.Form, first.Data, first.Texts)).Report;
            // All that came after the first report is reports.
            var fact = new MilestoneReported(like with { Id = $"r{version - first.Version + 2}", Note = note });
            var stored = FactJson.Write(fact);
            return await journal.Append(
                new(first.Stream, version, null, null, TimeProvider.System.GetUtcNow(), first.Actor, first.Body, [new(first.Fact, first.Form, first.Topics, first.Audience, stored.Data, stored.Texts)]),
                Waiting.Cancellation);
        }
    }
}
