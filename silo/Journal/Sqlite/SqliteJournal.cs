using System.Runtime.CompilerServices;

namespace Coordination.Journal.Sqlite;

/// <inheritdoc cref="IJournal"/>
internal sealed class SqliteJournal(Writer writer, Readers readers, PositionWaiter reached, Seals seals) : IJournal
{
    internal const string ReadReceipt =
        """
        SELECT entries.stream, entries.version, position, answer, fingerprint, key, commands.command, commands.seal, commands.version, entries.command
        FROM commands LEFT JOIN entries USING (position) WHERE commands.command = ?
        """;

    // Rows of one look: enough to make a look worth its price, few enough to be over soon.
    private const int Chunk = 256;
    private const string Read =
        """
        SELECT position, entries.salt, stream, version, fact, form, at, actor, body, topics, audience, data, texts_digest, command, cause, via, batch,
            hash, texts, texts.salt, trace
        FROM entries LEFT JOIN texts USING (position)
        """;
    internal const string ReadAfter = $"{Read} WHERE position > ? ORDER BY position LIMIT ?";
    private const string ReadOne = $"{Read} WHERE position = ?";
    private const string ReadVersions = $"{Read} WHERE stream = ? AND version > ? ORDER BY version LIMIT ?";

    public long Position => reached.Position;

    public ValueTask<AppendOutcome> Append(Append append, CancellationToken cancellation = default)
    {
        WellFormed.Require(append);
        return append.Erases is { Count: > 0 } erased ? AppendErasure(append, erased, cancellation) : HandIn(append, cancellation);
    }

    public ValueTask<Receipt?> FindCommand(byte[] command, CancellationToken cancellation = default) =>
        new(readers.Read(database => database.Statement(ReadReceipt).Bind(command).First(row => ToReceipt(row, seals), null), cancellation));

