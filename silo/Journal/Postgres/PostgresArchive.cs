using System.Data;
using System.Runtime.CompilerServices;
using Coordination.Journal.Archives;
using Npgsql;
using NpgsqlTypes;

namespace Coordination.Journal.Postgres;

/// <inheritdoc cref="IArchive"/>
public sealed class PostgresArchive(PostgresOptions options) : IArchive
{
    /// <summary>As long as it takes; the limits of everyday are for those who hold the head.</summary>
    private const string AtLeisure = "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = '10min'";

    /// <summary>Begins the code of every error of a constraint.</summary>
    private const string Constraint = "23";

    public async IAsyncEnumerable<Archived> Read([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using var connections = new Connections(options with { MustExist = true });
        await using var connection = await Open(connections, cancellation);
        await using var moment = await Tried(() => connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation).AsTask());
        await Tried(() => connection.Run($"SET TRANSACTION READ ONLY; {AtLeisure}", cancellation));
        string[] parts =
        [
            "SELECT position, hash FROM head ORDER BY position DESC LIMIT 1",
            $"SELECT {PostgresJournal.Columns} FROM entries ORDER BY position",
            "SELECT command, fingerprint, position FROM commands ORDER BY command",
            "SELECT kind, id, version, data FROM records ORDER BY kind, id",
        ];
        Func<NpgsqlDataReader, Archived>[] items =
        [
            static row => new Archived.OfHead(new(row.GetInt64(0), row.GetFieldValue<byte[]>(1))),
            static row => new Archived.OfEntry(PostgresJournal.ToEntry(row)),
            static row => new Archived.OfCommand(row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1), row.GetInt64(2)),
            static row => new Archived.OfRecord(new(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetFieldValue<byte[]>(3))),
        ];
        foreach (var (sql, item) in parts.Zip(items))
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            await using var rows = await Tried(() => command.ExecuteReaderAsync(cancellation));
            while (await Tried(() => rows.ReadAsync(cancellation)))
                yield return item(rows);
        }
    }

    public async Task Fill(IAsyncEnumerable<Archived> items, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        await using var connections = new Connections(options);
        await using var connection = await Open(connections, cancellation);
        var committing = false;
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await connection.Run(AtLeisure, cancellation);
            // Nobody else begins to write here meanwhile.
            await connection.Run("LOCK TABLE head, entries, commands, snapshots, records, inbox, delivered, views, view_items, leases IN EXCLUSIVE MODE", cancellation);
            await RequireEmpty(connection, cancellation);
            var head = await Copy(connection, items, cancellation);
            await connection.Run("DELETE FROM snapshots; DELETE FROM inbox; UPDATE delivered SET position = 0; DELETE FROM view_items; DELETE FROM views", cancellation);
            await connection.Run("UPDATE head SET position = $1, hash = $2, commits = commits + 1", cancellation, head.Position, head.Hash);
            committing = !cancellation.IsCancellationRequested;
            cancellation.ThrowIfCancellationRequested();
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (PostgresException e) when (e.SqlState.StartsWith(Constraint, StringComparison.Ordinal))
        {
            throw ArchiveCheck.Doubled(e);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw committing ? new JournalUnavailableException($"The database was lost at the last moment. Verify the journal: it is whole, or as empty as before. {Trouble.Reason(e)}", e) : Trouble.NotWritten(e);
        }
    }

    private static async Task RequireEmpty(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var (head, records, runs) = (await connection.Rows(
            "SELECT (SELECT max(position) FROM head), (SELECT count(*) FROM records), EXISTS (SELECT FROM leases WHERE until > clock_timestamp())",
            static row => (row.GetInt64(0), row.GetInt64(1), row.GetBoolean(2)), cancellation)).Single();
        if (runs)
            throw new NotEmptyException("The platform runs on this database, or did until a moment ago. Stop it first.");
        if (head != 0 || records != 0)
            throw new NotEmptyException($"The database holds a journal of {head} entries and {records} records already. Name an empty one with --settings.");
    }

    /// <summary>Sends every row as it comes, table after table.</summary>
    private static async Task<Head> Copy(NpgsqlConnection connection, IAsyncEnumerable<Archived> items, CancellationToken cancellation)
    {
        Head? head = null;
        Type? kind = null;
        NpgsqlBinaryImporter? copy = null;
        try
        {
            await foreach (var item in items.WithCancellation(cancellation))
            {
                if (item is Archived.OfHead it)
                {
                    head = it.Head;
                    continue;
                }
                if (item.GetType() != kind)
                {
                    await End();
                    kind = item.GetType();
                    copy = await connection.BeginBinaryImportAsync(Target(item), cancellation);
                    copy.Timeout = TimeSpan.Zero;
                }
                await copy!.StartRowAsync(cancellation);
                await Write(copy, item, cancellation);
            }
            await End();
            return head ?? throw new InvalidDataException("It has no head.");
        }
        finally
        {
            // What is not completed is given up, and the transaction with it.
            if (copy is not null)
                await copy.DisposeAsync();
        }

        async Task End()
        {
            if (copy is null)
                return;
            await copy.CompleteAsync(cancellation);
            await copy.DisposeAsync();
            copy = null;
        }
    }

    private static string Target(Archived item) => item switch
    {
        Archived.OfEntry => $"COPY entries ({PostgresJournal.Columns}) FROM STDIN (FORMAT BINARY)",
        Archived.OfCommand => "COPY commands (command, fingerprint, position) FROM STDIN (FORMAT BINARY)",
        _ => "COPY records (kind, id, version, data) FROM STDIN (FORMAT BINARY)",
    };

    private static async Task Write(NpgsqlBinaryImporter copy, Archived item, CancellationToken cancellation)
    {
        switch (item)
        {
            case Archived.OfEntry { Entry: var entry }:
                await Number(entry.Position);
                await Text(entry.Stream);
                await Number(entry.Version);
                await Text(entry.Fact);
                await copy.WriteAsync(entry.Form, NpgsqlDbType.Integer, cancellation);
                await Number(Instant.ToMicroseconds(entry.At));
                await Text(entry.Actor);
                await Text(entry.Body);
                await Text(Topics.Join(entry.Topics));
                await Bytes(entry.Audience);
                await Bytes(entry.Data);
                await Bytes(entry.Hash);
                await Text(entry.Trace);
                break;
            case Archived.OfCommand command:
                await Text(command.Command);
                await Text(command.Fingerprint);
                await Number(command.Position);
                break;
            case Archived.OfRecord { Record: var record }:
                await Text(record.Kind);
                await Text(record.Id);
                await Number(record.Version);
                await Bytes(record.Data);
                break;
        }

        Task Number(long value) => copy.WriteAsync(value, NpgsqlDbType.Bigint, cancellation);
        Task Bytes(byte[] value) => copy.WriteAsync(value, NpgsqlDbType.Bytea, cancellation);
        Task Text(string? value) => value is null ? copy.WriteNullAsync(cancellation) : copy.WriteAsync(value, NpgsqlDbType.Text, cancellation);
    }

    private async Task<NpgsqlConnection> Open(Connections connections, CancellationToken cancellation)
    {
        var connection = connections.Alone();
        try
        {
            await connection.OpenAsync(cancellation);
            await Schema.Prepare(connection, connections.Options, cancellation);
            return connection;
        }
        catch (Exception e)
        {
            await connection.DisposeAsync();
            if (e is NpgsqlException or TimeoutException)
                throw Trouble.NotOpened(options, e);
            throw;
        }
    }

    private static async Task<T> Tried<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw Trouble.NotRead(e);
        }
    }
}
