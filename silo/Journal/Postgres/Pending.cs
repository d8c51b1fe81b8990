using System.Diagnostics;

namespace Coordination.Journal.Postgres;

/// <summary>An append that waits for its turn, and the caller who waits for its answer.</summary>
/// <remarks>A caller's continuation must not run on the writer's thread.</remarks>
internal sealed class Pending(PreparedAppend append, CancellationToken cancellation)
    : TaskCompletionSource<AppendOutcome>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public PreparedAppend Prepared => append;

    public Append Append => append.Append;

    /// <summary>By the monotonic clock of <see cref="Stopwatch"/>.</summary>
    public long Since { get; } = Stopwatch.GetTimestamp();

    /// <summary>About so many bytes go to the database.</summary>
    public long Size => append.Entries.Sum(static one => (long)one.Entry.Audience.Length + one.Entry.Data.Length + (one.Entry.Texts?.Length ?? 0));

    /// <summary>What it comes to when the transaction is committed.</summary>
    public AppendOutcome? Outcome { get; set; }

    /// <summary>Why it comes to nothing, while its neighbours go through; null when it has an outcome.</summary>
    public JournalUnavailableException? Refused { get; set; }

    /// <summary>True, and answered so, when the caller gave up before the writer came to it.</summary>
    public bool IsCancelled() => cancellation.IsCancellationRequested && TrySetCanceled(cancellation);

    public void Confirm()
    {
        if (Refused is { } reason)
            Fail(reason);
        else
            TrySetResult(Outcome!);
    }

    public void Fail(Exception reason) => TrySetException(reason);
}
