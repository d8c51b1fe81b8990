using System.Data;
using Npgsql;

namespace Coordination.Journal.Postgres;

/// <inheritdoc cref="IViewStore"/>
internal sealed class PostgresViews(Connections connections) : IViewStore
{
    // Disposable: after a crash of the server an earlier, whole state is there, from which is folded on.
    private const string MayBeLost = "SET LOCAL synchronous_commit = off";

    private const string Rows = "SELECT generation, views.position, views.digest, id, item.position, data, item.digest FROM views";

    // One statement is one round trip and sees one moment.
    private const string Ranges =
        $"""
        {Rows} LEFT JOIN LATERAL (
            SELECT place, falling, found.* FROM unnest($3, $4, $5, $6) WITH ORDINALITY AS ranges (after, before, most, falling, place)
            CROSS JOIN LATERAL (
                (SELECT id, position, data, digest FROM view_items WHERE NOT falling AND view_items.number = views.number AND id > after AND id < before ORDER BY id LIMIT most)
                UNION ALL
                (SELECT id, position, data, digest FROM view_items WHERE falling AND view_items.number = views.number AND id > after AND id < before ORDER BY id DESC LIMIT most)
            ) AS found) AS item ON true
        WHERE view = $1 AND form = $2 ORDER BY place, CASE WHEN NOT falling THEN id END, id DESC
        """;

    private const string Named = $"{Rows} LEFT JOIN view_items AS item ON item.number = views.number AND id = ANY ($3) WHERE view = $1 AND form = $2 ORDER BY id";
    private const string All = $"{Rows} LEFT JOIN view_items AS item USING (number) WHERE view = $1 AND form = $2 ORDER BY id";

    private const string WriteItems =
        """
        INSERT INTO view_items (number, id, position, data, digest) SELECT $1, * FROM unnest($2, $3, $4, $5)
        ON CONFLICT (number, id) DO UPDATE SET position = excluded.position, data = excluded.data, digest = excluded.digest
        """;

    // With another number none of the items is the view's any more.
    private const string Renewed = "number = DEFAULT, generation = views.generation + 1, position = 0, digest = ''";
    private const string DropKnown = $"UPDATE views SET {Renewed} WHERE view = $1 AND form = $2 AND generation = $3";
    private const string DropAny =
        $"""
        INSERT INTO views (view, form, generation, position, digest) VALUES ($1, $2, 1, 0, '')
        ON CONFLICT (view, form) DO UPDATE SET {Renewed} WHERE $3::bigint IS NULL OR views.generation = $3
        """;

    public async Task<IReadOnlyDictionary<ViewKey, ViewMark>> Marks(CancellationToken cancellation = default) => (await connections.Repeatedly(
        static (connection, stop) => connection.Rows(
            "SELECT view, form, generation, position, digest FROM views",
            static row => KeyValuePair.Create(new ViewKey(row.GetString(0), row.GetInt32(1)), MarkOf(row, 2)), stop),
        cancellation)).ToDictionary();

