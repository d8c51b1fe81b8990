namespace Coordination.Journal.Sqlite;

/// <inheritdoc cref="ITrust"/>
internal sealed class SqliteTrust(Writer writer, Readers readers, SqliteJournal journal, Seals seals, SealDoubts doubts) : ITrust
{
    private const int Chunk = 1_000;
    private const int Range = 10_000;
    private const string StoppedMark = "stopped";

    /// <exception cref="JournalUnavailableException">The seals of this store were made with another secret.</exception>
    public async Task RequireSecret()
    {
        if (await Read(SecretMark) is null)
            throw JournalUnavailableException.OfAnotherSecret();
    }

    public async Task<Break?> Broken(CancellationToken cancellation = default)
    {
        var position = await readers.Read(static database => database.Statement("SELECT broken FROM head").First(static row => row.NumberOrNull(0), null), cancellation);
        if (position is not { } at)
            return null;
        var mark = await Read(StoppedMark, cancellation);
        return mark?.Position == at ? new(at, Break.Words(mark.Data)) : new(at, Break.Unsaid);
    }

    public Task Stop(Break found, CancellationToken cancellation = default) => writer.Do(
        batch =>
        {
            if (batch.IsStopped)
                return false;
            Put(batch, new(StoppedMark, found.Position, [], DateTimeOffset.UnixEpoch, Break.Bytes(found.What)));
            batch.Stop(found.Position);
            return true;
        },
        cancellation);

    public Task Resume(CancellationToken cancellation = default) => writer.Do(
        batch =>
        {
            batch.Write(batch.Statement("DELETE FROM trust WHERE name = ?").Bind(StoppedMark));
            batch.Stop(null);
            return true;
        },
        cancellation);

    public Task<TrustMark?> Read(string name, CancellationToken cancellation = default) => readers.Read(
        database => database.Statement("SELECT position, hash, at, data, seal FROM trust WHERE name = ?").Bind(name).First(
            row => Instant.IsOne(row.Number(2)) && new TrustMark(name, row.Number(0), row.Bytes(1), Instant.FromMicroseconds(row.Number(2)), row.Bytes(3)) is var mark && Seals.Fits(row.Bytes(4), seals.Of(mark)) ? mark : null,
            null),
        cancellation);

    public Task Keep(TrustMark mark, CancellationToken cancellation = default) => writer.Do(batch => Put(batch, mark), cancellation);

    public Task Forget(string name, CancellationToken cancellation = default) => writer.Do(
        batch => batch.Write(batch.Statement("DELETE FROM trust WHERE name = ?").Bind(name)), cancellation);

    public Task<Verification> Verify(ChainPlace from, Func<ChainPlace, Task>? reached, CancellationToken cancellation = default) => journal.Verify(from, reached, cancellation);

    public Task<Break?> CheckBeside(CancellationToken cancellation = default) => readers.Read(
        database =>
        {
            database.Run("BEGIN");
            try
            {
                return CheckNow(database);
            }
            finally
            {
                database.Run("COMMIT");
            }
        },
        cancellation);

