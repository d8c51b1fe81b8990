using Microsoft.Data.Sqlite;

namespace Coordination.Journal.Sqlite;

/// <inheritdoc cref="IViewStore"/>
/// <remarks>
/// In a file of their own: megabytes of items on their way to the disk hold up no append, and reads wait for no write. Without a sync at each
/// commit: after a power failure an earlier, whole state is there, from which is folded on.
/// </remarks>
internal sealed class SqliteViews(string path) : IViewStore, IDisposable
{
    /// <summary>What this program makes and reads; a file of another form is emptied.</summary>
    private const int Form = 2;

    private const string ReadMark = "SELECT number, generation, position, digest FROM views WHERE view = ? AND form = ?";
    private const string WriteMark =
        """
        INSERT INTO views (view, form, number, generation, position, digest) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (view, form) DO UPDATE SET number = excluded.number, generation = excluded.generation, position = excluded.position, digest = excluded.digest
        """;

    private const string Columns = "id, position, data, digest";
    private const string ReadRising = $"SELECT {Columns} FROM items WHERE number = ? AND id > ? AND id < ? ORDER BY id LIMIT ?";
    private const string ReadFalling = $"SELECT {Columns} FROM items WHERE number = ? AND id > ? AND id < ? ORDER BY id DESC LIMIT ?";
    private const string WriteItem =
        """
        INSERT INTO items (number, id, position, data, digest) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (number, id) DO UPDATE SET position = excluded.position, data = excluded.data, digest = excluded.digest
        """;

    // Never one that items of a dropped view still have.
    private const string NextNumber = "SELECT 1 + max(coalesce((SELECT max(number) FROM views), 0), coalesce((SELECT max(number) FROM items), 0))";

    private readonly Readers _readers = new(path, "The views");
    private readonly Lock _lock = new();
    private Database? _database;
    private volatile bool _isThere;
    private bool _closed;

    public Task<IReadOnlyDictionary<ViewKey, ViewMark>> Marks(CancellationToken cancellation = default) => Look(
        static database =>
        {
            var marks = new List<KeyValuePair<ViewKey, ViewMark>>();
            database.Statement("SELECT view, form, generation, position, digest FROM views").All(
                static row => KeyValuePair.Create(new ViewKey(row.Text(0), (int)row.Number(1)), new ViewMark(row.Number(2), row.Number(3), row.Bytes(4))), marks);
            return (IReadOnlyDictionary<ViewKey, ViewMark>)marks.ToDictionary();
        },
        cancellation);

    // On a thread of the pool: megabytes take their time.
    public Task<IReadOnlyDictionary<ViewKey, StoredView>> Read(IReadOnlyCollection<ViewKey> views, CancellationToken cancellation = default) => Task.Run(
        () => Look(
            database =>
            {
                var stored = new Dictionary<ViewKey, StoredView>();
                foreach (var view in views)
                {
                    stored[view] = Of(database, view, (number, items) =>
                        database.Statement($"SELECT {Columns} FROM items WHERE number = ? ORDER BY id").Bind(number).All(ToItem, items));
                }
                return (IReadOnlyDictionary<ViewKey, StoredView>)stored;
            },
            cancellation),
        cancellation);

    public Task<StoredView> Page(ViewKey view, IReadOnlyCollection<ViewRange> ranges, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        return Look(
            database => Of(database, view, (number, items) =>
            {
                foreach (var (after, before, limit, falling) in ranges)
                    database.Statement(falling ? ReadFalling : ReadRising).Bind(number).Bind(after).Bind(before).Bind(limit).All(ToItem, items);
            }),
            cancellation);
    }

