using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Coordination.Journal.Postgres;
using Npgsql;
using static Coordination.Journal.Tests.Waiting;

namespace Coordination.Journal.Tests.Postgres;

/// <summary>The database goes away, or the way to it, at the worst moments.</summary>
public sealed class PostgresOutageTests(PostgresServer server) : IAsyncDisposable
{
    private readonly PostgresSchema _schema = new(server);
    private readonly Proxy _proxy = new(server.Port);

    private PostgresOptions Through => _schema.Options with
    {
        ConnectionString = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Port = _proxy.Port }.ToString(),
    };

    public async ValueTask DisposeAsync()
    {
        _proxy.Mend();
        await _schema.DisposeAsync();
        await _proxy.DisposeAsync();
    }

    [Fact]
    public async Task A_connection_that_is_lost_before_the_commit_arrives_loses_nothing_and_doubles_nothing()
    {
        var store = await _schema.Open();
        await store.Journal.MustAppend(Facts.To("plan/a", 0));
        store.Writer.BeforeCommit = () =>
        {
            store.Writer.BeforeCommit = null;
            EndWriter();
        };
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => store.Journal.MustAppend(Facts.To($"plan/b{i}", 0, $"command-{i}")))).Until("20 appends");
        Assert.Equal(Enumerable.Range(2, 20), outcomes.Select(outcome => (int)outcome.Position).Order());
        Assert.Equal(new(21, null, Convert.ToHexStringLower((await store.Journal.ReadHead(Cancellation)).Hash)), await store.Journal.Verify(Cancellation));
    }

    [Fact]
    public async Task A_commit_whose_answer_is_lost_is_looked_up_before_it_is_answered()
    {
        var store = await _schema.Open(Through);
        await store.Journal.MustAppend(Facts.To("plan/a", 0));
        store.Writer.BeforeCommit = () =>
        {
            store.Writer.BeforeCommit = null;
            _proxy.Mute();
        };
        var append = store.Journal.MustAppend(Facts.To("plan/a", 1, "said"));
        while (await _schema.Sql("SELECT max(position) FROM head") is not 2L)
            await Task.Delay(20, Cancellation);
        Assert.False(append.IsCompleted);
        _proxy.Cut();
        _proxy.Mend();
        Assert.Equal(new(2, 2), await append.Until("the answer"));
        Assert.Equal(new(3, 3), await store.Journal.MustAppend(Facts.To("plan/a", 2)));
        Assert.Null((await store.Journal.Verify(Cancellation)).BrokenAt);
    }

    [Fact]
    public async Task A_failure_right_after_the_commit_changes_nothing()
    {
        var store = await _schema.Open();
        store.Writer.AfterCommit = () =>
        {
            store.Writer.AfterCommit = null;
            throw new IOException("the answer was lost");
        };
        Assert.Equal(new(1, 1), await store.Journal.MustAppend(Facts.To("plan/a", 0)).Until("the answer"));
        Assert.Equal(new(2, 2), await store.Journal.MustAppend(Facts.To("plan/a", 1)));
    }

    [Fact]
    public async Task What_cannot_be_looked_up_is_said_to_be_unknown_and_a_repeat_is_safe()
    {
        var store = await _schema.Open(Through with { Patience = TimeSpan.FromSeconds(1) });
        await store.Journal.MustAppend(Facts.To("plan/a", 0));
        store.Writer.BeforeCommit = () =>
        {
            store.Writer.BeforeCommit = null;
            _proxy.Mute();
        };
        var append = store.Journal.Append(Facts.To("plan/a", 1, "said"), Cancellation).AsTask();
        while (await _schema.Sql("SELECT max(position) FROM head") is not 2L)
            await Task.Delay(20, Cancellation);
        _proxy.Cut();
        var refusal = await Assert.ThrowsAsync<JournalUnavailableException>(() => append.Until("the answer"));
        Assert.Contains("is not known", refusal.Message, StringComparison.Ordinal);
        _proxy.Mend();
        Assert.Equal(2, Assert.IsType<AppendOutcome.Repeated>(await store.Journal.Append(Facts.To("plan/a", 1, "said"), Cancellation)).Receipt.Position);
    }

    [Fact]
    public async Task While_the_database_is_away_all_fail_in_time_and_as_soon_as_it_is_back_all_work()
    {
        var store = await _schema.Open(Through with { Patience = TimeSpan.FromSeconds(1) });
        await store.Journal.MustAppend(Facts.To("plan/a", 0));
        _proxy.Cut();
        var began = Stopwatch.GetTimestamp();
        Func<Task>[] uses =
        [
            async () => await store.Journal.Append(Facts.To("plan/a", 1), Cancellation),
            () => store.Journal.ReadFrom(0, 10, Cancellation),
            () => store.Journal.ReadStream("plan/a", 0, Cancellation).All(),
            () => store.Records.Write("account", "7", [1], null, Cancellation),
            async () => await store.Records.Read("account", "7", Cancellation),
            () => store.Inboxes.Deliver(0, 1, [], Cancellation),
            () => store.Outbox.Take("mail", DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, 1, Cancellation),
            () => store.Views.Save([new(new("plans", 1), ViewMark.None, 1, [], [])], Cancellation),
            () => store.Leases.Hold("relay", "silo-1", TimeSpan.FromMinutes(1), Cancellation),
        ];
        await Task.WhenAll(uses.Select(use => Assert.ThrowsAsync<JournalUnavailableException>(use))).Until("all to fail");
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(10));

        var waiting = store.Journal.WaitBeyond(1, Cancellation);
        _proxy.Mend();
        await store.Journal.MustAppend(Facts.To("plan/a", 1));
        Assert.Equal(2, (await store.Journal.ReadFrom(0, 10, Cancellation)).Count);
        Assert.Equal(1, await store.Records.Write("account", "7", [1], 0, Cancellation));
        await waiting.Until("the position");
    }

    /// <summary>However patient the silo is otherwise: somebody waits in front of a page.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_page_of_a_view_says_within_two_seconds_that_the_database_is_away(bool isCut)
    {
        var store = await _schema.Open(Through with { Patience = TimeSpan.FromMinutes(1) });
        var view = new ViewKey("plans", 1);
        Assert.True(await store.Views.Save([new(view, ViewMark.None, 1, [], [new("a", 1, [1], [])])], Cancellation));
        if (isCut) _proxy.Cut();
        else _proxy.Mute();
        foreach (var read in (Func<Task>[])[() => store.Views.Page(view, [new("", "~", 10)], Cancellation), () => store.Views.Find(view, ["a"], Cancellation)])
        {
            var began = Stopwatch.GetTimestamp();
            await Assert.ThrowsAsync<JournalUnavailableException>(read);
            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        }
        _proxy.Cut();
        _proxy.Mend();
        Assert.Single((await store.Views.Find(view, ["a"], Cancellation)).Items);
    }

    [Fact]
    public async Task A_database_that_hangs_fails_appends_in_time()
    {
        var store = await _schema.Open(Through with { Patience = TimeSpan.FromSeconds(1), StatementAtMost = TimeSpan.FromSeconds(1) });
        await store.Journal.MustAppend(Facts.To("plan/a", 0));
        _proxy.Mute();
        var began = Stopwatch.GetTimestamp();
        await Assert.ThrowsAsync<JournalUnavailableException>(async () => await store.Journal.Append(Facts.To("plan/a", 1, "said"), Cancellation));
        await Assert.ThrowsAsync<JournalUnavailableException>(() => store.Journal.ReadFrom(0, 1, Cancellation));
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(20));
        _proxy.Mend();
        await store.Journal.MustAppend(Facts.To("plan/b", 0)).Until("an append");
    }

    [Fact]
    public async Task A_record_whose_commit_is_lost_is_looked_up_too()
    {
        var store = await _schema.Open(Through);
        for (var round = 0; round < 10; round++)
        {
            var cut = Task.Run(async () =>
            {
                await Task.Delay(RandomNumberGenerator.GetInt32(0, 8), Cancellation);
                _proxy.Cut();
                _proxy.Mend();
            }, Cancellation);
            for (var write = 0; write < 4; write++)
            {
                var id = $"{round}-{write}";
                Assert.Equal(1, await store.Records.Write("account", id, [1], 0, Cancellation).Until("the write"));
                Assert.Equal(1, (await store.Records.Read("account", id, Cancellation))!.Version);
            }
            await cut;
        }
    }

    [Fact]
    public async Task After_the_server_was_killed_in_a_burst_everything_acknowledged_is_there_once()
    {
        await using var own = await PostgresServer.OfItsOwn();
        await using var schema = new PostgresSchema(own);
        PostgresStore[] silos = [await schema.Open(), await schema.Open()];
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var acknowledged = new ConcurrentDictionary<string, long>();
        var writers = Enumerable.Range(0, 64).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; !enough.IsCancellationRequested; i++)
            {
                var command = $"{writer}-{i}";
                while (!acknowledged.ContainsKey(command))
                {
                    try
                    {
                        acknowledged[command] = await silos[writer % 2].Journal.Append(Facts.To($"plan/{writer}", i, command), Cancellation) switch
                        {
                            AppendOutcome.Appended appended => appended.Position,
                            AppendOutcome.Repeated repeated => repeated.Receipt.Position,
                            var outcome => throw new InvalidOperationException($"{command}: {outcome}"),
                        };
                    }
                    catch (JournalUnavailableException)
                    {
                        // Said again with the same id.
                    }
                }
            }
        }, Cancellation)).ToList();

        for (var kill = 0; kill < 2; kill++)
        {
            var before = acknowledged.Count;
            while (acknowledged.Count < before + 300)
                await Task.Delay(10, Cancellation);
            await own.Kill();
            await own.Start();
        }
        var last = acknowledged.Count;
        while (acknowledged.Count < last + 300)
            await Task.Delay(10, Cancellation);
        await enough.CancelAsync();
        await Task.WhenAll(writers).Until("the writers to end");

        var entries = await silos[0].Journal.ReadFrom(0, int.MaxValue, Cancellation);
        Assert.Equal(Enumerable.Range(1, acknowledged.Count), entries.Select(entry => (int)entry.Position));
        Assert.Equal(entries.Select(entry => entry.Position), acknowledged.Values.Order());
        Assert.Equal(new(acknowledged.Count, null, Convert.ToHexStringLower(entries[^1].Hash)), await silos[1].Journal.Verify(Cancellation));
    }

    [Fact]
    public async Task A_number_of_a_transaction_is_not_trusted_across_a_crash_of_the_server()
    {
        await using var own = await PostgresServer.OfItsOwn();
        await own.Query("CREATE TABLE things (id int)");
        await using var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(own.ConnectionString) { Pooling = false });
        var kept = await Begin(TransactionEnd.Commit);
        var dropped = await Begin(TransactionEnd.Rollback);
        Assert.Equal(("committed", true), await Outcome(kept));
        Assert.Equal(("aborted", true), await Outcome(dropped));

        await Begin(TransactionEnd.Crash);
        Assert.False((await Outcome(kept)).IsSameServer, "It has crashed since.");
        var later = await Begin(TransactionEnd.Commit);
        Assert.Equal(("committed", true), await Outcome(later));

        await own.Kill();
        await own.Start();
        Assert.False((await Outcome(later)).IsSameServer, "It was started again since.");

        async Task<(string Id, DateTime At)> Begin(TransactionEnd end)
        {
            await using var connection = await database.OpenConnectionAsync(Cancellation);
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            await using (var write = new NpgsqlCommand("INSERT INTO things VALUES (1)", connection)) await write.ExecuteNonQueryAsync(Cancellation);
            (string, DateTime) running;
            await using (var read = new NpgsqlCommand(Connections.ReadRunning, connection))
            await using (var row = await read.ExecuteReaderAsync(Cancellation))
            {
                await row.ReadAsync(Cancellation);
                running = (row.GetString(0), row.GetDateTime(1));
            }

            if (end is TransactionEnd.Commit) await transaction.CommitAsync(Cancellation);
            else if (end is TransactionEnd.Rollback) await transaction.RollbackAsync(Cancellation);
            else await Crash(connection.ProcessID);
            return running;
        }

        // The server notices a little later that one of its processes is gone, and then ends all the others.
        async Task Crash(int process)
        {
            await using var other = await database.OpenConnectionAsync(Cancellation);
            await PostgresServer.Run("kill", ["-KILL", process.ToString(CultureInfo.InvariantCulture)]);
            await Assert.ThrowsAnyAsync<NpgsqlException>(async () =>
            {
                while (true)
                {
                    await using var ask = new NpgsqlCommand("SELECT 1", other);
                    await ask.ExecuteScalarAsync(Cancellation);
                    await Task.Delay(10, Cancellation);
                }
            });
        }

        async Task<(string? Status, bool IsSameServer)> Outcome((string Id, DateTime At) running)
        {
            var began = Stopwatch.GetTimestamp();
            while (true)
            {
                try
                {
                    await using var read = database.CreateCommand(Connections.ReadOutcome);
                    read.Parameters.Add(new() { Value = running.Id });
                    read.Parameters.Add(new() { Value = running.At });
                    await using var row = await read.ExecuteReaderAsync(Cancellation);
                    await row.ReadAsync(Cancellation);
                    return (row.IsDBNull(0) ? null : row.GetString(0), row.GetBoolean(1));
                }
                catch (NpgsqlException) when (Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30))
                {
                    await Task.Delay(100, Cancellation);
                }
            }
        }
    }

    [Fact]
    public async Task A_full_disk_refuses_what_does_not_fit_and_works_again_with_space()
    {
        await using var disk = await SmallDisk.Mount();
        await using (var own = await PostgresServer.OfItsOwn(disk.Data))
        await using (var schema = new PostgresSchema(own))
        {
            var store = await schema.Open();
            await store.Journal.MustAppend(Facts.To("plan/a", 0));
            // First everything into the files, so that what comes next needs new pages and not a new piece of the write-ahead log.
            await own.Query("CHECKPOINT");
            await own.Query("SELECT pg_switch_wal()");
            await store.Journal.MustAppend(Facts.To("plan/a", 1));
            disk.Fill();
            var version = 0;
            var refusal = await Assert.ThrowsAsync<JournalUnavailableException>(async () =>
            {
                for (; version < 100; version++)
                    await store.Journal.Append(Large("plan/large", version), Cancellation);
            });
            Assert.Contains("disk is full", refusal.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<JournalUnavailableException>(async () => await store.Journal.Append(Large("plan/other", 0), Cancellation));
            Assert.Equal(2 + version, (await store.Journal.ReadHead(Cancellation)).Position);
            Assert.Equal(2 + version, (await store.Journal.ReadFrom(0, int.MaxValue, Cancellation)).Count);

            disk.Free();
            Assert.Equal(new(3 + version, version + 1), await store.Journal.MustAppend(Large("plan/large", version)));
            Assert.Null((await store.Journal.Verify(Cancellation)).BrokenAt);
        }

        static Append Large(string stream, long version) => Facts.To(stream, version) with
        {
            Entries = [Facts.Some() with { Data = RandomNumberGenerator.GetBytes(200_000) }],
        };
    }

    /// <summary>As when the server's process for the writer's connection dies.</summary>
    private void EndWriter()
    {
        using var connection = new NpgsqlConnection($"{server.ConnectionString};Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(
            $"""
            SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_locks
            WHERE relation = '"{_schema.Name}".head'::regclass AND mode = 'RowShareLock' AND pid <> pg_backend_pid()
            """, connection);
        Assert.Equal(1L, command.ExecuteScalar());
    }

    private enum TransactionEnd
    {
        Commit,
        Rollback,
        Crash,
    }
}
