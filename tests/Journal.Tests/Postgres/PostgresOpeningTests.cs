using Coordination.Journal.Postgres;
using Coordination.Node.Roles;
using Npgsql;
using static Coordination.Journal.Tests.Waiting;

namespace Coordination.Journal.Tests.Postgres;

public sealed class PostgresOpeningTests(PostgresServer server) : IAsyncDisposable
{
    private readonly PostgresSchema _schema = new(server);

    public ValueTask DisposeAsync() => _schema.DisposeAsync();

    public static TheoryData<int> EarlierSchemas => [.. Enumerable.Range(0, Schema.Known)];

    [Theory]
    [MemberData(nameof(EarlierSchemas))]
    public async Task A_journal_of_an_earlier_version_is_brought_up_to_date_and_keeps_what_is_in_it(int earlier)
    {
        await _schema.Sql($"CREATE SCHEMA \"{_schema.Name}\"");
        await using (var connection = await _schema.Connect())
            await Schema.Upgrade(connection, _schema.Name, earlier, new(_schema.Secret), Cancellation);
        if (earlier > 0)
            await _schema.Sql("INSERT INTO records VALUES ('account', '7', 1, '\\x01')");

        // What was there before rows were sealed counts for nothing until an operator says that it is right.
        if (earlier > 0)
        {
            await Assert.ThrowsAsync<JournalUnavailableException>(() => _schema.Open());
            await (await _schema.Open(_schema.Options with { AnySecret = true })).Trust.SealAnew(Cancellation);
        }

        var store = await _schema.Open();
        Assert.Null(await store.Trust.CheckAllBeside(Cancellation));
        Assert.Equal(new(1, 1), await store.Journal.MustAppend(Facts.To("plan/a", 0)));
        Assert.True(await store.Leases.Hold("relay", "silo-1", TimeSpan.FromMinutes(1), Cancellation));
        Assert.Equal(earlier > 0, await store.Records.Read("account", "7", Cancellation) is not null);
        Assert.Equal(Schema.Known, await _schema.Sql("SELECT step FROM schema"));
    }

