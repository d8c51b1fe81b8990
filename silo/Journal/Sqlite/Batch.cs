using Coordination.Journal.Archives;

namespace Coordination.Journal.Sqlite;

/// <summary>
/// The transaction that waiting writes share, begun and ended again and again on one connection. What a write refuses, it
/// refuses before it changes anything, so that its neighbours go through.
/// </summary>
internal sealed class Batch(Database database, Seals seals) : IDisposable
{
    private readonly byte[] _hash = new byte[HashChain.Length];
    // Rows of this transaction are found in the table too; this saves asking again for a stream that is appended to often.
    private readonly Dictionary<string, long> _versions = [];
    private readonly Statement _readReceipt = database.Statement(SqliteJournal.ReadReceipt);
    private readonly Statement _writeReceipt = database.Statement("INSERT INTO commands VALUES (?, ?, ?, ?, ?, ?, ?)");
    private readonly Statement _readVersion = database.Statement("SELECT max(version) FROM entries WHERE stream = ?");
    private readonly Statement _writeEntry = database.Statement("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    private readonly Statement _writeTexts = database.Statement("INSERT INTO texts VALUES (?, ?, ?)");

    public long Position { get; private set; }

    /// <summary>Which of the file's transactions this one is. The next one has a higher number exactly when this one was committed.</summary>
    public long Number { get; private set; }

    public bool Changed { get; private set; }

    /// <summary>Where something does not fit, so that nothing is appended; null when nothing was found.</summary>
    public long? Broken { get; private set; }

    /// <summary>Whether that is kept.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>What was appended in this transaction.</summary>
    public List<Entry> Entries { get; } = [];

    /// <summary>Something was erased and is to be gone from the write-ahead log too.</summary>
    public bool Erased { get; private set; }

    public bool IsOpen => database.InTransaction;

    public void Begin()
    {
        _versions.Clear();
        Entries.Clear();
        Changed = Erased = false;
        database.Run("BEGIN IMMEDIATE");
        var hash = HashChain.Origin;
        (Position, Number, hash, Broken) = database.Statement("SELECT position, commits, hash, broken FROM head").First(
            static row => (row.Number(0), row.Number(1) + 1, row.Bytes(2), row.NumberOrNull(3)), (-1, -1, hash, null));
        IsStopped = Broken is not null;
        // One of another length is found by every check, and nothing is appended to it.
        if (hash.Length == _hash.Length)
            hash.CopyTo(_hash, 0);
        else
            Broken ??= Position;
        if (Position < 0)
            throw new JournalUnavailableException("The journal has lost its head row.");
    }

    public AppendOutcome Append(PreparedAppend prepared)
    {
        var append = prepared.Append;
        if (Broken is { } broken)
            throw JournalUnavailableException.Broken(broken);
        if (append.Command is { } command && _readReceipt.Bind(command).First(row => SqliteJournal.ToReceipt(row, seals), null) is { } receipt)
            return new AppendOutcome.Repeated(receipt);
        var version = VersionOf(append.Stream);
        if (version != append.ExpectedVersion)
            return new AppendOutcome.Conflict(version);

        Changed = true;
        foreach (var one in prepared.Entries)
        {
            var entry = one.Entry;
            HashChain.Link(_hash, ++Position, one.ContentDigest, _hash);
            version = one.Version;
            _writeEntry.Bind(Position).Bind(append.Stream).Bind(version).Bind(entry.Fact).Bind(entry.Form).Bind(prepared.Moment)
                .Bind(append.Actor).Bind(append.Body).Bind(one.Topics).Bind(append.Via).Bind(append.Cause).Bind(append.Batch)
                .Bind(one.Salt).Bind(one.TextsDigest).Bind(append.Command).Bind(_hash).Bind(entry.Audience).Bind(entry.Data).Bind(append.Trace).Run();
            if (entry.Texts is { } texts)
                _writeTexts.Bind(Position).Bind(one.TextsSalt).Bind(texts).Run();
            Entries.Add(prepared.ToEntry(Position, one, _hash.ToArray()));
        }
        _versions[append.Stream] = version;
        if (append.Command is not null)
            _writeReceipt.Bind(append.Command).Bind(prepared.Fingerprint?.Code).Bind(prepared.Fingerprint?.Key).Bind(append.Answer).Bind(version).Bind(Position)
                .Bind(prepared.Seal).Run();
        foreach (var position in append.Erases ?? [])
            EraseTexts(position);
        if (append.ForgetsCommands)
            Erase(database.Statement("UPDATE commands SET key = NULL WHERE command IN (SELECT command FROM entries WHERE stream = ?) AND key IS NOT NULL").Bind(append.Stream));
        return new AppendOutcome.Appended(Position, version);
    }

    /// <summary>Takes in a whole archive, whose entries have their positions and hashes already.</summary>
    /// <returns>How many entries there are.</returns>
    /// <exception cref="NotEmptyException">There is something already.</exception>
    public long Fill(IEnumerable<Archived> items)
    {
        RequireEmpty();
        foreach (var table in (string[])["inbox", "outbox", "marks", "heads"])
            database.Run($"DELETE FROM {table}");
        database.Run("INSERT INTO marks VALUES ('inboxes', 0), ('inboxes forgotten', 0)");
        Changed = true;
        var sums = SqliteTrust.SumsToGoOnFrom(database.Statement);
        foreach (var item in items)
        {
            switch (item)
            {
                case Archived.OfEntry { Entry: var entry }:
                    _writeEntry.Bind(entry.Position).Bind(entry.Stream).Bind(entry.Version).Bind(entry.Fact).Bind(entry.Form).Bind(Instant.ToMicroseconds(entry.At))
                        .Bind(entry.Actor).Bind(entry.Body).Bind(Topics.Join(entry.Topics)).Bind(entry.Via).Bind(entry.Cause).Bind(entry.Batch)
                        .Bind(entry.Salt).Bind(entry.TextsDigest).Bind(entry.Command).Bind(entry.Hash).Bind(entry.Audience).Bind(entry.Data).Bind(entry.Trace).Run();
                    if (entry.Texts is not null)
                        _writeTexts.Bind(entry.Position).Bind(entry.TextsSalt).Bind(entry.Texts).Run();
                    Position = entry.Position;
                    entry.Hash.CopyTo(_hash, 0);
                    break;
                case Archived.OfCommand command:
                    _writeReceipt.Bind(command.Command).Bind(command.Fingerprint?.Code).Bind(command.Fingerprint?.Key).Bind(command.Answer)
                        .Bind(command.Version).Bind(command.Position).Bind(seals.OfReceipt(command.Command, command.Fingerprint?.Code, command.Answer)).Run();
                    break;
                case Archived.OfRecord { Record: var record }:
                    var seal = seals.Of(record);
                    database.Statement("INSERT INTO records VALUES (?, ?, ?, ?, ?)").Bind(record.Kind).Bind(record.Id).Bind(record.Version).Bind(record.Data).Bind(seal).Run();
                    SealSum.Add(sums, record.Kind, record.Id, seal);
                    break;
            }
        }
        SqliteTrust.Begin(database.Statement, seals, sums);
        return Position;
    }

    /// <summary>Nothing is appended from now on, or again when there is nothing that does not fit.</summary>
    public void Stop(long? broken)
    {
        (Broken, IsStopped) = (broken, broken is not null);
        Write(Statement("UPDATE head SET broken = ?").Bind(broken));
    }

    /// <summary>Something was changed by statements of the caller's own.</summary>
    public bool Touch() => Changed = true;

    /// <exception cref="NotEmptyException">There are entries or records.</exception>
    public bool RequireEmpty()
    {
        var records = database.Statement("SELECT count(*) FROM records").First(static row => row.Number(0), 0);
        return Position == 0 && records == 0
            ? true
            : throw new NotEmptyException($"The folder holds a journal of {Position} entries and {records} records already. Name an empty one with --data.");
    }

    public Statement Statement(string sql) => database.Statement(sql);

    /// <summary>Runs what may change rows and answers how many it changed.</summary>
    public int Write(Statement statement)
    {
        var rows = statement.Run();
        Changed |= rows > 0;
        return rows;
    }

    /// <summary>As <see cref="Write(Statement)"/>, and sets <see cref="Erased"/>.</summary>
    public int Erase(Statement statement)
    {
        var rows = Write(statement);
        Erased |= rows > 0;
        return rows;
    }

    /// <summary>After an exception, <see cref="IsOpen"/> says whether it can still be rolled back.</summary>
    public void Commit()
    {
        database.Statement("UPDATE head SET position = ?, hash = ?, commits = ?").Bind(Position).Bind(_hash).Bind(Number).Run();
        database.Run("COMMIT");
    }

    public void Rollback()
    {
        // Some failures have already ended it.
        if (IsOpen)
            database.Run("ROLLBACK");
    }

    /// <summary>Between transactions: writes the file anew, without free pages and what they may still hold.</summary>
    public void Vacuum() => database.Run("VACUUM");

    /// <summary>
    /// Between transactions: moves the log into the file and empties it. False when it is not empty now, because someone reads
    /// what was there before; it waits for them no longer than <paramref name="patience"/>.
    /// </summary>
    public bool Checkpoint(TimeSpan patience) => database.Checkpoint(patience);

    public void Dispose() => database.Dispose();

    private long VersionOf(string stream) =>
        _versions.TryGetValue(stream, out var known) ? known : _readVersion.Bind(stream).First(static row => row.Number(0), 0);

    /// <summary>Erases what was said at a position: its texts, the key of its command's fingerprint, the snapshot that may hold its texts.</summary>
    private void EraseTexts(long position)
    {
        Erase(database.Statement("DELETE FROM texts WHERE position = ?").Bind(position));
        Erase(database.Statement("UPDATE commands SET key = NULL WHERE command = (SELECT command FROM entries WHERE position = ?) AND key IS NOT NULL").Bind(position));
        Erase(database.Statement("DELETE FROM snapshots WHERE stream = (SELECT stream FROM entries WHERE position = ?)").Bind(position));
    }
}
