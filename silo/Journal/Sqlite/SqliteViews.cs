namespace Coordination.Journal.Sqlite;

/// <inheritdoc cref="IViewStore"/>
internal sealed class SqliteViews(Writer writer, Readers readers) : IViewStore
{
    private const string ReadMark = "SELECT generation, position FROM views WHERE view = ?";
    private const string WriteMark =
        "INSERT INTO views VALUES (?, ?, ?) ON CONFLICT (view) DO UPDATE SET generation = excluded.generation, position = excluded.position";
    private const string WriteItem = "INSERT INTO view_items VALUES (?, ?, ?) ON CONFLICT (view, id) DO UPDATE SET data = excluded.data";

    public Task<IReadOnlyDictionary<string, ViewMark>> Marks(CancellationToken cancellation = default) => readers.Read(
        static database =>
        {
            var marks = new List<KeyValuePair<string, ViewMark>>();
            database.Statement("SELECT view, generation, position FROM views")
                .All(static row => KeyValuePair.Create(row.Text(0), new ViewMark(row.Number(1), row.Number(2))), marks);
            return (IReadOnlyDictionary<string, ViewMark>)marks.ToDictionary(StringComparer.Ordinal);
        },
        cancellation);

    public Task<StoredView> Read(string view, CancellationToken cancellation = default) => readers.Read(
        database =>
        {
            var items = new List<ViewItem>();
            database.Run("BEGIN");
            try
            {
                var mark = database.Statement(ReadMark).Bind(view).First(static row => new ViewMark(row.Number(0), row.Number(1)), ViewMark.None);
                database.Statement("SELECT id, data FROM view_items WHERE view = ? ORDER BY id").Bind(view)
                    .All(static row => new ViewItem(row.Text(0), row.Bytes(1)), items);
                return new StoredView(mark, items);
            }
            finally
            {
                database.Run("COMMIT");
            }
        },
        cancellation);

    public Task<bool> Save(long position, IReadOnlyList<ViewChange> changes, CancellationToken cancellation = default)
    {
        WellFormed.Require(position, changes);
        return writer.Do(
            batch =>
            {
                if (changes.Any(change => MarkOf(batch, change.View) != change.From))
                    return false;
                foreach (var change in changes)
                {
                    foreach (var item in change.Items)
                        batch.Write(batch.Statement(WriteItem).Bind(change.View).Bind(item.Id).Bind(item.Data));
                    Write(batch, change.View, change.From with { Position = position });
                }
                return true;
            },
            cancellation);
    }

    public Task Drop(string view, CancellationToken cancellation = default)
    {
        WellFormed.RequireText(view, nameof(view));
        return writer.Do(
            batch =>
            {
                batch.Write(batch.Statement("DELETE FROM view_items WHERE view = ?").Bind(view));
                return Write(batch, view, new(MarkOf(batch, view).Generation + 1, 0));
            },
            cancellation);
    }

    private static ViewMark MarkOf(Batch batch, string view) =>
        batch.Statement(ReadMark).Bind(view).First(static row => new ViewMark(row.Number(0), row.Number(1)), ViewMark.None);

    private static int Write(Batch batch, string view, ViewMark mark) =>
        batch.Write(batch.Statement(WriteMark).Bind(view).Bind(mark.Generation).Bind(mark.Position));
}
