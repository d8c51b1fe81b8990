namespace Coordination.Journal.Postgres;

/// <inheritdoc cref="IOutbox"/>
internal sealed class PostgresOutbox(Connections connections) : IOutbox
{
    private const string Columns = "number, reactor, position, part, channel, recipient, thread, data, state, put, since, due, attempts, reason";

    /// <summary>What waits for each recipient from its first row on, up to one that is not due. A row that someone else takes at this moment is looked at again when they have.</summary>
    private const string TakeDue =
        $"""
        WITH ready AS MATERIALIZED (
            SELECT waiting.number
            FROM (
                SELECT recipient FROM (
                    SELECT DISTINCT ON (recipient) recipient, due, number FROM outbox WHERE state = 0 AND channel = $1 ORDER BY recipient, number) AS first
                WHERE due <= $2 ORDER BY number LIMIT $4) AS readers
            CROSS JOIN LATERAL (
                SELECT number, bool_and(due <= $2) OVER (ORDER BY number) AS is_due FROM (
                    SELECT number, due FROM outbox WHERE state = 0 AND channel = $1 AND recipient = readers.recipient ORDER BY number LIMIT $4 FOR UPDATE) AS first) AS waiting
            WHERE is_due)
        UPDATE outbox SET due = $3, attempts = attempts + 1 FROM ready WHERE outbox.number = ready.number AND state = 0 AND due <= $2
        RETURNING outbox.{Columns}
        """;

    public Task<long> Mark(string reactor, long begin, CancellationToken cancellation = default)
    {
        WellFormed.RequireText(reactor, nameof(reactor));
        return connections.Change(
            async (connection, stop) =>
            {
                const string read = "SELECT position FROM marks WHERE reactor = $1 ORDER BY position DESC LIMIT 1";
                if (await connection.Rows(read, static row => row.GetInt64(0), stop, reactor) is [var mark])
                    return (mark, false);
                // Two that begin at the same moment would each make one.
                await connection.Run("LOCK TABLE marks IN SHARE ROW EXCLUSIVE MODE", stop);
                await connection.Run("INSERT INTO marks SELECT $1, $2 WHERE NOT EXISTS (SELECT FROM marks WHERE reactor = $1)", stop, reactor, begin);
                return ((await connection.Rows(read, static row => row.GetInt64(0), stop, reactor)).Single(), true);
            },
            cancellation);
    }

    public Task<bool> Put(string reactor, long after, long upTo, IReadOnlyCollection<NewOutgoing> outgoing, DateTimeOffset now, CancellationToken cancellation = default)
    {
        WellFormed.Require(reactor, after, upTo, outgoing);
        var moment = Instant.ToMicroseconds(now);
        return connections.Change(
            async (connection, stop) =>
            {
                if (await connection.Run("UPDATE marks SET position = $1 WHERE reactor = $2 AND position = $3", stop, upTo, reactor, after) == 0)
                    return (false, false);
                foreach (var some in outgoing.Chunk(Statements.MostRows))
                {
                    await connection.Run(
                        """
                        INSERT INTO outbox (reactor, put, since, due, changed, attempts, state, position, part, channel, recipient, thread, data, batch)
                        SELECT $1, $2, $2, $2, $2, 0, 0, position, part, channel, recipient, thread, data, batch
                        FROM unnest($3, $4, $5, $6, $7, $8, $9) WITH ORDINALITY AS new (position, part, channel, recipient, thread, data, batch, place) ORDER BY place
                        ON CONFLICT DO NOTHING
                        """,
                        stop, reactor, moment, some.Select(one => one.Position).ToArray(), some.Select(one => one.Part).ToArray(), some.Select(one => one.Channel).ToArray(),
                        some.Select(one => one.Recipient).ToArray(), some.Select(one => one.Thread).ToArray(), some.Select(one => one.Data).ToArray(),
                        some.Select(one => one.Batch).ToArray());
                }
                return (true, true);
            },
            cancellation);
    }

    public async Task<IReadOnlyList<Outgoing>> Take(string channel, DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(until, now);
        var rows = await connections.Change(
            async (connection, stop) =>
            {
                var taken = await connection.Rows(TakeDue, ToOutgoing, stop, channel, Instant.ToMicroseconds(now), Instant.ToMicroseconds(until), (long)limit);
                return (taken, taken.Count > 0);
            },
            cancellation);
        return [.. rows.OrderBy(row => row.Number)];
    }

