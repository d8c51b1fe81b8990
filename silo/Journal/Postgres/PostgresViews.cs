using System.Data;

namespace Coordination.Journal.Postgres;

/// <inheritdoc cref="IViewStore"/>
internal sealed class PostgresViews(Connections connections) : IViewStore
{
    public async Task<IReadOnlyDictionary<string, ViewMark>> Marks(CancellationToken cancellation = default) => (await connections.Repeatedly(
        static (connection, stop) => connection.Rows(
            "SELECT view, generation, position FROM views",
            static row => KeyValuePair.Create(row.GetString(0), new ViewMark(row.GetInt64(1), row.GetInt64(2))), stop),
        cancellation)).ToDictionary(StringComparer.Ordinal);

    public Task<IReadOnlyDictionary<string, StoredView>> Read(IReadOnlyCollection<string> views, CancellationToken cancellation = default) => connections.Repeatedly(
        async (connection, stop) =>
        {
            await using var moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, stop);
            var stored = new Dictionary<string, StoredView>(StringComparer.Ordinal);
            foreach (var view in views)
            {
                var mark = ViewMark.None;
                var items = await connection.RowsAtLeisure(
                    "SELECT generation, position, id, data FROM views LEFT JOIN view_items USING (view) WHERE view = $1 ORDER BY id",
                    row =>
                    {
                        mark = new(row.GetInt64(0), row.GetInt64(1));
                        return row.IsDBNull(2) ? null : new ViewItem(row.GetString(2), row.GetFieldValue<byte[]>(3));
                    },
                    stop, view);
                stored[view] = new(mark, [.. items.OfType<ViewItem>()]);
            }
            return (IReadOnlyDictionary<string, StoredView>)stored;
        },
        cancellation);

    public Task<bool> Save(long position, IReadOnlyList<ViewChange> changes, CancellationToken cancellation = default)
    {
        WellFormed.Require(position, changes);
        // Always in the same order, so that two who save never wait for each other.
        var ordered = changes.OrderBy(change => change.View, StringComparer.Ordinal).ToList();
        return connections.Change(
            async (connection, stop) =>
            {
                foreach (var (view, from, _) in ordered)
                {
                    await connection.Run("INSERT INTO views VALUES ($1, 0, 0) ON CONFLICT DO NOTHING", stop, view);
                    if (await connection.Run(
                        "UPDATE views SET position = $1 WHERE view = $2 AND generation = $3 AND position = $4", stop, position, view, from.Generation, from.Position) == 0)
                        return (false, false);
                }
                foreach (var (view, _, items) in ordered)
                {
                    // Of one that is named twice, the last.
                    var last = new Dictionary<string, byte[]>(StringComparer.Ordinal);
                    foreach (var item in items)
                        last[item.Id] = item.Data;
                    foreach (var some in last.Chunk(Statements.MostRows))
                    {
                        await connection.Run(
                            "INSERT INTO view_items SELECT $1, * FROM unnest($2, $3) ON CONFLICT (view, id) DO UPDATE SET data = excluded.data", stop,
                            view, some.Select(item => item.Key).ToArray(), some.Select(item => item.Value).ToArray());
                    }
                }
                return (true, true);
            },
            cancellation);
    }

    public Task Drop(string view, CancellationToken cancellation = default)
    {
        WellFormed.RequireText(view, nameof(view));
        return connections.Change(
            async (connection, stop) =>
            {
                // First the mark, as a save does: it waits for one that is at work, and keeps the next from beginning.
                await connection.Run(
                    "INSERT INTO views VALUES ($1, 1, 0) ON CONFLICT (view) DO UPDATE SET generation = views.generation + 1, position = 0", stop, view);
                return (await connection.RunAtLeisure("DELETE FROM view_items WHERE view = $1", stop, view), true);
            },
            cancellation);
    }
}
