using System.Runtime.CompilerServices;

namespace Coordination.Journal.Sqlite;

/// <inheritdoc cref="IInboxes"/>
internal sealed class SqliteInboxes(Writer writer, Readers readers) : IInboxes
{
    // Rows of one look: enough to make a look worth its price, few enough to be over soon.
    private const int Chunk = 500;

    /// <summary>Name of the mark up to which nothing is kept.</summary>
    private const string Forgotten = "inboxes forgotten";

    private const string ReadMark = "SELECT position FROM marks WHERE reactor = ?";
    private const string ReadBefore = "SELECT position, reason, thread, entries FROM inbox WHERE body = ? AND position < ? ORDER BY position DESC LIMIT ?";
    private const string ReadAfter = "SELECT position FROM inbox WHERE body = ? AND position > ? ORDER BY position LIMIT ?";
    private const string Add = "INSERT INTO inbox (body, position, entries, reason, thread) VALUES (?, ?, 1, ?, ?) ON CONFLICT DO NOTHING";

    private const string AddBatched =
        """
        INSERT INTO inbox (body, position, entries, reason, thread, batch) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (body, batch) WHERE batch IS NOT NULL DO UPDATE SET entries = entries + excluded.entries
        """;

    private const string ReadOn = "SELECT body, position, reason, thread, entries FROM inbox WHERE (body, position) > (?, ?) AND position <= ? AND position > ? ORDER BY body, position LIMIT ?";

    public ValueTask<long> DeliveredUpTo(CancellationToken cancellation = default) => Mark(IInboxes.Reactor, cancellation);

    public ValueTask<long> KeptAfter(CancellationToken cancellation = default) => Mark(Forgotten, cancellation);

    public Task<bool> Deliver(long after, long upTo, IReadOnlyCollection<NewDelivery> deliveries, CancellationToken cancellation = default)
    {
        WellFormed.Require(after, upTo, deliveries);
        var (single, batched) = InboxRows.Of(deliveries);
        return writer.Do(
            batch =>
            {
                if (batch.Write(batch.Statement("UPDATE marks SET position = ? WHERE reactor = ? AND position = ?").Bind(upTo).Bind(IInboxes.Reactor).Bind(after)) == 0)
                    return false;
                foreach (var one in single)
                    batch.Write(batch.Statement(Add).Bind(one.Body).Bind(one.Position).Bind(one.Reason).Bind(one.Thread));
                foreach (var (first, entries) in batched)
                    batch.Write(batch.Statement(AddBatched).Bind(first.Body).Bind(first.Position).Bind(entries).Bind(first.Reason).Bind(first.Thread).Bind(first.Batch));
                return true;
            },
            cancellation);
    }

    public Task Clear(CancellationToken cancellation = default) => writer.Do(
        batch =>
        {
            batch.Write(batch.Statement("DELETE FROM inbox"));
            return batch.Write(batch.Statement("UPDATE marks SET position = 0 WHERE reactor = ?").Bind(IInboxes.Reactor));
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
                    .All(static row => new Delivery(row.Number(0), row.Text(1), row.Text(2), (int)row.Number(3)), deliveries);
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

    public async IAsyncEnumerable<(string Body, Delivery Delivery)> All(long position, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var chunk = new List<(string Body, Delivery Delivery)>(Chunk);
        var (body, at, kept) = ("", 0L, await KeptAfter(cancellation));
        do
        {
            chunk.Clear();
            // Others may want the thread between two looks.
            await Task.Yield();
            await readers.Read(
                database => database.Statement(ReadOn).Bind(body).Bind(at).Bind(position).Bind(kept).Bind(Chunk)
                    .All(static row => (row.Text(0), new Delivery(row.Number(1), row.Text(2), row.Text(3), (int)row.Number(4))), chunk),
                cancellation);
            foreach (var delivery in chunk)
                yield return delivery;
            if (chunk is [.., (var last, { Position: var place })])
                (body, at) = (last, place);
        } while (chunk.Count == Chunk);
    }

    public Task<int> Forget(long upTo, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(upTo);
        return writer.Do(
            batch =>
            {
                batch.Write(batch.Statement("UPDATE marks SET position = ?1 WHERE reactor = ?2 AND position < ?1").Bind(upTo).Bind(Forgotten));
                return batch.Write(batch.Statement("DELETE FROM inbox WHERE position <= (SELECT position FROM marks WHERE reactor = ?)").Bind(Forgotten));
            },
            cancellation);
    }

    private ValueTask<long> Mark(string name, CancellationToken cancellation) => new(readers.Read(
        database => database.Statement(ReadMark).Bind(name).First(static row => row.Number(0), 0), cancellation));
}