    public async Task<Break?> CheckAllBeside(CancellationToken cancellation = default)
    {
        if (await CheckBeside(cancellation) is { } found)
            return found;
        byte[] after = [];
        List<(byte[] Command, bool Fits)> receipts = [];
        do
        {
            receipts.Clear();
            await Task.Yield();
            cancellation.ThrowIfCancellationRequested();
            await readers.Read(
                database => database.Statement(
                    """
                    SELECT commands.command, fingerprint, answer, commands.seal, commands.version = entries.version AND commands.command = entries.command
                    FROM commands LEFT JOIN entries USING (position) WHERE commands.command > ? ORDER BY commands.command LIMIT ?
                    """).Bind(after).Bind(Chunk).All(
                    row => (row.Bytes(0), Fits: row.Number(4) == 1 && Seals.Fits(row.BytesOrNull(3), seals.OfReceipt(row.Bytes(0), row.BytesOrNull(1), row.TextOrNull(2)))), receipts),
                cancellation);
            if (receipts.Exists(static one => !one.Fits))
                return Break.OfReceipts;
            if (receipts.Count > 0)
                after = receipts[^1].Command;
        } while (receipts.Count == Chunk);

        // One that is gone would let its command be carried out a second time.
        var end = (await journal.ReadHead(cancellation)).Position;
        for (var from = 0L; from < end; from += Range)
        {
            await Task.Yield();
            cancellation.ThrowIfCancellationRequested();
            if (await readers.Read(
                database => database.Statement(
                    "SELECT 1 FROM entries WHERE position > ? AND position <= ? AND command IS NOT NULL AND NOT EXISTS (SELECT 1 FROM commands WHERE commands.command = entries.command) LIMIT 1")
                    .Bind(from).Bind(from + Range).First(static _ => true, false),
                cancellation))
                return Break.OfReceipts;
        }

        var (body, at) = ("", 0L);
        List<(string Body, long At, bool Fits)> deliveries = [];
        do
        {
            deliveries.Clear();
            await Task.Yield();
            cancellation.ThrowIfCancellationRequested();
            await readers.Read(
                database => database.Statement("SELECT body, position, reason, thread, batch, seal FROM inbox WHERE (body, position) > (?, ?) ORDER BY body, position LIMIT ?")
                    .Bind(body).Bind(at).Bind(Chunk).All(
                        row => (row.Text(0), row.Number(1), Seals.Fits(row.BytesOrNull(5), seals.OfDelivery(row.Text(0), row.Number(1), row.Text(2), row.Text(3), row.TextOrNull(4)))), deliveries),
                cancellation);
            if (deliveries.Exists(static one => !one.Fits))
                return Break.OfInboxes;
            if (deliveries.Count > 0)
                (body, at, _) = deliveries[^1];
        } while (deliveries.Count == Chunk);
        return null;
    }

    public void DoubtRecords(bool all) => doubts.DoubtAll(all);

    public Task<Break?> StopForWhatWasMet(CancellationToken cancellation = default) => seals.StopForWhatWasMet(this, cancellation);

    public Task<long> RecordWrites(CancellationToken cancellation = default) => readers.Read(
        static database => database.Statement("SELECT coalesce(sum(count), 0) FROM sums WHERE count BETWEEN 0 AND 1e15").First(static row => row.Number(0), 0), cancellation);

    public Task<IReadOnlyList<SignedHead>> Heads(long? before, int limit, CancellationToken cancellation = default) => readers.Read<IReadOnlyList<SignedHead>>(
        database =>
        {
            var heads = new List<SignedHead>();
            database.Statement("SELECT position, hash, at, beside, key, signature FROM heads WHERE position < ? AND at BETWEEN ? AND ? ORDER BY position DESC LIMIT ?").Bind(before ?? long.MaxValue).Bind(Instant.First).Bind(Instant.Last).Bind(limit).All(
                static row => new SignedHead(row.Number(0), row.Bytes(1), Instant.FromMicroseconds(row.Number(2)), row.Bytes(3), row.Bytes(4), row.Bytes(5)), heads);
            return heads;
        },
        cancellation);

    public Task Keep(SignedHead head, CancellationToken cancellation = default) => writer.Do(
        batch => batch.Write(batch.Statement("INSERT OR REPLACE INTO heads VALUES (?, ?, ?, ?, ?, ?)")
            .Bind(head.Position).Bind(head.Hash).Bind(Instant.ToMicroseconds(head.At)).Bind(head.Beside).Bind(head.Key).Bind(head.Signature)),
        cancellation);

    public Task SealAnew(CancellationToken cancellation = default) => writer.Do(
        batch =>
        {
            SealAll(batch.Statement, seals);
            batch.Write(batch.Statement("UPDATE marks SET position = (SELECT position FROM head) WHERE position > (SELECT position FROM head)"));
            batch.Write(batch.Statement("DELETE FROM outbox WHERE position > (SELECT position FROM head)"));
            batch.Write(batch.Statement("DELETE FROM heads WHERE position > (SELECT position FROM head)"));
            return batch.Touch();
        },
        cancellation);

