namespace Coordination.Journal.Sqlite;

/// <inheritdoc cref="IOutbox"/>
internal sealed class SqliteOutbox(Writer writer, Readers readers) : IOutbox
{
    private const string Columns = "number, reactor, position, part, channel, recipient, thread, data, state, put, since, due, attempts, reason";
    private const string ReadMark = "SELECT position FROM marks WHERE reactor = ?";

    private const string Add =
        """
        INSERT INTO outbox (reactor, position, part, channel, recipient, thread, state, put, since, due, changed, attempts, data, batch)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, ?7, ?7, ?7, 0, ?8, ?9) ON CONFLICT DO NOTHING
        """;

    /// <summary>Recipients whose first row that waits is due.</summary>
    private const string ReadReaders =
        """
        SELECT recipient FROM (SELECT recipient, min(number) AS number FROM outbox WHERE state = 0 AND channel = ?1 GROUP BY recipient) AS first
        JOIN outbox USING (number, recipient) WHERE due <= ?2 ORDER BY number LIMIT ?3
        """;

    private const string ReadFirst = $"SELECT {Columns} FROM outbox WHERE state = 0 AND channel = ? AND recipient = ? ORDER BY number LIMIT ?";

    public Task<long> Mark(string reactor, long begin, CancellationToken cancellation = default)
    {
        WellFormed.RequireText(reactor, nameof(reactor));
        return writer.Do(
            batch =>
            {
                batch.Write(batch.Statement("INSERT INTO marks VALUES (?, ?) ON CONFLICT DO NOTHING").Bind(reactor).Bind(begin));
                return batch.Statement(ReadMark).Bind(reactor).First(static row => row.Number(0), 0);
            },
            cancellation);
    }

    public Task<bool> Put(string reactor, long after, long upTo, IReadOnlyCollection<NewOutgoing> outgoing, DateTimeOffset now, CancellationToken cancellation = default)
    {
        WellFormed.Require(reactor, after, upTo, outgoing);
        var moment = Instant.ToMicroseconds(now);
        return writer.Do(
            batch =>
            {
                if (batch.Write(batch.Statement("UPDATE marks SET position = ? WHERE reactor = ? AND position = ?").Bind(upTo).Bind(reactor).Bind(after)) == 0)
                    return false;
                foreach (var one in outgoing)
                {
                    batch.Write(batch.Statement(Add).Bind(reactor).Bind(one.Position).Bind(one.Part).Bind(one.Channel).Bind(one.Recipient).Bind(one.Thread)
                        .Bind(moment).Bind(one.Data).Bind(one.Batch));
                }
                return true;
            },
            cancellation);
    }

    public async Task<IReadOnlyList<Outgoing>> Take(string channel, DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(until, now);
        var moment = Instant.ToMicroseconds(now);
        // Nothing is written while nothing is due.
        if (await readers.Read(database => Readers(database.Statement(ReadReaders)).Count, cancellation) == 0)
            return [];
        return await writer.Do(
            batch =>
            {
                var taken = new List<Outgoing>();
                foreach (var reader in Readers(batch.Statement(ReadReaders)))
                {
                    var first = new List<Outgoing>();
                    batch.Statement(ReadFirst).Bind(channel).Bind(reader).Bind(limit).All(ToOutgoing, first);
                    taken.AddRange(first.TakeWhile(row => row.Due <= now));
                }
                for (var index = 0; index < taken.Count; index++)
                {
                    var row = taken[index];
                    batch.Write(batch.Statement("UPDATE outbox SET due = ?, attempts = attempts + 1 WHERE number = ?").Bind(Instant.ToMicroseconds(until)).Bind(row.Number));
                    taken[index] = row with { Due = until, Attempts = row.Attempts + 1 };
                }
                return (IReadOnlyList<Outgoing>)[.. taken.OrderBy(row => row.Number)];
            },
            cancellation);

        List<string> Readers(Statement statement)
        {
            var due = new List<string>();
            statement.Bind(channel).Bind(moment).Bind(limit).All(static row => row.Text(0), due);
            return due;
        }
    }

