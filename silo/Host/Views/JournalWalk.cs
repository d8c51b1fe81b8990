namespace Coordination.Host.Views;

/// <summary>
/// Walks the hash chain for whoever asks. There is one walk at a time: who comes during it gets its result, and it ends when nobody waits for it any more. When the chain
/// breaks, appends stop, as when the platform finds it by itself. Safe for concurrent use.
/// </summary>
/// <remarks>
/// Whoever is signed in may ask, as often as they like. So a journal that is not walked at once costs at most half of one processor, and whoever asks again gets
/// what the last walk came to for as long as that is recent.
/// </remarks>
public sealed class JournalWalk(IJournal journal, ITrust trust, TimeProvider time)
{
    /// <summary>So many entries take a fraction of a second: they are walked without a rest and each time anew.</summary>
    public const int Short = 20_000;

    /// <summary>How long the result of a longer walk is told again.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(10);

    /// <summary>Shorter rests would not be worth their price.</summary>
    private static readonly TimeSpan Work = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private Walk? _walk;
    private Walked? _last;

    /// <returns>What the walk came to, and when it ended.</returns>
    public async Task<(Verification Verification, DateTimeOffset At)> Verify(CancellationToken cancellation)
    {
        if (await Last(cancellation) is { } last) return (last.Verification, last.At);
        Walk walk;
        lock (_lock)
        {
            if (_walk is null || _walk.Result.IsCompleted || _walk.Stop.IsCancellationRequested)
            {
                var stop = new CancellationTokenSource();
                _walk = new(Task.Run(() => Go(stop.Token), CancellationToken.None), stop);
            }

            walk = _walk;
            walk.Waiting++;
        }

        try
        {
            var walked = await walk.Result.WaitAsync(cancellation);
            return (walked.Verification, walked.At);
        }
        finally
        {
            lock (_lock)
            {
                walk.Waiting--;
                if (walk.Waiting == 0 && !walk.Result.IsCompleted) walk.Stop.Cancel();
            }
        }
    }

    /// <summary>What the last walk over a long journal came to, unless it is long ago or much was written since.</summary>
    private async Task<Walked?> Last(CancellationToken cancellation)
    {
        Walked? last;
        lock (_lock) last = _last;
        return last is not null && time.GetUtcNow() - last.At is var age && age >= TimeSpan.Zero && age < Recent
            && (await journal.ReadHead(cancellation)).Position is var head && head >= last.Verification.Entries && head - last.Verification.Entries <= Short
            ? last
            : null;
    }

    private async Task<Walked> Go(CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var found = await trust.Verify(
            ChainPlace.Origin,
            async reached =>
            {
                var took = time.GetElapsedTime(began);
                if (reached.Position <= Short || took < Work) return;
                await Task.Delay(took, TimeProvider.System, cancellation);
                began = time.GetTimestamp();
            },
            cancellation);
        if (found.BrokenAt is { } position) await trust.Stop(Break.OfChain(position), CancellationToken.None);
        var walked = new Walked(found, time.GetUtcNow());
        lock (_lock) _last = found.BrokenAt is null && found.Entries > Short ? walked : null;
        return walked;
    }

    private sealed record Walked(Verification Verification, DateTimeOffset At);

    /// <param name="result">What it comes to.</param>
    /// <param name="stop">Ends it.</param>
    private sealed class Walk(Task<Walked> result, CancellationTokenSource stop)
    {
        public Task<Walked> Result => result;

        public CancellationTokenSource Stop => stop;

        /// <summary>How many wait for it.</summary>
        public int Waiting { get; set; }
    }
}