    /// <summary>Seals every row as it is, in the transaction that goes on; some at a time, since there may be many.</summary>
    private static void SealAll(Func<string, Statement> statement, Seals seals)
    {
        var sums = SumsToGoOnFrom(statement);
        var (kind, id) = ("", "");
        List<Record> records = [];
        do
        {
            records.Clear();
            statement("SELECT kind, id, version, data FROM records WHERE (kind, id) > (?, ?) ORDER BY kind, id LIMIT ?").Bind(kind).Bind(id).Bind(Chunk)
                .All(static row => new Record(row.Text(0), row.Text(1), row.Number(2), row.Bytes(3)), records);
            foreach (var record in records)
            {
                var seal = seals.Of(record);
                statement("UPDATE records SET seal = ? WHERE kind = ? AND id = ?").Bind(seal).Bind(record.Kind).Bind(record.Id).Run();
                SealSum.Add(sums, record.Kind, record.Id, seal);
                (kind, id) = (record.Kind, record.Id);
            }
        } while (records.Count == Chunk);

        byte[] after = [];
        List<(byte[] Command, byte[]? Fingerprint, string? Answer)> receipts = [];
        do
        {
            receipts.Clear();
            statement("SELECT command, fingerprint, answer FROM commands WHERE command > ? ORDER BY command LIMIT ?").Bind(after).Bind(Chunk)
                .All(static row => (row.Bytes(0), row.BytesOrNull(1), row.TextOrNull(2)), receipts);
            foreach (var (command, fingerprint, answer) in receipts)
                statement("UPDATE commands SET seal = ? WHERE command = ?").Bind(seals.OfReceipt(command, fingerprint, answer)).Bind(after = command).Run();
        } while (receipts.Count == Chunk);

        var (body, at) = ("", 0L);
        List<(string Body, long Position, string Reason, string Thread, string? Batch)> deliveries = [];
        do
        {
            deliveries.Clear();
            statement("SELECT body, position, reason, thread, batch FROM inbox WHERE (body, position) > (?, ?) ORDER BY body, position LIMIT ?").Bind(body).Bind(at).Bind(Chunk)
                .All(static row => (row.Text(0), row.Number(1), row.Text(2), row.Text(3), row.TextOrNull(4)), deliveries);
            foreach (var one in deliveries)
            {
                (body, at) = (one.Body, one.Position);
                statement("UPDATE inbox SET seal = ? WHERE body = ? AND position = ?").Bind(seals.OfDelivery(body, at, one.Reason, one.Thread, one.Batch)).Bind(body).Bind(at).Run();
            }
        } while (deliveries.Count == Chunk);
        Begin(statement, seals, sums);
    }

    /// <summary>Sums over no records that have seen as many writes as those that are kept.</summary>
    internal static SealSum[] SumsToGoOnFrom(Func<string, Statement> statement)
    {
        var sums = SealSum.OfNone();
        var counts = new List<(long Bucket, long Count)>();
        statement("SELECT bucket, count FROM sums").All(static row => (row.Number(0), row.Number(1)), counts);
        foreach (var (bucket, count) in counts)
            SealSum.GoOn(sums, bucket, count);
        return sums;
    }

    /// <summary>Keeps the sums over all records, forgets what was checked before, and says whose seals these are.</summary>
    internal static void Begin(Func<string, Statement> statement, Seals seals, SealSum[] sums)
    {
        statement("DELETE FROM sums").Run();
        for (var bucket = 0; bucket < sums.Length; bucket++)
            statement("INSERT INTO sums VALUES (?, ?, ?, ?)").Bind(bucket).Bind(sums[bucket].Count).Bind(sums[bucket].Bytes).Bind(seals.OfSum(bucket, sums[bucket])).Run();
        statement("DELETE FROM snapshots").Run();
        statement("DELETE FROM trust").Run();
        var secret = new TrustMark(SecretMark, 0, [], DateTimeOffset.UnixEpoch, []);
        statement("INSERT INTO trust VALUES (?, ?, ?, ?, ?, ?)").Bind(secret.Name).Bind(secret.Position).Bind(secret.Hash).Bind(0).Bind(secret.Data).Bind(seals.Of(secret)).Run();
    }

