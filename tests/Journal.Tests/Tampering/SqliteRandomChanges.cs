using Coordination.Journal.Archives;
using Coordination.Journal.Sqlite;
using Coordination.Journal.Tests.Sqlite;
using Microsoft.Data.Sqlite;

namespace Coordination.Journal.Tests.Tampering;

public sealed class SqliteRandomChanges : RandomChanges
{
    private readonly SqliteFolder _folder = new();
    private SqliteConnection _behind = null!;

    protected override IJournal Journal => _folder.Store.Journal;

    protected override IArchive Archive => new SqliteArchive(_folder.Path);

    public override async ValueTask InitializeAsync()
    {
        await _folder.Open();
        _behind = new($"Data Source={_folder.File};Pooling=False");
        await _behind.OpenAsync(Waiting.Cancellation);
        await Run("PRAGMA synchronous = OFF");
    }

    public override async ValueTask DisposeAsync()
    {
        await _behind.DisposeAsync();
        await _folder.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override async Task<IReadOnlyList<Column>> Columns()
    {
        var columns = new List<Column>();
        foreach (var table in (string[])["entries", "texts", "head"])
        {
            await using var rows = await Ask($"SELECT name, type, \"notnull\", pk FROM pragma_table_info('{table}')").ExecuteReaderAsync(Waiting.Cancellation);
            while (await rows.ReadAsync(Waiting.Cancellation))
            {
                columns.Add(new(
                    table, rows.GetString(0), rows.GetString(1) switch { "INTEGER" => Kind.Number, "TEXT" => Kind.Text, "BLOB" => Kind.Bytes, var other => throw new NotSupportedException(other) },
                    rows.GetInt64(2) == 0 && rows.GetInt64(3) == 0));
            }
        }
        return columns;
    }

    protected override async Task<IReadOnlyList<Dictionary<string, object?>>> Rows(string table)
    {
        var all = new List<Dictionary<string, object?>>();
        await using var rows = await Ask($"SELECT * FROM {table}").ExecuteReaderAsync(Waiting.Cancellation);
        while (await rows.ReadAsync(Waiting.Cancellation))
            all.Add(Enumerable.Range(0, rows.FieldCount).ToDictionary(rows.GetName, column => rows.GetValue(column) is var value and not DBNull ? value : null));
        return all;
    }

    protected override async Task Replace(string table, IReadOnlyList<Dictionary<string, object?>> rows)
    {
        await using var transaction = await _behind.BeginTransactionAsync(Waiting.Cancellation);
        await Run($"DELETE FROM {table}");
        foreach (var row in rows)
        {
            var insert = Ask($"INSERT INTO {table} ({string.Join(", ", row.Keys)}) VALUES ({string.Join(", ", row.Keys.Select(name => $"${name}"))})");
            foreach (var (name, value) in row)
                insert.Parameters.AddWithValue($"${name}", value ?? DBNull.Value);
            await insert.ExecuteNonQueryAsync(Waiting.Cancellation);
        }
        await transaction.CommitAsync(Waiting.Cancellation);
    }

    private Task Run(string sql) => Ask(sql).ExecuteNonQueryAsync(Waiting.Cancellation);

    private SqliteCommand Ask(string sql)
    {
        var command = _behind.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
