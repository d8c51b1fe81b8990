using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Coordination.Journal.Postgres;
using Npgsql;
using static Coordination.Journal.Tests.Waiting;

namespace Coordination.Journal.Tests.Postgres;

/// <summary>Several silos on one database.</summary>
public sealed class PostgresSilosTests(PostgresServer server) : IAsyncDisposable
{
    private readonly PostgresSchema _schema = new(server);

    public ValueTask DisposeAsync() => _schema.DisposeAsync();

    [Fact]
    public async Task Two_that_append_at_once_make_one_sound_log_without_a_hole()
    {
        PostgresStore[] silos = [await _schema.Open(), await _schema.Open()];
        const int writers = 32;
        const int each = 20;
        const int total = writers * 2 * each * 2;
        var following = Task.WhenAll(silos.Select(silo => Task.Run(() => Follow(silo, total), Cancellation)));
        await Task.WhenAll(Enumerable.Range(0, writers * 2).Select(writer => Task.Run(async () =>
        {
            var journal = silos[writer % 2].Journal;
            for (var i = 0; i < each; i++)
            {
                var appended = await journal.MustAppend(Facts.To($"plan/{writer}", i * 2, $"{writer}-{i}", count: 2));
                Assert.Equal((i + 1) * 2, appended.Version);
                Assert.True(journal.Position >= appended.Position);
            }
        }, Cancellation))).Until("64 writers");

        foreach (var followed in await following.Until("two followers"))
            Assert.Equal(Enumerable.Range(1, total), followed);
        foreach (var silo in silos)
        {
            await silo.Journal.WaitBeyond(total - 1, Cancellation).Until("each to know of all");
            Assert.Equal(total, silo.Journal.Position);
            Assert.Equal(Enumerable.Range(1, total), (await silo.Journal.ReadFrom(0, int.MaxValue, Cancellation)).Select(entry => (int)entry.Position));
            Assert.Equal(new(total, null, Convert.ToHexStringLower((await silo.Journal.ReadHead(Cancellation)).Hash)), await silo.Journal.Verify(Cancellation));
        }
    }

    /// <summary>Positions that a silo is told of while it writes itself.</summary>
    private static async Task<List<int>> Follow(PostgresStore silo, int total)
    {
        var followed = new List<int>(total);
        while (followed.Count < total)
        {
            await silo.Journal.WaitBeyond(followed.Count, Cancellation);
            followed.AddRange((await silo.Journal.Follow(followed.Count, 50, Cancellation)).Select(entry => (int)entry.Position));
        }
        return followed;
    }

    [Fact]
    public async Task Of_two_that_both_believe_they_own_a_stream_one_wins_and_the_other_learns_it()
    {
        PostgresStore[] silos = [await _schema.Open(), await _schema.Open()];
        for (var version = 0; version < 20; version++)
        {
            var outcomes = await Task.WhenAll(silos.Select(silo => silo.Journal.Append(Facts.To("plan/a", version), Cancellation).AsTask())).Until("both");
            Assert.Equal(version + 1, Assert.Single(outcomes.OfType<AppendOutcome.Appended>()).Version);
            Assert.Equal(new AppendOutcome.Conflict(version + 1), Assert.Single(outcomes.OfType<AppendOutcome.Conflict>()));
        }
        Assert.Equal(Enumerable.Range(1, 20), (await silos[0].Journal.ReadStream("plan/a", 0, Cancellation).All()).Select(entry => (int)entry.Version));
    }

