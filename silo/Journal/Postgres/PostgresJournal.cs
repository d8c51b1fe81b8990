using System.Runtime.CompilerServices;
using Npgsql;

namespace Coordination.Journal.Postgres;

/// <inheritdoc cref="IJournal"/>
internal sealed class PostgresJournal(Writer writer, Connections connections, PositionWaiter reached, Seals seals) : IJournal
{
    /// <summary>Of the commands in the array $1, which come back as the seventh column.</summary>
    internal const string ReadReceipts =
        """
        SELECT coalesce(entries.stream, ''), commands.version, position, answer, fingerprint, key, commands.command, commands.seal,
            coalesce(commands.version = entries.version AND commands.command = entries.command, false)
        FROM commands LEFT JOIN entries USING (position) WHERE commands.command = ANY ($1)
        """;

    // OFFSET 0 keeps this a look-up for each entry: the planner cannot choose to join all texts to one page of entries.
    internal const string Read =
        """
        SELECT position, entries.salt, stream, version, fact, form, at, actor, body, topics, audience, data, texts_digest, command, cause, via, batch,
            hash, written.texts, written.salt, trace
        FROM entries LEFT JOIN LATERAL (SELECT salt, texts FROM texts WHERE texts.position = entries.position OFFSET 0) AS written ON true
        """;

    // Rows of one look: enough to make a look worth its price, few enough to be over soon.
    private const int Chunk = 500;
    private const string ReadAfter = $"{Read} WHERE position > $1 ORDER BY position LIMIT $2";
    private const string ReadThese = $"{Read} WHERE position = ANY ($1) ORDER BY position";
    private const string ReadVersions = $"{Read} WHERE stream = $1 AND version > $2 ORDER BY version LIMIT $3";
    private const string ReadTop = "SELECT position, hash FROM head ORDER BY position DESC LIMIT 1";

    public long Position => reached.Position;

    public ValueTask<AppendOutcome> Append(Append append, CancellationToken cancellation = default)
    {
        WellFormed.Require(append);
        return append.Erases is { Count: > 0 } erased ? AppendErasure(append, erased, cancellation) : HandIn(append, cancellation);
    }

    public async ValueTask<Receipt?> FindCommand(byte[] command, CancellationToken cancellation = default) =>
        (await Rows(ReadReceipts, row => ToReceipt(row, seals), cancellation, (object)new[] { command })).SingleOrDefault();

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

    public async Task<IReadOnlyList<Entry>> Follow(long afterPosition, int limit, CancellationToken cancellation = default) =>
        afterPosition >= reached.Position ? [] : writer.Fresh.Take(afterPosition, limit) ?? await ReadFrom(afterPosition, limit, cancellation);

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

    public Task WaitBeyond(long position, CancellationToken cancellation = default) => reached.WaitBeyond(position, cancellation);

    public async Task<Snapshot?> ReadSnapshot(string stream, CancellationToken cancellation = default) => (await Rows(
        "SELECT version, form, data, seal FROM snapshots WHERE stream = $1",
        row => new Snapshot(row.GetInt64(0), row.GetInt32(1), row.GetFieldValue<byte[]>(2)) is var snapshot && Seals.Fits(row.BytesOrNull(3), seals.Of(stream, snapshot)) ? snapshot : null,
        cancellation, stream)).SingleOrDefault();

    public Task SaveSnapshot(string stream, Snapshot snapshot, CancellationToken cancellation = default)
    {
        WellFormed.RequireText(stream, nameof(stream));
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(snapshot.Data);
        const string sql =
            """
            INSERT INTO snapshots VALUES ($1, $2, $3, $4, $5) ON CONFLICT (stream) DO UPDATE
            SET version = excluded.version, form = excluded.form, data = excluded.data, seal = excluded.seal WHERE excluded.version >= snapshots.version
            """;
        return connections.Change(
            async (connection, stop) => (await connection.Run(sql, stop, stream, snapshot.Version, snapshot.Form, snapshot.Data, seals.Of(stream, snapshot)), true),
            cancellation);
    }

    public Task<Verification> Verify(IProgress<long>? progress, CancellationToken cancellation = default) =>
        Verify(ChainPlace.Origin, ChainWalk.Telling(progress), cancellation);

    /// <inheritdoc cref="ITrust.Verify"/>
    public Task<Verification> Verify(ChainPlace from, Func<ChainPlace, Task>? reached, CancellationToken cancellation) => new ChainWalk(
        this,
        async (after, count, entries) => entries.AddRange(await Rows(ReadAfter, ToEntryIfPossible, cancellation, after, (long)count)),
        async () => (await Rows(
            """
            SELECT (SELECT max(position) FROM head),
                least((SELECT min(position) FROM entries), (SELECT min(position) FROM texts), 1),
                greatest((SELECT max(position) FROM entries), (SELECT max(position) FROM texts), 0)
            """,
            static row => new JournalEnds(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), cancellation)).Single(),
        from, reached, cancellation).Verify();

    /// <exception cref="JournalUnavailableException">It is not the platform's own, or belongs to no entry.</exception>
    private static Receipt ToReceipt(NpgsqlDataReader row, Seals seals) => ToReceiptIfOwn(row, seals) ?? throw Refuse(seals);

    internal static JournalUnavailableException Refuse(Seals seals) => seals.Refuse("The receipt of this command", Break.OfReceipts);

    /// <summary>Null for one that is not the platform's own, or belongs to no entry.</summary>
    internal static Receipt? ToReceiptIfOwn(NpgsqlDataReader row, Seals seals) =>
        row.GetBoolean(8) && Seals.Fits(row.BytesOrNull(7), seals.OfReceipt(row.GetFieldValue<byte[]>(6), row.BytesOrNull(4), row.TextOrNull(3)))
            ? new(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.TextOrNull(3), ToFingerprint(row.BytesOrNull(4), row.BytesOrNull(5)))
            : null;

    internal static KeyedFingerprint? ToFingerprint(byte[]? code, byte[]? key) => code is null ? null : new(code, key);

    internal static Entry ToEntry(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetString(2), row.GetInt64(3), row.GetString(4), row.GetInt32(5),
        Instant.FromMicroseconds(row.GetInt64(6)), row.GetString(7), row.TextOrNull(8), Topics.Split(row.GetString(9)), row.GetFieldValue<byte[]>(10),
        row.GetFieldValue<byte[]>(11), row.BytesOrNull(12), row.BytesOrNull(13), row.IsDBNull(14) ? null : row.GetInt64(14), row.GetString(15),
        row.TextOrNull(16), row.GetFieldValue<byte[]>(17), row.BytesOrNull(18), row.BytesOrNull(19), row.TextOrNull(20));

    /// <summary>Null for what no writer can have written, such as a moment outside the calendar.</summary>
    internal static Entry? ToEntryIfPossible(NpgsqlDataReader row)
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

    private async ValueTask<AppendOutcome> AppendErasure(Append append, IReadOnlyList<long> erased, CancellationToken cancellation)
    {
        await this.RequireThere(erased, cancellation);
        return await HandIn(append, cancellation);
    }

    private ValueTask<AppendOutcome> HandIn(Append append, CancellationToken cancellation) =>
        Instruments.Watch(append, watched => writer.Do(new(watched, seals), cancellation));

    private Task<List<T>> Rows<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation, params object[] values) =>
        connections.Repeatedly((connection, stop) => connection.Rows(sql, read, stop, values), cancellation);
}
