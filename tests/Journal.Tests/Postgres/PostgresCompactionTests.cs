using System.Text;
using Coordination.Journal.Postgres;
using Npgsql;
using static Coordination.Journal.Tests.Waiting;

namespace Coordination.Journal.Tests.Postgres;

/// <summary>On a server of its own: its files are looked through, and a transaction elsewhere would hold up a compaction.</summary>
public sealed class PostgresCompactionTests(PostgresCompactionTests.OwnServer own) : IClassFixture<PostgresCompactionTests.OwnServer>, IAsyncDisposable
{
    private readonly PostgresServer _server = own.Server;
    private readonly PostgresSchema _schema = new(own.Server);

    public ValueTask DisposeAsync() => _schema.DisposeAsync();

    [Fact]
    public async Task After_a_compaction_no_file_of_the_server_holds_anything_erased_and_all_else_is_there()
    {
        var store = await _schema.Open();
        string[] canaries = ["canary-in-texts-ségolène", "canary-in-a-snapshot", "canary-in-a-record", "canary-in-a-view"];
        await store.Journal.MustAppend(Facts.Saying("plan/a", 0, "said", canaries[0], "what stays"));
        var key = (await store.Journal.FindCommand("said", Cancellation))!.Fingerprint!.Key!;
        await store.Journal.SaveSnapshot("plan/a", new(2, 1, Encoding.UTF8.GetBytes(canaries[1])), Cancellation);
        await store.Records.Write("account", "7", Encoding.UTF8.GetBytes(canaries[2]), 0, Cancellation);
        await store.Views.Save([new(new("plans", 1), ViewMark.None, 2, [], [new("a", 2, Encoding.UTF8.GetBytes(canaries[3]), [])])], Cancellation);
        // As PostgreSQL does by itself: samples of values for the planner, and pieces of the log that are used again as they are.
        await _server.Query("ANALYZE");
        for (var switched = 0; switched < 3; switched++)
        {
            await store.Journal.MustAppend(Facts.To("plan/b", switched));
            await _server.Query("SELECT pg_switch_wal()");
            await _server.Query("CHECKPOINT");
        }
        Assert.All(canaries, canary => Assert.NotEmpty(Holding(Encoding.UTF8.GetBytes(canary))));
        Assert.NotEmpty(Holding(key));

        await store.Journal.MustAppend(Facts.Erasing("erasures", 0, 1));
        await store.Records.Erase("account", "7", null, Cancellation);
        await store.Views.Save([new(new("plans", 1), new(0, 2, []), 3, [], [new("a", 3, [1], [])])], Cancellation);
        var steps = new List<string>();
        await store.Compact(new Steps(steps), Cancellation).Until("the compaction");

        Assert.All(canaries, canary => Assert.Empty(Holding(Encoding.UTF8.GetBytes(canary))));
        Assert.Empty(Holding(key));
        Assert.NotEmpty(Holding("what stays"u8.ToArray()));
        Assert.Equal(
            ["commands: rewritten", "events: rewritten", "inbox: rewritten", "outbox: rewritten", "records: rewritten", "snapshots: rewritten", "texts: rewritten", "view_items: rewritten", "views: rewritten"], steps[..^1]);
        Assert.StartsWith("write-ahead log: checkpoint made", steps[^1], StringComparison.Ordinal);
        await store.Journal.MustBeWhole(6);
        await store.Journal.MustAppend(Facts.To("plan/a", 2));
        await store.Journal.MustBeWhole(7);
    }

    [Fact]
    public async Task Appends_go_on_during_a_compaction()
    {
        var store = await _schema.Open();
        await store.Journal.MustAppend(Facts.Saying("plan/a", 0, null, [.. Enumerable.Range(0, 2_000).Select(number => new string('x', 1_000) + number)]));
        var compaction = store.Compact(null, Cancellation);
        var appended = 0;
        for (; !compaction.IsCompleted; appended++)
            await store.Journal.MustAppend(Facts.Saying("plan/b", appended, $"command-{appended}", "text"));
        await compaction.Until("the compaction");
        await store.Journal.MustBeWhole(2_000 + appended);
    }

    [Fact]
    public async Task An_account_that_may_not_reach_the_log_compacts_the_tables_and_is_told_what_it_lacks()
    {
        const string password = "not-a-secret";
        await _server.Query($"CREATE ROLE small LOGIN PASSWORD '{password}'; GRANT CREATE ON DATABASE postgres TO small");
        var store = await _schema.Open(_schema.Options with { ConnectionString = _server.Account("small", password) });
        await store.Journal.MustAppend(Facts.Saying("plan/a", 0, null, "one"));
        foreach (var (lacks, grant) in new[]
        {
            ("pg_switch_wal", "GRANT EXECUTE ON FUNCTION pg_switch_wal TO small"), ("pg_checkpoint", "GRANT pg_checkpoint TO small"), ("pg_monitor", "GRANT pg_monitor TO small"), ("checkpoint made", "SELECT"),
        })
        {
            var steps = new List<string>();
            await store.Compact(new Steps(steps), Cancellation).Until("the compaction");
            Assert.Contains("texts: rewritten", steps);
            Assert.Contains(lacks, steps[^1], StringComparison.Ordinal);
            await _server.Query(grant);
        }
        await _schema.Close();
        await _schema.Sql($"DROP SCHEMA \"{_schema.Name}\" CASCADE; DROP OWNED BY small; DROP ROLE small");
    }

    [Fact]
    public async Task It_waits_for_a_transaction_that_may_still_see_the_erased_texts()
    {
        var store = await _schema.Open();
        var canary = "canary-that-somebody-sees"u8.ToArray();
        await store.Journal.MustAppend(Facts.Saying("plan/a", 0, null, Encoding.UTF8.GetString(canary)));
        await using var foreign = await _schema.Connect();
        Task compaction;
        await using (var transaction = await foreign.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, Cancellation))
        {
            await using (var look = new NpgsqlCommand("SELECT count(*) FROM texts", foreign, transaction))
                Assert.Equal(1L, await look.ExecuteScalarAsync(Cancellation));
            await store.Journal.MustAppend(Facts.Erasing("erasures", 0, 1));
            compaction = store.Compact(null, Cancellation);
            while (0L.Equals(await _schema.Sql("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%age(backend_xmin)%' AND pid <> pg_backend_pid()")))
                await Task.Delay(20, Cancellation);
            Assert.False(compaction.IsCompleted);
        }
        await compaction.Until("the compaction");
        Assert.Empty(Holding(canary));
    }

    private List<string> Holding(byte[] bytes) => [.. Directory.EnumerateFiles(_server.DataFolder, "*", SearchOption.AllDirectories).Where(file => Read(file).AsSpan().IndexOf(bytes) >= 0)];

    private static byte[] Read(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // The server has just removed it.
            return [];
        }
    }

    public sealed class OwnServer : IAsyncLifetime
    {
        public PostgresServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await PostgresServer.OfItsOwn();

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