    [Fact]
    public async Task What_one_is_refused_for_harms_no_neighbour_in_its_transaction()
    {
        var (silo, other) = (await _schema.Open(), await _schema.Open());
        await silo.Journal.MustAppend(Facts.To("plan/a", 0));
        // What the first believes to know is no longer so.
        await other.Journal.MustAppend(Facts.To("plan/a", 1));
        await other.Journal.MustAppend(Facts.To("plan/new", 0, "said"));
        Append[] appends =
        [
            Facts.To("plan/a", 1), Facts.To("plan/b", 0, "first"), Facts.To("plan/new", 0), Facts.To("plan/c", 0, "said"), Facts.To("plan/d", 7),
            Facts.To("plan/b", 1), Facts.To("plan/a", 2),
        ];
        var before = silo.Writer.Commits;
        var outcomes = await Task.WhenAll(await Gate.Together(silo, appends.Length, i => silo.Journal.Append(appends[i], Cancellation).AsTask()));
        Assert.Equal(
            [
                new AppendOutcome.Conflict(2), new AppendOutcome.Appended(5, 1), new AppendOutcome.Conflict(1),
                new AppendOutcome.Repeated(Facts.Receipt("said", "plan/new", 1, 3)), new AppendOutcome.Conflict(0),
                new AppendOutcome.Appended(6, 2), new AppendOutcome.Appended(7, 3),
            ],
            outcomes.Select(outcome => outcome.Plain()));
        Assert.Equal(before + 2, silo.Writer.Commits); // one is the gate's
        Assert.Null((await silo.Journal.Verify(Cancellation)).BrokenAt);
    }

