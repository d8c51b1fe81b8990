using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Coordination.Journal.Sqlite;

/// <summary>A connection with its prepared statements. Used by one thread at a time.</summary>
internal sealed class Database : IDisposable
{
    private const int BusyMilliseconds = 5_000;
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, Statement> _statements = [];

    private Database(string path, SqliteOpenMode mode)
    {
        _connection = new(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        try
        {
            _connection.Open();
            raw.sqlite3_busy_timeout(_connection.Handle, BusyMilliseconds);
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>The file must be there.</summary>
    public static Database OpenForWriting(string path)
    {
        var database = new Database(path, SqliteOpenMode.ReadWrite);
        try
        {
            database.Configure();
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public static Database OpenForReading(string path) => new(path, SqliteOpenMode.ReadOnly);

    public bool InTransaction => raw.sqlite3_get_autocommit(_connection.Handle!) == 0;

    /// <summary>The statement for this text, prepared on first use. Bind, then run it at once.</summary>
    public Statement Statement(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
            _statements.Add(sql, statement = new(_connection.Handle!, sql));
        return statement;
    }

    public void Run(string sql) => Statement(sql).Run();

    /// <summary>Does something that waits for other connections no longer than this, to the millisecond.</summary>
    public T Within<T>(TimeSpan patience, Func<T> action)
    {
        raw.sqlite3_busy_timeout(_connection.Handle!, (int)patience.TotalMilliseconds);
        try
        {
            return action();
        }
        finally
        {
            raw.sqlite3_busy_timeout(_connection.Handle!, BusyMilliseconds);
        }
    }

    /// <summary>Moves the write-ahead log into the file and empties it. False when somebody reads what was there before for longer than this.</summary>
    public bool Checkpoint(TimeSpan patience) =>
        Within(patience, () => Statement("PRAGMA wal_checkpoint(TRUNCATE)").First(static row => row.Number(0) == 0, false));

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _connection.Dispose();
    }

    private void Configure()
    {
        var mode = Statement("PRAGMA journal_mode = WAL").First(static row => row.Text(0), "");
        if (mode != "wal")
            throw new JournalUnavailableException(
                $"SQLite keeps no write-ahead log in this folder (it answers '{mode}'). Network file systems cannot; use a local disk.");
        Run("PRAGMA synchronous = FULL");
        // Without it macOS acknowledges what is still in the disk's cache. Nothing elsewhere.
        Run("PRAGMA fullfsync = ON");
        Run("PRAGMA checkpoint_fullfsync = ON");
        // Erased texts, records and items of views leave no bytes behind in free pages.
        Run("PRAGMA secure_delete = ON");
        // 16 MiB each. A shorter log writes the same pages more often, a longer one is slower to look up.
        Run("PRAGMA wal_autocheckpoint = 4000");
        Run("PRAGMA cache_size = -16384");
        Run("PRAGMA journal_size_limit = 67108864");
    }
}