    public Task<StoredView> Find(ViewKey view, IReadOnlyCollection<string> ids, CancellationToken cancellation = default) => Look(
        database => Of(database, view, (number, items) =>
        {
            foreach (var id in ids.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
                database.Statement($"SELECT {Columns} FROM items WHERE number = ? AND id = ?").Bind(number).Bind(id).All(ToItem, items);
        }),
        cancellation);

    public Task<IReadOnlyList<ViewItem>> After(ViewKey view, string id, int limit, CancellationToken cancellation = default) => Look(
        database => Of(database, view, (number, items) =>
            database.Statement($"SELECT {Columns} FROM items WHERE number = ? AND id > ? ORDER BY id LIMIT ?").Bind(number).Bind(id).Bind(limit).All(ToItem, items)).Items,
        cancellation);

    public Task<IReadOnlyDictionary<string, byte[]>> Digests(ViewKey view, IReadOnlyCollection<string> ids, CancellationToken cancellation = default) => Look(
        database =>
        {
            var digests = new Dictionary<string, byte[]>(StringComparer.Ordinal);
            if (PlaceOf(database, view).Number is { } number)
            {
                foreach (var id in ids)
                {
                    if (database.Statement("SELECT digest FROM items WHERE number = ? AND id = ?").Bind(number).Bind(id).First(static row => row.Bytes(0), null) is { } digest)
                        digests[id] = digest;
                }
            }
            return (IReadOnlyDictionary<string, byte[]>)digests;
        },
        cancellation);

    public Task<bool> Save(IReadOnlyList<ViewChange> changes, CancellationToken cancellation = default)
    {
        WellFormed.Require(changes);
        return Change(
            database =>
            {
                var places = changes.Select(change => PlaceOf(database, change.View)).ToList();
                if (places.Zip(changes).Any(static pair => pair.First.Mark != pair.Second.From))
                    return false;
                foreach (var ((number, mark), change) in places.Zip(changes))
                {
                    // The first item of a view that is new counts already for the number of the next.
                    var under = number ?? Next(database);
                    Write(database, change.View, under, new(mark.Generation, change.Position, change.Digest));
                    foreach (var item in change.Items)
                        database.Statement(WriteItem).Bind(under).Bind(item.Id).Bind(item.Position).Bind(item.Data).Bind(item.Digest).Run();
                    foreach (var id in change.Gone ?? [])
                        database.Statement("DELETE FROM items WHERE number = ? AND id = ?").Bind(under).Bind(id).Run();
                }
                return true;
            },
            cancellation);
    }

    public Task<bool> Drop(ViewKey view, long? generation = null, CancellationToken cancellation = default)
    {
        WellFormed.RequireText(view.Name, nameof(view));
        return Change(
            database =>
            {
                var now = PlaceOf(database, view).Mark.Generation;
                if (generation is { } wanted && wanted != now)
                    return false;
                Write(database, view, Next(database), ViewMark.Begun(now + 1));
                return true;
            },
            cancellation);
    }

    public Task Forget(ViewKey view, CancellationToken cancellation = default) => Change(
        database => database.Statement("DELETE FROM views WHERE view = ? AND form = ?").Bind(view.Name).Bind(view.Form).Run(), cancellation);

    public Task<int> Tidy(int limit, CancellationToken cancellation = default) => Change(database => Tidy(database, limit), cancellation);

    /// <summary>Rewrites the file without what was dropped or changed, and empties its write-ahead log.</summary>
    public Task Compact(CancellationToken cancellation) => OnThePool(
        static database =>
        {
            Tidy(database, int.MaxValue);
            database.Run("VACUUM");
            // Nobody else has it open: no reader holds the log.
            if (!database.Checkpoint(TimeSpan.Zero))
                throw new JournalUnavailableException("The views were not compacted: another process has their file open.");
            return true;
        },
        cancellation);

    public void Dispose()
    {
        _readers.Dispose();
        lock (_lock)
        {
            _closed = true;
            Close();
        }
    }

    /// <summary>One moment, of what is committed.</summary>
    private async Task<T> Look<T>(Func<Database, T> look, CancellationToken cancellation)
    {
        // Whoever only reads makes no tables.
        if (!_isThere)
            await OnThePool(static _ => true, cancellation);
        return await _readers.Read(
            database =>
            {
                database.Run("BEGIN");
                var result = look(database);
                database.Run("COMMIT");
                return result;
            },
            cancellation);
    }

    /// <summary>One transaction.</summary>
    private Task<T> Change<T>(Func<Database, T> change, CancellationToken cancellation) => OnThePool(
        database =>
        {
            database.Run("BEGIN IMMEDIATE");
            var result = change(database);
            database.Run("COMMIT");
            return result;
        },
        cancellation);

    /// <summary>Uses the one connection that writes on a thread of the pool: megabytes take their time.</summary>
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
            database.Run("BEGIN IMMEDIATE");
            if (database.Statement("PRAGMA user_version").First(static row => row.Number(0), 0) != Form)
            {
                database.Run("DROP TABLE IF EXISTS items");
                database.Run("DROP TABLE IF EXISTS views");
                database.Run(
                    """
                    CREATE TABLE views (
                        view TEXT NOT NULL, form INTEGER NOT NULL, number INTEGER NOT NULL UNIQUE, generation INTEGER NOT NULL, position INTEGER NOT NULL,
                        digest BLOB NOT NULL, PRIMARY KEY (view, form)) STRICT
                    """);
                // Without a second tree for the ids: what is read together stands together.
                database.Run(
                    """
                    CREATE TABLE items (
                        number INTEGER NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL, digest BLOB NOT NULL, data BLOB NOT NULL,
                        PRIMARY KEY (number, id)) WITHOUT ROWID, STRICT
                    """);
                database.Run($"PRAGMA user_version = {Form}");
            }
            database.Run("COMMIT");
            _isThere = true;
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

    private static int Tidy(Database database, int limit) => database.Statement(
        """
        WITH RECURSIVE numbers (number) AS (
            SELECT min(number) FROM items
            UNION ALL SELECT (SELECT min(number) FROM items WHERE items.number > numbers.number) FROM numbers WHERE numbers.number IS NOT NULL)
        DELETE FROM items WHERE (number, id) IN (
            SELECT items.number, items.id FROM numbers JOIN items USING (number) WHERE numbers.number NOT IN (SELECT number FROM views) LIMIT ?)
        """).Bind(limit).Run();

    private static StoredView Of(Database database, ViewKey view, Action<long, List<ViewItem>> read)
    {
        var (number, mark) = PlaceOf(database, view);
        var items = new List<ViewItem>();
        if (number is { } known)
            read(known, items);
        return new(mark, items);
    }

    /// <summary>Number and mark of a view; no number for one that was never saved.</summary>
    private static (long? Number, ViewMark Mark) PlaceOf(Database database, ViewKey view) => database.Statement(ReadMark).Bind(view.Name).Bind(view.Form).First(
        static row => ((long?)row.Number(0), new ViewMark(row.Number(1), row.Number(2), row.Bytes(3))), (null, ViewMark.None));

    private static long Next(Database database) => database.Statement(NextNumber).First(static row => row.Number(0), 1);

    private static void Write(Database database, ViewKey view, long number, ViewMark mark) =>
        database.Statement(WriteMark).Bind(view.Name).Bind(view.Form).Bind(number).Bind(mark.Generation).Bind(mark.Position).Bind(mark.Digest).Run();

    private static ViewItem ToItem(Statement row) => new(row.Text(0), row.Number(1), row.Bytes(2), row.Bytes(3));
}
