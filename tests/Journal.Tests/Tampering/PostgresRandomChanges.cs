using Coordination.Journal.Archives;
using Coordination.Journal.Postgres;
using Coordination.Journal.Tests.Postgres;
using Npgsql;

namespace Coordination.Journal.Tests.Tampering;

public sealed class PostgresRandomChanges : RandomChanges
{
    private readonly PostgresSchema _schema;
    private readonly Connections _connections;
    private NpgsqlConnection _behind = null!;
    private IJournal _journal = null!;

    public PostgresRandomChanges(PostgresServer server)
    {
        _schema = new(server);
        _connections = new(_schema.Options);
    }

    protected override IJournal Journal => _journal;

    protected override IArchive Archive => new PostgresArchive(_schema.Options);

    public override async ValueTask InitializeAsync()
    {
        // It knows of no position but what it reads: a store looks at the head now and then, and would remember a wrong one.
        _journal = new PostgresJournal((await _schema.Open()).Writer, _connections, new(), new(_schema.Secret));
        _behind = await _schema.Connect();
        await using var hasty = new NpgsqlCommand("SET synchronous_commit = off", _behind);
        await hasty.ExecuteNonQueryAsync(Waiting.Cancellation);
    }

    public override async ValueTask DisposeAsync()
    {
        await _behind.DisposeAsync();
        await _connections.DisposeAsync();
        await _schema.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override async Task<IReadOnlyList<Column>> Columns()
    {
        var columns = new List<Column>();
        await using var ask = new NpgsqlCommand(
            "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns WHERE table_schema = $1 AND table_name IN ('entries', 'texts', 'head')", _behind)
        {
            Parameters = { new() { Value = _schema.Name } },
        };
        await using var rows = await ask.ExecuteReaderAsync(Waiting.Cancellation);
        while (await rows.ReadAsync(Waiting.Cancellation))
        {
            columns.Add(new(
                rows.GetString(0), rows.GetString(1), rows.GetString(2) switch { "bigint" or "integer" => Kind.Number, "text" => Kind.Text, "bytea" => Kind.Bytes, var other => throw new NotSupportedException(other) },
                rows.GetString(3) == "YES"));
        }
        return columns;
    }

    protected override async Task<IReadOnlyList<Dictionary<string, object?>>> Rows(string table)
    {
        var all = new List<Dictionary<string, object?>>();
        await using var ask = new NpgsqlCommand($"SELECT * FROM {table}", _behind);
        await using var rows = await ask.ExecuteReaderAsync(Waiting.Cancellation);
        while (await rows.ReadAsync(Waiting.Cancellation))
            all.Add(Enumerable.Range(0, rows.FieldCount).ToDictionary(rows.GetName, column => rows.GetValue(column) switch { DBNull => null, int number => (long)number, var value => value }));
        return all;
    }

    protected override async Task Replace(string table, IReadOnlyList<Dictionary<string, object?>> rows)
    {
        await using var batch = new NpgsqlBatch(_behind) { BatchCommands = { new($"DELETE FROM {table}") } };
        foreach (var row in rows)
        {
            var insert = new NpgsqlBatchCommand($"INSERT INTO {table} ({string.Join(", ", row.Keys)}) VALUES ({string.Join(", ", row.Keys.Select((_, index) => $"${index + 1}"))})");
            foreach (var (name, value) in row)
                insert.Parameters.Add(name == "form" ? new() { Value = checked((int)(long)value!) } : new() { Value = value ?? DBNull.Value });
            batch.BatchCommands.Add(insert);
        }
        await batch.ExecuteNonQueryAsync(Waiting.Cancellation);
    }
}
