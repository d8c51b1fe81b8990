namespace Coordination.Journal.Sqlite;

/// <inheritdoc cref="IRecords"/>
internal sealed class SqliteRecords(Writer writer, Readers readers) : IRecords
{
    private const string ReadOne = "SELECT kind, id, version, data FROM records WHERE kind = ? AND id = ?";
    private const string ReadKind = "SELECT kind, id, version, data FROM records WHERE kind = ? ORDER BY id";
    private const string ReadVersion = "SELECT version FROM records WHERE kind = ? AND id = ?";

    public ValueTask<Record?> Read(string kind, string id, CancellationToken cancellation = default) =>
        new(readers.Read(database => database.Statement(ReadOne).Bind(kind).Bind(id).First(ToRecord, null), cancellation));

    public Task<IReadOnlyList<Record>> List(string kind, CancellationToken cancellation = default) => readers.Read<IReadOnlyList<Record>>(
        database =>
        {
            var records = new List<Record>();
            database.Statement(ReadKind).Bind(kind).All(ToRecord, records!);
            return records;
        },
        cancellation);

    public Task<long?> Write(string kind, string id, byte[] data, long? expectedVersion, CancellationToken cancellation = default)
    {
        WellFormed.RequireText(kind, nameof(kind));
        WellFormed.RequireText(id, nameof(id));
        ArgumentNullException.ThrowIfNull(data);
        const string sql =
            """
            INSERT INTO records VALUES (?, ?, ?, ?)
            ON CONFLICT (kind, id) DO UPDATE SET version = excluded.version, data = excluded.data
            """;
        return writer.Do<long?>(
            batch =>
            {
                var version = Version(batch, kind, id);
                if (expectedVersion is { } expected && expected != version)
                    return null;
                batch.Write(batch.Statement(sql).Bind(kind).Bind(id).Bind(version + 1).Bind(data));
                return version + 1;
            },
            cancellation);
    }

    public Task<bool> Erase(string kind, string id, long? expectedVersion, CancellationToken cancellation = default) => writer.Do(
        batch =>
        {
            var version = Version(batch, kind, id);
            if (expectedVersion is { } expected && expected != version)
                return false;
            return batch.Erase(batch.Statement("DELETE FROM records WHERE kind = ? AND id = ?").Bind(kind).Bind(id)) > 0;
        },
        cancellation);

    private static long Version(Batch batch, string kind, string id) =>
        batch.Statement(ReadVersion).Bind(kind).Bind(id).First(static row => row.Number(0), 0);

    private static Record? ToRecord(Statement row) => new(row.Text(0), row.Text(1), row.Number(2), row.Bytes(3));
}
