using System.Runtime.CompilerServices;

namespace Coordination.Journal.Postgres;

/// <inheritdoc cref="IInboxes"/>
internal sealed class PostgresInboxes(Connections connections) : IInboxes
{
    /// <summary>Name of the mark up to which nothing is kept.</summary>
    private const string Forgotten = "inboxes forgotten";

    public ValueTask<long> DeliveredUpTo(CancellationToken cancellation = default) => Mark(IInboxes.Reactor, cancellation);

    public ValueTask<long> KeptAfter(CancellationToken cancellation = default) => Mark(Forgotten, cancellation);

    public Task<bool> Deliver(long after, long upTo, IReadOnlyCollection<NewDelivery> deliveries, CancellationToken cancellation = default)
    {
        WellFormed.Require(after, upTo, deliveries);
        var (single, batched) = InboxRows.Of(deliveries);
        return connections.Change(
            async (connection, stop) =>
            {
                if (await connection.Run("UPDATE marks SET position = $1 WHERE reactor = $2 AND position = $3", stop, upTo, IInboxes.Reactor, after) == 0)
                    return (false, false);
                foreach (var some in single.Chunk(Statements.MostRows))
                {
                    await connection.Run(
                        "INSERT INTO inbox (body, position, entries, reason, thread) SELECT body, position, 1, reason, thread FROM unnest($1, $2, $3, $4) AS new (body, position, reason, thread) ON CONFLICT DO NOTHING", stop,
                        some.Select(one => one.Body).ToArray(), some.Select(one => one.Position).ToArray(), some.Select(one => one.Reason).ToArray(), some.Select(one => one.Thread).ToArray());
                }
                foreach (var some in batched.Chunk(Statements.MostRows))
                {
                    await connection.Run(
                        """
                        INSERT INTO inbox (body, position, entries, reason, thread, batch) SELECT * FROM unnest($1, $2, $3, $4, $5, $6)
                        ON CONFLICT (body, batch) WHERE batch IS NOT NULL DO UPDATE SET entries = inbox.entries + excluded.entries
                        """, stop,
                        some.Select(row => row.First.Body).ToArray(), some.Select(row => row.First.Position).ToArray(), some.Select(row => row.Entries).ToArray(),
                        some.Select(row => row.First.Reason).ToArray(), some.Select(row => row.First.Thread).ToArray(), some.Select(row => row.First.Batch).ToArray());
                }
                return (true, true);
            },
            cancellation);
    }

    public Task Clear(CancellationToken cancellation = default) => connections.Change(
        static async (connection, stop) =>
        {
            // First the note, as a delivery does: it waits for one that is at work, and keeps the next from beginning.
            await connection.Run("UPDATE marks SET position = 0 WHERE reactor = $1", stop, IInboxes.Reactor);
            return (await connection.RunAtLeisure("DELETE FROM inbox", stop), true);
        },
        cancellation);

    public async Task<IReadOnlyList<Delivery>> Read(string body, long? beforePosition, int limit, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return await connections.Repeatedly(
            (connection, stop) => connection.Rows(
                "SELECT position, reason, thread, entries FROM inbox WHERE body = $1 AND position < $2 ORDER BY position DESC LIMIT $3",
                static row => new Delivery(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt32(3)), stop, body, beforePosition ?? long.MaxValue, (long)limit),
            cancellation);
    }

    public async Task<IReadOnlyList<long>> PositionsAfter(string body, long afterPosition, int limit, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return await connections.Repeatedly(
            (connection, stop) => connection.Rows(
                "SELECT position FROM inbox WHERE body = $1 AND position > $2 ORDER BY position LIMIT $3",
                static row => row.GetInt64(0), stop, body, afterPosition, (long)limit),
            cancellation);
    }

    public async IAsyncEnumerable<(string Body, Delivery Delivery)> All(long position, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        List<(string, Delivery)> chunk;
        var (body, at, kept) = ("", 0L, await KeptAfter(cancellation));
        do
        {
            chunk = await connections.Repeatedly(
                (connection, stop) => connection.Rows(
                    "SELECT body, position, reason, thread, entries FROM inbox WHERE (body, position) > ($1, $2) AND position <= $3 AND position > $4 ORDER BY body, position LIMIT $5",
                    static row => (row.GetString(0), new Delivery(row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetInt32(4))), stop,
                    body, at, position, kept, (long)Statements.MostRows),
                cancellation);
            foreach (var delivery in chunk)
                yield return delivery;
            if (chunk is [.., (var last, { Position: var place })])
                (body, at) = (last, place);
        } while (chunk.Count == Statements.MostRows);
    }

    public Task<int> Forget(long upTo, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(upTo);
        return connections.Change(
            async (connection, stop) =>
            {
                await connection.Run("UPDATE marks SET position = $1 WHERE reactor = $2 AND position < $1", stop, upTo, Forgotten);
                return (await connection.RunAtLeisure("DELETE FROM inbox WHERE position <= (SELECT max(position) FROM marks WHERE reactor = $1)", stop, Forgotten), true);
            },
            cancellation);
    }

    private async ValueTask<long> Mark(string name, CancellationToken cancellation) => (await connections.Repeatedly(
        (connection, stop) => connection.Rows("SELECT max(position) FROM marks WHERE reactor = $1", static row => row.GetInt64(0), stop, name), cancellation)).Single();
}
