using Coordination.Journal.Postgres;
using Npgsql;

namespace Coordination.Journal.Tests.Postgres;

/// <summary>A schema that is not there yet, and the stores of one or several silos on it.</summary>
internal sealed class PostgresSchema(PostgresServer server) : IAsyncDisposable
{
    private readonly List<PostgresStore> _stores = [];

    public string Name { get; } = $"journal {Guid.NewGuid():N}";

    public PostgresServer Server => server;

    public PostgresOptions Options => new() { ConnectionString = server.ConnectionString, Secret = Secret, Schema = Name };

    /// <summary>The same for all stores on it.</summary>
    public Secret Secret { get; } = Secret.Random();

    /// <summary>One more store beside those that are open.</summary>
    public Task<PostgresStore> Open() => Open(Options);

    public async Task<PostgresStore> Open(PostgresOptions options)
    {
        var store = await PostgresStore.Open(options, Waiting.Cancellation);
        lock (_stores)
            _stores.Add(store);
        return store;
    }

    public async Task Close()
    {
        foreach (var store in _stores)
            await store.DisposeAsync();
        _stores.Clear();
    }

    /// <summary>Asks or changes the tables behind the journal's back.</summary>
    public async Task<object?> Sql(string sql)
    {
        await using var connection = await Connect();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Waiting.Cancellation);
    }

    /// <summary>A foreign connection to the tables.</summary>
    public async Task<NpgsqlConnection> Connect()
    {
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false, SearchPath = $"\"{Name}\"" }.ToString());
        await connection.OpenAsync(Waiting.Cancellation);
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        await Close();
        await Sql($"DROP SCHEMA IF EXISTS \"{Name}\" CASCADE");
    }
}
