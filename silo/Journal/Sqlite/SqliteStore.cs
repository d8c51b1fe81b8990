using Microsoft.Data.Sqlite;

namespace Coordination.Journal.Sqlite;

/// <summary>
/// Log, records, inboxes, outbox and events in one SQLite file, <c>journal.db</c>, and views in another, for one process. One writer, one transaction for all that
/// waits, concurrent readers.
/// </summary>
public sealed class SqliteStore : IStore
{
    public const string FileName = "journal.db";
    public const string LockName = "journal.lock";
    public const string ViewsName = "views.db";

    private readonly FileStream _lock;
    private readonly SqliteViews _views;
    private readonly SqliteTrust _trust;
    private readonly Readers _readers;
    private int _disposed;

    private SqliteStore(FileStream @lock, string path, Secret secret, SqliteJournalOptions options)
    {
        _lock = @lock;
        var reached = new PositionWaiter();
        Secret = secret;
        var seals = new Seals(secret);
        var doubts = new SealDoubts();
        Writer = new(path, options.BatchSize, reached, seals);
        _readers = new(path);
        var journal = new SqliteJournal(Writer, _readers, reached, seals);
        Journal = journal;
        _trust = new SqliteTrust(Writer, _readers, journal, seals, doubts);
        Records = new SqliteRecords(Writer, _readers, seals, doubts);
        Inboxes = new SqliteInboxes(Writer, _readers, seals);
        Outbox = new SqliteOutbox(Writer, _readers);
        Events = new SqliteEvents(Writer, _readers);
        _views = new(Path.Combine(Path.GetDirectoryName(path)!, ViewsName));
    }

    public IJournal Journal { get; }

    public IRecords Records { get; }

    public IInboxes Inboxes { get; }

    public IOutbox Outbox { get; }

    public IEvents Events { get; }

    public IViewStore Views => _views;

    /// <summary>The file is open in one process only, so whoever asks here is the only one.</summary>
    public ILeases Leases { get; } = new OwnLeases();

    public ITrust Trust => _trust;

    public Secret Secret { get; }

    internal Writer Writer { get; }

    /// <summary>
    /// Opens the folder, making it and the file when they are not there; others than the owner can read neither.
    /// </summary>
    /// <exception cref="JournalUnavailableException">The folder is open elsewhere, or what is in it cannot be read.</exception>
    public static async Task<SqliteStore> Open(SqliteJournalOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.Folder);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1);
        // Recovering the log after a crash may take a while.
        var store = await Task.Run(() => OpenNow(options), cancellation);
        try
        {
            if (!options.AnySecret)
                await store._trust.RequireSecret();
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    public async Task Compact(IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        await Writer.Compact(cancellation);
        progress?.Report($"{FileName}: rewritten, its write-ahead log emptied");
        await _views.Compact(cancellation);
        progress?.Report($"{ViewsName}: rewritten, its write-ahead log emptied");
    }

    /// <summary>Refuses new writes, finishes those it accepted, moves the write-ahead log into the file and closes it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        // First the readers, which would keep the writer from emptying the log.
        _readers.Dispose();
        _views.Dispose();
        await Writer.DisposeAsync();
        await _lock.DisposeAsync();
    }

    private static SqliteStore OpenNow(SqliteJournalOptions options)
    {
        var folder = Path.GetFullPath(options.Folder);
        MakeFolder(folder);
        var held = Lock(folder);
        try
        {
            var secret = options.Secret ?? Secret.Of(folder);
            var path = Path.Combine(folder, FileName);
            // Made here, because SQLite would make it readable for others. Its companions inherit the mode.
            OpenFile(path, FileShare.ReadWrite).Dispose();
            OpenFile(Path.Combine(folder, ViewsName), FileShare.ReadWrite).Dispose();
            return new(held, path, secret, options);
        }
        catch (SqliteException e)
        {
            held.Dispose();
            throw new JournalUnavailableException($"The journal in {folder} cannot be opened. ({e.Message})", e);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else if (!Directory.Exists(folder))
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    // The operating system releases it when the process ends, however it ends. The file itself stays.
    private static FileStream Lock(string folder)
    {
        try
        {
            return OpenFile(Path.Combine(folder, LockName), FileShare.None);
        }
        catch (IOException e)
        {
            throw new JournalUnavailableException(
                $"The journal in {folder} is in use by another process. One process at a time may open it; stop the other one or choose another folder.", e);
        }
    }

    private static FileStream OpenFile(string path, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new(path, options);
    }
}