    public Task Note(IReadOnlyCollection<Sending> sendings, DateTimeOffset now, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sendings);
        var moment = Instant.ToMicroseconds(now);
        return writer.Do(
            batch =>
            {
                foreach (var one in sendings)
                {
                    _ = one switch
                    {
                        Sending.Done => batch.Write(batch.Statement("UPDATE outbox SET state = 1, changed = ?, reason = NULL, data = zeroblob(0) WHERE number = ? AND state <> 1")
                            .Bind(moment).Bind(one.Row.Number)),
                        Sending.Later later => batch.Write(batch.Statement("UPDATE outbox SET due = ?, changed = ?, reason = ? WHERE number = ? AND attempts = ? AND state = 0")
                            .Bind(Instant.ToMicroseconds(later.Due)).Bind(moment).Bind(later.Reason).Bind(one.Row.Number).Bind(one.Row.Attempts)),
                        Sending.Never never => batch.Write(batch.Statement("UPDATE outbox SET state = 2, changed = ?, reason = ? WHERE number = ? AND attempts = ? AND state = 0")
                            .Bind(moment).Bind(never.Reason).Bind(one.Row.Number).Bind(one.Row.Attempts)),
                        _ => batch.Write(batch.Statement("UPDATE outbox SET due = ?, attempts = attempts - 1 WHERE number = ? AND attempts = ? AND state = 0")
                            .Bind(moment).Bind(one.Row.Number).Bind(one.Row.Attempts)),
                    };
                }
                return sendings.Count;
            },
            cancellation);
    }

    public Task<IReadOnlyList<Outgoing>> List(string? channel, OutgoingState state, long after, int limit, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return readers.Read<IReadOnlyList<Outgoing>>(
            database =>
            {
                var rows = new List<Outgoing>();
                database.Statement($"SELECT {Columns} FROM outbox WHERE state = ?1 AND number > ?2 AND (?3 IS NULL OR channel = ?3) ORDER BY number LIMIT ?4")
                    .Bind((int)state).Bind(after).Bind(channel).Bind(limit).All(ToOutgoing, rows);
                return rows;
            },
            cancellation);
    }

    public Task<int> Retry(string? channel, long? number, DateTimeOffset now, CancellationToken cancellation = default) => writer.Do(
        batch => batch.Write(batch.Statement(
            "UPDATE outbox SET state = 0, attempts = 0, since = ?1, due = ?1, changed = ?1 WHERE (?2 IS NULL OR channel = ?2) AND (?3 IS NULL AND state = 2 OR number = ?3 AND state <> 1)")
            .Bind(Instant.ToMicroseconds(now)).Bind(channel).Bind(number)),
        cancellation);

    public Task<int> Drop(string? channel, long? number, CancellationToken cancellation = default) => writer.Do(
        batch => batch.Write(batch.Statement(
            "DELETE FROM outbox WHERE (?1 IS NULL OR channel = ?1) AND (?2 IS NULL AND state = 2 OR number = ?2 AND state <> 1)").Bind(channel).Bind(number)),
        cancellation);

    public Task<IReadOnlyList<Backlog>> Backlogs(CancellationToken cancellation = default) => readers.Read<IReadOnlyList<Backlog>>(
        database =>
        {
            var backlogs = new List<Backlog>();
            database.Statement(
                """
                SELECT channel, count(*) FILTER (WHERE state = 0), count(*) FILTER (WHERE state = 2), min(put) FILTER (WHERE state = 0)
                FROM outbox WHERE state = 0 OR state = 2 GROUP BY channel ORDER BY channel
                """).All(static row => new Backlog(row.Text(0), row.Number(1), row.Number(2), row.NumberOrNull(3) is { } oldest ? Instant.FromMicroseconds(oldest) : null), backlogs);
            return backlogs;
        },
        cancellation);

    public Task<int> Forget(DateTimeOffset sentBefore, DateTimeOffset givenUpBefore, CancellationToken cancellation = default) => writer.Do(
        batch => batch.Write(batch.Statement("DELETE FROM outbox WHERE state = 1 AND changed < ? OR state = 2 AND changed < ?")
            .Bind(Instant.ToMicroseconds(sentBefore)).Bind(Instant.ToMicroseconds(givenUpBefore))),
        cancellation);

    private static Outgoing ToOutgoing(Statement row) => new(
        row.Number(0), row.Text(1), row.Number(2), (int)row.Number(3), row.Text(4), row.Text(5), row.Text(6), row.Bytes(7), (OutgoingState)row.Number(8),
        Instant.FromMicroseconds(row.Number(9)), Instant.FromMicroseconds(row.Number(10)), Instant.FromMicroseconds(row.Number(11)), (int)row.Number(12),
        row.TextOrNull(13));
}
