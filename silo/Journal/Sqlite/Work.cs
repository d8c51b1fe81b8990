namespace Coordination.Journal.Sqlite;

/// <summary>A write that waits for its turn, and the caller who waits for its answer.</summary>
internal abstract class Work(CancellationToken cancellation)
{
    /// <summary>True, and answered so, when the caller gave up before the writer came to it.</summary>
    public bool IsCancelled()
    {
        if (!cancellation.IsCancellationRequested)
            return false;
        Cancel(cancellation);
        return true;
    }

    /// <summary>Carries it out inside the transaction. The answer is kept until the transaction is on disk.</summary>
    public abstract void Apply(Batch batch);

    public abstract void Confirm();

    public abstract void Fail(Exception reason);

    protected abstract void Cancel(CancellationToken cancellation);
}

internal sealed class Work<T>(Func<Batch, T> apply, CancellationToken cancellation) : Work(cancellation)
{
    // A caller's continuation must not run on the writer's thread.
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;
    private JournalUnavailableException? _refused;

    public Task<T> Answer => _answer.Task;

    public override void Apply(Batch batch)
    {
        try
        {
            _result = apply(batch);
        }
        catch (JournalUnavailableException e) when (e.BrokenAt is not null)
        {
            // Refused before it changed anything: its neighbours go through.
            _refused = e;
        }
    }

    public override void Confirm()
    {
        if (_refused is null)
            _answer.TrySetResult(_result!);
        else
            _answer.TrySetException(_refused);
    }

    public override void Fail(Exception reason) => _answer.TrySetException(reason);

    protected override void Cancel(CancellationToken cancellation) => _answer.TrySetCanceled(cancellation);
}

/// <summary>Rewrites the file; see <see cref="Batch.Vacuum"/>. SQLite does so outside of any transaction.</summary>
internal sealed class Compaction(CancellationToken cancellation) : Work(cancellation)
{
    private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Answer => _answer.Task;

    public override void Apply(Batch batch) => throw new InvalidOperationException("A compaction is no part of a transaction.");

    public override void Confirm() => _answer.TrySetResult();

    public override void Fail(Exception reason) => _answer.TrySetException(reason);

    protected override void Cancel(CancellationToken cancellation) => _answer.TrySetCanceled(cancellation);
}
