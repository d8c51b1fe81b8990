namespace Coordination.Journal;

/// <summary>How far a journal reaches, and a way to wait until it reaches further. Safe for concurrent use.</summary>
internal sealed class Reach
{
    private readonly Lock _advancing = new();
    private TaskCompletionSource _further = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _position;
    private bool _closed;

    public long Position => Volatile.Read(ref _position);

    /// <summary>Called only with what is on disk. A position that is not further changes nothing.</summary>
    public void Advance(long position)
    {
        lock (_advancing)
        {
            if (_closed || position <= _position)
                return;
            // First the position: who finds the new task finds the new position too.
            Volatile.Write(ref _position, position);
            Interlocked.Exchange(ref _further, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        }
    }

    /// <summary>Ends every wait, now and later, with <see cref="ObjectDisposedException"/>.</summary>
    public void Close()
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        closed.SetException(new ObjectDisposedException(nameof(IJournal), "The journal was closed."));
        _ = closed.Task.Exception; // observed here, since nobody may be waiting
        lock (_advancing)
        {
            _closed = true;
            var current = Interlocked.Exchange(ref _further, closed);
            current.TrySetException(closed.Task.Exception!.InnerExceptions);
            _ = current.Task.Exception;
        }
    }

    public Task WaitBeyond(long position, CancellationToken cancellation)
    {
        if (Position > position)
            return Task.CompletedTask;
        return Wait(position, cancellation);
    }

    private async Task Wait(long position, CancellationToken cancellation)
    {
        while (true)
        {
            var further = Volatile.Read(ref _further).Task;
            if (Position > position)
                return;
            await further.WaitAsync(cancellation);
        }
    }
}
