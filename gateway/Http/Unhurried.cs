using System.Threading.RateLimiting;
using Coordination.Gateway.Sessions;

namespace Coordination.Gateway.Http;

/// <summary>
/// Keeps whoever goes on after "too many" waiting for the next answer. Refusing at once as often as somebody asks would take a processor from
/// those who work; one who waits asks no more meanwhile. A person, and a program that heeds <c>Retry-After</c>, never notices.
/// </summary>
public sealed class Unhurried(TimeProvider time) : IDisposable
{
    /// <summary>Refusals that an account is given at once, and all strangers together.</summary>
    private const int AtOnce = 60;
    private const int AtOncePerSecond = 5;

    /// <summary>Who wait at a time. Each takes some 15 KiB; beyond it one is refused at once again.</summary>
    private const int MostWaiting = 2_000;

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly PartitionedRateLimiter<string> _atOnce = RateLimits.Buckets(AtOnce, AtOncePerSecond);
    private int _waiting;

    public void Dispose() => _atOnce.Dispose();

    /// <summary>What this request is refused for is said at once: others wait for it.</summary>
    public static void Hurry(HttpContext http) => http.Items[typeof(Unhurried)] = true;

    /// <summary>Ends when the refusal may be sent.</summary>
    public async Task Wait(HttpContext http)
    {
        if (http.Items.ContainsKey(typeof(Unhurried))) return;
        using var now = _atOnce.AttemptAcquire(http.KeptSession() is null ? "" : http.Account());
        if (now.IsAcquired) return;
        try
        {
            if (Interlocked.Increment(ref _waiting) <= MostWaiting) await Task.Delay(Pause(), time, http.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // Gone: there is nobody left to tell.
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>A different one each time: those who were refused together do not come again together.</summary>
    private static TimeSpan Pause() => Shortest + (Random.Shared.NextDouble() * (Longest - Shortest));
}
