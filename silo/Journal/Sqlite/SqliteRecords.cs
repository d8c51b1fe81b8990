namespace Coordination.Journal.Sqlite;

/// <inheritdoc cref="IRecords"/>
internal sealed class SqliteRecords(Writer writer, Readers readers, Seals seals, SealDoubts doubts) : IRecords
{
    private const string ReadOne = "SELECT kind, id, version, data, seal FROM records WHERE kind = ? AND id = ?";
    private const string ReadKind = "SELECT kind, id, version, data, seal FROM records WHERE kind = ? ORDER BY id";
    private const string ReadVersion = "SELECT version, seal FROM records WHERE kind = ? AND id = ?";

    public ValueTask<Record?> Read(string kind, string id, CancellationToken cancellation = default) =>
        new(readers.Read(database => database.Statement(ReadOne).Bind(kind).Bind(id).First(row => ToRecord(row) ?? throw seals.Refuse($"The record {kind}/{id}", Break.OfRecord(kind)), null), cancellation));

    public Task<IReadOnlyList<Record>> List(string kind, CancellationToken cancellation = default) => readers.Read<IReadOnlyList<Record>>(
        database =>
        {
            var records = new List<Record>();
            database.Statement(ReadKind).Bind(kind).All(ToRecord, records!);
            records.RemoveAll(static record => record is null);
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
            INSERT INTO records VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (kind, id) DO UPDATE SET version = excluded.version, data = excluded.data, seal = excluded.seal
            """;
        return writer.Do<long?>(
            batch =>
            {
                var (version, before) = Version(batch, kind, id);
                if (expectedVersion is { } expected && expected != version)
                    return null;
                SqliteTrust.ChangeSum(batch, seals, kind, id, () =>
                {
                    var seal = seals.Of(kind, id, version + 1, data);
                    batch.Write(batch.Statement(sql).Bind(kind).Bind(id).Bind(version + 1).Bind(data).Bind(seal));
                    return (before, seal);
                });
                return version + 1;
            },
            cancellation);
    }

    public Task<bool> Erase(string kind, string id, long? expectedVersion, CancellationToken cancellation = default) => writer.Do(
        batch =>
        {
            var (version, before) = Version(batch, kind, id);
            if (version == 0 || (expectedVersion is { } expected && expected != version))
                return false;
            SqliteTrust.ChangeSum(batch, seals, kind, id, () =>
            {
                batch.Erase(batch.Statement("DELETE FROM records WHERE kind = ? AND id = ?").Bind(kind).Bind(id));
                return (before, null);
            });
            return true;
        },
        cancellation);

    private static (long Version, byte[]? Seal) Version(Batch batch, string kind, string id) =>
        batch.Statement(ReadVersion).Bind(kind).Bind(id).First(static row => (row.Number(0), row.BytesOrNull(1)), (0, null));

    /// <summary>Null for one that the platform did not write, or perhaps not last.</summary>
    private Record? ToRecord(Statement row) =>
        new Record(row.Text(0), row.Text(1), row.Number(2), row.Bytes(3)) is var record && Seals.Fits(row.BytesOrNull(4), seals.Of(record)) && !doubts.Of(record.Kind, record.Id) ? record : null;
}
