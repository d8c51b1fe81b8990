using System.Runtime.CompilerServices;

namespace Coordination.Journal.Postgres;

/// <inheritdoc cref="IInboxes"/>
internal sealed class PostgresInboxes(Connections connections, Seals seals) : IInboxes
{
    /// <summary>Name of the mark up to which nothing is kept.</summary>
    private const string Forgotten = "inboxes forgotten";

    private const string Columns = "position, reason, thread, batch, body, seal";

    /// <summary>Waits for a delivery that is at work, and keeps the next from beginning.</summary>
    private const string Hold = "UPDATE marks SET position = position WHERE reactor = $1";

    private const string ReadBefore =
        $"""
        SELECT {Columns} FROM inbox WHERE body = $1 AND position < $2 AND (batch IS NULL OR NOT EXISTS (
            SELECT FROM inbox AS later WHERE later.body = inbox.body AND later.batch = inbox.batch AND later.position > inbox.position))
        ORDER BY position DESC LIMIT $3
        """;

    public ValueTask<long> DeliveredUpTo(CancellationToken cancellation = default) => Mark(IInboxes.Reactor, cancellation);

    public ValueTask<long> KeptAfter(CancellationToken cancellation = default) => Mark(Forgotten, cancellation);

    public Task<bool> Deliver(long after, long upTo, IReadOnlyCollection<NewDelivery> deliveries, CancellationToken cancellation = default)
    {
        WellFormed.Require(after, upTo, deliveries);
        return connections.Change(
            async (connection, stop) =>
            {
                if (await connection.Run("UPDATE marks SET position = $1 WHERE reactor = $2 AND position = $3", stop, upTo, IInboxes.Reactor, after) == 0)
                    return (false, false);
                foreach (var some in deliveries.Chunk(Statements.MostRows))
                {
                    await connection.Run(
                        $"""
                        INSERT INTO inbox ({Columns}) SELECT {Columns} FROM unnest($1, $2, $3, $4, $5, $6) AS new ({Columns})
                        WHERE position > (SELECT max(position) FROM marks WHERE reactor = $7) ON CONFLICT DO NOTHING
                        """, stop,
                        some.Select(one => one.Position).ToArray(), some.Select(one => one.Reason).ToArray(), some.Select(one => one.Thread).ToArray(),
                        some.Select(one => one.Batch).ToArray(), some.Select(one => one.Body).ToArray(),
                        some.Select(one => seals.OfDelivery(one.Body, one.Position, one.Reason, one.Thread, one.Batch)).ToArray(), Forgotten);
                }
                return (true, true);
            },
            cancellation);
    }

    public Task Clear(CancellationToken cancellation = default) => connections.Change(
        static async (connection, stop) =>
        {
            // First the note, as a delivery does: see Hold.
            await connection.Run("UPDATE marks SET position = 0 WHERE reactor = $1", stop, IInboxes.Reactor);
            return (await connection.RunAtLeisure("DELETE FROM inbox", stop), true);
        },
        cancellation);

    public async Task<IReadOnlyList<Delivery>> Read(string body, long? beforePosition, int limit, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return await connections.Repeatedly(
            (connection, stop) => connection.Rows(ReadBefore, ToDelivery, stop, body, beforePosition ?? long.MaxValue, (long)limit),
            cancellation);
    }

    public async Task<IReadOnlyList<Delivery>> ReadBatch(string body, string batch, CancellationToken cancellation = default) => await connections.Repeatedly(
        (connection, stop) => connection.Rows(
            $"SELECT {Columns} FROM inbox WHERE body = $1 AND batch = $2 ORDER BY position DESC", ToDelivery, stop, body, batch),
        cancellation);

    public async IAsyncEnumerable<(string Body, Delivery Delivery)> All(long position, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        List<(string, Delivery)> chunk;
        var (body, at, kept) = ("", 0L, await KeptAfter(cancellation));
        do
        {
            chunk = await connections.Repeatedly(
                (connection, stop) => connection.Rows(
                    $"SELECT {Columns} FROM inbox WHERE (body, position) > ($1, $2) AND position <= $3 AND position > $4 ORDER BY body, position LIMIT $5",
                    row => (row.GetString(4), ToDelivery(row)), stop,
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
                await connection.Run(Hold, stop, IInboxes.Reactor);
                await connection.Run("UPDATE marks SET position = $1 WHERE reactor = $2 AND position < $1", stop, upTo, Forgotten);
                return (await connection.RunAtLeisure("DELETE FROM inbox WHERE position <= (SELECT max(position) FROM marks WHERE reactor = $1)", stop, Forgotten), true);
            },
            cancellation);
    }

    /// <exception cref="JournalUnavailableException">The platform did not put it there.</exception>
    private Delivery ToDelivery(Npgsql.NpgsqlDataReader row) =>
        new Delivery(row.GetInt64(0), row.GetString(1), row.GetString(2), row.TextOrNull(3)) is (var position, var reason, var thread, var batch) delivery && Seals.Fits(row.BytesOrNull(5), seals.OfDelivery(row.GetString(4), position, reason, thread, batch))
            ? delivery
            : throw seals.Refuse("What lies in an inbox", Break.OfInboxes);

    private async ValueTask<long> Mark(string name, CancellationToken cancellation) => (await connections.Repeatedly(
        (connection, stop) => connection.Rows("SELECT max(position) FROM marks WHERE reactor = $1", static row => row.GetInt64(0), stop, name), cancellation)).Single();
}
