using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Coordination.Journal.Sqlite;

/// <summary>
/// The one writer of the file, on a thread of its own. It takes all writes that wait, up to a bound, into one transaction;
/// while that one reaches the disk, the next ones gather.
/// </summary>
internal sealed class Writer : IAsyncDisposable
{
    private const int SettleAttempts = 50;
    private static readonly TimeSpan SettlePause = TimeSpan.FromMilliseconds(100);

    /// <summary>How long everyone's writes wait for a reader when something erased is to leave the log; and how long until the next try.</summary>
    private static readonly TimeSpan TidyPatience = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan TidyPause = TimeSpan.FromSeconds(2);

    /// <summary>How long everyone's writes wait for a reader when the file was compacted. A backup takes longer than anybody should wait.</summary>
    private static readonly TimeSpan CompactPatience = TimeSpan.FromSeconds(2);

    private readonly string _path;
    private readonly int _batchSize;
    private readonly PositionWaiter _reached;
    private readonly Seals _seals;
    // Its continuation only wakes the thread, so it may run where the write is handed in, without a hop over the thread pool.
    private readonly Channel<Work> _waiting = Channel.CreateUnbounded<Work>(
        new() { SingleReader = true, AllowSynchronousContinuations = true });
    private readonly ManualResetEventSlim _closing = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Batch? _batch;
    private long _commits;
    private bool _erased;
    private long _tidied;

    /// <exception cref="SqliteException">The file cannot be opened or read.</exception>
    public Writer(string path, int batchSize, PositionWaiter reached, Seals seals)
    {
        _path = path;
        _batchSize = batchSize;
        _reached = reached;
        _seals = seals;
        try
        {
            var batch = OpenBatch();
            batch.Begin();
            batch.Rollback();
            _reached.Advance(batch.Position);
        }
        catch
        {
            Drop();
            throw;
        }
        new Thread(Run) { IsBackground = true, Name = "Journal writer" }.Start();
    }

    /// <summary>Transactions committed since the start.</summary>
    public long Commits => Volatile.Read(ref _commits);

    /// <summary>For whoever follows the journal in this process.</summary>
    public FreshEntries Fresh { get; } = new();

    /// <summary>Runs inside <see cref="Carry"/> just before and just after a COMMIT; a test breaks the disk here.</summary>
    internal Action? BeforeCommit { get; set; }

    /// <inheritdoc cref="BeforeCommit"/>
    internal Action? AfterCommit { get; set; }

