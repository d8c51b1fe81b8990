using Coordination.Journal.Sqlite;
using Microsoft.Data.Sqlite;

namespace Coordination.Journal.Tests.Sqlite;

/// <summary>A folder that is not there yet, and the store in it.</summary>
internal sealed class SqliteFolder : IAsyncDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("journal-").FullName;
    private SqliteStore? _store;

    public string Path => System.IO.Path.Combine(_parent, "data");

    public string File => System.IO.Path.Combine(Path, SqliteStore.FileName);

    public SqliteStore Store => _store ?? throw new InvalidOperationException("The store is not open.");

    public async Task<SqliteStore> Open(int batchSize = 1_000)
    {
        await Close();
        return _store = await SqliteStore.Open(new() { Folder = Path, BatchSize = batchSize }, Waiting.Cancellation);
    }

    public async Task Close()
    {
        if (_store is not null)
            await _store.DisposeAsync();
        _store = null;
    }

    /// <summary>What a crash would leave: the files as they are on disk now, in another folder.</summary>
    public SqliteFolder CopyAsItIs()
    {
        var copy = new SqliteFolder();
        Directory.CreateDirectory(copy.Path);
        foreach (var name in (string[])[Secret.FileName, SqliteStore.FileName, SqliteStore.FileName + "-wal"])
            System.IO.File.Copy(System.IO.Path.Combine(Path, name), System.IO.Path.Combine(copy.Path, name));
        return copy;
    }

    /// <summary>Changes the closed file behind the journal's back.</summary>
    public void Tamper(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public async ValueTask DisposeAsync()
    {
        await Close();
        Directory.Delete(_parent, recursive: true);
    }
}
