namespace Coordination.Journal.Postgres;

/// <inheritdoc cref="ILeases"/>
/// <remarks>By the clock of the database, which is the same for all who ask.</remarks>
internal sealed class PostgresLeases(Connections connections) : ILeases
{
    public Task<bool> Hold(string lease, string holder, TimeSpan length, CancellationToken cancellation = default) => connections.Change(
        async (connection, stop) => (await connection.Run(
            """
            INSERT INTO leases VALUES ($1, $2, clock_timestamp() + $3)
            ON CONFLICT (lease) DO UPDATE SET holder = excluded.holder, until = clock_timestamp() + $3
            WHERE leases.holder = excluded.holder OR leases.until <= clock_timestamp()
            """, stop, lease, holder, length) > 0, true),
        cancellation);

    public Task Release(string lease, string holder, CancellationToken cancellation = default) => connections.Change(
        async (connection, stop) => (await connection.Run("DELETE FROM leases WHERE lease = $1 AND holder = $2", stop, lease, holder), true), cancellation);

    public async Task<string?> Holder(string lease, CancellationToken cancellation = default) => (await connections.Repeatedly(
        (connection, stop) => connection.Rows(
            "SELECT holder FROM leases WHERE lease = $1 AND until > clock_timestamp()", static row => row.GetString(0), stop, lease),
        cancellation)).SingleOrDefault();
}
