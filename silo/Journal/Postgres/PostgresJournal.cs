using System.Runtime.CompilerServices;
using Npgsql;

namespace Coordination.Journal.Postgres;

/// <inheritdoc cref="IJournal"/>
internal sealed class PostgresJournal(Writer writer, Connections connections, Reach reach) : IJournal
{
    /// <summary>Of the commands in the array $1.</summary>
    internal const string ReadReceipts =
        """
        SELECT command, fingerprint, stream, version, position FROM commands JOIN entries USING (position) WHERE command = ANY ($1)
        """;

    // Rows of one look: enough to make a look worth its price, few enough to be over soon.
    private const int Chunk = 500;
    internal const string Columns = "position, stream, version, fact, form, at, actor, body, topics, audience, data, hash, trace";
    private const string ReadAfter = $"SELECT {Columns} FROM entries WHERE position > $1 ORDER BY position LIMIT $2";
    private const string ReadThese = $"SELECT {Columns} FROM entries WHERE position = ANY ($1) ORDER BY position";
    private const string ReadVersions = $"SELECT {Columns} FROM entries WHERE stream = $1 AND version > $2 ORDER BY version LIMIT $3";
    private const string ReadTop = "SELECT position, hash FROM head ORDER BY position DESC LIMIT 1";

    public long Position => reach.Position;

    public ValueTask<AppendOutcome> Append(Append append, CancellationToken cancellation = default)
    {
        WellFormed.Require(append);
        return Instruments.Watch(append, watched => writer.Do(watched, cancellation));
    }

    public async ValueTask<Receipt?> FindCommand(string command, CancellationToken cancellation = default) =>
        (await Rows(ReadReceipts, ToReceipt, cancellation, (object)new[] { command })).SingleOrDefault();

    public async IAsyncEnumerable<Entry> ReadStream(
        string stream, long afterVersion = 0, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        List<Entry> chunk;
        do
        {
            chunk = await Rows(ReadVersions, ToEntry, cancellation, stream, afterVersion, (long)Chunk);
            foreach (var entry in chunk)
                yield return entry;
            if (chunk.Count > 0)
                afterVersion = chunk[^1].Version;
        } while (chunk.Count == Chunk);
    }

    public async Task<IReadOnlyList<Entry>> ReadFrom(long afterPosition, int limit, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        var entries = new List<Entry>(Math.Min(limit, Chunk));
        while (entries.Count < limit)
        {
            var wanted = Math.Min(limit - entries.Count, Chunk);
            var chunk = await Rows(ReadAfter, ToEntry, cancellation, entries.Count == 0 ? afterPosition : entries[^1].Position, (long)wanted);
            entries.AddRange(chunk);
            if (chunk.Count < wanted)
                break;
        }
        return entries;
    }

    public async Task<IReadOnlyList<Entry>> ReadAt(IReadOnlyCollection<long> positions, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(positions);
        var entries = new List<Entry>(positions.Count);
        foreach (var chunk in positions.Distinct().Order().Chunk(Chunk))
            entries.AddRange(await Rows(ReadThese, ToEntry, cancellation, chunk));
        return entries;
    }

    public async Task<Head> ReadHead(CancellationToken cancellation = default) =>
        (await Rows(ReadTop, static row => new Head(row.GetInt64(0), row.GetFieldValue<byte[]>(1)), cancellation)).SingleOrDefault()
        ?? throw new JournalUnavailableException("The journal has lost its head row.");

    public Task WaitBeyond(long position, CancellationToken cancellation = default) => reach.WaitBeyond(position, cancellation);

    public async Task<Snapshot?> ReadSnapshot(string stream, CancellationToken cancellation = default) => (await Rows(
        "SELECT version, form, data FROM snapshots WHERE stream = $1",
        static row => new Snapshot(row.GetInt64(0), row.GetInt32(1), row.GetFieldValue<byte[]>(2)), cancellation, stream)).SingleOrDefault();

    public Task SaveSnapshot(string stream, Snapshot snapshot, CancellationToken cancellation = default)
    {
        WellFormed.RequireText(stream, nameof(stream));
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(snapshot.Data);
        const string sql =
            """
            INSERT INTO snapshots VALUES ($1, $2, $3, $4) ON CONFLICT (stream) DO UPDATE
            SET version = excluded.version, form = excluded.form, data = excluded.data WHERE excluded.version >= snapshots.version
            """;
        return connections.Change(
            async (connection, stop) => (await connection.Run(sql, stop, stream, snapshot.Version, snapshot.Form, snapshot.Data), true),
            cancellation);
    }

    public Task<Verification> Verify(IProgress<long>? progress, CancellationToken cancellation = default) => ChainWalk.Verify(
        this,
        async (after, count, entries) => entries.AddRange(await Rows(ReadAfter, ToEntryIfPossible, cancellation, after, (long)count)),
        async () => (await Rows(
            "SELECT (SELECT max(position) FROM head), (SELECT max(position) FROM entries)",
            static row => (row.GetInt64(0), row.IsDBNull(1) ? 0 : row.GetInt64(1)), cancellation)).Single(),
        progress, cancellation);

    internal static Receipt ToReceipt(NpgsqlDataReader row) =>
        new(row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4));

    internal static Entry ToEntry(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetString(3), row.GetInt32(4), Instant.FromMicroseconds(row.GetInt64(5)),
        row.GetString(6), row.IsDBNull(7) ? null : row.GetString(7), Topics.Split(row.GetString(8)), row.GetFieldValue<byte[]>(9),
        row.GetFieldValue<byte[]>(10), row.GetFieldValue<byte[]>(11), row.IsDBNull(12) ? null : row.GetString(12));

    /// <summary>Null for what no writer can have written, such as a moment outside the calendar.</summary>
    private static Entry? ToEntryIfPossible(NpgsqlDataReader row)
    {
        try
        {
            return ToEntry(row);
        }
        catch (Exception e) when (e is OverflowException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private Task<List<T>> Rows<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation, params object[] values) =>
        connections.Repeatedly((connection, stop) => connection.Rows(sql, read, stop, values), cancellation);
}
