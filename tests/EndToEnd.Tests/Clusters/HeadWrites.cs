using Npgsql;

namespace Coordination.EndToEnd.Tests.Clusters;

/// <summary>
/// Has PostgreSQL itself note who wrote to the journal and when: a trigger on the head, which every append updates. What is
/// rolled back leaves no note.
/// </summary>
public sealed class HeadWrites : IAsyncDisposable
{
    private readonly NpgsqlDataSource _database;

    private HeadWrites(NpgsqlDataSource database) => _database = database;

    public static async Task<HeadWrites> Watch(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("""
            CREATE SCHEMA IF NOT EXISTS watch;
            CREATE TABLE IF NOT EXISTS watch.writes (at timestamptz NOT NULL DEFAULT clock_timestamp(), who text NOT NULL, position bigint NOT NULL);
            TRUNCATE watch.writes;
            CREATE OR REPLACE FUNCTION watch.note() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO watch.writes (who, position) VALUES (current_setting('application_name'), NEW.position);
                RETURN NULL;
            END $$;
            CREATE OR REPLACE TRIGGER note AFTER UPDATE ON coordination.head FOR EACH ROW EXECUTE FUNCTION watch.note();
            """);
        await command.ExecuteNonQueryAsync(Waiting.Cancellation);
        return new(database);
    }

    /// <summary>The database's own time.</summary>
    public async Task<DateTime> Now()
    {
        await using var command = _database.CreateCommand("SELECT clock_timestamp()");
        return (DateTime)(await command.ExecuteScalarAsync(Waiting.Cancellation))!;
    }

    /// <summary>Positions that a process wrote after a moment of the database's time.</summary>
    /// <param name="name">Of the process, as it names itself to PostgreSQL.</param>
    public async Task<List<long>> By(string name, DateTime after)
    {
        await using var command = _database.CreateCommand("SELECT position FROM watch.writes WHERE who = $1 AND at > $2 ORDER BY position");
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = after });
        await using var rows = await command.ExecuteReaderAsync(Waiting.Cancellation);
        var positions = new List<long>();
        while (await rows.ReadAsync(Waiting.Cancellation)) positions.Add(rows.GetInt64(0));
        return positions;
    }

    public async ValueTask DisposeAsync()
    {
        await using var command = _database.CreateCommand("DROP TRIGGER IF EXISTS note ON coordination.head; DROP SCHEMA IF EXISTS watch CASCADE");
        await command.ExecuteNonQueryAsync();
    }
}
