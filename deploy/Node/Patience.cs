using System.Diagnostics;

namespace Coordination.Node;

/// <summary>Waits at the start for something that may come up later than this process, says so once, and not for ever.</summary>
internal sealed class Patience(string what, TimeSpan limit)
{
    /// <summary>How long a process waits for its database and its broker.</summary>
    public static readonly TimeSpan AtStart = TimeSpan.FromSeconds(60);

    private readonly long _began = Stopwatch.GetTimestamp();
    private bool _told;

    /// <exception cref="Refusal">The time is over.</exception>
    public async Task OrGiveUp(string why, TimeSpan pause, CancellationToken cancellation)
    {
        if (Stopwatch.GetElapsedTime(_began) > limit) throw new Refusal(Exit.Unavailable, $"{what} has not answered for {limit.TotalSeconds:0} s. ({why})");
        if (!_told) await Console.Error.WriteLineAsync($"{what} does not answer yet; waiting up to {limit.TotalSeconds:0} s. ({why})");
        _told = true;
        await Task.Delay(pause, TimeProvider.System, cancellation);
    }
}
