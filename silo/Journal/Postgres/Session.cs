using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Coordination.Journal.Postgres;

/// <summary>The writer's connection: takes the head, writes a batch under it. Blocking, for the writer's own thread.</summary>
/// <remarks>
/// <para>
/// A transaction is two round trips. Between them PostgreSQL's limit for idle transactions runs and ends it when this process
/// freezes. The second one carries everything in one statement followed by COMMIT: its first message is the large one, and
/// while that arrives the same limit still runs. Only in the few bytes behind it a freeze would go unnoticed by PostgreSQL
/// itself; for that the other writers have <see cref="Watchdog"/>.
/// </para>
/// <para>Statements are prepared. One general plan is made for each: planning anew would copy the arrays.</para>
/// </remarks>
internal sealed class Session : IDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly Fence _fence;
    private readonly Seals _seals;
    private readonly NpgsqlBatch _take;
    private readonly NpgsqlBatch _write;
    private readonly NpgsqlParameter<long> _from = new();
    private readonly NpgsqlParameter<long> _to = new();
    private readonly NpgsqlParameter<byte[]> _hash = new();
    private long _heldSince;

    private Session(NpgsqlConnection connection, Fence fence, Seals seals)
    {
        _connection = connection;
        _seals = seals;
        _fence = fence;
        _take = new(connection)
        {
            BatchCommands =
            {
                new("BEGIN ISOLATION LEVEL READ COMMITTED"),
                new("SELECT position, hash, broken FROM head ORDER BY position DESC LIMIT 1 FOR UPDATE"),
                // A statement of its own, since it is to see what happened while the one before waited for its turn.
                new(fence.Sql),
            },
        };
        fence.Bind(_take.BatchCommands[2].Parameters);
        _write = new(connection) { BatchCommands = { new(Write), new("COMMIT") } };
    }

    private const string Write =
        """
        WITH added AS (
            INSERT INTO entries (
                position, stream, version, fact, form, at, actor, body, topics, via, cause, batch, trace, salt, texts_digest, command, hash, audience, data)
            SELECT $1 + number, stream, version, fact, form, at, actor, body, topics, via, cause, batch, trace, salt, texts_digest, command, hash, audience, data
            FROM unnest($4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21) WITH ORDINALITY AS row (
                stream, version, fact, form, at, actor, body, topics, via, cause, batch, trace, salt, texts_digest, command, hash, audience, data, number)),
        written AS (
            INSERT INTO texts (position, salt, texts) SELECT * FROM unnest($22, $23, $24)),
        said AS (
            INSERT INTO commands (command, fingerprint, key, answer, version, position, seal) SELECT * FROM unnest($25, $26, $27, $28, $29, $30, $31))
        UPDATE head SET position = $2, hash = $3, commits = commits + 1 WHERE position = $1
        """;

    /// <summary>Each for the positions in the array $1.</summary>
    private static readonly string[] Erase =
    [
        "DELETE FROM texts WHERE position = ANY ($1)",
        """
        UPDATE commands SET key = NULL FROM entries
        WHERE entries.position = ANY ($1) AND commands.command = entries.command AND commands.key IS NOT NULL
        """,
        "DELETE FROM snapshots USING entries WHERE entries.position = ANY ($1) AND snapshots.stream = entries.stream",
    ];

    private const string Forget =
        """
        UPDATE commands SET key = NULL FROM entries
        WHERE entries.stream = ANY ($1) AND commands.command = entries.command AND commands.key IS NOT NULL
        """;

    public Fence Fence => _fence;

    /// <summary>Whether the head may still be held.</summary>
    public bool InTransaction { get; private set; }

    public static Session Open(Connections connections, Batch batch, Seals seals)
    {
        var connection = connections.Alone();
        try
        {
            connection.Open();
            using (var command = new NpgsqlCommand("SET plan_cache_mode = force_generic_plan", connection))
                command.ExecuteNonQuery();
            var session = new Session(connection, connections.Fence, seals);
            session.Prepare(batch);
            return session;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Waits for the head, and answers where it stands, whether this process is declared dead, and where something does not fit.</summary>
    public (Head Head, bool Fenced, long? Broken) TakeHead()
    {
        InTransaction = true;
        using var reader = _take.ExecuteReader();
        _heldSince = Stopwatch.GetTimestamp();
        if (!reader.Read())
            throw new JournalUnavailableException("The journal has lost its head row.");
        var head = new Head(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1));
        // A hash of another length is found by every check, and nothing is appended to it.
        long? broken = !reader.IsDBNull(2) ? reader.GetInt64(2) : head.Hash.Length == HashChain.Length ? null : head.Position;
        reader.NextResult();
        reader.Read();
        return (head, reader.GetBoolean(0), broken);
    }

    /// <summary>What the database says of every stream and command among the appends.</summary>
    public Truth Ask(List<Pending> appends)
    {
        var truth = new Truth(new(StringComparer.Ordinal), new(DigestComparer.Instance), new(DigestComparer.Instance));
        using var batch = new NpgsqlBatch(_connection)
        {
            BatchCommands =
            {
                new("""
                    SELECT asked.stream, coalesce((SELECT max(version) FROM entries WHERE entries.stream = asked.stream), 0)
                    FROM unnest($1) AS asked (stream)
                    """)
                {
                    Parameters = { new NpgsqlParameter<string[]> { TypedValue = [.. appends.Select(pending => pending.Append.Stream).Distinct()] } },
                },
                new(PostgresJournal.ReadReceipts)
                {
                    Parameters = { new NpgsqlParameter<byte[][]> { TypedValue = [.. appends.Select(pending => pending.Append.Command).OfType<byte[]>()] } },
                },
            },
        };
        using var reader = batch.ExecuteReader();
        while (reader.Read())
            truth.Versions.Add(reader.GetString(0), reader.GetInt64(1));
        reader.NextResult();
        while (reader.Read())
        {
            var command = reader.GetFieldValue<byte[]>(6);
            if (PostgresJournal.ToReceiptIfOwn(reader, _seals) is { } receipt)
                truth.Receipts.Add(command, receipt);
            else
                truth.Refused.Add(command, PostgresJournal.Refuse(_seals));
        }
        return truth;
    }

    /// <summary>Writes the rows of the batch that <see cref="Open"/> was given, and commits.</summary>
    /// <exception cref="Overslept">The head may be another's by now; nothing was sent.</exception>
    public void Commit(long from, Batch batch, TimeSpan heldAtMost)
    {
        if (Stopwatch.GetElapsedTime(_heldSince) > heldAtMost)
            throw new Overslept();
        // Rare, so it may cost a round trip of its own.
        if (batch.Erased.Count > 0)
            EraseTexts([.. batch.Erased]);
        if (batch.Forgotten.Count > 0)
            ForgetCommands([.. batch.Forgotten]);
        _from.TypedValue = from;
        _to.TypedValue = batch.Position;
        _hash.TypedValue = batch.Hash;
        _write.ExecuteNonQuery();
        InTransaction = false;
    }

    /// <summary>Erases what was said at these positions: texts, keys of fingerprints, snapshots that may hold the texts.</summary>
    private void EraseTexts(long[] positions)
    {
        using var batch = new NpgsqlBatch(_connection);
        foreach (var sql in Erase)
            batch.BatchCommands.Add(new(sql) { Parameters = { new NpgsqlParameter<long[]> { TypedValue = positions } } });
        batch.ExecuteNonQuery();
    }

    /// <summary>Erases the keys of the fingerprints of all commands of these streams.</summary>
    private void ForgetCommands(string[] streams)
    {
        using var command = new NpgsqlCommand(Forget, _connection) { Parameters = { new NpgsqlParameter<string[]> { TypedValue = streams } } };
        command.ExecuteNonQuery();
    }

    /// <summary>Whether the entry at this position has this hash.</summary>
    public bool IsThere(long position, byte[] hash)
    {
        using var command = new NpgsqlCommand("SELECT hash FROM entries WHERE position = $1", _connection) { Parameters = { new() { Value = position } } };
        return command.ExecuteScalar() is byte[] there && there.AsSpan().SequenceEqual(hash);
    }

    public void Rollback()
    {
        using var command = new NpgsqlCommand("ROLLBACK", _connection);
        command.ExecuteNonQuery();
        InTransaction = false;
    }

    /// <inheritdoc cref="Watchdog.EndFrozenHolders"/>
    public int EndFrozenHolders(TimeSpan heldAtMost) => Watchdog.EndFrozenHolders(_connection, heldAtMost);

    public void Dispose()
    {
        _take.Dispose();
        _write.Dispose();
        _connection.Dispose();
    }

    private void Prepare(Batch batch)
    {
        const NpgsqlDbType array = NpgsqlDbType.Array;
        var parameters = _write.BatchCommands[0].Parameters;
        parameters.Add(_from);
        parameters.Add(_to);
        parameters.Add(_hash);
        Column(batch.Streams, NpgsqlDbType.Text);
        Column(batch.Versions, NpgsqlDbType.Bigint);
        Column(batch.Facts, NpgsqlDbType.Text);
        Column(batch.Forms, NpgsqlDbType.Integer);
        Column(batch.Moments, NpgsqlDbType.Bigint);
        Column(batch.Actors, NpgsqlDbType.Text);
        Column(batch.Bodies, NpgsqlDbType.Text);
        Column(batch.TopicLists, NpgsqlDbType.Text);
        Column(batch.Vias, NpgsqlDbType.Text);
        Column(batch.Causes, NpgsqlDbType.Bigint);
        Column(batch.Batches, NpgsqlDbType.Text);
        Column(batch.Traces, NpgsqlDbType.Text);
        Column(batch.Salts, NpgsqlDbType.Bytea);
        Column(batch.TextsDigests, NpgsqlDbType.Bytea);
        Column(batch.EntryCommands, NpgsqlDbType.Bytea);
        Column(batch.Hashes, NpgsqlDbType.Bytea);
        Column(batch.Audiences, NpgsqlDbType.Bytea);
        Column(batch.Datas, NpgsqlDbType.Bytea);
        Column(batch.TextsPositions, NpgsqlDbType.Bigint);
        Column(batch.TextsSalts, NpgsqlDbType.Bytea);
        Column(batch.Texts, NpgsqlDbType.Bytea);
        Column(batch.Commands, NpgsqlDbType.Bytea);
        Column(batch.Fingerprints, NpgsqlDbType.Bytea);
        Column(batch.FingerprintKeys, NpgsqlDbType.Bytea);
        Column(batch.Answers, NpgsqlDbType.Text);
        Column(batch.CommandVersions, NpgsqlDbType.Bigint);
        Column(batch.CommandPositions, NpgsqlDbType.Bigint);
        Column(batch.CommandSeals, NpgsqlDbType.Bytea);
        _take.Prepare();
        _write.Prepare();

        // The lists are filled anew for each batch and read when it is sent.
        void Column<T>(List<T> values, NpgsqlDbType type) =>
            parameters.Add(new NpgsqlParameter<List<T>> { TypedValue = values, NpgsqlDbType = array | type });
    }
}