    [Fact]
    public async Task Another_secret_is_not_accepted_while_silos_run_that_have_the_first()
    {
        var first = await _schema.Open();
        await first.Records.Write("account", "7", [1], null, Cancellation);
        Assert.True(await first.Leases.Hold("relay", "silo-1", TimeSpan.FromMinutes(1), Cancellation));
        // With the same secret it is no matter who runs.
        await first.Trust.SealAnew(Cancellation);
        var other = await _schema.Open(_schema.Options with { AnySecret = true, Secret = Secret.Random() });

        var refused = await Assert.ThrowsAsync<JournalUnavailableException>(() => other.Trust.SealAnew(Cancellation));

        Assert.Contains("Stop all of them first", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(await first.Records.Read("account", "7", Cancellation));
        await first.Leases.Release("relay", "silo-1", Cancellation);
        await other.Trust.SealAnew(Cancellation);
        Assert.NotNull(await other.Records.Read("account", "7", Cancellation));
    }

    [Fact]
    public async Task Several_that_start_at_once_make_the_tables_once()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => _schema.Open(), Cancellation))).Until("6 stores to open");
        await Task.WhenAll(stores.Select((store, number) => store.Journal.MustAppend(Facts.To($"plan/{number}", 0))));
        Assert.Equal(6, (await stores[0].Journal.ReadHead(Cancellation)).Position);
        Assert.Equal(1L, await _schema.Sql("SELECT count(*) FROM head"));
        Assert.Equal(1L, await _schema.Sql("SELECT count(*) FROM schema"));
    }

    [Fact]
    public async Task A_journal_of_a_newer_version_is_refused()
    {
        await _schema.Open();
        await _schema.Close();
        await _schema.Sql("UPDATE schema SET step = 1000");
        var refusal = await Assert.ThrowsAsync<JournalUnavailableException>(() => _schema.Open());
        Assert.Contains("newer version", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_without_the_right_is_told_which_one_it_needs()
    {
        var account = await Account();
        var refusal = await Assert.ThrowsAsync<JournalUnavailableException>(() => _schema.Open(_schema.Options with { ConnectionString = account }));
        Assert.Contains("GRANT CREATE ON DATABASE", refusal.Message, StringComparison.Ordinal);
        ShouldKeepSecret(refusal, account);
    }

    [Fact]
    public async Task A_wrong_password_is_told_and_not_shown()
    {
        var account = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = "the wrong one" }.ToString();
        var refusal = await Assert.ThrowsAsync<JournalUnavailableException>(() => _schema.Open(_schema.Options with { ConnectionString = account }));
        Assert.Contains("check user name and password", refusal.Message, StringComparison.Ordinal);
        ShouldKeepSecret(refusal, account);
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_named()
    {
        var elsewhere = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = "nowhere" }.ToString();
        var refusal = await Assert.ThrowsAsync<JournalUnavailableException>(() => _schema.Open(_schema.Options with { ConnectionString = elsewhere }));
        Assert.Contains("/nowhere", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Create the database first", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named()
    {
        var port = FreePort.Choose();
        var nobody = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Port = port }.ToString();
        var refusal = await Assert.ThrowsAsync<JournalUnavailableException>(
            () => _schema.Open(_schema.Options with { ConnectionString = nobody, Patience = TimeSpan.FromMilliseconds(500) })).Until("the refusal");
        Assert.Contains($"127.0.0.1:{port}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Is PostgreSQL running", refusal.Message, StringComparison.Ordinal);
        ShouldKeepSecret(refusal, nobody);
    }

    [Fact]
    public async Task A_connection_string_that_is_none_is_told()
    {
        var refusal = await Assert.ThrowsAsync<JournalUnavailableException>(
            () => _schema.Open(_schema.Options with { ConnectionString = "Host=127.0.0.1;Pasword=not-to-be-shown" }));
        Assert.Contains("Host=…", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not-to-be-shown", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_cannot_store_every_text_is_refused()
    {
        var name = $"narrow-{Guid.NewGuid():N}";
        await server.Query($"CREATE DATABASE \"{name}\" WITH ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
        var narrow = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name }.ToString();
        var refusal = await Assert.ThrowsAsync<JournalUnavailableException>(() => _schema.Open(_schema.Options with { ConnectionString = narrow }));
        Assert.Contains("ENCODING 'UTF8'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_only_reads_says_so_and_what_is_there_can_be_read()
    {
        var store = await _schema.Open();
        await store.Journal.MustAppend(Facts.To("plan/a", 0));
        var account = await Account();
        var name = new NpgsqlConnectionStringBuilder(account).Username;
        await _schema.Sql(
            $"""
            GRANT USAGE ON SCHEMA "{_schema.Name}" TO "{name}";
            GRANT ALL ON ALL TABLES IN SCHEMA "{_schema.Name}" TO "{name}";
            ALTER ROLE "{name}" SET default_transaction_read_only = on;
            """);
        var reader = await _schema.Open(_schema.Options with { ConnectionString = account });
        Assert.Single(await reader.Journal.ReadFrom(0, 10, Cancellation));
        foreach (var write in (Func<Task>[])[
            async () => await reader.Journal.Append(Facts.To("plan/a", 1), Cancellation),
            () => reader.Records.Write("account", "7", [1], 0, Cancellation)])
        {
            var refusal = await Assert.ThrowsAsync<JournalUnavailableException>(write);
            Assert.Contains("only reads", refusal.Message, StringComparison.Ordinal);
        }
        await _schema.Close();
        await _schema.Sql($"DROP OWNED BY \"{name}\"; DROP ROLE \"{name}\"");
    }

    [Fact]
    public async Task The_database_shows_who_is_connected()
    {
        await _schema.Open(_schema.Options with { Name = $"silo {_schema.Name}" });
        Assert.True((long)(await _schema.Sql($"SELECT count(*) FROM pg_stat_activity WHERE application_name = left('coordination silo {_schema.Name}', 63)"))! > 0);
    }

    /// <summary>The connection string of an account that may do nothing.</summary>
    private async Task<string> Account()
    {
        var (name, password) = ($"account-{Guid.NewGuid():N}", Guid.NewGuid().ToString("N"));
        await server.Query($"CREATE ROLE \"{name}\" LOGIN PASSWORD '{password}'");
        return server.Account(name, password);
    }

    private static void ShouldKeepSecret(Exception refusal, string account) =>
        Assert.DoesNotContain(new NpgsqlConnectionStringBuilder(account).Password!, refusal.ToString(), StringComparison.Ordinal);
}