    [Fact]
    public async Task A_command_said_to_both_is_done_once()
    {
        PostgresStore[] silos = [await _schema.Open(), await _schema.Open()];
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 64).Select(
            i => Task.Run(async () => await silos[i % 2].Journal.Append(Facts.To($"plan/{i}", 0, "said"), Cancellation), Cancellation))).Until("64 sayers");
        Assert.Equal(new(1, 1), Assert.Single(outcomes.OfType<AppendOutcome.Appended>()));
        Assert.Equal(63, outcomes.OfType<AppendOutcome.Repeated>().Count());
    }

    [Fact]
    public async Task Each_hears_of_the_others_commits_at_once()
    {
        var (silo, other) = (await _schema.Open(), await _schema.Open());
        var delays = new List<double>();
        for (var i = 0; i < 30; i++)
        {
            var heard = other.Journal.WaitBeyond(i, Cancellation);
            await silo.Journal.MustAppend(Facts.To("plan/a", i));
            var began = Stopwatch.GetTimestamp();
            await heard.Until("the other to hear");
            delays.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        // By the doorbell: looking at the head alone takes 125 ms in the middle.
        Assert.InRange(delays.Order().ElementAt(delays.Count / 2), 0, 60);
    }

    [Fact]
    public async Task Who_hears_nothing_finds_out_all_the_same()
    {
        var (silo, other) = (await _schema.Open(), await _schema.Open());
        // Nobody is listening any more; whoever rings still believes so.
        await _schema.Sql($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%{_schema.Name}%' OR query = 'SELECT max(position) FROM head'");
        var heard = other.Journal.WaitBeyond(0, Cancellation);
        await silo.Journal.MustAppend(Facts.To("plan/a", 0));
        await heard.Until("the other to find out");
        // And by the doorbell again.
        var again = other.Journal.WaitBeyond(1, Cancellation);
        await silo.Journal.MustAppend(Facts.To("plan/a", 1));
        await again.Until("the other to hear");
    }

    [Fact]
    public async Task A_lease_that_is_not_renewed_ends()
    {
        var (silo, other) = (await _schema.Open(), await _schema.Open());
        Assert.True(await silo.Leases.Hold("relay", "silo-1", TimeSpan.FromSeconds(1), Cancellation));
        Assert.False(await other.Leases.Hold("relay", "silo-2", TimeSpan.FromMinutes(1), Cancellation));
        Assert.Equal("silo-1", await other.Leases.Holder("relay", Cancellation));
        await Taking().Until("the lease to end");
        Assert.Equal("silo-2", await silo.Leases.Holder("relay", Cancellation));
        Assert.False(await silo.Leases.Hold("relay", "silo-1", TimeSpan.FromMinutes(1), Cancellation));

        async Task Taking()
        {
            while (!await other.Leases.Hold("relay", "silo-2", TimeSpan.FromMinutes(1), Cancellation))
                await Task.Delay(50, Cancellation);
        }
    }

    [Fact]
    public async Task A_silo_that_was_declared_dead_writes_nothing()
    {
        var (dead, alive) = (await _schema.Open(), await _schema.Open());
        await _schema.Sql("CREATE TABLE members (name text, dead boolean); INSERT INTO members VALUES ('silo-1', false)");
        const string condition = "EXISTS (SELECT FROM members WHERE name = $1 AND dead)";
        dead.FenceBy(condition, "silo-1");
        alive.FenceBy(condition, "silo-2");
        await dead.Journal.MustAppend(Facts.To("plan/a", 0));
        await dead.Leases.Hold("relay", "silo-1", TimeSpan.FromMinutes(1), Cancellation);
        await _schema.Sql("UPDATE members SET dead = true");

        foreach (var write in (Func<Task>[])[
            async () => await dead.Journal.Append(Facts.To("plan/a", 1), Cancellation),
            () => dead.Journal.SaveSnapshot("plan/a", new(1, 1, [1]), Cancellation),
            () => dead.Records.Write("account", "7", [1], null, Cancellation),
            () => dead.Inboxes.Deliver(0, 1, [new("body-3", 1, "addressed", "plan/p")], Cancellation),
            () => dead.Outbox.Mark("letters", 0, Cancellation),
            () => dead.Views.Save([new(new("plans", 1), ViewMark.None, 1, [], [new("a", 1, [1], [])])], Cancellation),
            () => dead.Leases.Hold("relay", "silo-1", TimeSpan.FromMinutes(1), Cancellation)])
        {
            Assert.True((await Assert.ThrowsAsync<JournalUnavailableException>(write)).Fenced);
        }
        Assert.Equal(1, (await alive.Journal.ReadHead(Cancellation)).Position);
        Assert.Equal(0, await alive.Inboxes.DeliveredUpTo(Cancellation));
        Assert.Empty(await alive.Views.Marks(Cancellation));
        // It may still read, and the others go on.
        Assert.Single(await dead.Journal.ReadFrom(0, 10, Cancellation));
        await alive.Journal.MustAppend(Facts.To("plan/a", 1));
    }

    [Fact]
    public async Task A_silo_that_froze_under_the_head_holds_nobody_up_and_a_dead_one_writes_nothing_when_it_wakes()
    {
        var (frozen, alive) = (await _schema.Open(), await _schema.Open());
        await _schema.Sql("CREATE TABLE members (name text); ");
        frozen.FenceBy("EXISTS (SELECT FROM members WHERE name = $1)", "silo-1");
        using var gate = new Gate(frozen);
        var late = frozen.Journal.Append(Facts.To("plan/a", 0, "late"), Cancellation).AsTask();
        await gate.Closed;

        var began = Stopwatch.GetTimestamp();
        await alive.Journal.MustAppend(Facts.To("plan/a", 0)).Until("the other to get the head");
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(10));

        await _schema.Sql("INSERT INTO members VALUES ('silo-1')");
        gate.Open();
        var refusal = await Assert.ThrowsAsync<JournalUnavailableException>(() => late.Until("the sleeper's answer"));
        Assert.True(refusal.Fenced, refusal.Message);
        Assert.Equal(1, (await alive.Journal.ReadHead(Cancellation)).Position);
        Assert.Null(await alive.Journal.FindCommand("late", Cancellation));
    }

    [Fact]
    public async Task A_silo_that_slept_and_was_not_declared_dead_learns_that_another_was_faster()
    {
        var options = _schema.Options with { HeldAtMost = TimeSpan.FromMilliseconds(500), Patience = TimeSpan.FromMinutes(1) };
        var (frozen, alive) = (await _schema.Open(options), await _schema.Open(options));
        using var gate = new Gate(frozen);
        var late = frozen.Journal.Append(Facts.To("plan/a", 0, "late"), Cancellation).AsTask();
        await gate.Closed;
        await alive.Journal.MustAppend(Facts.To("plan/a", 0)).Until("the other to get the head");
        gate.Open();
        Assert.Equal(new AppendOutcome.Conflict(1), await late.Until("the sleeper's answer"));
        Assert.Equal(new(2, 2), await frozen.Journal.MustAppend(Facts.To("plan/a", 1, "late")));
    }

    [Fact]
    public async Task A_silo_that_froze_in_the_middle_of_its_commit_is_ended_by_the_others()
    {
        await using var proxy = new Proxy(server.Port);
        var through = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Port = proxy.Port }.ToString();
        var frozen = await _schema.Open(_schema.Options with { ConnectionString = through, Patience = TimeSpan.FromMinutes(1) });
        var alive = await _schema.Open();
        await frozen.Journal.MustAppend(Facts.To("plan/a", 0));
        // The rows arrive and the COMMIT does not: here PostgreSQL's own limits do not reach.
        frozen.Writer.BeforeCommit = () => proxy.KeepBack(10);
        var late = frozen.Journal.Append(Facts.To("plan/late", 0, "late"), Cancellation).AsTask();
        while (0L.Equals(await _schema.Sql("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND wait_event = 'ClientRead' AND query = 'COMMIT'")))
            await Task.Delay(50, Cancellation);

        var began = Stopwatch.GetTimestamp();
        await alive.Journal.MustAppend(Facts.To("plan/b", 0)).Until("the other to get the head");
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(10));

        frozen.Writer.BeforeCommit = null;
        proxy.Mend();
        Assert.Equal(new AppendOutcome.Appended(3, 1), await late.Until("the sleeper's answer"));
        Assert.Null((await alive.Journal.Verify(Cancellation)).BrokenAt);
    }

    [Fact]
    public async Task A_process_that_is_stopped_while_it_holds_the_head_is_ended()
    {
        var silo = await _schema.Open();
        using var holder = server.Psql($"BEGIN; SELECT 'held' FROM \"{_schema.Name}\".head FOR UPDATE;");
        while (await holder.StandardOutput.ReadLineAsync(Cancellation) is { } line && !line.Contains("held", StringComparison.Ordinal)) { }
        await PostgresServer.Run("kill", ["-STOP", holder.Id.ToString(CultureInfo.InvariantCulture)]);
        try
        {
            // This one has no limit of its own, so it is the silo that ends it.
            var began = Stopwatch.GetTimestamp();
            await silo.Journal.MustAppend(Facts.To("plan/a", 0)).Until("the silo to get the head");
            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        }
        finally
        {
            holder.Kill();
        }
    }

    [Fact]
    public async Task A_foreign_transaction_that_stays_open_delays_neither_readers_nor_writers()
    {
        var silo = await _schema.Open(_schema.Options with { BatchSize = 1, Patience = TimeSpan.FromMinutes(1) });
        await silo.Journal.MustAppend(Facts.To("plan/a", 0));
        await using var foreign = await _schema.Connect();
        await using var transaction = await foreign.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, Cancellation);
        await using (var look = new NpgsqlCommand("SELECT count(*) FROM head, entries, marks", foreign, transaction))
            await look.ExecuteScalarAsync(Cancellation);

        const int commits = 1_000;
        await Task.WhenAll(Enumerable.Range(0, commits).Select(i => silo.Journal.MustAppend(Facts.To($"plan/b{i}", 0)))).Until("the appends");
        Assert.Equal(commits + 1, silo.Writer.Commits);

        // No older form of the head row can be removed meanwhile, and none is looked at.
        Assert.InRange(await Pages("SELECT position, hash FROM head ORDER BY position DESC LIMIT 1"), 1, 12);
        Assert.InRange(await Pages($"UPDATE head SET commits = commits WHERE position = {commits + 1}"), 1, 24);
        Assert.Equal(commits + 1, (await silo.Journal.ReadFrom(0, int.MaxValue, Cancellation)).Count);
        Assert.Equal(commits + 1, (await silo.Journal.ReadHead(Cancellation)).Position);
        await silo.Journal.MustAppend(Facts.To("plan/a", 1));

        async Task<int> Pages(string sql)
        {
            var plan = (string)(await _schema.Sql($"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}"))!;
            using var json = System.Text.Json.JsonDocument.Parse(plan);
            var root = json.RootElement[0].GetProperty("Plan");
            return root.GetProperty("Shared Hit Blocks").GetInt32() + root.GetProperty("Shared Read Blocks").GetInt32();
        }
    }

    [Fact]
    public async Task Within_one_batch_each_sees_those_before_it()
    {
        var silo = await _schema.Open();
        Append[] appends =
        [
            Facts.To("plan/a", 0, "first"), Facts.To("plan/a", 1, "second"), Facts.To("plan/a", 1, "third"), Facts.To("plan/b", 0, "first"),
            Facts.To("plan/a", 2),
        ];
        var outcomes = await Task.WhenAll(await Gate.Together(silo, appends.Length, i => silo.Journal.Append(appends[i], Cancellation).AsTask()));
        Assert.Equal(
            [
                new AppendOutcome.Appended(2, 1), new AppendOutcome.Appended(3, 2), new AppendOutcome.Conflict(2),
                new AppendOutcome.Repeated(Facts.Receipt("first", "plan/a", 1, 2)), new AppendOutcome.Appended(4, 3),
            ],
            outcomes.Select(outcome => outcome.Plain()));
        Assert.Equal(2, silo.Writer.Commits); // one is the gate's
    }

    [Fact]
    public async Task A_thousand_appends_at_once_share_a_few_commits_and_a_batch_is_bounded()
    {
        var silo = await _schema.Open(_schema.Options with { BatchSize = 400 });
        var positions = new ConcurrentBag<long>();
        await Task.WhenAll(await Gate.Together(silo, 1_000, async i =>
        {
            var appended = await silo.Journal.MustAppend(Facts.To($"plan/{i}", 0));
            positions.Add(appended.Position);
            return appended;
        }));
        Assert.Equal(Enumerable.Range(2, 1_000), positions.Order().Select(position => (int)position));
        Assert.Equal(1 + 3, silo.Writer.Commits);
    }

    [Fact]
    public async Task An_append_cancelled_while_it_waits_is_not_written_and_what_changes_nothing_commits_nothing()
    {
        var silo = await _schema.Open();
        using var gate = new Gate(silo);
        var first = silo.Journal.MustAppend(Facts.To("plan/a", 0, "said"));
        await gate.Closed;
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var cancelled = silo.Journal.Append(Facts.To("plan/b", 0), impatient.Token).AsTask();
        await impatient.CancelAsync();
        gate.Open();
        await first.Until("the first append");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Until("the cancelled append"));
        Assert.IsType<AppendOutcome.Repeated>(await silo.Journal.Append(Facts.To("plan/a", 0, "said"), Cancellation));
        Assert.IsType<AppendOutcome.Conflict>(await silo.Journal.Append(Facts.To("plan/a", 0), Cancellation));
        Assert.Equal(1, silo.Writer.Commits);
        Assert.Equal(new(2, 1), await silo.Journal.MustAppend(Facts.To("plan/b", 0)));
    }

    [Fact]
    public async Task A_write_accepted_before_closing_is_finished_and_later_ones_are_refused()
    {
        var silo = await _schema.Open();
        using var gate = new Gate(silo);
        var append = silo.Journal.Append(Facts.To("plan/a", 0), Cancellation).AsTask();
        await gate.Closed;
        var next = silo.Journal.Append(Facts.To("plan/a", 1), Cancellation).AsTask();
        var waiting = silo.Journal.WaitBeyond(5, Cancellation);
        var closing = silo.DisposeAsync().AsTask();
        gate.Open();
        await closing.Until("the store to close");
        Assert.Equal(new AppendOutcome.Appended(1, 1), await append);
        Assert.Equal(new AppendOutcome.Appended(2, 2), await next);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.Until("the wait to end"));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await silo.Journal.Append(Facts.To("plan/a", 2), Cancellation));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => silo.Journal.ReadFrom(0, 1, Cancellation));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => silo.Journal.WaitBeyond(5, Cancellation));
    }
}
