using System.Data;
using Npgsql;

namespace Coordination.Journal.Postgres;

/// <inheritdoc cref="ITrust"/>
internal sealed class PostgresTrust(Connections connections, PostgresJournal journal, Seals seals, SealDoubts doubts) : ITrust
{
    /// <summary>Of the secret that all other seals here were made with.</summary>
    private const string SecretMark = "secret";

    private const string StoppedMark = "stopped";
    private const int Range = 10_000;
    private const string WriteMark =
        """
        INSERT INTO trust VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (name) DO UPDATE
        SET position = excluded.position, hash = excluded.hash, at = excluded.at, data = excluded.data, seal = excluded.seal
        """;

    private static readonly TrustMark OfSecret = new(SecretMark, 0, [], DateTimeOffset.UnixEpoch, []);

    /// <exception cref="JournalUnavailableException">The seals of this store were made with another secret.</exception>
    public async Task RequireSecret(CancellationToken cancellation)
    {
        if (await Read(SecretMark, cancellation) is null)
            throw JournalUnavailableException.OfAnotherSecret();
    }

    public async Task<Break?> Broken(CancellationToken cancellation = default)
    {
        var positions = await connections.Repeatedly(
            static (connection, stop) => connection.Rows("SELECT broken FROM head ORDER BY position DESC LIMIT 1", static row => row.IsDBNull(0) ? (long?)null : row.GetInt64(0), stop), cancellation);
        if (positions is not [{ } at])
            return null;
        var mark = await Read(StoppedMark, cancellation);
        return mark?.Position == at ? new(at, Break.Words(mark.Data)) : new(at, Break.Unsaid);
    }

    public Task Stop(Break found, CancellationToken cancellation = default) => connections.Change(
        async (connection, stop) =>
        {
            if (await connection.Run("UPDATE head SET broken = $1 WHERE broken IS NULL", stop, found.Position) == 0)
                return (false, false);
            await Put(connection, new(StoppedMark, found.Position, [], DateTimeOffset.UnixEpoch, Break.Bytes(found.What)), stop);
            return (true, true);
        },
        cancellation);

    public Task Resume(CancellationToken cancellation = default) => connections.Change(
        async (connection, stop) =>
        {
            await connection.Run("UPDATE head SET broken = NULL", stop);
            return (await connection.Run("DELETE FROM trust WHERE name = $1", stop, StoppedMark), true);
        },
        cancellation);

    public async Task<TrustMark?> Read(string name, CancellationToken cancellation = default) => (await connections.Repeatedly(
        (connection, stop) => connection.Rows(
            "SELECT position, hash, at, data, seal FROM trust WHERE name = $1",
            row => Instant.IsOne(row.GetInt64(2)) && new TrustMark(name, row.GetInt64(0), row.GetFieldValue<byte[]>(1), Instant.FromMicroseconds(row.GetInt64(2)), row.GetFieldValue<byte[]>(3)) is var mark
                && Seals.Fits(row.GetFieldValue<byte[]>(4), seals.Of(mark)) ? mark : null,
            stop, name),
        cancellation)).SingleOrDefault();

    public Task Keep(TrustMark mark, CancellationToken cancellation = default) => connections.Change(async (connection, stop) => (await Put(connection, mark, stop), true), cancellation);

    public Task Forget(string name, CancellationToken cancellation = default) => connections.Change(
        async (connection, stop) => (await connection.Run("DELETE FROM trust WHERE name = $1", stop, name), true), cancellation);

    public Task<Verification> Verify(ChainPlace from, Func<ChainPlace, Task>? reached, CancellationToken cancellation = default) => journal.Verify(from, reached, cancellation);

