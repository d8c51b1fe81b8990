namespace Coordination.Journal;

/// <summary>
/// The position that something has reached, and a way to wait without polling until it reaches another (read-your-writes). Safe
/// for concurrent use.
/// </summary>
public sealed class PositionWaiter
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _position;
    private bool _awaited;
    private bool _closed;

    public long Position => Volatile.Read(ref _position);

    /// <summary>A position that is not further changes nothing.</summary>
    public void Advance(long position)
    {
        TaskCompletionSource reached;
        lock (_lock)
        {
            if (_closed || position <= _position)
                return;
            Volatile.Write(ref _position, position);
            // Most advances wake nobody and make nothing new.
            if (!_awaited)
                return;
            _awaited = false;
            reached = _next;
            _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        reached.TrySetResult();
    }

    /// <summary>Ends every wait, now and later, with <see cref="ObjectDisposedException"/>.</summary>
    /// <param name="reason">The message of the exception.</param>
    public void Close(string reason)
    {
        lock (_lock)
        {
            _closed = true;
            _next.TrySetException(new ObjectDisposedException(nameof(PositionWaiter), reason));
            _ = _next.Task.Exception; // observed here, since nobody may be waiting
        }
    }

    /// <summary>Completes at once when the position is beyond <paramref name="position"/>, else as soon as it is.</summary>
    public Task WaitBeyond(long position, CancellationToken cancellation) => Position > position ? Task.CompletedTask : Wait(position, cancellation);

    /// <summary>Completes when <paramref name="position"/> is reached, or quietly after <paramref name="within"/>: then the caller gets what there is.</summary>
    public async Task WaitFor(long position, TimeSpan within, TimeProvider time, CancellationToken cancellation)
    {
        if (Position >= position)
            return;
        using var limit = new CancellationTokenSource(within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await Wait(position - 1, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The time is over.
        }
    }

    private async Task Wait(long beyond, CancellationToken cancellation)
    {
        while (true)
        {
            Task next;
            lock (_lock)
            {
                if (_position > beyond)
                    return;
                _awaited = true;
                next = _next.Task;
            }
            await next.WaitAsync(cancellation);
        }
    }
}
