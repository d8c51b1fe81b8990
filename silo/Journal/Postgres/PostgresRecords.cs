using Npgsql;

namespace Coordination.Journal.Postgres;

/// <inheritdoc cref="IRecords"/>
/// <remarks>
/// An erased record is out of reach of every query at once. Its bytes leave PostgreSQL's files and write-ahead log with
/// <see cref="IStore.Compact"/>; backups keep them.
/// </remarks>
internal sealed class PostgresRecords(Connections connections, Seals seals, SealDoubts doubts) : IRecords
{
    private const string Hold = "SELECT version, seal FROM records WHERE kind = $1 AND id = $2 FOR UPDATE";

    public async ValueTask<Record?> Read(string kind, string id, CancellationToken cancellation = default) => (await connections.Repeatedly(
        (connection, stop) => connection.Rows(
            "SELECT version, data, seal FROM records WHERE kind = $1 AND id = $2",
            row => ToRecord(new(kind, id, row.GetInt64(0), row.GetFieldValue<byte[]>(1)), row.BytesOrNull(2)) ?? throw seals.Refuse($"The record {kind}/{id}", Break.OfRecord(kind)), stop, kind, id),
        cancellation)).SingleOrDefault();

    public async Task<IReadOnlyList<Record>> List(string kind, CancellationToken cancellation = default) => [.. (await connections.Repeatedly(
        (connection, stop) => connection.Rows(
            "SELECT id, version, data, seal FROM records WHERE kind = $1 ORDER BY id",
            row => ToRecord(new(kind, row.GetString(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2)), row.BytesOrNull(3)), stop, kind),
        cancellation)).OfType<Record>()];

    public Task<long?> Write(string kind, string id, byte[] data, long? expectedVersion, CancellationToken cancellation = default)
    {
        WellFormed.RequireText(kind, nameof(kind));
        WellFormed.RequireText(id, nameof(id));
        ArgumentNullException.ThrowIfNull(data);
        const string sql =
            """
            INSERT INTO records VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (kind, id) DO UPDATE SET version = excluded.version, data = excluded.data, seal = excluded.seal
            """;
        return Change<long?>(
            kind, id, expectedVersion, null,
            async (connection, version, stop) =>
            {
                var seal = seals.Of(kind, id, version + 1, data);
                await connection.Run(sql, stop, kind, id, version + 1, data, seal);
                return (version + 1, seal);
            },
            cancellation);
    }

    public Task<bool> Erase(string kind, string id, long? expectedVersion, CancellationToken cancellation = default) =>
        Change(
            kind, id, expectedVersion, false,
            async (connection, version, stop) => version == 0 ? (false, null) : (await connection.Run("DELETE FROM records WHERE kind = $1 AND id = $2", stop, kind, id) > 0, null),
            cancellation);

    /// <summary>Changes a record and the sum over its bucket, whose lock also keeps two from making the same one.</summary>
    /// <param name="refused">The answer when it is at another version.</param>
    /// <param name="change">Is given the version, 0 for none; answers, and says which seal the record has from now on.</param>
    /// <param name="cancellation">Has an effect until the commit.</param>
    private Task<T> Change<T>(
        string kind, string id, long? expectedVersion, T refused, Func<NpgsqlConnection, long, CancellationToken, Task<(T Answer, byte[]? Seal)>> change, CancellationToken cancellation) =>
        connections.Change(
            async (connection, stop) =>
            {
                var (bucket, sum) = await PostgresTrust.HoldSum(connection, seals, kind, id, stop);
                var (version, before) = (await connection.Rows(Hold, static row => (row.GetInt64(0), row.BytesOrNull(1)), stop, kind, id)).SingleOrDefault();
                if (expectedVersion is { } expected && expected != version)
                    return (refused, false);
                var (answer, now) = await change(connection, version, stop);
                await PostgresTrust.KeepSum(connection, seals, bucket, sum.After(before, now), stop);
                return (answer, true);
            },
            cancellation);

    /// <summary>Null for one that the platform did not write, or perhaps not last.</summary>
    private Record? ToRecord(Record record, byte[]? seal) => Seals.Fits(seal, seals.Of(record)) && !doubts.Of(record.Kind, record.Id) ? record : null;
}
