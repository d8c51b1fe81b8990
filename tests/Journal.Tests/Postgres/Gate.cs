using Coordination.Journal.Postgres;

namespace Coordination.Journal.Tests.Postgres;

/// <summary>Holds a store's writer up once, where it holds the head and has decided what to write.</summary>
internal sealed class Gate : IDisposable
{
    private readonly ManualResetEventSlim _open = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Gate(PostgresStore store)
    {
        var cancellation = Waiting.Cancellation;
        store.Writer.BeforeCommit = () =>
        {
            store.Writer.BeforeCommit = null;
            _closed.TrySetResult();
            _open.Wait(cancellation);
        };
    }

    public Task Closed => Waiting.Until(_closed.Task, "the writer to reach the gate");

    /// <summary>
    /// Starts writes while the writer is held up with one append of its own, to the stream <c>gate</c>, so that they wait
    /// together. They come back ended, in order.
    /// </summary>
    public static async Task<Task<T>[]> Together<T>(PostgresStore store, int count, Func<int, Task<T>> write)
    {
        using var gate = new Gate(store);
        var own = store.Journal.MustAppend(Facts.To($"gate/{Guid.NewGuid():N}", 0));
        await gate.Closed;
        Task<T>[] started = [.. Enumerable.Range(0, count).Select(write)];
        gate.Open();
        await own;
        await Waiting.Until(
            Task.WhenAll(started).ContinueWith(_ => { }, Waiting.Cancellation, TaskContinuationOptions.None, TaskScheduler.Default),
            $"{count} writes handed in together");
        return started;
    }

    public void Open() => _open.Set();

    public void Dispose() => _open.Set();
}
