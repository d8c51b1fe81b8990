using System.Diagnostics;

namespace Coordination.Journal.Postgres;

/// <summary>
/// Appends that nothing has been written of yet, in the order in which they came. One that waits for longer than the patience
/// is answered by a timer, whatever the writer is doing.
/// </summary>
internal sealed class Queue : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    // Far below what PostgreSQL takes in one message, and soon written.
    private const long MostBytes = 16 << 20;
    private readonly object _lock = new();
    private readonly Queue<Pending> _again = new();
    private readonly Queue<Pending> _waiting = new();
    private readonly TimeSpan _patience;
    private readonly Timer _timer;
    private Exception? _trouble;
    private bool _idle;
    private bool _closed;

    public Queue(TimeSpan patience)
    {
        _patience = patience;
        _timer = new(_ => Expire(), null, Tick, Tick);
    }

    /// <summary>Why nothing goes on at present; told to those whose patience ends.</summary>
    public Exception? Trouble { get => Volatile.Read(ref _trouble); set => Volatile.Write(ref _trouble, value); }

    /// <exception cref="ObjectDisposedException">Closed.</exception>
    public void Add(Pending pending)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(PostgresStore));
            _waiting.Enqueue(pending);
            if (_idle)
                Monitor.Pulse(_lock);
        }
    }

    /// <summary>Blocks until something waits; false when nothing does and nothing will.</summary>
    public bool Wait()
    {
        lock (_lock)
        {
            while (_waiting.Count == 0 && _again.Count == 0)
            {
                if (_closed)
                    return false;
                _idle = true;
                Monitor.Wait(_lock);
                _idle = false;
            }
            return true;
        }
    }

    /// <summary>Moves what waits by now into <paramref name="batch"/>, at most <paramref name="most"/> and no more than is well sent at once.</summary>
    public void Take(List<Pending> batch, int most)
    {
        var bytes = 0L;
        lock (_lock)
        {
            while (batch.Count < most && bytes < MostBytes && (_again.TryDequeue(out var next) || _waiting.TryDequeue(out next)))
            {
                if (!next.IsCancelled())
                {
                    batch.Add(next);
                    bytes += next.Size;
                }
            }
        }
    }

    /// <summary>Of which nothing was written. They come before all others.</summary>
    public void PutBack(List<Pending> batch)
    {
        lock (_lock)
        {
            foreach (var pending in batch)
                _again.Enqueue(pending);
        }
    }

    /// <summary>Refuses everything that waits by now.</summary>
    public void FailAll(JournalUnavailableException reason)
    {
        var refused = new List<Pending>();
        lock (_lock)
        {
            refused.AddRange(_again);
            refused.AddRange(_waiting);
            _again.Clear();
            _waiting.Clear();
        }
        foreach (var pending in refused)
            pending.Fail(reason);
    }

    /// <summary>Takes nothing in any more.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            Monitor.PulseAll(_lock);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Expire()
    {
        var expired = new List<Pending>();
        lock (_lock)
        {
            foreach (var queue in (Queue<Pending>[])[_again, _waiting])
            {
                while (queue.TryPeek(out var oldest) && Stopwatch.GetElapsedTime(oldest.Since) > _patience)
                    expired.Add(queue.Dequeue());
            }
        }
        if (expired.Count == 0)
            return;
        var reason = Postgres.Trouble.NotWritten(Trouble ?? new TimeoutException("The database did not come to it in time."));
        foreach (var pending in expired)
            pending.Fail(reason);
    }
}
