using System.Runtime.CompilerServices;

namespace Coordination.Journal.Sqlite;

/// <inheritdoc cref="IInboxes"/>
internal sealed class SqliteInboxes(Writer writer, Readers readers, Seals seals) : IInboxes
{
    // Rows of one look: enough to make a look worth its price, few enough to be over soon.
    private const int Chunk = 500;

    /// <summary>Name of the mark up to which nothing is kept.</summary>
    private const string Forgotten = "inboxes forgotten";

    private const string ReadMark = "SELECT position FROM marks WHERE reactor = ?";
    private const string Columns = "position, reason, thread, batch, body, seal";

    private const string ReadBefore =
        $"""
        SELECT {Columns} FROM inbox WHERE body = ? AND position < ? AND (batch IS NULL OR NOT EXISTS (
            SELECT 1 FROM inbox AS later WHERE later.body = inbox.body AND later.batch = inbox.batch AND later.position > inbox.position))
        ORDER BY position DESC LIMIT ?
        """;

    private const string ReadAll = $"SELECT {Columns} FROM inbox WHERE body = ? AND batch = ? ORDER BY position DESC";
    private const string Add = $"INSERT INTO inbox ({Columns}) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
    private const string ReadOn = $"SELECT {Columns} FROM inbox WHERE (body, position) > (?, ?) AND position <= ? AND position > ? ORDER BY body, position LIMIT ?";

    public ValueTask<long> DeliveredUpTo(CancellationToken cancellation = default) => Mark(IInboxes.Reactor, cancellation);

    public ValueTask<long> KeptAfter(CancellationToken cancellation = default) => Mark(Forgotten, cancellation);

    public Task<bool> Deliver(long after, long upTo, IReadOnlyCollection<NewDelivery> deliveries, CancellationToken cancellation = default)
    {
        WellFormed.Require(after, upTo, deliveries);
        return writer.Do(
            batch =>
            {
                if (batch.Write(batch.Statement("UPDATE marks SET position = ? WHERE reactor = ? AND position = ?").Bind(upTo).Bind(IInboxes.Reactor).Bind(after)) == 0)
                    return false;
                var kept = batch.Statement(ReadMark).Bind(Forgotten).First(static row => row.Number(0), 0);
                foreach (var one in deliveries.Where(one => one.Position > kept))
                    batch.Write(batch.Statement(Add).Bind(one.Position).Bind(one.Reason).Bind(one.Thread).Bind(one.Batch).Bind(one.Body)
                        .Bind(seals.OfDelivery(one.Body, one.Position, one.Reason, one.Thread, one.Batch)));
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
        return Rows(database => database.Statement(ReadBefore).Bind(body).Bind(beforePosition ?? long.MaxValue).Bind(limit), cancellation);
    }

    public Task<IReadOnlyList<Delivery>> ReadBatch(string body, string batch, CancellationToken cancellation = default) =>
        Rows(database => database.Statement(ReadAll).Bind(body).Bind(batch), cancellation);

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
                    .All(row => (row.Text(4), ToDelivery(row)), chunk),
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

    private Task<IReadOnlyList<Delivery>> Rows(Func<Database, Statement> ask, CancellationToken cancellation) => readers.Read<IReadOnlyList<Delivery>>(
        database =>
        {
            var deliveries = new List<Delivery>();
            ask(database).All(ToDelivery, deliveries);
            return deliveries;
        },
        cancellation);

    /// <exception cref="JournalUnavailableException">The platform did not put it there.</exception>
    private Delivery ToDelivery(Statement row) =>
        new Delivery(row.Number(0), row.Text(1), row.Text(2), row.TextOrNull(3)) is (var position, var reason, var thread, var batch) delivery && Seals.Fits(row.BytesOrNull(5), seals.OfDelivery(row.Text(4), position, reason, thread, batch))
            ? delivery
            : throw seals.Refuse("What lies in an inbox", Break.OfInboxes);

    private ValueTask<long> Mark(string name, CancellationToken cancellation) => new(readers.Read(
        database => database.Statement(ReadMark).Bind(name).First(static row => row.Number(0), 0), cancellation));
}