    /// <summary>
    /// Hands in a write. Its task completes when it is on disk. Cancelling has an effect only until the writer takes it: a
    /// cancelled task means that nothing was written.
    /// </summary>
    public Task<T> Do<T>(Func<Batch, T> apply, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellation);
        var work = new Work<T>(apply, cancellation);
        return _waiting.Writer.TryWrite(work)
            ? work.Answer
            : Task.FromException<T>(Closed());
    }

    /// <summary>Rewrites the file without what was erased or changed, in turn with the writes, and empties the write-ahead log.</summary>
    /// <exception cref="JournalUnavailableException">The disk refused, or somebody still reads what was there before.</exception>
    public Task Compact(CancellationToken cancellation)
    {
        var compaction = new Compaction(cancellation);
        return _waiting.Writer.TryWrite(compaction) ? compaction.Answer : Task.FromException(Closed());
    }

    /// <summary>Finishes what was handed in, moves the log into the file, closes it.</summary>
    public async ValueTask DisposeAsync()
    {
        _closing.Set();
        _waiting.Writer.TryComplete();
        await _ended.Task;
    }

    private void Run()
    {
        var batch = new List<Work>(_batchSize);
        while (_waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            Compaction? compaction = null;
            while (compaction is null && batch.Count < _batchSize && _waiting.Reader.TryRead(out var work))
            {
                if (work.IsCancelled())
                    continue;
                compaction = work as Compaction;
                if (compaction is null)
                    batch.Add(work);
            }
            if (batch.Count > 0)
                Carry(batch);
            batch.Clear();
            if (compaction is not null)
                Rewrite(compaction);
        }
        Close();
        _ended.SetResult();
    }

    /// <summary>Answers every work of the batch, whatever happens.</summary>
    private void Carry(List<Work> works)
    {
        var committing = false;
        try
        {
            var batch = OpenBatch();
            batch.Begin();
            foreach (var work in works)
                work.Apply(batch);
            if (batch.Changed)
            {
                committing = true;
                BeforeCommit?.Invoke();
                batch.Commit();
                AfterCommit?.Invoke();
            }
            else
            {
                batch.Rollback();
            }
        }
        catch (Exception e)
        {
            var committed = committing ? Settle() : Undo();
            if (committed != true)
            {
                foreach (var work in works)
                    work.Fail(Unavailable(e, unknown: committed is null));
                return;
            }
        }
        Confirm(works);
    }

    /// <summary>Outside of any transaction, as SQLite demands.</summary>
    private void Rewrite(Compaction compaction)
    {
        try
        {
            var batch = OpenBatch();
            batch.Vacuum();
            if (!batch.Checkpoint(CompactPatience))
                throw new IOException("Another connection reads what was there before, such as a backup. Try again when it has ended.");
            (_erased, _tidied) = (false, 0);
            compaction.Confirm();
        }
        catch (Exception e)
        {
            compaction.Fail(new JournalUnavailableException($"The journal was not compacted. ({e.Message})", e));
        }
    }

    private void Confirm(List<Work> works)
    {
        if (_batch is { Changed: true } batch)
        {
            Volatile.Write(ref _commits, _commits + 1);
            Fresh.Add(batch.Entries);
            _reached.Advance(batch.Position);
            Instruments.Committed(works.Count);
            _erased |= batch.Erased;
            // A backup reads for minutes: what was erased leaves the log when it has ended.
            if (_erased && (_tidied == 0 || Stopwatch.GetElapsedTime(_tidied) > TidyPause))
            {
                var empty = false;
                Tidy(() => empty = batch.Checkpoint(TidyPatience));
                (_erased, _tidied) = (!empty, empty ? 0 : Stopwatch.GetTimestamp());
            }
        }
        foreach (var work in works)
            work.Confirm();
    }

    /// <summary>After a failure before the commit: nothing can have been written.</summary>
    private bool? Undo()
    {
        if (_batch is { } batch && !Tidy(batch.Rollback))
            Drop();
        return false;
    }

    /// <summary>
    /// After a failure during the commit: was it written? Asks the file over a new connection, for some seconds when it
    /// does not answer; null when it never did.
    /// </summary>
    private bool? Settle()
    {
        if (_batch!.IsOpen)
            return Undo();
        var number = _batch.Number;
        for (var attempt = 0; attempt < SettleAttempts; attempt++)
        {
            Drop();
            try
            {
                var batch = OpenBatch();
                batch.Begin();
                var committed = batch.Number > number;
                // The log may still hold the frames of a commit whose sync failed, and a restart would find them. An empty
                // commit overwrites them; on a full disk they were never complete.
                if (!Tidy(batch.Commit))
                    Drop();
                if (committed)
                    _reached.Advance(batch.Position);
                return committed;
            }
            catch (Exception)
            {
                _closing.Wait(SettlePause);
            }
        }
        return null;
    }

    private Batch OpenBatch()
    {
        if (_batch is not null)
            return _batch;
        var database = Database.OpenForWriting(_path);
        try
        {
            Schema.Upgrade(database, _seals);
            return _batch = new(database, _seals);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private void Drop()
    {
        if (_batch is { } batch)
            Tidy(batch.Dispose);
        _batch = null;
    }

    private void Close()
    {
        _reached.Close("The journal was closed.");
        if (_batch is not null)
            Tidy(() => _batch.Checkpoint(SettlePause * SettleAttempts));
        Drop();
    }

    /// <summary>What may fail without changing any answer.</summary>
    private static bool Tidy(Action step)
    {
        try
        {
            step();
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private static ObjectDisposedException Closed() => new(nameof(SqliteStore), "The journal was closed.");

    private static JournalUnavailableException Unavailable(Exception reason, bool unknown) => new(unknown
        ? $"The journal lost its disk while committing; whether it was written is not known. Give the same command again. ({reason.Message})"
        : $"The journal could not be written; nothing was. ({reason.Message})", reason);
}