    public Task<Break?> CheckBeside(CancellationToken cancellation = default) => connections.Repeatedly(
        async (connection, stop) =>
        {
            await using var moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, stop);
            return await CheckNow(connection, stop);
        },
        cancellation);

    public async Task<Break?> CheckAllBeside(CancellationToken cancellation = default)
    {
        if (await CheckBeside(cancellation) is { } found)
            return found;
        byte[] after = [];
        List<(byte[] Command, bool Fits)> receipts;
        do
        {
            var last = after;
            receipts = await connections.Repeatedly(
                (connection, stop) => connection.Rows(
                    """
                    SELECT commands.command, fingerprint, answer, commands.seal, coalesce(commands.version = entries.version AND commands.command = entries.command, false)
                    FROM commands LEFT JOIN entries USING (position) WHERE commands.command > $1 ORDER BY commands.command LIMIT $2
                    """,
                    row => (row.GetFieldValue<byte[]>(0), Fits: row.GetBoolean(4) && Seals.Fits(row.BytesOrNull(3), seals.OfReceipt(row.GetFieldValue<byte[]>(0), row.BytesOrNull(1), row.TextOrNull(2)))),
                    stop, last, (long)Statements.MostRows),
                cancellation);
            if (receipts.Exists(static one => !one.Fits))
                return Break.OfReceipts;
            if (receipts.Count > 0)
                after = receipts[^1].Command;
        } while (receipts.Count == Statements.MostRows);

        // One that is gone would let its command be carried out a second time.
        var end = (await journal.ReadHead(cancellation)).Position;
        for (var from = 0L; from < end; from += Range)
        {
            var begin = from;
            var missing = await connections.Repeatedly(
                (connection, stop) => connection.Rows(
                    """
                    SELECT position FROM entries WHERE position > $1 AND position <= $2 AND command IS NOT NULL
                        AND NOT EXISTS (SELECT FROM commands WHERE commands.command = entries.command) LIMIT 1
                    """, static row => row.GetInt64(0), stop, begin, begin + Range),
                cancellation);
            if (missing.Count > 0)
                return Break.OfReceipts;
        }

        var (body, at) = ("", 0L);
        List<(string Body, long At, bool Fits)> deliveries;
        do
        {
            var (name, position) = (body, at);
            deliveries = await connections.Repeatedly(
                (connection, stop) => connection.Rows(
                    "SELECT body, position, reason, thread, batch, seal FROM inbox WHERE (body, position) > ($1, $2) ORDER BY body, position LIMIT $3",
                    row => (row.GetString(0), row.GetInt64(1),
                        Seals.Fits(row.BytesOrNull(5), seals.OfDelivery(row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.TextOrNull(4)))),
                    stop, name, position, (long)Statements.MostRows),
                cancellation);
            if (deliveries.Exists(static one => !one.Fits))
                return Break.OfInboxes;
            if (deliveries.Count > 0)
                (body, at, _) = deliveries[^1];
        } while (deliveries.Count == Statements.MostRows);
        return null;
    }

    public void DoubtRecords(bool all) => doubts.DoubtAll(all);

    public Task<Break?> StopForWhatWasMet(CancellationToken cancellation = default) => seals.StopForWhatWasMet(this, cancellation);

    public async Task<long> RecordWrites(CancellationToken cancellation = default) => (await connections.Repeatedly(
        static (connection, stop) => connection.Rows("SELECT coalesce(sum(count), 0)::bigint FROM sums WHERE count BETWEEN 0 AND 1e15", static row => row.GetInt64(0), stop), cancellation)).Single();

    public async Task<IReadOnlyList<SignedHead>> Heads(long? before, int limit, CancellationToken cancellation = default) => await connections.Repeatedly(
        (connection, stop) => connection.Rows(
            "SELECT position, hash, at, beside, key, signature FROM heads WHERE position < $1 AND at BETWEEN $2 AND $3 ORDER BY position DESC LIMIT $4",
            static row => new SignedHead(row.GetInt64(0), row.GetFieldValue<byte[]>(1), Instant.FromMicroseconds(row.GetInt64(2)), row.GetFieldValue<byte[]>(3), row.GetFieldValue<byte[]>(4), row.GetFieldValue<byte[]>(5)),
            stop, before ?? long.MaxValue, Instant.First, Instant.Last, (long)limit),
        cancellation);

    public Task Keep(SignedHead head, CancellationToken cancellation = default) => connections.Change(
        async (connection, stop) => (await connection.Run(
            """
            INSERT INTO heads VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (position) DO UPDATE
            SET hash = excluded.hash, at = excluded.at, beside = excluded.beside, key = excluded.key, signature = excluded.signature
            """, stop, head.Position, head.Hash, Instant.ToMicroseconds(head.At), head.Beside, head.Key, head.Signature), true),
        cancellation);

    public async Task SealAnew(CancellationToken cancellation = default)
    {
        var isOwn = await Read(SecretMark, cancellation) is not null;
        await connections.Change(
            async (connection, stop) =>
            {
                await connection.Run("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = '10min'", stop);
                if (!isOwn)
                    await RequireNobody(connection, stop);
                // Nobody changes a row between the look at it and its seal.
                await connection.Run("LOCK TABLE records, sums, commands, inbox, snapshots IN EXCLUSIVE MODE", stop);
                await SealAll(connection, seals, stop);
                await connection.Run("UPDATE marks SET position = (SELECT max(position) FROM head) WHERE position > (SELECT max(position) FROM head)", stop);
                await connection.Run("DELETE FROM outbox WHERE position > (SELECT max(position) FROM head)", stop);
                await connection.Run("DELETE FROM heads WHERE position > (SELECT max(position) FROM head)", stop);
                return (true, true);
            },
            cancellation);
    }

    /// <summary>Silos look at the secret when they open the store: those that run would go on with the one that they have.</summary>
    private static async Task RequireNobody(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await connection.Run("LOCK TABLE leases IN EXCLUSIVE MODE", cancellation);
        if ((await connection.Rows("SELECT EXISTS (SELECT FROM leases WHERE until > clock_timestamp())", static row => row.GetBoolean(0), cancellation)).Single())
            throw new JournalUnavailableException("What stands beside the journal was marked with another secret than the one that is given, and silos run that have the other one, or did until a moment ago. Stop all of them first.");
    }

    /// <summary>Seals every row as it is, in the transaction that goes on; some at a time, since there may be many.</summary>
    private static async Task SealAll(NpgsqlConnection connection, Seals seals, CancellationToken cancellation)
    {
        var sums = await SumsToGoOnFrom(connection, cancellation);
        var (kind, id) = ("", "");
        List<Record> records;
        do
        {
            records = await connection.Rows(
                "SELECT kind, id, version, data FROM records WHERE (kind, id) > ($1, $2) ORDER BY kind, id LIMIT $3",
                static row => new Record(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetFieldValue<byte[]>(3)), cancellation, kind, id, (long)Statements.MostRows);
            var made = records.ConvertAll(seals.Of);
            await connection.Run(
                "UPDATE records SET seal = new.seal FROM unnest($1, $2, $3) AS new (kind, id, seal) WHERE records.kind = new.kind AND records.id = new.id", cancellation,
                records.Select(record => record.Kind).ToArray(), records.Select(record => record.Id).ToArray(), made.ToArray());
            foreach (var (record, seal) in records.Zip(made))
            {
                SealSum.Add(sums, record.Kind, record.Id, seal);
                (kind, id) = (record.Kind, record.Id);
            }
        } while (records.Count == Statements.MostRows);

        byte[] after = [];
        List<(byte[] Command, byte[]? Fingerprint, string? Answer)> receipts;
        do
        {
            receipts = await connection.Rows(
                "SELECT command, fingerprint, answer FROM commands WHERE command > $1 ORDER BY command LIMIT $2",
                static row => (row.GetFieldValue<byte[]>(0), row.BytesOrNull(1), row.TextOrNull(2)), cancellation, after, (long)Statements.MostRows);
            await connection.Run(
                "UPDATE commands SET seal = new.seal FROM unnest($1, $2) AS new (command, seal) WHERE commands.command = new.command", cancellation,
                receipts.Select(one => one.Command).ToArray(), receipts.Select(one => seals.OfReceipt(one.Command, one.Fingerprint, one.Answer)).ToArray());
            if (receipts is [.., var last])
                after = last.Command;
        } while (receipts.Count == Statements.MostRows);

        var (body, at) = ("", 0L);
        List<(string Body, long Position, string Reason, string Thread, string? Batch)> deliveries;
        do
        {
            deliveries = await connection.Rows(
                "SELECT body, position, reason, thread, batch FROM inbox WHERE (body, position) > ($1, $2) ORDER BY body, position LIMIT $3",
                static row => (row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.TextOrNull(4)), cancellation, body, at, (long)Statements.MostRows);
            await connection.Run(
                "UPDATE inbox SET seal = new.seal FROM unnest($1, $2, $3) AS new (body, position, seal) WHERE inbox.body = new.body AND inbox.position = new.position", cancellation,
                deliveries.Select(one => one.Body).ToArray(), deliveries.Select(one => one.Position).ToArray(),
                deliveries.Select(one => seals.OfDelivery(one.Body, one.Position, one.Reason, one.Thread, one.Batch)).ToArray());
            if (deliveries is [.., var end])
                (body, at) = (end.Body, end.Position);
        } while (deliveries.Count == Statements.MostRows);
        await Begin(connection, seals, sums, cancellation);
    }

    /// <summary>Sums over no records that have seen as many writes as those that are kept.</summary>
    internal static async Task<SealSum[]> SumsToGoOnFrom(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var sums = SealSum.OfNone();
        foreach (var (bucket, count) in await connection.Rows("SELECT bucket, count FROM sums", static row => (row.GetInt32(0), row.GetInt64(1)), cancellation))
            SealSum.GoOn(sums, bucket, count);
        return sums;
    }

    /// <summary>Keeps the sums over all records, forgets what was checked before, and says whose seals these are.</summary>
    internal static async Task Begin(NpgsqlConnection connection, Seals seals, SealSum[] sums, CancellationToken cancellation)
    {
        await connection.Run("DELETE FROM sums; DELETE FROM snapshots; DELETE FROM trust", cancellation);
        await connection.Run(
            "INSERT INTO sums SELECT * FROM unnest($1, $2, $3, $4)", cancellation,
            Enumerable.Range(0, sums.Length).ToArray(), sums.Select(sum => sum.Count).ToArray(), sums.Select(sum => sum.Bytes).ToArray(), sums.Select((sum, bucket) => seals.OfSum(bucket, sum)).ToArray());
        await Put(connection, OfSecret, seals, cancellation);
    }

    /// <summary>The sum of a record's bucket, which is this transaction's alone from now on.</summary>
    /// <exception cref="JournalUnavailableException">It is not the platform's own.</exception>
    internal static async Task<(int Bucket, SealSum Sum)> HoldSum(NpgsqlConnection connection, Seals seals, string kind, string id, CancellationToken cancellation)
    {
        var bucket = SealSum.BucketOf(kind, id);
        var kept = (await connection.Rows(
            "SELECT count, sum, seal FROM sums WHERE bucket = $1 FOR UPDATE",
            static row => (Sum: new SealSum(row.GetInt64(0), row.GetFieldValue<byte[]>(1)), Seal: row.GetFieldValue<byte[]>(2)), cancellation, bucket)).SingleOrDefault();
        return kept.Sum is not null && Seals.Fits(kept.Seal, seals.OfSum(bucket, kept.Sum)) ? (bucket, kept.Sum) : throw seals.Refuse("A sum over the records", Break.OfRecords);
    }

    internal static Task<int> KeepSum(NpgsqlConnection connection, Seals seals, int bucket, SealSum sum, CancellationToken cancellation) => connection.Run(
        "UPDATE sums SET count = $2, sum = $3, seal = $4 WHERE bucket = $1", cancellation, bucket, sum.Count, sum.Bytes, seals.OfSum(bucket, sum));

    private Task<int> Put(NpgsqlConnection connection, TrustMark mark, CancellationToken cancellation) => Put(connection, mark, seals, cancellation);

    private static Task<int> Put(NpgsqlConnection connection, TrustMark mark, Seals seals, CancellationToken cancellation) =>
        connection.Run(WriteMark, cancellation, mark.Name, mark.Position, mark.Hash, Instant.ToMicroseconds(mark.At), mark.Data, seals.Of(mark));

    private async Task<Break?> CheckNow(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var sums = SealSum.OfNone();
        string? wrong = null;
        foreach (var (kind, id, seal) in await connection.Rows(
            "SELECT kind, id, version, data, seal FROM records",
            row => (Kind: row.GetString(0), Id: row.GetString(1), Seal: row.BytesOrNull(4) is { } seal && Seals.Fits(seal, seals.Of(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetFieldValue<byte[]>(3))) ? seal : null),
            cancellation))
        {
            wrong ??= seal is null ? kind : null;
            SealSum.Add(sums, kind, id, seal);
        }
        var kept = await connection.Rows(
            "SELECT bucket, count, sum, seal FROM sums",
            static row => ((long)row.GetInt32(0), new SealSum(row.GetInt64(1), row.GetFieldValue<byte[]>(2)), row.GetFieldValue<byte[]>(3)), cancellation);
        if (!doubts.Settle(sums, kept, seals) || wrong is not null)
            return wrong is null ? Break.OfRecords : Break.OfRecord(wrong);

        var head = (await connection.Rows("SELECT max(position) FROM head", static row => row.IsDBNull(0) ? 0 : row.GetInt64(0), cancellation)).Single();
        var ahead = await connection.Rows("SELECT reactor FROM marks WHERE position > $1", static row => row.GetString(0), cancellation, head);
        if (ahead.Count > 0)
            return Break.Beyond(head, $"the mark '{ahead[0]}'");
        if ((await connection.Rows("SELECT coalesce(max(position), 0) FROM outbox", static row => row.GetInt64(0), cancellation)).Single() > head)
            return Break.Beyond(head, "what waits in the outbox");
        return (await connection.Rows(
            "SELECT EXISTS (SELECT FROM snapshots WHERE version > coalesce((SELECT max(version) FROM entries WHERE entries.stream = snapshots.stream), 0))",
            static row => row.GetBoolean(0), cancellation)).Single() ? Break.Beyond(head, "a snapshot") : null;
    }
}
