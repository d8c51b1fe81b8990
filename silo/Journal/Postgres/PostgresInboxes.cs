using System.Runtime.CompilerServices;

namespace Coordination.Journal.Postgres;

/// <inheritdoc cref="IInboxes"/>
internal sealed class PostgresInboxes(Connections connections) : IInboxes
{
    public async ValueTask<long> DeliveredUpTo(CancellationToken cancellation = default) => (await connections.Repeatedly(
        static (connection, stop) => connection.Rows("SELECT max(position) FROM delivered", static row => row.GetInt64(0), stop), cancellation)).Single();

    public Task<bool> Deliver(long after, long upTo, IReadOnlyCollection<NewDelivery> deliveries, CancellationToken cancellation = default)
    {
        WellFormed.Require(after, upTo, deliveries);
        return connections.Change(
            async (connection, stop) =>
            {
                if (await connection.Run("UPDATE delivered SET position = $1 WHERE position = $2", stop, upTo, after) == 0)
                    return (false, false);
                foreach (var some in deliveries.Chunk(Statements.MostRows))
                {
                    await connection.Run(
                        "INSERT INTO inbox SELECT * FROM unnest($1, $2, $3) ON CONFLICT DO NOTHING", stop,
                        some.Select(one => one.Body).ToArray(), some.Select(one => one.Position).ToArray(), some.Select(one => one.Reason).ToArray());
                }
                return (true, true);
            },
            cancellation);
    }

    public Task Clear(CancellationToken cancellation = default) => connections.Change(
        static async (connection, stop) =>
        {
            // First the note, as a delivery does: it waits for one that is at work, and keeps the next from beginning.
            await connection.Run("UPDATE delivered SET position = 0", stop);
            return (await connection.RunAtLeisure("DELETE FROM inbox", stop), true);
        },
        cancellation);

    public async Task<IReadOnlyList<Delivery>> Read(string body, long? beforePosition, int limit, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return await connections.Repeatedly(
            (connection, stop) => connection.Rows(
                "SELECT position, reason FROM inbox WHERE body = $1 AND position < $2 ORDER BY position DESC LIMIT $3",
                static row => new Delivery(row.GetInt64(0), row.GetString(1)), stop, body, beforePosition ?? long.MaxValue, (long)limit),
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

    public async IAsyncEnumerable<NewDelivery> All(long position, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        List<NewDelivery> chunk;
        var (body, at) = ("", 0L);
        do
        {
            chunk = await connections.Repeatedly(
                (connection, stop) => connection.Rows(
                    "SELECT body, position, reason FROM inbox WHERE (body, position) > ($1, $2) AND position <= $3 ORDER BY body, position LIMIT $4",
                    static row => new NewDelivery(row.GetString(0), row.GetInt64(1), row.GetString(2)), stop, body, at, position, (long)Statements.MostRows),
                cancellation);
            foreach (var delivery in chunk)
                yield return delivery;
            if (chunk.Count > 0)
                (body, at, _) = chunk[^1];
        } while (chunk.Count == Statements.MostRows);
    }
}
