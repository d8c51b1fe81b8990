using System.Diagnostics;
using Coordination.EndToEnd.Tests.Clusters;

namespace Coordination.EndToEnd.Tests.Faults;

/// <summary>What the journal lies on fails, or is held up by somebody else.</summary>
[Collection(typeof(OnACluster))]
[Trait("On", "cluster")]
[Trait("Full", "soak")]
public sealed class LosingTheDatabase(RunningCluster running)
{
    private static readonly TimeSpan ForOthers = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ToBeToldLive = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Away = TestSize.Of(TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(60));

    /// <summary>A read answers within two seconds; here others have the processors too.</summary>
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(8);

    private Cluster Cluster => running.Cluster;

    [Fact]
    public async Task Kill_9_of_PostgreSQL_under_load_loses_nothing_and_writes_go_on_when_it_is_back()
    {
        await using var ordeal = await running.Begin("postgres-killed");
        var from = Stopwatch.GetTimestamp();
        await Cluster.Postgres.Kill();
        await Cluster.Up();
        await ordeal.Load.ContinueOnEach([.. ordeal.Plans.Select(plan => plan.Stream)], Patience);
        running.Tell("kill -9 of PostgreSQL", await ordeal.End(from, []));
    }

    [Fact]
    public async Task While_PostgreSQL_is_away_each_kind_of_read_does_what_the_operators_are_told()
    {
        await Cluster.Up();
        var reader = running.Sessions.Callers["ruritania"];
        var plan = await First("plans?body=ruritania");
        var milestone = await First($"milestones?plan={plan}");
        var request = await First("requests");
        string[] fromMemory =
        [
            "bodies", "bodies/ruritania", "plans", $"plans/{plan}", $"plans/{plan}/measures", "milestones?overdue=true", $"plans/{plan}/milestones/{milestone}", "requests", "groups",
            $"groups/{Writers.Group}", "subscriptions", "search?q=ruritania", "session",
        ];
        string[] fromTheDatabase = [$"plans/{plan}/milestones/{milestone}/reports", $"requests/{request}", $"groups/{Writers.Group}/updates", "feed", "feed?after=0", "inbox", "journal/entries", "journal/heads"];
        foreach (var path in (string[])[.. fromMemory, .. fromTheDatabase]) await Waiting.Patiently(() => reader.Get(path, Waiting.Cancellation));

        var (wrong, longest, asked) = (new List<string>(), TimeSpan.Zero, 0);
        await Cluster.Postgres.Kill();
        var from = Stopwatch.GetTimestamp();
        try
        {
            while (asked == 0 || Stopwatch.GetElapsedTime(from) < Away)
            {
                foreach (var path in fromMemory) await Ask(path, HttpStatusCode.OK);
                foreach (var path in fromTheDatabase) await Ask(path, HttpStatusCode.ServiceUnavailable);
            }
        }
        finally
        {
            await Cluster.Up();
        }

        foreach (var path in (string[])[.. fromMemory, .. fromTheDatabase]) await Waiting.Patiently(() => reader.Get(path, Waiting.Cancellation));
        Waiting.Say($"PostgreSQL was away for {Stopwatch.GetElapsedTime(from).TotalSeconds:0} s; {asked} reads, the longest {longest.TotalSeconds:0.0} s.");
        Assert.Empty(wrong);
        Assert.True(longest < Generous, $"A read took {longest}.");

        async Task<string> First(string path) => (await reader.Get(path, Waiting.Cancellation)).GetProperty("items")[0].GetProperty("id").GetString()!;

        async Task Ask(string path, HttpStatusCode expected)
        {
            var began = Stopwatch.GetTimestamp();
            using var answer = await reader.Ask(path, Waiting.Cancellation);
            var took = Stopwatch.GetElapsedTime(began);
            longest = took > longest ? took : longest;
            asked++;
            if (answer.StatusCode != expected) wrong.Add($"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(Waiting.Cancellation)}");
            else if (expected is HttpStatusCode.ServiceUnavailable && answer.Headers.RetryAfter is null) wrong.Add($"{path}: without Retry-After");
        }
    }

    [Trait("Only", "soak")]
    [Fact]
    public async Task A_full_disk_under_the_journal_refuses_writes_truthfully_until_there_is_room_again()
    {
        Assert.SkipUnless(await SmallDisk.Possible(), "A disk that can be filled takes root, on a machine that lets root mount.");
        await Cluster.Up();
        await Cluster.Down(kill: false);
        var disk = await SmallDisk.Under(Path.Combine(Cluster.Data, "postgres", "data"), megabytesOfRoom: 160);
        try
        {
            await using var ordeal = await running.Begin("disk-full");
            var from = Stopwatch.GetTimestamp();
            await disk.Fill();
            await Waiting.Until("writes are refused", Patience, () => Task.FromResult(ordeal.Load.Refusals.Count > 0 ? null : ordeal.Load.Told()));
            disk.Free();
            await Cluster.Up();
            await ordeal.Load.ContinueOnEach([.. ordeal.Plans.Select(plan => plan.Stream)], Patience);
            running.Tell("the journal's disk is full", await ordeal.End(from, []));
        }
        finally
        {
            // However it went: nobody may use the disk when it is taken away.
            disk.Free();
            await Cluster.Down(kill: true);
            await disk.DisposeAsync();
            await Cluster.Up();
        }
    }

    [Fact]
    public Task A_foreign_transaction_that_stays_open_delays_no_reader_of_the_journal() => AForeignTransactionStaysOpen(TimeSpan.Zero);

    /// <param name="length">For how long at least.</param>
    internal async Task AForeignTransactionStaysOpen(TimeSpan length)
    {
        await using var ordeal = await running.Begin("foreign-transaction");
        await using var connection = await Cluster.Database.OpenConnectionAsync(Waiting.Cancellation);
        await using (var make = new Npgsql.NpgsqlCommand("CREATE TABLE IF NOT EXISTS foreign_work (id int)", connection)) await make.ExecuteNonQueryAsync(Waiting.Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Waiting.Cancellation);
        // It has written, so it has a number of its own that everything later waits behind, where one reads by such numbers.
        await using (var write = new Npgsql.NpgsqlCommand("INSERT INTO foreign_work VALUES (1)", connection, transaction)) await write.ExecuteNonQueryAsync(Waiting.Cancellation);
        var from = Stopwatch.GetTimestamp();
        do
        {
            await ordeal.Load.Continue(200, Patience);
            var written = ordeal.Load.Acknowledged.Where(one => one.Write.Text is not null).Max(one => one.Receipt.Position);
            var party = ordeal.Viewers[0];
            await Waiting.Until($"{party.Name} is told of what stands near {written}", ToBeToldLive * 5, () =>
            {
                var last = party.Sight.Taken[^1].Position;
                // Not all that was written last is for everyone.
                return Task.FromResult(last >= written - 20 ? null : $"it has seen up to {last}");
            });
        }
        while (Stopwatch.GetElapsedTime(from) < length);

        var account = await ordeal.End(from, []);
        await transaction.RollbackAsync(Waiting.Cancellation);
        running.Tell("a foreign transaction stays open", account, others: ForOthers);
    }
}
