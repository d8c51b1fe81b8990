using Npgsql;

namespace Coordination.Journal.Postgres;

/// <summary>Ends whoever holds the head and does nothing, where PostgreSQL's own limits do not reach.</summary>
internal static class Watchdog
{
    /// <summary>
    /// Ends every other session of this database account that holds the head, waits for its client and has done so for longer
    /// than the limit. One that works or waits for a lock is left alone.
    /// </summary>
    public static int EndFrozenHolders(NpgsqlConnection connection, TimeSpan heldAtMost)
    {
        using var command = new NpgsqlCommand(
            """
            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE pid <> pg_backend_pid() AND usename = current_user AND wait_event_type = 'Client'
                AND state IN ('active', 'idle in transaction') AND state_change < clock_timestamp() - $1
                AND pid IN (
                    SELECT pid FROM pg_locks
                    WHERE locktype = 'relation' AND relation = 'head'::regclass AND granted AND mode IN ('RowShareLock', 'RowExclusiveLock')
                        AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
            """, connection)
        {
            Parameters = { new() { Value = heldAtMost } },
        };
        return (int)(long)command.ExecuteScalar()!;
    }
}
