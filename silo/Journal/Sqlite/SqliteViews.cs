using Microsoft.Data.Sqlite;

namespace Coordination.Journal.Sqlite;

/// <inheritdoc cref="IViewStore"/>
/// <remarks>
/// In a file of their own: megabytes of items on their way to the disk hold up no append. Without a sync at each commit: after
/// a power failure an earlier, whole state is there, from which is folded on.
/// </remarks>
internal sealed class SqliteViews(string path) : IViewStore, IDisposable
{
    private const string ReadMark = "SELECT generation, position FROM views WHERE view = ?";
    private const string WriteMark =
        "INSERT INTO views VALUES (?, ?, ?) ON CONFLICT (view) DO UPDATE SET generation = excluded.generation, position = excluded.position";
    private const string WriteItem = "INSERT INTO items VALUES (?, ?, ?) ON CONFLICT (view, id) DO UPDATE SET data = excluded.data";
    private readonly Lock _lock = new();
    private Database? _database;
    private bool _closed;

    public Task<IReadOnlyDictionary<string, ViewMark>> Marks(CancellationToken cancellation = default) => Look(
        static database =>
        {
            var marks = new List<KeyValuePair<string, ViewMark>>();
            database.Statement("SELECT view, generation, position FROM views")
                .All(static row => KeyValuePair.Create(row.Text(0), new ViewMark(row.Number(1), row.Number(2))), marks);
            return (IReadOnlyDictionary<string, ViewMark>)marks.ToDictionary(StringComparer.Ordinal);
        },
        cancellation);

    public Task<IReadOnlyDictionary<string, StoredView>> Read(IReadOnlyCollection<string> views, CancellationToken cancellation = default) => Look(
        database =>
        {
            var stored = new Dictionary<string, StoredView>(StringComparer.Ordinal);
            foreach (var view in views)
            {
                var items = new List<ViewItem>();
                database.Statement("SELECT id, data FROM items WHERE view = ? ORDER BY id").Bind(view)
                    .All(static row => new ViewItem(row.Text(0), row.Bytes(1)), items);
                stored[view] = new(MarkOf(database, view), items);
            }
            return (IReadOnlyDictionary<string, StoredView>)stored;
        },
        cancellation);

    public Task<bool> Save(long position, IReadOnlyList<ViewChange> changes, CancellationToken cancellation = default)
    {
        WellFormed.Require(position, changes);
        return Look(
            database =>
            {
                if (changes.Any(change => MarkOf(database, change.View) != change.From))
                    return false;
                foreach (var change in changes)
                {
                    foreach (var item in change.Items)
                        database.Statement(WriteItem).Bind(change.View).Bind(item.Id).Bind(item.Data).Run();
                    Write(database, change.View, change.From with { Position = position });
                }
                return true;
            },
            cancellation);
    }

    public Task Drop(string view, CancellationToken cancellation = default)
    {
        WellFormed.RequireText(view, nameof(view));
        return Look(
            database =>
            {
                database.Statement("DELETE FROM items WHERE view = ?").Bind(view).Run();
                Write(database, view, new(MarkOf(database, view).Generation + 1, 0));
                return true;
            },
            cancellation);
    }

    /// <summary>Rewrites the file without what was dropped or changed, and empties its write-ahead log.</summary>
    public Task Compact(CancellationToken cancellation) => OnThePool(
        static database =>
        {
            database.Run("VACUUM");
            // Nobody else has it open: no reader holds the log.
            if (!database.Checkpoint(TimeSpan.Zero))
                throw new JournalUnavailableException("The views were not compacted: another process has their file open.");
            return true;
        },
        cancellation);

    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            Close();
        }
    }

    /// <summary>One transaction.</summary>
    private Task<T> Look<T>(Func<Database, T> look, CancellationToken cancellation) => OnThePool(
        database =>
        {
            database.Run("BEGIN IMMEDIATE");
            var result = look(database);
            database.Run("COMMIT");
            return result;
        },
        cancellation);

    /// <summary>Uses the one connection on a thread of the pool: megabytes take their time.</summary>
    private Task<T> OnThePool<T>(Func<Database, T> use, CancellationToken cancellation) => Task.Run(
        () =>
        {
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_closed, typeof(SqliteStore));
                try
                {
                    return use(_database ??= Open());
                }
                catch (Exception e)
                {
                    // Closing rolls back.
                    Close();
                    if (e is SqliteException)
                        throw new JournalUnavailableException($"The views could not be read or written. ({e.Message})", e);
                    throw;
                }
            }
        },
        cancellation);

    private Database Open()
    {
        var database = Database.OpenForWriting(path);
        try
        {
            database.Run("PRAGMA synchronous = NORMAL");
            database.Run("CREATE TABLE IF NOT EXISTS views (view TEXT PRIMARY KEY, generation INTEGER NOT NULL, position INTEGER NOT NULL) STRICT");
            database.Run("CREATE TABLE IF NOT EXISTS items (view TEXT NOT NULL, id TEXT NOT NULL, data BLOB NOT NULL, PRIMARY KEY (view, id)) STRICT");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private void Close()
    {
        _database?.Dispose();
        _database = null;
    }

    private static ViewMark MarkOf(Database database, string view) =>
        database.Statement(ReadMark).Bind(view).First(static row => new ViewMark(row.Number(0), row.Number(1)), ViewMark.None);

    private static void Write(Database database, string view, ViewMark mark) =>
        database.Statement(WriteMark).Bind(view).Bind(mark.Generation).Bind(mark.Position).Run();
}
