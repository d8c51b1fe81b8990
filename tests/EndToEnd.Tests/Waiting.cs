using System.Diagnostics;

namespace Coordination.EndToEnd.Tests;

/// <summary>Waits for what another process does by itself, and when it does not come says for what.</summary>
internal static class Waiting
{
    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Asks again and again until the answer is yes; fails with the last answer.</summary>
    /// <param name="ask">Answers null when it is so, else what is still missing.</param>
    public static async Task Until(string what, TimeSpan within, Func<Task<string?>> ask)
    {
        var began = Stopwatch.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await ask() is { } missing)
        {
            if (Stopwatch.GetElapsedTime(began) > within) Assert.Fail($"Waited {within.TotalSeconds} s in vain: {what}. Missing: {missing}");
            await tick.WaitForNextTickAsync(Cancellation);
        }
    }

    public static void Say(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
