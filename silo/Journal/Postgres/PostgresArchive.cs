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

    private const string EntriesTable =
        """
        entries (
            position, stream, version, fact, form, at, actor, body, topics, via, cause, batch, trace, salt, texts_digest, command, hash, audience, data)
        """;

    /// <summary>So many texts, or bytes of them, are gathered before they are sent.</summary>
    private const int MostRows = 5_000;
    private const long MostTexts = 16 << 20;

    /// <summary>Begins the code of every error of a constraint.</summary>
    private const string Constraint = "23";

    public async IAsyncEnumerable<Archived> Read([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using var connections = new Connections(options with { MustExist = true });
        await using var connection = await Open(connections, cancellation);
        await using var moment = await Tried(() => connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation).AsTask());
        await Tried(() => connection.Run($"SET TRANSACTION READ ONLY; {AtLeisure}", cancellation));
        var seals = new Seals(options.Secret);
        var sums = SealSum.OfNone();
        string[] parts =
        [
            "SELECT position, hash, broken FROM head ORDER BY position DESC LIMIT 1",
            $"{PostgresJournal.Read} ORDER BY position",
            "SELECT command, fingerprint, key, answer, version, position, seal FROM commands ORDER BY command",
            "SELECT kind, id, version, data, seal FROM records ORDER BY kind, id",
        ];
        Func<NpgsqlDataReader, Archived>[] items =
        [
            static row => new Archived.OfHead(new(row.GetInt64(0), row.GetFieldValue<byte[]>(1)), !row.IsDBNull(2)),
            static row => Archived.Of(PostgresJournal.ToEntryIfPossible(row)),
            row => Archived.Of(
                new Archived.OfCommand(row.GetFieldValue<byte[]>(0), PostgresJournal.ToFingerprint(row.BytesOrNull(1), row.BytesOrNull(2)), row.TextOrNull(3), row.GetInt64(4), row.GetInt64(5)),
                row.BytesOrNull(6), seals),
            row => Archived.Of(new Archived.OfRecord(new(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetFieldValue<byte[]>(3))), row.BytesOrNull(4), seals, sums),
        ];
        foreach (var (sql, item) in parts.Zip(items))
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            await using var rows = await Tried(() => command.ExecuteReaderAsync(cancellation));
            while (await Tried(() => rows.ReadAsync(cancellation)))
                yield return item(rows);
        }
        Archived.RequireSums(
            sums,
            await Tried(() => connection.Rows("SELECT bucket, count, sum, seal FROM sums", static row => ((long)row.GetInt32(0), new SealSum(row.GetInt64(1), row.GetFieldValue<byte[]>(2)), row.GetFieldValue<byte[]>(3)), cancellation)),
            seals);
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
            await connection.Run("LOCK TABLE head, entries, texts, commands, snapshots, records, inbox, outbox, marks, sums, trust, heads, views, view_items, leases IN EXCLUSIVE MODE", cancellation);
            await RequireEmpty(connection, cancellation);
            var seals = new Seals(options.Secret);
            var sums = await PostgresTrust.SumsToGoOnFrom(connection, cancellation);
            var head = await Copy(connection, items, seals, sums, cancellation);
            await connection.Run("DELETE FROM heads; DELETE FROM inbox; DELETE FROM outbox; DELETE FROM marks; INSERT INTO marks VALUES ('inboxes', 0), ('inboxes forgotten', 0); DELETE FROM view_items; DELETE FROM views", cancellation);
            await connection.Run("UPDATE head SET position = $1, hash = $2, commits = commits + 1", cancellation, head.Position, head.Hash);
            await PostgresTrust.Begin(connection, seals, sums, cancellation);
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

    /// <summary>
    /// Sends every row as it comes, table after table. Only one table can be sent at a time, so texts are gathered for a while and sent
    /// between two parts of the entries.
    /// </summary>
    private static async Task<Head> Copy(NpgsqlConnection connection, IAsyncEnumerable<Archived> items, Seals seals, SealSum[] sums, CancellationToken cancellation)
    {
        Head? head = null;
        await using var copy = new Copying(connection, cancellation);
        var (texts, size) = (new List<Entry>(), 0L);
        await foreach (var item in items.WithCancellation(cancellation))
        {
            switch (item)
            {
                case Archived.OfHead it:
                    head = it.Head;
                    break;
                case Archived.OfEntry { Entry: var entry }:
                    await copy.Row(EntriesTable);
                    await Write(copy, entry);
                    if (entry.Texts is null)
                        break;
                    texts.Add(entry);
                    size += entry.Texts.Length;
                    if (size > MostTexts || texts.Count == MostRows)
                        await SendTexts();
                    break;
                case Archived.OfCommand command:
                    await SendTexts();
                    await copy.Row("commands (command, fingerprint, key, answer, version, position, seal)");
                    await copy.Bytes(command.Command);
                    await copy.Bytes(command.Fingerprint?.Code);
                    await copy.Bytes(command.Fingerprint?.Key);
                    await copy.Text(command.Answer);
                    await copy.Number(command.Version);
                    await copy.Number(command.Position);
                    await copy.Bytes(seals.OfReceipt(command.Command, command.Fingerprint?.Code, command.Answer));
                    break;
                case Archived.OfRecord { Record: var record }:
                    await SendTexts();
                    await copy.Row("records (kind, id, version, data, seal)");
                    await copy.Text(record.Kind);
                    await copy.Text(record.Id);
                    await copy.Number(record.Version);
                    await copy.Bytes(record.Data);
                    var seal = seals.Of(record);
                    await copy.Bytes(seal);
                    SealSum.Add(sums, record.Kind, record.Id, seal);
                    break;
            }
        }
        await SendTexts();
        await copy.End();
        return head ?? throw new InvalidDataException("It has no head.");

        async Task SendTexts()
        {
            foreach (var entry in texts)
            {
                await copy.Row("texts (position, salt, texts)");
                await copy.Number(entry.Position);
                await copy.Bytes(entry.TextsSalt);
                await copy.Bytes(entry.Texts);
            }
            texts.Clear();
            size = 0;
        }
    }

    private static async Task Write(Copying copy, Entry entry)
    {
        await copy.Number(entry.Position);
        await copy.Text(entry.Stream);
        await copy.Number(entry.Version);
        await copy.Text(entry.Fact);
        await copy.Integer(entry.Form);
        await copy.Number(Instant.ToMicroseconds(entry.At));
        await copy.Text(entry.Actor);
        await copy.Text(entry.Body);
        await copy.Text(Topics.Join(entry.Topics));
        await copy.Text(entry.Via);
        await copy.Number(entry.Cause);
        await copy.Text(entry.Batch);
        await copy.Text(entry.Trace);
        await copy.Bytes(entry.Salt);
        await copy.Bytes(entry.TextsDigest);
        await copy.Bytes(entry.Command);
        await copy.Bytes(entry.Hash);
        await copy.Bytes(entry.Audience);
        await copy.Bytes(entry.Data);
    }

    /// <summary>Sends rows to one table after the other. What is not ended is given up, and the transaction with it.</summary>
    private sealed class Copying(NpgsqlConnection connection, CancellationToken cancellation) : IAsyncDisposable
    {
        private string? _target;
        private NpgsqlBinaryImporter? _copy;

        /// <param name="target">Table and columns. The values follow in their order.</param>
        public async Task Row(string target)
        {
            if (target != _target)
            {
                await End();
                _target = target;
                _copy = await connection.BeginBinaryImportAsync($"COPY {target} FROM STDIN (FORMAT BINARY)", cancellation);
                _copy.Timeout = TimeSpan.Zero;
            }
            await _copy!.StartRowAsync(cancellation);
        }

        public Task Integer(int value) => _copy!.WriteAsync(value, NpgsqlDbType.Integer, cancellation);

        public Task Number(long? value) => value is { } number ? _copy!.WriteAsync(number, NpgsqlDbType.Bigint, cancellation) : _copy!.WriteNullAsync(cancellation);

        public Task Text(string? value) => value is null ? _copy!.WriteNullAsync(cancellation) : _copy!.WriteAsync(value, NpgsqlDbType.Text, cancellation);

        public Task Bytes(byte[]? value) => value is null ? _copy!.WriteNullAsync(cancellation) : _copy!.WriteAsync(value, NpgsqlDbType.Bytea, cancellation);

        public async Task End()
        {
            if (_copy is null)
                return;
            await _copy.CompleteAsync(cancellation);
            await _copy.DisposeAsync();
            (_copy, _target) = (null, null);
        }

        public async ValueTask DisposeAsync()
        {
            if (_copy is not null)
                await _copy.DisposeAsync();
        }
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
