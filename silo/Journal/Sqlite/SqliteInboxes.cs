using System.Runtime.CompilerServices;

namespace Coordination.Journal.Sqlite;

/// <inheritdoc cref="IInboxes"/>
internal sealed class SqliteInboxes(Writer writer, Readers readers) : IInboxes
{
    // Rows of one look: enough to make a look worth its price, few enough to be over soon.
    private const int Chunk = 500;
    private const string ReadDelivered = "SELECT position FROM delivered";
    private const string ReadBefore = "SELECT position, reason FROM inbox WHERE body = ? AND position < ? ORDER BY position DESC LIMIT ?";
    private const string ReadAfter = "SELECT position FROM inbox WHERE body = ? AND position > ? ORDER BY position LIMIT ?";

    private const string ReadOn = "SELECT body, position, reason FROM inbox WHERE (body, position) > (?, ?) AND position <= ? ORDER BY body, position LIMIT ?";

    public ValueTask<long> DeliveredUpTo(CancellationToken cancellation = default) => new(readers.Read(
        static database => database.Statement(ReadDelivered).First(static row => row.Number(0), 0), cancellation));

    public Task<bool> Deliver(long after, long upTo, IReadOnlyCollection<NewDelivery> deliveries, CancellationToken cancellation = default)
    {
        WellFormed.Require(after, upTo, deliveries);
        return writer.Do(
            batch =>
            {
                if (batch.Write(batch.Statement("UPDATE delivered SET position = ? WHERE position = ?").Bind(upTo).Bind(after)) == 0)
                    return false;
                foreach (var (body, position, reason) in deliveries)
                    batch.Write(batch.Statement("INSERT INTO inbox VALUES (?, ?, ?) ON CONFLICT DO NOTHING").Bind(body).Bind(position).Bind(reason));
                return true;
            },
            cancellation);
    }

    public Task Clear(CancellationToken cancellation = default) => writer.Do(
        batch =>
        {
            batch.Write(batch.Statement("DELETE FROM inbox"));
            return batch.Write(batch.Statement("UPDATE delivered SET position = 0"));
        },
        cancellation);

    public Task<IReadOnlyList<Delivery>> Read(string body, long? beforePosition, int limit, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return readers.Read<IReadOnlyList<Delivery>>(
            database =>
            {
                var deliveries = new List<Delivery>();
                database.Statement(ReadBefore).Bind(body).Bind(beforePosition ?? long.MaxValue).Bind(limit)
                    .All(static row => new Delivery(row.Number(0), row.Text(1)), deliveries);
                return deliveries;
            },
            cancellation);
    }

    public Task<IReadOnlyList<long>> PositionsAfter(string body, long afterPosition, int limit, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return readers.Read<IReadOnlyList<long>>(
            database =>
            {
                var positions = new List<long>();
                database.Statement(ReadAfter).Bind(body).Bind(afterPosition).Bind(limit).All(static row => row.Number(0), positions);
                return positions;
            },
            cancellation);
    }

    public async IAsyncEnumerable<NewDelivery> All(long position, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var chunk = new List<NewDelivery>(Chunk);
        var (body, at) = ("", 0L);
        do
        {
            chunk.Clear();
            // Others may want the thread between two looks.
            await Task.Yield();
            await readers.Read(
                database => database.Statement(ReadOn).Bind(body).Bind(at).Bind(position).Bind(Chunk)
                    .All(static row => new NewDelivery(row.Text(0), row.Number(1), row.Text(2)), chunk),
                cancellation);
            foreach (var delivery in chunk)
                yield return delivery;
            if (chunk.Count > 0)
                (body, at, _) = chunk[^1];
        } while (chunk.Count == Chunk);
    }
}
