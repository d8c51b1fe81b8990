using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Coordination.Journal.Archives;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Coordination.Journal.Sqlite;

/// <inheritdoc cref="IArchive"/>
/// <remarks>Reads beside a process that has the folder open, and holds up none of its writes; its write-ahead log grows until this has ended.</remarks>
/// <param name="folder">Of the journal.</param>
/// <param name="secret">The platform's; null for the one of the folder.</param>
public sealed class SqliteArchive(string folder, Secret? secret = null) : IArchive
{
    private const int Chunk = 256;

    public async IAsyncEnumerable<Archived> Read([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var database = Open();
        var seals = new Seals(secret ?? Secret.Of(folder));
        await foreach (var head in Page((_, rows) => database.Statement("SELECT position, hash, broken FROM head").All(static row => (Archived)new Archived.OfHead(new(row.Number(0), row.Bytes(1)), !row.IsNull(2)), rows), once: true, cancellation))
            yield return head;
        await foreach (var entry in Page(
            (last, rows) => database.Statement(SqliteJournal.ReadAfter).Bind(last is Archived.OfEntry it ? it.Entry.Position : 0).Bind(Chunk)
                .All(static row => Archived.Of(SqliteJournal.ToEntryIfPossible(row)), rows),
            once: false, cancellation))
            yield return entry;
        await foreach (var command in Page(
            (last, rows) => database.Statement("SELECT command, fingerprint, key, answer, version, position, seal FROM commands WHERE command > ? ORDER BY command LIMIT ?")
                .Bind(last is Archived.OfCommand it ? it.Command : []).Bind(Chunk)
                .All(
                    row => Archived.Of(
                        new Archived.OfCommand(row.Bytes(0), SqliteJournal.ToFingerprint(row.BytesOrNull(1), row.BytesOrNull(2)), row.TextOrNull(3), row.Number(4), row.Number(5)),
                        row.BytesOrNull(6), seals),
                    rows),
            once: false, cancellation))
            yield return command;
        var sums = SealSum.OfNone();
        await foreach (var record in Page(
            (last, rows) => database.Statement("SELECT kind, id, version, data, seal FROM records WHERE (kind, id) > (?, ?) ORDER BY kind, id LIMIT ?")
                .Bind(last is Archived.OfRecord it ? it.Record.Kind : "").Bind(last is Archived.OfRecord that ? that.Record.Id : "").Bind(Chunk)
                .All(row => Archived.Of(new Archived.OfRecord(new(row.Text(0), row.Text(1), row.Number(2), row.Bytes(3))), row.BytesOrNull(4), seals, sums), rows),
            once: false, cancellation))
            yield return record;
        var kept = new List<(long Bucket, SealSum Sum, byte[] Seal)>();
        database.Statement("SELECT bucket, count, sum, seal FROM sums").All(static row => (row.Number(0), new SealSum(row.Number(1), row.Bytes(2)), row.Bytes(3)), kept);
        Archived.RequireSums(sums, kept, seals);
    }

    public async Task Fill(IAsyncEnumerable<Archived> items, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        await using var store = await SqliteStore.Open(new() { Folder = folder, Secret = secret }, cancellation);
        try
        {
            await store.Writer.Do(batch => batch.RequireEmpty(), cancellation);
            // They stand in a file of their own: gone before there is a journal that they do not belong to.
            foreach (var view in (await store.Views.Marks(cancellation)).Keys)
                await store.Views.Forget(view, cancellation);
            // On the writer's thread, which waits for each item: nobody else has anything to write.
            await store.Writer.Do(batch => batch.Fill(items.ToBlockingEnumerable(cancellation)), cancellation);
        }
        catch (JournalUnavailableException e) when (e.InnerException is InvalidDataException or NotEmptyException or OperationCanceledException)
        {
            ExceptionDispatchInfo.Throw(e.InnerException);
        }
        catch (JournalUnavailableException e) when (e.InnerException is SqliteException { SqliteErrorCode: raw.SQLITE_CONSTRAINT })
        {
            throw ArchiveCheck.Doubled(e.InnerException);
        }
    }

    /// <summary>A connection that sees the file as it is at this moment.</summary>
    private Database Open()
    {
        var path = Path.Combine(folder, SqliteStore.FileName);
        if (!File.Exists(path))
            throw new JournalUnavailableException($"There is no journal in {folder}.");
        Database? database = null;
        try
        {
            database = Database.OpenForReading(path);
            database.Run("BEGIN");
            var version = database.Statement("PRAGMA user_version").First(static row => row.Number(0), 0);
            if (version == Schema.Known)
                return database;
            throw new JournalUnavailableException($"This journal was written by another version of the platform (schema {version}, known here: {Schema.Known}). Start this version on it once.");
        }
        catch (Exception e)
        {
            database?.Dispose();
            if (e is SqliteException)
                throw new JournalUnavailableException($"The journal in {folder} cannot be read. ({e.Message})", e);
            throw;
        }
    }

    private static async IAsyncEnumerable<Archived> Page(Func<Archived?, List<Archived>, int> read, bool once, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var rows = new List<Archived>(Chunk);
        Archived? last = null;
        int count;
        do
        {
            rows.Clear();
            await Task.Yield();
            cancellation.ThrowIfCancellationRequested();
            try
            {
                count = read(last, rows);
            }
            catch (SqliteException e)
            {
                throw new JournalUnavailableException($"The journal could not be read. ({e.Message})", e);
            }
            foreach (var row in rows)
                yield return last = row;
        } while (count == Chunk && !once);
    }
}
