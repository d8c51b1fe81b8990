using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Coordination.Journal.Postgres;

/// <summary>
/// Rewrites every table that may hold free text, and has PostgreSQL write over what its write-ahead log still holds of it. What a
/// server's backups, archived logs and standbys hold is not reached.
/// </summary>
internal sealed class Compaction(NpgsqlConnection connection, IProgress<string>? progress, CancellationToken cancellation)
{
    // A writer gives up waiting for a table after PostgresOptions.HeldAtMost and tries again; this is not to starve it for long.
    private const string Limits = "SET statement_timeout = 0; SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = 0";

    /// <summary>All tables but those whose columns hold no free text. A table that is added later is compacted too.</summary>
    private const string Tables =
        "SELECT tablename FROM pg_tables WHERE schemaname = $1 AND tablename NOT IN ('schema', 'head', 'entries', 'marks', 'leases', 'sums', 'trust', 'heads') ORDER BY tablename";

    /// <summary>Sessions of this database that may still see what was there before the transaction $1.</summary>
    private const string Older =
        """
        SELECT coalesce(application_name, ''), pid FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND greatest(age(backend_xmin), age(backend_xid)) > age($1::text::xid)
        """;

    /// <summary>Pieces of the write-ahead log that were used before and wait to be written over.</summary>
    private const string Reused = "SELECT count(*) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$' AND name > pg_walfile_name(pg_current_wal_lsn())";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public static async Task Run(Connections connections, IProgress<string>? progress, CancellationToken cancellation)
    {
        await using var connection = connections.Alone();
        // A warning: this account may not do something, and PostgreSQL has left it out.
        connection.Notice += (_, told) => progress?.Report(told.Notice.MessageText);
        try
        {
            await connection.OpenAsync(cancellation);
            await new Compaction(connection, progress, cancellation).Run(connections.Options.Schema);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw Trouble.NotCompacted(e);
        }
    }

    private async Task Run(string schema)
    {
        await Do(Limits);
        await AwaitOlder();
        await Do("DELETE FROM view_items WHERE number NOT IN (SELECT number FROM views)");
        foreach (var table in await connection.Rows(Tables, static row => row.GetString(0), cancellation, schema))
        {
            await Do($"VACUUM (FULL, ANALYZE) {Schema.Quote(schema)}.{Schema.Quote(table)}");
            progress?.Report($"{table}: rewritten");
        }
        await TidyLog();
    }

    /// <summary>A vacuum keeps what an older transaction may still see. Waits until there is none.</summary>
    private async Task AwaitOlder()
    {
        var now = (await connection.Rows("SELECT pg_current_xact_id()::xid::text", static row => row.GetString(0), cancellation)).Single();
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var older = await connection.Rows(Older, static row => $"{row.GetString(0)} (process {row.GetInt32(1).ToString(CultureInfo.InvariantCulture)})", cancellation, now);
            if (older.Count == 0)
                return;
            if (Stopwatch.GetElapsedTime(began) > Patience)
                throw new JournalUnavailableException($"Nothing was compacted: a transaction that is open for long may still see what was erased, of {string.Join(", ", older)}. Try again when it has ended.");
            await Task.Delay(Pause, cancellation);
        }
    }

    /// <summary>
    /// The log holds every row that was written since the last checkpoint, and PostgreSQL uses its files again without emptying them.
    /// So after a checkpoint every file that waits for that is filled: a switch to the next one fills the rest with zeros.
    /// </summary>
    private async Task TidyLog()
    {
        if (!await DoIfAllowed("pg_switch_wal()", "SELECT pg_switch_wal()", "GRANT EXECUTE ON FUNCTION pg_switch_wal TO this account")
            || !await DoIfAllowed("CHECKPOINT", "CHECKPOINT", "GRANT pg_checkpoint TO this account"))
            return;
        try
        {
            var files = (await connection.Rows(Reused, static row => row.GetInt64(0), cancellation)).Single();
            for (var file = 0L; file <= files; file++)
            {
                // An empty file is not switched, so each gets a record first.
                await Do("SELECT pg_logical_emit_message(false, 'coordination', '')");
                await Do("SELECT pg_switch_wal()");
            }
            await Do("CHECKPOINT");
            progress?.Report($"write-ahead log: checkpoint made, {files} used files written over");
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            NotAllowed("pg_ls_waldir()", "GRANT pg_monitor TO this account");
        }
    }

    private async Task<bool> DoIfAllowed(string what, string sql, string remedy)
    {
        try
        {
            await Do(sql);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            NotAllowed(what, remedy);
            return false;
        }
    }

    private void NotAllowed(string what, string remedy) => progress?.Report(
        $"write-ahead log: this account may not {what}, so the log holds what was erased until PostgreSQL has written over it. {remedy}, and compact again.");

    private async Task Do(string sql)
    {
        cancellation.ThrowIfCancellationRequested();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
