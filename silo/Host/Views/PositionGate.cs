namespace Coordination.Host.Views;

/// <summary>Lets readers wait until a position has been reached, without polling.</summary>
public sealed class PositionGate
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _position;

    public long Position => Volatile.Read(ref _position);

    public void Advance(long position)
    {
        TaskCompletionSource reached;
        lock (_lock)
        {
            Volatile.Write(ref _position, position);
            reached = _next;
            if (_waiting == 0) return;
            _waiting = 0;
            _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        reached.TrySetResult();
    }

    private int _waiting;

    /// <summary>Completes when the position is reached, or quietly after <paramref name="within"/>.</summary>
    public async Task Reach(long position, TimeSpan within, TimeProvider time, CancellationToken cancellation)
    {
        if (Position >= position) return;
        using var limit = new CancellationTokenSource(within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            while (true)
            {
                Task next;
                lock (_lock)
                {
                    if (_position >= position) return;
                    _waiting++;
                    next = _next.Task;
                }

                await next.WaitAsync(either.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The caller gets what there is.
        }
    }
}
