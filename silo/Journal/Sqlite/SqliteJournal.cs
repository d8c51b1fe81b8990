using System.Runtime.CompilerServices;

namespace Coordination.Journal.Sqlite;

/// <inheritdoc cref="IJournal"/>
internal sealed class SqliteJournal(Writer writer, Readers readers, Reach reach) : IJournal
{
    internal const string ReadReceipt = "SELECT command, fingerprint, stream, version, position FROM commands WHERE command = ?";

    // Rows of one look: enough to make a look worth its price, few enough to be over soon.
    private const int Chunk = 256;
    private const string Columns = "position, stream, version, fact, form, at, actor, body, topics, audience, data, hash, trace";
    internal const string ReadAfter = $"SELECT {Columns} FROM entries WHERE position > ? ORDER BY position LIMIT ?";
    private const string ReadOne = $"SELECT {Columns} FROM entries WHERE position = ?";
    private const string ReadVersions = $"SELECT {Columns} FROM entries WHERE stream = ? AND version > ? ORDER BY version LIMIT ?";

    public long Position => reach.Position;

    public ValueTask<AppendOutcome> Append(Append append, CancellationToken cancellation = default)
    {
        WellFormed.Require(append);
        return Instruments.Watch(append, watched => writer.Do(batch => batch.Append(watched), cancellation));
    }

    public ValueTask<Receipt?> FindCommand(string command, CancellationToken cancellation = default) =>
        new(readers.Read(database => database.Statement(ReadReceipt).Bind(command).First(ToReceipt, null), cancellation));

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

    public Task WaitBeyond(long position, CancellationToken cancellation = default) => reach.WaitBeyond(position, cancellation);

    public Task<Snapshot?> ReadSnapshot(string stream, CancellationToken cancellation = default) => readers.Read(
        database => database.Statement("SELECT version, form, data FROM snapshots WHERE stream = ?").Bind(stream)
            .First(static row => new Snapshot(row.Number(0), checked((int)row.Number(1)), row.Bytes(2)), null),
        cancellation);

    public Task SaveSnapshot(string stream, Snapshot snapshot, CancellationToken cancellation = default)
    {
        WellFormed.RequireText(stream, nameof(stream));
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(snapshot.Data);
        const string sql =
            """
            INSERT INTO snapshots VALUES (?, ?, ?, ?) ON CONFLICT (stream) DO UPDATE
            SET version = excluded.version, form = excluded.form, data = excluded.data WHERE excluded.version >= version
            """;
        return writer.Do(
            batch => batch.Write(batch.Statement(sql)
                .Bind(stream).Bind(snapshot.Version).Bind(snapshot.Form).Bind(snapshot.Data)),
            cancellation);
    }

    public Task<Verification> Verify(IProgress<long>? progress, CancellationToken cancellation = default) => ChainWalk.Verify(
        this,
        async (after, count, entries) => await readers.Read(
            database => database.Statement(ReadAfter).Bind(after).Bind(count).All(ToEntryIfPossible, entries), cancellation),
        // Head and last entry as they stand at one moment: appends go on meanwhile.
        () => readers.Read(
            static database => database.Statement("SELECT position, (SELECT max(position) FROM entries) FROM head")
                .First(static row => (row.Number(0), row.Number(1)), (0, 0)),
            cancellation),
        progress, cancellation);

    internal static Receipt? ToReceipt(Statement row) =>
        new(row.Text(0), row.TextOrNull(1), row.Text(2), row.Number(3), row.Number(4));

    internal static Entry ToEntry(Statement row) => new(
        row.Number(0), row.Text(1), row.Number(2), row.Text(3), checked((int)row.Number(4)), Instant.FromMicroseconds(row.Number(5)),
        row.Text(6), row.TextOrNull(7), Topics.Split(row.Text(8)),
        row.Bytes(9), row.Bytes(10), row.Bytes(11), row.TextOrNull(12));

    /// <summary>Null for what no writer can have written, such as a moment outside the calendar.</summary>
    private static Entry? ToEntryIfPossible(Statement row)
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
}