    public Task<IReadOnlyDictionary<ViewKey, StoredView>> Read(IReadOnlyCollection<ViewKey> views, CancellationToken cancellation = default) => connections.Repeatedly(
        async (connection, stop) =>
        {
            await using var moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, stop);
            var stored = new Dictionary<ViewKey, StoredView>();
            foreach (var view in views)
            {
                var rows = new Collected();
                await connection.RowsAtLeisure(All, rows.Take, stop, view.Name, view.Form);
                stored[view] = rows.View;
            }
            return (IReadOnlyDictionary<ViewKey, StoredView>)stored;
        },
        cancellation);

    public Task<StoredView> Page(ViewKey view, IReadOnlyCollection<ViewRange> ranges, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        return Answer(
            Ranges, cancellation, view.Name, view.Form, ranges.Select(static range => range.After).ToArray(), ranges.Select(static range => range.Before).ToArray(),
            ranges.Select(static range => range.Limit).ToArray(), ranges.Select(static range => range.Falling).ToArray());
    }

    public Task<StoredView> Find(ViewKey view, IReadOnlyCollection<string> ids, CancellationToken cancellation = default) =>
        Answer(Named, cancellation, view.Name, view.Form, ids.ToArray());

    public async Task<IReadOnlyList<ViewItem>> After(ViewKey view, string id, int limit, CancellationToken cancellation = default) => await connections.Repeatedly(
        (connection, stop) => connection.Rows(
            "SELECT id, view_items.position, data, view_items.digest FROM views JOIN view_items USING (number) WHERE view = $1 AND form = $2 AND id > $3 ORDER BY number, id LIMIT $4",
            static row => new ViewItem(row.GetString(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2), row.GetFieldValue<byte[]>(3)), stop, view.Name, view.Form, id, limit),
        cancellation);

    public async Task<IReadOnlyDictionary<string, byte[]>> Digests(ViewKey view, IReadOnlyCollection<string> ids, CancellationToken cancellation = default) => (await connections.Repeatedly(
        (connection, stop) => connection.Rows(
            "SELECT id, view_items.digest FROM views JOIN view_items USING (number) WHERE view = $1 AND form = $2 AND id = ANY ($3)",
            static row => KeyValuePair.Create(row.GetString(0), row.GetFieldValue<byte[]>(1)), stop, view.Name, view.Form, ids.ToArray()),
        cancellation)).ToDictionary(StringComparer.Ordinal);

    public Task<bool> Save(IReadOnlyList<ViewChange> changes, CancellationToken cancellation = default)
    {
        WellFormed.Require(changes);
        // Always in the same order, so that two who save never wait for each other.
        var ordered = changes.OrderBy(static change => change.View.Name, StringComparer.Ordinal).ThenBy(static change => change.View.Form).ToList();
        return connections.Change(
            async (connection, stop) =>
            {
                await connection.Run(MayBeLost, stop);
                var numbers = new int[ordered.Count];
                for (var index = 0; index < ordered.Count; index++)
                {
                    if (await Advance(connection, ordered[index], stop) is not { } number)
                        return (false, false);
                    numbers[index] = number;
                }
                for (var index = 0; index < ordered.Count; index++)
                    await Write(connection, numbers[index], ordered[index], stop);
                return (true, true);
            },
            cancellation);
    }

    public Task<bool> Drop(ViewKey view, long? generation = null, CancellationToken cancellation = default)
    {
        WellFormed.RequireText(view.Name, nameof(view));
        return connections.Change(
            async (connection, stop) =>
            {
                await connection.Run(MayBeLost, stop);
                // Locks the row, as a save does: it waits for one that is at work, and keeps the next from beginning.
                var dropped = await connection.Run(generation > 0 ? DropKnown : DropAny, stop, view.Name, view.Form, generation);
                return (dropped > 0, dropped > 0);
            },
            cancellation);
    }

    public Task Forget(ViewKey view, CancellationToken cancellation = default) => connections.Change(
        async (connection, stop) =>
        {
            await connection.Run(MayBeLost, stop);
            return (await connection.Run("DELETE FROM views WHERE view = $1 AND form = $2", stop, view.Name, view.Form), true);
        },
        cancellation);

    public Task<int> Tidy(int limit, CancellationToken cancellation = default) => connections.Change(
        async (connection, stop) =>
        {
            await connection.Run(MayBeLost, stop);
            // Numbers are few: each step of the recursion finds the next one in the index.
            return (await connection.Run(
                """
                WITH RECURSIVE numbers AS (
                    SELECT min(number) AS number FROM view_items
                    UNION ALL SELECT (SELECT min(items.number) FROM view_items AS items WHERE items.number > numbers.number) FROM numbers WHERE numbers.number IS NOT NULL)
                DELETE FROM view_items WHERE (number, id) IN (
                    SELECT items.number, items.id FROM numbers JOIN view_items AS items USING (number) WHERE number NOT IN (SELECT number FROM views) LIMIT $1)
                """,
                stop, limit), true);
        },
        cancellation);

    private Task<StoredView> Answer(string sql, CancellationToken cancellation, params object[] values) => connections.Briefly(
        async (connection, stop) =>
        {
            var rows = new Collected();
            await connection.Rows(sql, rows.Take, stop, values);
            return rows.View;
        },
        IViewStore.Moment, cancellation);

    /// <summary>Takes the view's mark on, and answers its number; null when it stood elsewhere.</summary>
    private static async Task<int?> Advance(NpgsqlConnection connection, ViewChange change, CancellationToken stop)
    {
        var ((name, form), from, position, digest) = (change.View, change.From, change.Position, change.Digest);
        if (from == ViewMark.None)
            await connection.Run("INSERT INTO views (view, form, generation, position, digest) VALUES ($1, $2, 0, 0, '') ON CONFLICT DO NOTHING", stop, name, form);
        var numbers = await connection.Rows(
            "UPDATE views SET position = $3, digest = $4 WHERE view = $1 AND form = $2 AND generation = $5 AND position = $6 AND digest = $7 RETURNING number",
            static row => row.GetInt32(0), stop, name, form, position, digest, from.Generation, from.Position, from.Digest);
        return numbers is [var number] ? number : null;
    }

    private static async Task Write(NpgsqlConnection connection, int number, ViewChange change, CancellationToken stop)
    {
        var last = new Dictionary<string, ViewItem>(StringComparer.Ordinal);
        foreach (var item in change.Items)
            last[item.Id] = item;
        foreach (var some in last.Values.Chunk(Statements.MostRows))
        {
            await connection.Run(
                WriteItems, stop, number, Array.ConvertAll(some, static item => item.Id), Array.ConvertAll(some, static item => item.Position),
                Array.ConvertAll(some, static item => item.Data), Array.ConvertAll(some, static item => item.Digest));
        }
        foreach (var some in (change.Gone ?? []).Chunk(Statements.MostRows))
            await connection.Run("DELETE FROM view_items WHERE number = $1 AND id = ANY ($2)", stop, number, some);
    }

    private static ViewMark MarkOf(NpgsqlDataReader row, int column) => new(row.GetInt64(column), row.GetInt64(column + 1), row.GetFieldValue<byte[]>(column + 2));

    /// <summary>Rows that repeat the mark beside each item; one without an item when there is none.</summary>
    private sealed class Collected
    {
        private readonly List<ViewItem> _items = [];
        private ViewMark? _mark;

        public StoredView View => new(_mark ?? ViewMark.None, _items);

        public bool Take(NpgsqlDataReader row)
        {
            _mark ??= MarkOf(row, 0);
            if (!row.IsDBNull(3))
                _items.Add(new(row.GetString(3), row.GetInt64(4), row.GetFieldValue<byte[]>(5), row.GetFieldValue<byte[]>(6)));
            return true;
        }
    }
}
