using Coordination.Contracts.Messages;
using Polly;

namespace Coordination.Host.Reactors;

/// <summary>The changes that a reactor goes through.</summary>
public interface IChanges
{
    /// <summary>Position of the last one.</summary>
    long Position { get; }

    /// <summary>All after a position, in order and without a hole, in parts of at most <paramref name="limit"/>; waits for what is to come.</summary>
    IAsyncEnumerable<Changed[]> After(long position, int limit, CancellationToken cancellation);
}

/// <summary>
/// The way of one reactor through the journal, from its mark on. What it yields for some changes is stored in the transaction that moves the mark
/// over them, and only if the mark stands where it was read (that is the fence): whatever crashes, is repeated or runs twice, each change is
/// gone over once. One step at a time.
/// </summary>
public abstract class Course(IChanges changes, ResiliencePipeline journal) : IDisposable
{
    private const int Most = 500;
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Where the mark stood when last seen from here; null when that is to be asked.</summary>
    private long? _mark;

    /// <summary>Goes as far as a position, when the mark is not there yet.</summary>
    public Task GoTo(long position, CancellationToken cancellation) => Go((_, _) => new(position), anew: false, cancellation);

    /// <summary>Goes on and on while it may.</summary>
    public Task GoOn(Func<bool> may, CancellationToken cancellation) => Insist(stop => Walk(long.MaxValue, may, stop), cancellation);

    public void Dispose()
    {
        _one.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Goes as far as is said once it is known where the mark stands.</summary>
    /// <param name="target">Is told the mark.</param>
    /// <param name="anew">Asks where the mark stands by now, because another silo may have moved it.</param>
    /// <param name="cancellation">Gives up.</param>
    protected Task Go(Func<long, CancellationToken, ValueTask<long>> target, bool anew, CancellationToken cancellation) => Insist(
        async stop =>
        {
            if (anew) _mark = null;
            _mark ??= await ReadMark(stop);
            if (await target(_mark.Value, stop) is var position && position > _mark) await Walk(position, static () => true, stop);
        },
        cancellation);

    protected abstract ValueTask<long> ReadMark(CancellationToken cancellation);

    /// <summary>Stores what comes of the changes after the mark and moves it over them.</summary>
    /// <returns>False, and nothing is stored, when the mark does not stand at <paramref name="after"/>.</returns>
    protected abstract Task<bool> Put(long after, Changed[] items, CancellationToken cancellation);

    private async Task Walk(long position, Func<bool> may, CancellationToken cancellation)
    {
        _mark ??= await ReadMark(cancellation);
        await foreach (var items in changes.After(_mark.Value, Most, cancellation))
        {
            if (!may()) return;
            if (!await Put(_mark.Value, items, cancellation)) throw new OvertakenException();
            _mark = items[^1].Position;
            if (_mark >= position) return;
        }
    }

    private async Task Insist(Func<CancellationToken, Task> step, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            await journal.ExecuteAsync(
                async stop =>
                {
                    try
                    {
                        await step(stop);
                    }
                    catch
                    {
                        // Whether it was written before the connection broke is asked afterwards.
                        _mark = null;
                        throw;
                    }
                },
                cancellation);
        }
        finally
        {
            _one.Release();
        }
    }
}

/// <summary>Somebody else has moved the mark meanwhile.</summary>
public sealed class OvertakenException : Exception;
