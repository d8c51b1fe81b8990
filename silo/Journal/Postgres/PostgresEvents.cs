namespace Coordination.Journal.Postgres;

/// <inheritdoc cref="IEvents"/>
internal sealed class PostgresEvents(Connections connections) : IEvents
{
    public Task Note(IReadOnlyCollection<NewEvent> events, CancellationToken cancellation = default) => connections.Change(
        async (connection, stop) =>
        {
            foreach (var some in events.Chunk(Statements.MostRows))
            {
                await connection.Run(
                    """
                    INSERT INTO events (at, scope, name, account, about, place, data)
                    SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
                    """,
                    stop,
                    some.Select(it => Instant.ToMicroseconds(it.At)).ToArray(), some.Select(it => it.Scope).ToArray(), some.Select(it => it.Name).ToArray(),
                    some.Select(it => it.Account).ToArray(), some.Select(it => it.About).ToArray(), some.Select(it => it.Place).ToArray(), some.Select(it => it.Data).ToArray());
            }
            return (events.Count, true);
        },
        cancellation);

    public async Task<IReadOnlyList<Event>> Read(string scope, string? name, string? account, long? before, int limit, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        var sql =
            $"""
            SELECT number, at, name, account, about, place, data FROM events WHERE scope = $1 AND number < $2
            {(name is null ? "" : "AND name = $4")} {(account is null ? "" : $"AND (account = ${(name is null ? 4 : 5)} OR about = ${(name is null ? 4 : 5)})")}
            ORDER BY number DESC LIMIT $3
            """;
        object?[] values = [scope, before ?? long.MaxValue, (long)limit, .. new[] { name, account }.OfType<string>()];
        return await connections.Repeatedly(
            (connection, stop) => connection.Rows(
                sql,
                static row => new Event(
                    row.GetInt64(0), Instant.FromMicroseconds(row.GetInt64(1)), row.GetString(2), row.TextOrNull(3), row.TextOrNull(4), row.BytesOrNull(5),
                    row.GetFieldValue<byte[]>(6)),
                stop, values),
            cancellation);
    }

    public Task ForgetPlaces(string account, CancellationToken cancellation = default) => connections.Change(
        async (connection, stop) => (await connection.RunAtLeisure(
            "UPDATE events SET place = NULL WHERE place IS NOT NULL AND (account = $1 OR about = $1)", stop, account), true),
        cancellation);

    public Task Pass(DateTimeOffset before, DateTimeOffset placesBefore, long most, IReadOnlyCollection<string> bounded, CancellationToken cancellation = default) => connections.Change(
        async (connection, stop) =>
        {
            await connection.RunAtLeisure("DELETE FROM events WHERE at < $1", stop, Instant.ToMicroseconds(before));
            await connection.RunAtLeisure("DELETE FROM events WHERE number <= (SELECT max(number) FROM events) - $1 AND name = ANY($2)", stop, most, bounded.ToArray());
            return (await connection.RunAtLeisure(
                "UPDATE events SET place = NULL WHERE place IS NOT NULL AND at < $1", stop, Instant.ToMicroseconds(placesBefore)), true);
        },
        cancellation);
}
