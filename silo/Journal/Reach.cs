namespace Coordination.Journal;

/// <summary>How far a journal reaches, and a way to wait until it reaches further.</summary>
internal sealed class Reach
{
    private TaskCompletionSource _further = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _position;

    public long Position => Volatile.Read(ref _position);

    /// <summary>Called by one writer only, and only with what is on disk.</summary>
    public void Advance(long position)
    {
        if (position <= _position)
            return;
        // First the position: who finds the new task finds the new position too.
        Volatile.Write(ref _position, position);
        Interlocked.Exchange(ref _further, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>Ends every wait, now and later, with <see cref="ObjectDisposedException"/>.</summary>
    public void Close()
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var current = Interlocked.Exchange(ref _further, closed);
        foreach (var waited in (TaskCompletionSource[])[closed, current])
        {
            waited.TrySetException(new ObjectDisposedException(nameof(IJournal), "The journal was closed."));
            _ = waited.Task.Exception; // observed here, since nobody may be waiting
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
