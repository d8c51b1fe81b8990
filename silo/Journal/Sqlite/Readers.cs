using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Coordination.Journal.Sqlite;

/// <summary>
/// Read-only connections, lent for one look at a time. They see what is committed and hold up no one. A look is synchronous,
/// as SQLite is, so it has to be short: long reads are many looks.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="what">What is in it, as the beginning of a sentence.</param>
internal sealed class Readers(string path, string what = "The journal") : IDisposable
{
    private const int MostIdle = 16;
    private readonly ConcurrentBag<Database> _idle = [];
    private volatile bool _closed;

    public Task<T> Read<T>(Func<Database, T> look, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellation);
        try
        {
            return Task.FromResult(Read(look));
        }
        catch (Exception e)
        {
            return Task.FromException<T>(e);
        }
    }

    /// <exception cref="JournalUnavailableException">The file could not be read.</exception>
    public T Read<T>(Func<Database, T> look)
    {
        ObjectDisposedException.ThrowIf(_closed, typeof(SqliteStore));
        Database? database = null;
        try
        {
            if (!_idle.TryTake(out database))
                database = Database.OpenForReading(path);
            var result = look(database);
            Return(database);
            return result;
        }
        catch (Exception e)
        {
            database?.Dispose();
            if (e is SqliteException)
                throw new JournalUnavailableException($"{what} could not be read. ({e.Message})", e);
            throw;
        }
    }

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryTake(out var database))
            database.Dispose();
    }

    private void Return(Database database)
    {
        if (_idle.Count >= MostIdle)
        {
            database.Dispose();
            return;
        }
        _idle.Add(database);
        // Closed meanwhile: whoever comes second clears the bag.
        if (_closed)
            Dispose();
    }
}
