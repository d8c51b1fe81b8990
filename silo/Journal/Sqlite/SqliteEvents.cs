namespace Coordination.Journal.Sqlite;

/// <inheritdoc cref="IEvents"/>
internal sealed class SqliteEvents(Writer writer, Readers readers) : IEvents
{
    private const string Add = "INSERT INTO events (at, scope, name, account, about, place, data) VALUES (?, ?, ?, ?, ?, ?, ?)";

    public Task Note(IReadOnlyCollection<NewEvent> events, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        return writer.Do(
            batch =>
            {
                foreach (var it in events)
                {
                    batch.Write(batch.Statement(Add).Bind(Instant.ToMicroseconds(it.At)).Bind(it.Scope).Bind(it.Name)
                        .Bind(it.Account).Bind(it.About).Bind(it.Place).Bind(it.Data));
                }
                return events.Count;
            },
            cancellation);
    }

    public Task<IReadOnlyList<Event>> Read(string scope, string? name, string? account, long? before, int limit, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        // Only what is asked for stands in the statement, so that an index leads to it.
        var sql =
            $"""
            SELECT number, at, name, account, about, place, data FROM events WHERE scope = ? AND number < ?
            {(name is null ? "" : "AND name = ?")} {(account is null ? "" : "AND (account = ? OR about = ?)")} ORDER BY number DESC LIMIT ?
            """;
        return readers.Read<IReadOnlyList<Event>>(
            database =>
            {
                var events = new List<Event>();
                var statement = database.Statement(sql).Bind(scope).Bind(before ?? long.MaxValue);
                if (name is not null)
                    statement.Bind(name);
                if (account is not null)
                    statement.Bind(account).Bind(account);
                statement.Bind(limit).All(ToEvent, events);
                return events;
            },
            cancellation);
    }

    public Task ForgetPlaces(string account, CancellationToken cancellation = default) => writer.Do(
        batch => batch.Erase(batch.Statement("UPDATE events SET place = NULL WHERE place IS NOT NULL AND (account = ? OR about = ?)").Bind(account).Bind(account)),
        cancellation);

    public Task Pass(DateTimeOffset before, DateTimeOffset placesBefore, long most, IReadOnlyCollection<string> bounded, CancellationToken cancellation = default) => writer.Do(
        batch =>
        {
            batch.Write(batch.Statement("DELETE FROM events WHERE at < ?").Bind(Instant.ToMicroseconds(before)));
            foreach (var name in bounded)
                batch.Write(batch.Statement("DELETE FROM events WHERE number <= (SELECT max(number) FROM events) - ? AND name = ?").Bind(most).Bind(name));
            return batch.Write(batch.Statement("UPDATE events SET place = NULL WHERE place IS NOT NULL AND at < ?").Bind(Instant.ToMicroseconds(placesBefore)));
        },
        cancellation);

    private static Event ToEvent(Statement row) =>
        new(row.Number(0), Instant.FromMicroseconds(row.Number(1)), row.Text(2), row.TextOrNull(3), row.TextOrNull(4), row.BytesOrNull(5), row.Bytes(6));
}
