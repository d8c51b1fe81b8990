using System.Diagnostics;
using Polly;

namespace Coordination.Node;

/// <summary>Waits at the start for something that may come up later than this process, says so once, and not for ever.</summary>
internal sealed class Patience(string what, TimeSpan limit)
{
    /// <summary>How long a process waits for its database and its broker.</summary>
    public static readonly TimeSpan AtStart = TimeSpan.FromSeconds(60);

    /// <summary>Between two tries.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly long _began = Stopwatch.GetTimestamp();
    private bool _told;

    /// <summary>Tries until it is done.</summary>
    /// <param name="why">What an exception says of something that may come up yet; null for one that is thrown on.</param>
    /// <exception cref="Refusal">The time is over.</exception>
    public async Task<T> Until<T>(Func<CancellationToken, Task<T>> attempt, Func<Exception, string?> why, CancellationToken cancellation) =>
        await new ResiliencePipelineBuilder().AddRetry(new()
        {
            ShouldHandle = tried => new(tried.Outcome.Exception is { } exception && why(exception) is not null),
            MaxRetryAttempts = int.MaxValue,
            Delay = Pause,
            OnRetry = tried => OrGiveUp(why(tried.Outcome.Exception!)!),
        }).Build().ExecuteAsync(async ending => await attempt(ending), cancellation);

    /// <summary>Goes on, or not, after a try that another tries again.</summary>
    /// <exception cref="Refusal">The time is over.</exception>
    public async ValueTask OrGiveUp(string why)
    {
        if (Stopwatch.GetElapsedTime(_began) > limit) throw new Refusal(Exit.Unavailable, $"{what} has not answered for {limit.TotalSeconds:0} s. ({why})");
        if (!_told) await Console.Error.WriteLineAsync($"{what} does not answer yet; waiting up to {limit.TotalSeconds:0} s. ({why})");
        _told = true;
    }
}
