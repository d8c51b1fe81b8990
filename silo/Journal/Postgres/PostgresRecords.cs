namespace Coordination.Journal.Postgres;

/// <inheritdoc cref="IRecords"/>
/// <remarks>
/// An erased record is out of reach of every query at once. Its bytes leave PostgreSQL's files and write-ahead log with
/// <see cref="IStore.Compact"/>; backups keep them.
/// </remarks>
internal sealed class PostgresRecords(Connections connections) : IRecords
{
    public async ValueTask<Record?> Read(string kind, string id, CancellationToken cancellation = default) => (await connections.Repeatedly(
        (connection, stop) => connection.Rows(
            "SELECT version, data FROM records WHERE kind = $1 AND id = $2",
            row => new Record(kind, id, row.GetInt64(0), row.GetFieldValue<byte[]>(1)), stop, kind, id),
        cancellation)).SingleOrDefault();

    public async Task<IReadOnlyList<Record>> List(string kind, CancellationToken cancellation = default) => await connections.Repeatedly(
        (connection, stop) => connection.Rows(
            "SELECT id, version, data FROM records WHERE kind = $1 ORDER BY id",
            row => new Record(kind, row.GetString(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2)), stop, kind),
        cancellation);

    public Task<long?> Write(string kind, string id, byte[] data, long? expectedVersion, CancellationToken cancellation = default)
    {
        WellFormed.RequireText(kind, nameof(kind));
        WellFormed.RequireText(id, nameof(id));
        ArgumentNullException.ThrowIfNull(data);
        var sql = expectedVersion switch
        {
            null =>
                """
                INSERT INTO records VALUES ($1, $2, 1, $3)
                ON CONFLICT (kind, id) DO UPDATE SET version = records.version + 1, data = excluded.data RETURNING version
                """,
            0 => "INSERT INTO records VALUES ($1, $2, 1, $3) ON CONFLICT DO NOTHING RETURNING version",
            _ => "UPDATE records SET version = version + 1, data = $3 WHERE kind = $1 AND id = $2 AND version = $4 RETURNING version",
        };
        object[] values = expectedVersion is null or 0 ? [kind, id, data] : [kind, id, data, expectedVersion];
        return connections.Change(
            async (connection, stop) => ((await connection.Rows(sql, static row => (long?)row.GetInt64(0), stop, values)).SingleOrDefault(), true),
            cancellation);
    }

    public Task<bool> Erase(string kind, string id, long? expectedVersion, CancellationToken cancellation = default) => connections.Change(
        async (connection, stop) => (await connection.Run(
            "DELETE FROM records WHERE kind = $1 AND id = $2 AND version = coalesce($3::bigint, version)", stop, kind, id, expectedVersion) > 0, true),
        cancellation);
}