    /// <summary>Of the secret that all other seals here were made with.</summary>
    internal const string SecretMark = "secret";

    /// <summary>Notes in the sum of a bucket that a record got another seal.</summary>
    /// <exception cref="JournalUnavailableException">The sum is not the platform's own; nothing was changed.</exception>
    internal static void ChangeSum(Batch batch, Seals seals, string kind, string id, Func<(byte[]? Before, byte[]? Now)> change)
    {
        var bucket = SealSum.BucketOf(kind, id);
        var (sum, seal) = batch.Statement("SELECT count, sum, seal FROM sums WHERE bucket = ?").Bind(bucket)
            .First(static row => (new SealSum(row.Number(0), row.Bytes(1)), row.Bytes(2)), (SealSum.None, []));
        if (!Seals.Fits(seal, seals.OfSum(bucket, sum)))
            throw seals.Refuse("A sum over the records", Break.OfRecords);
        var (before, now) = change();
        sum = sum.After(before, now);
        batch.Write(batch.Statement("UPDATE sums SET count = ?, sum = ?, seal = ? WHERE bucket = ?").Bind(sum.Count).Bind(sum.Bytes).Bind(seals.OfSum(bucket, sum)).Bind(bucket));
    }

    private int Put(Batch batch, TrustMark mark) => batch.Write(batch.Statement("INSERT OR REPLACE INTO trust VALUES (?, ?, ?, ?, ?, ?)")
        .Bind(mark.Name).Bind(mark.Position).Bind(mark.Hash).Bind(Instant.ToMicroseconds(mark.At)).Bind(mark.Data).Bind(seals.Of(mark)));

    private Break? CheckNow(Database database)
    {
        var sums = SealSum.OfNone();
        var records = new List<(string Kind, string Id, byte[]? Seal)>();
        database.Statement("SELECT kind, id, version, data, seal FROM records").All(
            row => (row.Text(0), row.Text(1), row.BytesOrNull(4) is { } seal && Seals.Fits(seal, seals.Of(row.Text(0), row.Text(1), row.Number(2), row.Bytes(3))) ? seal : null), records);
        string? wrong = null;
        foreach (var (kind, id, seal) in records)
        {
            wrong ??= seal is null ? kind : null;
            SealSum.Add(sums, kind, id, seal);
        }
        var kept = new List<(long Bucket, SealSum Sum, byte[] Seal)>();
        database.Statement("SELECT bucket, count, sum, seal FROM sums").All(static row => (row.Number(0), new SealSum(row.Number(1), row.Bytes(2)), row.Bytes(3)), kept);
        if (!doubts.Settle(sums, kept, seals) || wrong is not null)
            return wrong is null ? Break.OfRecords : Break.OfRecord(wrong);

        var head = database.Statement("SELECT position FROM head").First(static row => row.Number(0), 0);
        var ahead = new List<string>();
        database.Statement("SELECT reactor FROM marks WHERE position > ?").Bind(head).All(static row => row.Text(0), ahead);
        if (ahead.Count > 0)
            return Break.Beyond(head, $"the mark '{ahead[0]}'");
        if (database.Statement("SELECT max(position) FROM outbox").First(static row => row.NumberOrNull(0), null) > head)
            return Break.Beyond(head, "what waits in the outbox");
        return database.Statement("SELECT 1 FROM snapshots WHERE version > coalesce((SELECT max(version) FROM entries WHERE entries.stream = snapshots.stream), 0) LIMIT 1")
            .First(static _ => true, false) ? Break.Beyond(head, "a snapshot") : null;
    }
}
