using System.Diagnostics;

namespace Coordination.Journal.Postgres;

/// <summary>
/// The one writer of this process, on a thread of its own, so that no crowd of callers delays it while it holds the head. It
/// takes the head first and then everything that waits by then into one transaction; while that one reaches the disk, the next
/// ones gather.
/// </summary>
internal sealed class Writer : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly Connections _connections;
    private readonly PostgresOptions _options;
    private readonly PositionWaiter _reached;
    private readonly Action _committed;
    private readonly Seals _seals;
    private readonly Queue _queue;
    private readonly Batch _batch = new();
    // Never set: what a pause waits for.
    private readonly ManualResetEventSlim _never = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Session? _session;
    // After two writers met at the same stream or command: ask before writing.
    private bool _ask;
    private long _commits;

    /// <param name="connections">Its own connection is made from these.</param>
    /// <param name="reached">Told of every commit of its own, and of others' commits as it comes across them.</param>
    /// <param name="committed">Called after every commit of its own.</param>
    /// <param name="seals">Of receipts.</param>
    public Writer(Connections connections, PositionWaiter reached, Action committed, Seals seals)
    {
        _connections = connections;
        _options = connections.Options;
        _reached = reached;
        _committed = committed;
        _seals = seals;
        _queue = new(_options.Patience);
        new Thread(Run) { IsBackground = true, Name = "Journal writer" }.Start();
    }

    /// <summary>Transactions committed since the start.</summary>
    public long Commits => Volatile.Read(ref _commits);

    /// <summary>For whoever follows the journal in this process.</summary>
    public FreshEntries Fresh { get; } = new();

    /// <summary>Runs under the head just before and just after the round trip that commits; a test loses the connection here.</summary>
    internal Action? BeforeCommit { get; set; }

    /// <inheritdoc cref="BeforeCommit"/>
    internal Action? AfterCommit { get; set; }

    /// <summary>Cancelling has an effect only until the writer takes it up: a cancelled task means that nothing was written.</summary>
    public Task<AppendOutcome> Do(PreparedAppend append, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return Task.FromCanceled<AppendOutcome>(cancellation);
        var pending = new Pending(append, cancellation);
        try
        {
            _queue.Add(pending);
        }
        catch (ObjectDisposedException e)
        {
            return Task.FromException<AppendOutcome>(e);
        }
        return pending.Task;
    }

    /// <summary>Finishes what was handed in and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        await _ended.Task;
        _queue.Dispose();
        _never.Dispose();
    }

    private void Run()
    {
        var appends = new List<Pending>(_options.BatchSize);
        while (_queue.Wait())
        {
            if (TakeHead() is { } head)
                Carry(head, appends);
            appends.Clear();
        }
        Drop();
        _ended.SetResult();
    }

    /// <summary>Null when there is nothing to do with it: then nothing of what waits was written.</summary>
    private Head? TakeHead()
    {
        try
        {
            if (_session is not null && _session.Fence != _connections.Fence)
                Drop();
            _session ??= Session.Open(_connections, _batch, _seals);
            var (head, fenced, broken) = _session.TakeHead();
            _queue.Trouble = null;
            _reached.Advance(head.Position);
            if (!fenced && broken is null)
                return head;
            _queue.FailAll(fenced ? Trouble.Fenced() : JournalUnavailableException.Broken(broken!.Value));
            _session.Rollback();
        }
        catch (Exception e)
        {
            Recover(e);
            if (Trouble.Passes(e))
                _queue.Trouble = e;
            else
                _queue.FailAll(e as JournalUnavailableException ?? Trouble.NotWritten(e));
        }
        return null;
    }

    /// <summary>Answers every append that it takes up, whatever happens, or puts it back.</summary>
    private void Carry(Head head, List<Pending> appends)
    {
        var committing = false;
        try
        {
            _queue.Take(appends, _options.BatchSize);
            if (_ask || !_batch.Decide(head, appends, null))
                _batch.Decide(head, appends, _session!.Ask(appends));
            if (_batch.Count == 0)
            {
                _session!.Rollback();
            }
            else
            {
                BeforeCommit?.Invoke();
                committing = true;
                _session!.Commit(head.Position, _batch, _options.HeldAtMost);
                AfterCommit?.Invoke();
            }
        }
        catch (Exception e)
        {
            if (!Settle(e, committing, appends))
                return;
        }
        Confirm(appends);
    }

    private void Confirm(List<Pending> appends)
    {
        _ask = false;
        if (_batch.Count > 0)
        {
            _batch.Keep();
            Volatile.Write(ref _commits, _commits + 1);
            Fresh.Add(_batch.Entries);
            _reached.Advance(_batch.Position);
            Instruments.Committed(appends.Count);
            _committed();
        }
        foreach (var append in appends)
            append.Confirm();
    }

    /// <summary>After a failure: true when it was written all the same. Otherwise answers the appends or puts them back.</summary>
    private bool Settle(Exception reason, bool committing, List<Pending> appends)
    {
        bool? written = false;
        if (committing && reason is not Overslept && !Trouble.IsAnswer(reason))
            written = LookUp();
        else
            Recover(reason);
        if (written == true)
            return true;
        _batch.Forget();
        if (written is null)
            FailAll(appends, Trouble.Unknown(reason));
        else if (Trouble.IsDuplicate(reason) && !_ask)
            PutBack(appends, ask: true);
        else if (Trouble.Passes(reason))
            PutBack(appends, ask: _ask);
        else
            FailAll(appends, reason as JournalUnavailableException ?? Trouble.NotWritten(reason));
        return false;
    }

    private void PutBack(List<Pending> appends, bool ask)
    {
        _ask = ask;
        _queue.PutBack(appends);
    }

    private void FailAll(List<Pending> appends, JournalUnavailableException reason)
    {
        _ask = false;
        foreach (var append in appends)
            append.Fail(reason);
    }

    /// <summary>
    /// After the connection was lost during a commit: was it written? Asks over a new connection, and under the head, since
    /// the lost transaction may still be at work until then. Null when the database did not answer for as long as the patience.
    /// </summary>
    private bool? LookUp()
    {
        var began = Stopwatch.GetTimestamp();
        do
        {
            Drop();
            try
            {
                _session = Session.Open(_connections, _batch, _seals);
                var (head, _, _) = _session.TakeHead();
                var there = _session.IsThere(_batch.Position, _batch.Hash);
                _session.Rollback();
                _reached.Advance(head.Position);
                return there;
            }
            catch (Exception e)
            {
                Recover(e);
            }
        }
        while (Stopwatch.GetElapsedTime(began) < _options.Patience);
        return null;
    }

    /// <summary>Brings the session back to where it can take the head, or drops it; after a while when the database is away.</summary>
    private void Recover(Exception reason)
    {
        if (_session is { InTransaction: true } session && Trouble.IsAnswer(reason) && Tidy(session.Rollback))
        {
            if (Trouble.IsLockTimeout(reason) && !Tidy(() => session.EndFrozenHolders(_options.HeldAtMost)))
                Drop();
            return;
        }
        Drop();
        if (reason is not Overslept)
            _never.Wait(Pause);
    }

    private void Drop()
    {
        if (_session is { } session)
            Tidy(session.Dispose);
        _session = null;
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
}