    public async IAsyncEnumerable<Entry> ReadStream(
        string stream, long afterVersion = 0, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var chunk = new List<Entry>(Chunk);
        do
        {
            chunk.Clear();
            var after = afterVersion;
            await readers.Read(
                database => database.Statement(ReadVersions).Bind(stream).Bind(after).Bind(Chunk).All(ToEntry, chunk), cancellation);
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
            var after = entries.Count == 0 ? afterPosition : entries[^1].Position;
            var wanted = Math.Min(limit - entries.Count, Chunk);
            // Others may want the thread between two looks.
            if (entries.Count > 0)
                await Task.Yield();
            if (await readers.Read(database => database.Statement(ReadAfter).Bind(after).Bind(wanted).All(ToEntry, entries), cancellation) < wanted)
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
        {
            if (entries.Count > 0)
                await Task.Yield();
            await readers.Read(
                database =>
                {
                    foreach (var position in chunk)
                        database.Statement(ReadOne).Bind(position).All(ToEntry, entries);
                    return entries.Count;
                },
                cancellation);
        }
        return entries;
    }

    public Task<Head> ReadHead(CancellationToken cancellation = default) => readers.Read(
        static database => database.Statement("SELECT position, hash FROM head")
            .First(static row => new Head(row.Number(0), row.Bytes(1)), null)
            ?? throw new JournalUnavailableException("The journal has lost its head row."),
        cancellation);

    public Task WaitBeyond(long position, CancellationToken cancellation = default) => reached.WaitBeyond(position, cancellation);

    public Task<Snapshot?> ReadSnapshot(string stream, CancellationToken cancellation = default) => readers.Read(
        database => database.Statement("SELECT version, form, data, seal FROM snapshots WHERE stream = ?").Bind(stream).First(
            row => row.Number(1) is >= 0 and <= int.MaxValue && new Snapshot(row.Number(0), (int)row.Number(1), row.Bytes(2)) is var snapshot && Seals.Fits(row.BytesOrNull(3), seals.Of(stream, snapshot)) ? snapshot : null,
            null),
        cancellation);

    public Task SaveSnapshot(string stream, Snapshot snapshot, CancellationToken cancellation = default)
    {
        WellFormed.RequireText(stream, nameof(stream));
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(snapshot.Data);
        const string sql =
            """
            INSERT INTO snapshots VALUES (?, ?, ?, ?, ?) ON CONFLICT (stream) DO UPDATE
            SET version = excluded.version, form = excluded.form, data = excluded.data, seal = excluded.seal WHERE excluded.version >= version
            """;
        var seal = seals.Of(stream, snapshot);
        return writer.Do(
            batch => batch.Write(batch.Statement(sql)
                .Bind(stream).Bind(snapshot.Version).Bind(snapshot.Form).Bind(snapshot.Data).Bind(seal)),
            cancellation);
    }

    public Task<Verification> Verify(IProgress<long>? progress, CancellationToken cancellation = default) =>
        Verify(ChainPlace.Origin, ChainWalk.Telling(progress), cancellation);

    /// <inheritdoc cref="ITrust.Verify"/>
    public Task<Verification> Verify(ChainPlace from, Func<ChainPlace, Task>? reached, CancellationToken cancellation) => new ChainWalk(
        this,
        (after, count, entries) => readers.Read(
            database => database.Statement(ReadAfter).Bind(after).Bind(count).All(ToEntryIfPossible, entries), cancellation),
        () => readers.Read(
            static database => database.Statement(
                """
                SELECT position, (SELECT min(position) FROM entries), (SELECT min(position) FROM texts),
                    (SELECT max(position) FROM entries), (SELECT max(position) FROM texts) FROM head
                """).First(
                static row => new JournalEnds(
                    row.Number(0), Math.Min(row.NumberOrNull(1) ?? 1, row.NumberOrNull(2) ?? 1), Math.Max(row.NumberOrNull(3) ?? 0, row.NumberOrNull(4) ?? 0)),
                new(0, 1, 0)),
            cancellation),
        from, reached, cancellation).Verify();

    /// <exception cref="JournalUnavailableException">It is not the platform's own, or belongs to no entry.</exception>
    internal static Receipt ToReceipt(Statement row, Seals seals) =>
        row.BytesOrNull(9).AsSpan().SequenceEqual(row.Bytes(6)) && row.Number(1) == row.Number(8) && Seals.Fits(row.BytesOrNull(7), seals.OfReceipt(row.Bytes(6), row.BytesOrNull(4), row.TextOrNull(3)))
            ? new(row.Text(0), row.Number(1), row.Number(2), row.TextOrNull(3), ToFingerprint(row.BytesOrNull(4), row.BytesOrNull(5)))
            : throw seals.Refuse("The receipt of this command", Break.OfReceipts);

    internal static KeyedFingerprint? ToFingerprint(byte[]? code, byte[]? key) => code is null ? null : new(code, key);

    internal static Entry ToEntry(Statement row) => new(
        row.Number(0), row.Bytes(1), row.Text(2), row.Number(3), row.Text(4), checked((int)row.Number(5)), Instant.FromMicroseconds(row.Number(6)),
        row.Text(7), row.TextOrNull(8), Topics.Split(row.Text(9)), row.Bytes(10), row.Bytes(11), row.BytesOrNull(12), row.BytesOrNull(13),
        row.NumberOrNull(14), row.Text(15), row.TextOrNull(16), row.Bytes(17), row.BytesOrNull(18), row.BytesOrNull(19), row.TextOrNull(20));

    /// <summary>Null for what no writer can have written, such as a moment outside the calendar.</summary>
    internal static Entry? ToEntryIfPossible(Statement row)
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

    private ValueTask<AppendOutcome> HandIn(Append append, CancellationToken cancellation) => Instruments.Watch(
        append,
        watched =>
        {
            var prepared = new PreparedAppend(watched, seals);
            return writer.Do(batch => batch.Append(prepared), cancellation);
        });
}