    public Task Note(IReadOnlyCollection<Sending> sendings, DateTimeOffset now, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sendings);
        var moment = Instant.ToMicroseconds(now);
        return connections.Change(
            async (connection, stop) =>
            {
                if (sendings.OfType<Sending.Done>().Select(one => one.Row.Number).ToArray() is { Length: > 0 } done)
                    await connection.Run("UPDATE outbox SET state = 1, changed = $1, reason = NULL, data = '' WHERE number = ANY($2) AND state <> 1", stop, moment, done);
                if (sendings.OfType<Sending.Later>().ToArray() is { Length: > 0 } later)
                {
                    await connection.Run(
                        """
                        UPDATE outbox SET due = new.due, changed = $1, reason = new.reason FROM unnest($2, $3, $4, $5) AS new (number, attempts, due, reason)
                        WHERE outbox.number = new.number AND outbox.attempts = new.attempts AND state = 0
                        """,
                        stop, moment, later.Select(one => one.Row.Number).ToArray(), later.Select(one => one.Row.Attempts).ToArray(),
                        later.Select(one => Instant.ToMicroseconds(one.Due)).ToArray(), later.Select(one => one.Reason).ToArray());
                }
                if (sendings.OfType<Sending.Never>().ToArray() is { Length: > 0 } never)
                {
                    await connection.Run(
                        """
                        UPDATE outbox SET state = 2, changed = $1, reason = new.reason FROM unnest($2, $3, $4) AS new (number, attempts, reason)
                        WHERE outbox.number = new.number AND outbox.attempts = new.attempts AND state = 0
                        """,
                        stop, moment, never.Select(one => one.Row.Number).ToArray(), never.Select(one => one.Row.Attempts).ToArray(), never.Select(one => one.Reason).ToArray());
                }
                if (sendings.OfType<Sending.Untried>().ToArray() is { Length: > 0 } untried)
                {
                    await connection.Run(
                        """
                        UPDATE outbox SET due = $1, attempts = outbox.attempts - 1 FROM unnest($2, $3) AS new (number, attempts)
                        WHERE outbox.number = new.number AND outbox.attempts = new.attempts AND state = 0
                        """,
                        stop, moment, untried.Select(one => one.Row.Number).ToArray(), untried.Select(one => one.Row.Attempts).ToArray());
                }
                return (sendings.Count, true);
            },
            cancellation);
    }

    public async Task<IReadOnlyList<Outgoing>> List(string? channel, OutgoingState state, long after, int limit, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return await connections.Repeatedly(
            (connection, stop) => connection.Rows(
                $"SELECT {Columns} FROM outbox WHERE state = $1 AND number > $2 AND ($3::text IS NULL OR channel = $3) ORDER BY number LIMIT $4",
                ToOutgoing, stop, (int)state, after, channel, (long)limit),
            cancellation);
    }

    public Task<int> Retry(string? channel, long? number, DateTimeOffset now, CancellationToken cancellation = default) => connections.Change(
        async (connection, stop) => (await connection.RunAtLeisure(
            """
            UPDATE outbox SET state = 0, attempts = 0, since = $1, due = $1, changed = $1
            WHERE ($2::text IS NULL OR channel = $2) AND ($3::bigint IS NULL AND state = 2 OR number = $3 AND state <> 1)
            """,
            stop, Instant.ToMicroseconds(now), channel, number), true),
        cancellation);

    public Task<int> Drop(string? channel, long? number, CancellationToken cancellation = default) => connections.Change(
        async (connection, stop) => (await connection.RunAtLeisure(
            "DELETE FROM outbox WHERE ($1::text IS NULL OR channel = $1) AND ($2::bigint IS NULL AND state = 2 OR number = $2 AND state <> 1)", stop, channel, number), true),
        cancellation);

    public async Task<IReadOnlyList<Backlog>> Backlogs(CancellationToken cancellation = default) => await connections.Repeatedly(
        static (connection, stop) => connection.Rows(
            """
            SELECT channel, count(*) FILTER (WHERE state = 0), count(*) FILTER (WHERE state = 2), min(put) FILTER (WHERE state = 0)
            FROM outbox WHERE state = 0 OR state = 2 GROUP BY channel ORDER BY channel
            """,
            static row => new Backlog(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.IsDBNull(3) ? null : Instant.FromMicroseconds(row.GetInt64(3))), stop),
        cancellation);

    public Task<int> Forget(DateTimeOffset sentBefore, DateTimeOffset givenUpBefore, CancellationToken cancellation = default) => connections.Change(
        async (connection, stop) => (await connection.RunAtLeisure(
            "DELETE FROM outbox WHERE state = 1 AND changed < $1 OR state = 2 AND changed < $2", stop,
            Instant.ToMicroseconds(sentBefore), Instant.ToMicroseconds(givenUpBefore)), true),
        cancellation);

    private static Outgoing ToOutgoing(Npgsql.NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetInt32(3), row.GetString(4), row.GetString(5), row.GetString(6), row.GetFieldValue<byte[]>(7),
        (OutgoingState)row.GetInt32(8), Instant.FromMicroseconds(row.GetInt64(9)), Instant.FromMicroseconds(row.GetInt64(10)), Instant.FromMicroseconds(row.GetInt64(11)),
        row.GetInt32(12), row.TextOrNull(13));
}
