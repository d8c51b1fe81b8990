using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Coordination.Journal.Sqlite;

/// <summary>
/// One prepared statement, used again and again. It talks to SQLite without ADO.NET's parameters and readers, which box
/// every number and look every parameter up by name: the writer runs several statements for each append.
/// </summary>
/// <remarks>Parameters count from 1 and columns from 0, as SQLite does. Every run ends reset, so that no statement keeps a
/// read transaction open.</remarks>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private int _next = 1;

    public Statement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public Statement Bind(long value) => Bound(raw.sqlite3_bind_int64(_statement, _next, value));

    public Statement Bind(string? value)
    {
        // An empty span would be taken for NULL.
        if (string.IsNullOrEmpty(value))
            return Bound(value is null ? raw.sqlite3_bind_null(_statement, _next) : raw.sqlite3_bind_text(_statement, _next, ""));
        const int small = 128;
        Span<byte> utf8 = value.Length <= small ? stackalloc byte[small * 3] : new byte[Encoding.UTF8.GetMaxByteCount(value.Length)];
        return Bound(raw.sqlite3_bind_text(_statement, _next, utf8[..Encoding.UTF8.GetBytes(value, utf8)]));
    }

    public Statement Bind(ReadOnlySpan<byte> value) => Bound(value.IsEmpty
        ? raw.sqlite3_bind_zeroblob(_statement, _next, 0)
        : raw.sqlite3_bind_blob(_statement, _next, value));

    public Statement Bind(byte[]? value) => value is null ? Bound(raw.sqlite3_bind_null(_statement, _next)) : Bind(value.AsSpan());

    public Statement Bind(long? value) => value is { } number ? Bind(number) : Bound(raw.sqlite3_bind_null(_statement, _next));

    /// <summary>Runs to the end and answers how many rows it changed.</summary>
    public int Run()
    {
        try
        {
            while (Step()) { }
            return raw.sqlite3_changes(_database);
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>The first row, or <paramref name="none"/>.</summary>
    public T First<T>(Func<Statement, T> read, T none)
    {
        try
        {
            return Step() ? read(this) : none;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Adds every row to <paramref name="rows"/> and answers how many there were.</summary>
    public int All<T>(Func<Statement, T> read, List<T> rows)
    {
        var count = 0;
        try
        {
            for (; Step(); count++)
                rows.Add(read(this));
            return count;
        }
        finally
        {
            Reset();
        }
    }

    public long Number(int column) => raw.sqlite3_column_int64(_statement, column);

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    // As bytes, because SQLite's texts would end at the first zero character.
    public string Text(int column) => Encoding.UTF8.GetString(raw.sqlite3_column_blob(_statement, column));

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public long? NumberOrNull(int column) => IsNull(column) ? null : Number(column);

    public byte[]? BytesOrNull(int column) => IsNull(column) ? null : Bytes(column);

    public byte[] Bytes(int column) => raw.sqlite3_column_blob(_statement, column).ToArray();

    public void Dispose() => _statement.Dispose();

    private bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW)
            return true;
        if (code != raw.SQLITE_DONE)
            Check(code);
        return false;
    }

    private Statement Bound(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            Reset();
            Check(code);
        }
        _next++;
        return this;
    }

    private void Reset()
    {
        _next = 1;
        // Its code repeats what the step said.
        _ = raw.sqlite3_reset(_statement);
        _ = raw.sqlite3_clear_bindings(_statement);
    }

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, _database);
}
