using Npgsql;

namespace Coordination.Journal.Postgres;

/// <summary>Short ways to run one statement with the values for its placeholders $1, $2, …, and to read what may be null.</summary>
internal static class Statements
{
    /// <summary>Of one statement, so that none comes near its limit.</summary>
    public const int MostRows = 1_000;

    private const int LeisureSeconds = 120;

    public static string? TextOrNull(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static byte[]? BytesOrNull(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);

    /// <summary>Answers how many rows it changed.</summary>
    public static async Task<int> Run(this NpgsqlConnection connection, string sql, CancellationToken cancellation, params object?[] values)
    {
        await using var command = Command(connection, sql, values);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    public static async Task<List<T>> Rows<T>(
        this NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation, params object?[] values)
    {
        await using var command = Command(connection, sql, values);
        return await Read(command, read, cancellation);
    }

    /// <summary>As <see cref="Run"/> inside a transaction, for what goes over a whole table and may take minutes.</summary>
    public static async Task<int> RunAtLeisure(this NpgsqlConnection connection, string sql, CancellationToken cancellation, params object?[] values)
    {
        await using var command = await CommandAtLeisure(connection, sql, values, cancellation);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>As <see cref="Rows"/> inside a transaction, for what goes over a whole table and may take minutes.</summary>
    public static async Task<List<T>> RowsAtLeisure<T>(
        this NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation, params object?[] values)
    {
        await using var command = await CommandAtLeisure(connection, sql, values, cancellation);
        return await Read(command, read, cancellation);
    }

    private static async Task<List<T>> Read<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation))
            rows.Add(read(reader));
        return rows;
    }

    private static async Task<NpgsqlCommand> CommandAtLeisure(NpgsqlConnection connection, string sql, object?[] values, CancellationToken cancellation)
    {
        await connection.Run($"SET LOCAL statement_timeout = '{LeisureSeconds}s'", cancellation);
        var command = Command(connection, sql, values);
        command.CommandTimeout = LeisureSeconds + 1;
        return command;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object?[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value ?? DBNull.Value });
        return command;
    }
}
