using System.Globalization;
using Npgsql;

namespace Coordination.Journal.Postgres;

/// <summary>The tables, as steps that lead from one number in the table <c>schema</c> to the next. A step that was released never changes.</summary>
/// <remarks>
/// <para>
/// The hash covers audience and data byte by byte, so they come back exactly as they were written: bytea. As jsonb they would
/// come back in other words, and as text not everything that the interface admits could be stored.
/// </para>
/// <para>
/// Texts stand in a table of their own, so that they can be erased and an entry never changes. Of columns that can hold free text
/// PostgreSQL keeps no statistics: they are samples of the values, and would outlive those.
/// </para>
/// <para>
/// The head and the marks of reactors are found by position. While a foreign transaction is open, PostgreSQL may
/// remove no older form of a row that changes many times a second; an index by position leads past all of them at once.
/// </para>
/// </remarks>
internal static class Schema
{
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE head (
            position bigint PRIMARY KEY,
            hash bytea NOT NULL,
            commits bigint NOT NULL) WITH (autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_scale_factor = 0);
        INSERT INTO head VALUES (0, decode(repeat('00', 32), 'hex'), 0);
        CREATE TABLE entries (
            position bigint PRIMARY KEY,
            at bigint NOT NULL,
            version bigint NOT NULL,
            cause bigint,
            form integer NOT NULL,
            stream text COLLATE "C" NOT NULL,
            fact text COLLATE "C" NOT NULL,
            actor text COLLATE "C" NOT NULL,
            body text COLLATE "C",
            topics text COLLATE "C" NOT NULL,
            via text COLLATE "C" NOT NULL,
            batch text COLLATE "C",
            trace text COLLATE "C",
            salt bytea NOT NULL,
            texts_digest bytea,
            command bytea,
            hash bytea NOT NULL,
            audience bytea NOT NULL,
            data bytea NOT NULL,
            UNIQUE (stream, version));
        CREATE TABLE texts (
            position bigint PRIMARY KEY,
            salt bytea NOT NULL,
            texts bytea NOT NULL);
        CREATE TABLE commands (
            command bytea PRIMARY KEY,
            fingerprint bytea,
            key bytea,
            answer text COLLATE "C",
            version bigint NOT NULL,
            position bigint NOT NULL);
        CREATE TABLE snapshots (
            stream text COLLATE "C" PRIMARY KEY,
            version bigint NOT NULL,
            form integer NOT NULL,
            data bytea NOT NULL);
        CREATE TABLE records (
            kind text COLLATE "C",
            id text COLLATE "C",
            version bigint NOT NULL,
            data bytea NOT NULL,
            PRIMARY KEY (kind, id));
        CREATE TABLE inbox (
            body text COLLATE "C",
            position bigint,
            reason text COLLATE "C" NOT NULL,
            PRIMARY KEY (body, position));
        CREATE TABLE delivered (
            position bigint PRIMARY KEY) WITH (autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_scale_factor = 0);
        INSERT INTO delivered VALUES (0);
        ALTER TABLE entries ALTER audience SET STATISTICS 0, ALTER data SET STATISTICS 0;
        ALTER TABLE texts ALTER salt SET STATISTICS 0, ALTER texts SET STATISTICS 0;
        ALTER TABLE commands ALTER key SET STATISTICS 0;
        ALTER TABLE snapshots ALTER data SET STATISTICS 0;
        ALTER TABLE records ALTER data SET STATISTICS 0;
        """,
        """
        CREATE TABLE views (
            view text COLLATE "C" PRIMARY KEY,
            generation bigint NOT NULL,
            position bigint NOT NULL);
        CREATE TABLE view_items (
            view text COLLATE "C",
            id text COLLATE "C",
            data bytea NOT NULL,
            PRIMARY KEY (view, id));
        ALTER TABLE view_items ALTER data SET STATISTICS 0;
        CREATE TABLE leases (
            lease text COLLATE "C" PRIMARY KEY,
            holder text COLLATE "C" NOT NULL,
            until timestamptz NOT NULL);
        """,
        """
        CREATE TABLE events (
            number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            at bigint NOT NULL,
            scope text COLLATE "C" NOT NULL,
            name text COLLATE "C" NOT NULL,
            account text COLLATE "C",
            about text COLLATE "C",
            place bytea,
            data bytea NOT NULL);
        CREATE INDEX events_of_scope ON events (scope, number);
        CREATE INDEX events_by_name ON events (scope, name, number);
        CREATE INDEX events_of_account ON events (account) WHERE account IS NOT NULL;
        CREATE INDEX events_about ON events (about) WHERE about IS NOT NULL;
        CREATE INDEX events_at ON events (at);
        ALTER TABLE events ALTER place SET STATISTICS 0, ALTER data SET STATISTICS 0;
        """,
        // Inboxes are filled anew from the log.
        """
        DROP TABLE delivered, inbox;
        CREATE TABLE marks (
            reactor text COLLATE "C",
            position bigint,
            PRIMARY KEY (reactor, position)) WITH (autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_scale_factor = 0);
        INSERT INTO marks VALUES ('inboxes', 0), ('inboxes forgotten', 0);
        CREATE TABLE inbox (
            body text COLLATE "C",
            position bigint,
            reason text COLLATE "C" NOT NULL,
            thread text COLLATE "C" NOT NULL,
            batch text COLLATE "C",
            PRIMARY KEY (body, position));
        CREATE INDEX inbox_batch ON inbox (body, batch, position) WHERE batch IS NOT NULL;
        CREATE TABLE outbox (
            number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            position bigint NOT NULL,
            put bigint NOT NULL,
            since bigint NOT NULL,
            due bigint NOT NULL,
            changed bigint NOT NULL,
            part integer NOT NULL,
            attempts integer NOT NULL,
            state integer NOT NULL,
            reactor text COLLATE "C" NOT NULL,
            channel text COLLATE "C" NOT NULL,
            recipient text COLLATE "C" NOT NULL,
            thread text COLLATE "C" NOT NULL,
            batch text COLLATE "C",
            reason text COLLATE "C",
            data bytea NOT NULL,
            UNIQUE (reactor, position, part));
        CREATE UNIQUE INDEX outbox_batch ON outbox (batch, recipient, channel, reactor) WHERE batch IS NOT NULL;
        CREATE INDEX outbox_waiting ON outbox (channel, recipient, number) WHERE state = 0;
        CREATE INDEX outbox_over ON outbox (state, changed) WHERE state > 0;
        ALTER TABLE outbox ALTER data SET STATISTICS 0, ALTER reason SET STATISTICS 0;
        """,
        // Views are folded from the log again. Items hang on a number and not on the name: a view that is dropped gets another one.
        """
        DROP TABLE view_items, views;
        CREATE TABLE views (
            view text COLLATE "C",
            form integer,
            number integer GENERATED ALWAYS AS IDENTITY UNIQUE,
            generation bigint NOT NULL,
            position bigint NOT NULL,
            digest bytea NOT NULL,
            PRIMARY KEY (view, form));
        CREATE TABLE view_items (
            position bigint NOT NULL,
            number integer,
            id text COLLATE "C",
            digest bytea NOT NULL,
            data bytea NOT NULL,
            PRIMARY KEY (number, id));
        ALTER TABLE views ALTER digest SET STATISTICS 0;
        ALTER TABLE view_items ALTER digest SET STATISTICS 0, ALTER data SET STATISTICS 0;
        """,
        """
        ALTER TABLE head ADD COLUMN broken bigint;
        ALTER TABLE records ADD COLUMN seal bytea;
        ALTER TABLE commands ADD COLUMN seal bytea;
        ALTER TABLE inbox ADD COLUMN seal bytea;
        ALTER TABLE snapshots ADD COLUMN seal bytea;
        CREATE TABLE sums (
            bucket integer PRIMARY KEY,
            count bigint NOT NULL,
            sum bytea NOT NULL,
            seal bytea NOT NULL) WITH (autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_scale_factor = 0);
        CREATE TABLE trust (
            name text COLLATE "C" PRIMARY KEY,
            position bigint NOT NULL,
            hash bytea NOT NULL,
            at bigint NOT NULL,
            data bytea NOT NULL,
            seal bytea NOT NULL);
        CREATE TABLE heads (
            position bigint PRIMARY KEY,
            hash bytea NOT NULL,
            at bigint NOT NULL,
            beside bytea NOT NULL,
            key bytea NOT NULL,
            signature bytea NOT NULL);
        ALTER TABLE records ALTER seal SET STATISTICS 0;
        ALTER TABLE commands ALTER seal SET STATISTICS 0;
        ALTER TABLE inbox ALTER seal SET STATISTICS 0;
        ALTER TABLE snapshots ALTER seal SET STATISTICS 0;
        """,
    ];

    /// <summary>The step from which on rows are sealed.</summary>
    private const int Sealed = 6;

    /// <summary>The number that this program knows and works with.</summary>
    public static int Known => Steps.Length;

    /// <summary>Makes the tables or brings them up to date, or only requires them: see <see cref="PostgresOptions.MustExist"/>.</summary>
    public static async Task Prepare(NpgsqlConnection connection, PostgresOptions options, CancellationToken cancellation)
    {
        if (!options.MustExist)
        {
            await Upgrade(connection, options.Schema, Known, new(options.Secret), cancellation);
            return;
        }
        var version = await Version(connection, options.Schema, cancellation)
            ?? throw new JournalUnavailableException($"There is no journal in {connection.Host}:{connection.Port}/{connection.Database}. Is it another database?");
        Require(version);
        if (version < Known)
            throw new JournalUnavailableException($"This journal was written by an earlier version of the platform (schema {version}, known here: {Known}). Start this version on it once.");
    }

    /// <summary>
    /// Makes the tables or brings them up to <paramref name="upTo"/>; all steps or none. Several processes may do so at once:
    /// one does it, the others wait for it.
    /// </summary>
    public static async Task Upgrade(NpgsqlConnection connection, string schema, int upTo, Seals seals, CancellationToken cancellation)
    {
        await RequireUnicode(connection, cancellation);
        if (await Version(connection, schema, cancellation) is { } version && version >= upTo)
        {
            Require(version);
            return;
        }
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // Whoever is first may take long over a large table.
        await Run("SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = '1min'");
        await Run("SELECT pg_advisory_xact_lock(hashtext('coordination schema'))");
        var at = await Version(connection, schema, cancellation);
        if (at is null)
        {
            await Run($"CREATE SCHEMA IF NOT EXISTS {Quote(schema)}");
            await Run("CREATE TABLE schema (step integer NOT NULL); INSERT INTO schema VALUES (0)");
        }
        Require(at ?? 0);
        for (var step = at ?? 0; step < upTo; step++)
            await Run(Steps[step]);
        // Nothing that stands there already is taken for the platform's own: an operator may say that it is.
        if ((at ?? 0) == 0 && upTo >= Sealed)
            await PostgresTrust.Begin(connection, seals, SealSum.OfNone(), cancellation);
        if (upTo > (at ?? 0))
            await Run($"UPDATE schema SET step = {upTo.ToString(CultureInfo.InvariantCulture)}");
        await transaction.CommitAsync(cancellation);

        async Task Run(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static async Task RequireUnicode(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var ask = new NpgsqlCommand("SHOW server_encoding", connection);
        if ((string)(await ask.ExecuteScalarAsync(cancellation))! is var encoding and not "UTF8")
            throw new JournalUnavailableException($"The database stores texts as {encoding}. Create one WITH ENCODING 'UTF8' TEMPLATE template0.");
    }

    private static void Require(int version)
    {
        if (version > Known)
            throw new JournalUnavailableException(
                $"This journal was written by a newer version of the platform (schema {version}, known here: {Known}). Start that version.");
    }

    private static async Task<int?> Version(NpgsqlConnection connection, string schema, CancellationToken cancellation)
    {
        // From the tables themselves: to_regclass() may answer from a memory older than the lock.
        await using var exists = new NpgsqlCommand("SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = $1 AND tablename = 'schema')", connection)
        {
            Parameters = { new() { Value = schema } },
        };
        if (!(bool)(await exists.ExecuteScalarAsync(cancellation))!)
            return null;
        await using var read = new NpgsqlCommand("SELECT step FROM schema", connection);
        return (int)(await read.ExecuteScalarAsync(cancellation))!;
    }
}
