namespace Coordination.Journal.Sqlite;

/// <summary>The tables, as steps that lead from one <c>user_version</c> to the next. A step that was released never changes.</summary>
internal static class Schema
{
    private static readonly string[][] Steps =
    [
        [
            """
            CREATE TABLE head (
                one INTEGER PRIMARY KEY CHECK (one = 1),
                position INTEGER NOT NULL,
                hash BLOB NOT NULL,
                commits INTEGER NOT NULL) STRICT
            """,
            "INSERT INTO head VALUES (1, 0, zeroblob(32), 0)",
            // The large columns last: SQLite reads a row from the front.
            """
            CREATE TABLE entries (
                position INTEGER PRIMARY KEY,
                stream TEXT NOT NULL,
                version INTEGER NOT NULL,
                fact TEXT NOT NULL,
                form INTEGER NOT NULL,
                at INTEGER NOT NULL,
                actor TEXT NOT NULL,
                body TEXT,
                topics TEXT NOT NULL,
                via TEXT NOT NULL,
                cause INTEGER,
                batch TEXT,
                salt BLOB NOT NULL,
                texts_digest BLOB,
                command BLOB,
                hash BLOB NOT NULL,
                audience BLOB NOT NULL,
                data BLOB NOT NULL,
                UNIQUE (stream, version)) STRICT
            """,
            // A table of its own: texts can be erased, and entries never change.
            """
            CREATE TABLE texts (
                position INTEGER PRIMARY KEY,
                salt BLOB NOT NULL,
                texts BLOB NOT NULL) STRICT
            """,
            """
            CREATE TABLE commands (
                command BLOB PRIMARY KEY,
                fingerprint BLOB,
                key BLOB,
                answer TEXT,
                version INTEGER NOT NULL,
                position INTEGER NOT NULL) WITHOUT ROWID, STRICT
            """,
            """
            CREATE TABLE snapshots (
                stream TEXT PRIMARY KEY,
                version INTEGER NOT NULL,
                form INTEGER NOT NULL,
                data BLOB NOT NULL) STRICT
            """,
            """
            CREATE TABLE records (
                kind TEXT NOT NULL,
                id TEXT NOT NULL,
                version INTEGER NOT NULL,
                data BLOB NOT NULL,
                PRIMARY KEY (kind, id)) STRICT
            """,
            """
            CREATE TABLE inbox (
                body TEXT NOT NULL,
                position INTEGER NOT NULL,
                reason TEXT NOT NULL,
                PRIMARY KEY (body, position)) WITHOUT ROWID, STRICT
            """,
            """
            CREATE TABLE delivered (
                one INTEGER PRIMARY KEY CHECK (one = 1),
                position INTEGER NOT NULL) STRICT
            """,
            "INSERT INTO delivered VALUES (1, 0)",
        ],
        [
            "ALTER TABLE entries ADD COLUMN trace TEXT",
        ],
        [
            """
            CREATE TABLE events (
                number INTEGER PRIMARY KEY AUTOINCREMENT,
                at INTEGER NOT NULL,
                scope TEXT NOT NULL,
                name TEXT NOT NULL,
                account TEXT,
                about TEXT,
                place BLOB,
                data BLOB NOT NULL) STRICT
            """,
            "CREATE INDEX events_of_scope ON events (scope, number)",
            "CREATE INDEX events_by_name ON events (scope, name, number)",
            "CREATE INDEX events_of_account ON events (account) WHERE account IS NOT NULL",
            "CREATE INDEX events_about ON events (about) WHERE about IS NOT NULL",
            "CREATE INDEX events_at ON events (at)",
        ],
        [
            // Inboxes are filled anew from the log.
            "DROP TABLE delivered",
            "DROP TABLE inbox",
            """
            CREATE TABLE marks (
                reactor TEXT PRIMARY KEY,
                position INTEGER NOT NULL) WITHOUT ROWID, STRICT
            """,
            "INSERT INTO marks VALUES ('inboxes', 0), ('inboxes forgotten', 0)",
            """
            CREATE TABLE inbox (
                body TEXT NOT NULL,
                position INTEGER NOT NULL,
                reason TEXT NOT NULL,
                thread TEXT NOT NULL,
                batch TEXT,
                PRIMARY KEY (body, position)) WITHOUT ROWID, STRICT
            """,
            "CREATE INDEX inbox_batch ON inbox (body, batch, position) WHERE batch IS NOT NULL",
            """
            CREATE TABLE outbox (
                number INTEGER PRIMARY KEY AUTOINCREMENT,
                reactor TEXT NOT NULL,
                position INTEGER NOT NULL,
                part INTEGER NOT NULL,
                channel TEXT NOT NULL,
                recipient TEXT NOT NULL,
                thread TEXT NOT NULL,
                state INTEGER NOT NULL,
                put INTEGER NOT NULL,
                since INTEGER NOT NULL,
                due INTEGER NOT NULL,
                changed INTEGER NOT NULL,
                attempts INTEGER NOT NULL,
                batch TEXT,
                reason TEXT,
                data BLOB NOT NULL,
                UNIQUE (reactor, position, part)) STRICT
            """,
            "CREATE UNIQUE INDEX outbox_batch ON outbox (batch, recipient, channel, reactor) WHERE batch IS NOT NULL",
            "CREATE INDEX outbox_waiting ON outbox (channel, recipient, number) WHERE state = 0",
            "CREATE INDEX outbox_over ON outbox (state, changed) WHERE state > 0",
        ],
        [
            "ALTER TABLE head ADD COLUMN broken INTEGER",
            "ALTER TABLE records ADD COLUMN seal BLOB",
            "ALTER TABLE commands ADD COLUMN seal BLOB",
            "ALTER TABLE inbox ADD COLUMN seal BLOB",
            "ALTER TABLE snapshots ADD COLUMN seal BLOB",
            """
            CREATE TABLE sums (
                bucket INTEGER PRIMARY KEY,
                count INTEGER NOT NULL,
                sum BLOB NOT NULL,
                seal BLOB NOT NULL) STRICT
            """,
            """
            CREATE TABLE trust (
                name TEXT PRIMARY KEY,
                position INTEGER NOT NULL,
                hash BLOB NOT NULL,
                at INTEGER NOT NULL,
                data BLOB NOT NULL,
                seal BLOB NOT NULL) WITHOUT ROWID, STRICT
            """,
            """
            CREATE TABLE heads (
                position INTEGER PRIMARY KEY,
                hash BLOB NOT NULL,
                at INTEGER NOT NULL,
                beside BLOB NOT NULL,
                key BLOB NOT NULL,
                signature BLOB NOT NULL) STRICT
            """,
        ],
    ];

    /// <summary>The number that this program knows and works with.</summary>
    public static int Known => Steps.Length;

    /// <summary>Makes the tables or brings them up to date; all steps or none.</summary>
    public static void Upgrade(Database database, Seals seals)
    {
        var version = database.Statement("PRAGMA user_version").First(static row => row.Number(0), 0);
        if (version > Steps.Length)
            throw new JournalUnavailableException(
                $"This journal was written by a newer version of the platform (schema {version}, known here: {Steps.Length}).");
        if (version == Steps.Length)
            return;
        database.Run("BEGIN IMMEDIATE");
        foreach (var sql in Steps.Skip((int)version).SelectMany(step => step))
            database.Run(sql);
        // Nothing that stands there already is taken for the platform's own: an operator may say that it is.
        if (version == 0)
            SqliteTrust.Begin(database.Statement, seals, SealSum.OfNone());
        database.Run($"PRAGMA user_version = {Steps.Length}");
        database.Run("COMMIT");
    }
}
