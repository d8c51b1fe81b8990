using Npgsql;

namespace Coordination.Host.Clustering;

/// <summary>
/// What Orleans' ADO.NET providers look for in a database and their packages do not bring: the tables of members and reminders,
/// and a table of the statements to read and write them with. Names of statements, parameters and result columns are the
/// providers'; all else is ours, in a schema of its own.
/// </summary>
public static class ClusterSchema
{
    public const string Name = "orleans";

    /// <summary>Orleans' number for a silo that has been declared dead or has ended.</summary>
    internal const int Dead = 6;

    private const int Active = 3;

    // Any number that nobody else locks.
    private const long Lock = 0x436c7573746572;

    /// <summary>Steps from one version of the schema to the next. A step that was released never changes.</summary>
    private static readonly string[][] Steps =
    [
        [
            """
            CREATE TABLE orleansquery (
                querykey text PRIMARY KEY,
                querytext text NOT NULL)
            """,
            """
            CREATE TABLE clusters (
                cluster text PRIMARY KEY,
                version integer NOT NULL DEFAULT 0)
            """,
            """
            CREATE TABLE members (
                cluster text NOT NULL REFERENCES clusters ON DELETE CASCADE,
                address text NOT NULL,
                port integer NOT NULL,
                generation integer NOT NULL,
                siloname text NOT NULL,
                hostname text NOT NULL,
                status integer NOT NULL,
                proxyport integer NOT NULL,
                suspecttimes text,
                starttime timestamptz NOT NULL,
                iamalivetime timestamptz NOT NULL,
                PRIMARY KEY (cluster, address, port, generation))
            """,
            """
            CREATE TABLE reminders (
                serviceid text NOT NULL,
                grainid text NOT NULL,
                remindername text NOT NULL,
                starttime timestamptz NOT NULL,
                period bigint NOT NULL,
                grainhash integer NOT NULL,
                version integer NOT NULL,
                PRIMARY KEY (serviceid, grainid, remindername))
            """,
            "CREATE INDEX ON reminders (serviceid, grainhash)",

            // The row of the cluster is its clock: whoever changes a member moves it from the version he has read, or changes nothing.
            Query("InsertMembershipVersionKey", """
                WITH made AS (INSERT INTO clusters (cluster) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING 1)
                SELECT EXISTS (SELECT FROM made)
                """),
            Query("InsertMembershipKey", """
                WITH moved AS (
                    UPDATE clusters SET version = version + 1
                    WHERE cluster = @DeploymentId AND version = @Version
                        AND NOT EXISTS (SELECT FROM members WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
                    RETURNING 1),
                made AS (
                    INSERT INTO members (cluster, address, port, generation, siloname, hostname, status, proxyport, starttime, iamalivetime)
                    SELECT @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM moved
                    ON CONFLICT DO NOTHING RETURNING 1)
                SELECT EXISTS (SELECT FROM made)
                """),
            Query("UpdateMembershipKey", """
                WITH moved AS (
                    UPDATE clusters SET version = version + 1 WHERE cluster = @DeploymentId AND version = @Version RETURNING 1),
                changed AS (
                    UPDATE members SET status = @Status, suspecttimes = @SuspectTimes, iamalivetime = @IAmAliveTime FROM moved
                    WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation RETURNING 1)
                SELECT EXISTS (SELECT FROM changed)
                """),
            Query("UpdateIAmAlivetimeKey", """
                UPDATE members SET iamalivetime = @IAmAliveTime
                WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
                """),
            Query("MembershipReadAllKey", """
                SELECT address, port, generation, siloname, hostname, status, proxyport, suspecttimes, starttime, iamalivetime, version
                FROM clusters LEFT JOIN members USING (cluster) WHERE cluster = @DeploymentId
                """),
            Query("MembershipReadRowKey", """
                SELECT address, port, generation, siloname, hostname, status, proxyport, suspecttimes, starttime, iamalivetime, version
                FROM clusters LEFT JOIN (SELECT * FROM members WHERE address = @Address AND port = @Port AND generation = @Generation) member USING (cluster)
                WHERE cluster = @DeploymentId
                """),
            Query("GatewaysQueryKey", """
                SELECT address, proxyport, generation FROM members WHERE cluster = @DeploymentId AND status = @Status AND proxyport > 0
                """),
            Query("DeleteMembershipTableEntriesKey", "DELETE FROM clusters WHERE cluster = @DeploymentId"),
            Query("CleanupDefunctSiloEntriesKey", $"""
                DELETE FROM members WHERE cluster = @DeploymentId AND iamalivetime < @IAmAliveTime AND status <> {Active}
                """),

            Query("ReadReminderRowKey", $"{Reminders} AND grainid = @GrainId AND remindername = @ReminderName"),
            Query("ReadReminderRowsKey", $"{Reminders} AND grainid = @GrainId"),
            Query("ReadRangeRows1Key", $"{Reminders} AND grainhash > @BeginHash AND grainhash <= @EndHash"),
            // Around the end of the ring.
            Query("ReadRangeRows2Key", $"{Reminders} AND (grainhash > @BeginHash OR grainhash <= @EndHash)"),
            Query("UpsertReminderRowKey", """
                INSERT INTO reminders AS r (serviceid, grainid, remindername, starttime, period, grainhash, version)
                VALUES (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0)
                ON CONFLICT (serviceid, grainid, remindername) DO UPDATE
                    SET starttime = excluded.starttime, period = excluded.period, grainhash = excluded.grainhash, version = r.version + 1
                RETURNING version
                """),
            Query("DeleteReminderRowKey", """
                WITH gone AS (
                    DELETE FROM reminders WHERE serviceid = @ServiceId AND grainid = @GrainId AND remindername = @ReminderName AND version = @Version RETURNING 1)
                SELECT EXISTS (SELECT FROM gone)
                """),
            Query("DeleteReminderRowsKey", "DELETE FROM reminders WHERE serviceid = @ServiceId"),
        ],
    ];

    private const string Reminders = "SELECT grainid, remindername, starttime, period, version FROM reminders WHERE serviceid = @ServiceId";

    /// <summary>Makes the tables or brings them up to date; all steps or none. Several processes may ask at the same time.</summary>
    public static async Task Upgrade(NpgsqlDataSource database, CancellationToken cancellation = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await Run($"SELECT pg_advisory_xact_lock({Lock})");
        await Run($"CREATE SCHEMA IF NOT EXISTS {Name}; SET LOCAL search_path = {Name}");
        await Run("CREATE TABLE IF NOT EXISTS steps (taken integer NOT NULL); INSERT INTO steps SELECT 0 WHERE NOT EXISTS (SELECT FROM steps)");
        int taken;
        await using (var read = new NpgsqlCommand("SELECT taken FROM steps", connection)) taken = (int)(await read.ExecuteScalarAsync(cancellation))!;
        if (taken > Steps.Length)
            throw new JournalUnavailableException($"The cluster's tables were made by a newer version of the platform (schema {taken}, known here: {Steps.Length}).");
        foreach (var sql in Steps.Skip(taken).SelectMany(step => step)) await Run(sql);
        await Run($"UPDATE steps SET taken = {Steps.Length}");
        await transaction.CommitAsync(cancellation);

        async Task Run(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    private static string Query(string key, string sql) => $"INSERT INTO orleansquery VALUES ('{key}', '{sql.Replace("'", "''", StringComparison.Ordinal)}')";
}
