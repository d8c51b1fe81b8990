using System.Threading.RateLimiting;
using Coordination.Gateway.Sessions;

namespace Coordination.Gateway.Http;

/// <summary>
/// Keeps whoever goes on after "too many" waiting for the next answer. Refusing at once as often as somebody asks would take a processor from
/// those who work; one who waits asks no more meanwhile. A person, and a program that heeds <c>Retry-After</c>, never notices.
/// </summary>
public sealed class Unhurried(TimeProvider time, IHostApplicationLifetime lifetime) : IDisposable
{
    /// <summary>Refusals that an account is given at once, and all strangers together.</summary>
    private const int AtOnce = 60;
    private const int AtOncePerSecond = 5;

    /// <summary>
    /// Who wait at a time; beyond it one is refused at once again. Each keeps some 20 KiB, which the collector of memory has to carry from one
    /// generation to the next: many short waits cost everybody longer pauses than few long ones.
    /// </summary>
    private const int MostWaiting = 2_000;

    /// <summary>Of strangers. A stranger has as many addresses as it likes, and need not wait for one answer before the next try.</summary>
    private const int MostStrangersWaiting = 200;

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(50);

    private readonly PartitionedRateLimiter<string> _atOnce = RateLimits.Buckets(AtOnce, AtOncePerSecond);
    private readonly Places _ofAccounts = new(MostWaiting);
    private readonly Places _ofStrangers = new(MostStrangersWaiting);

    public void Dispose() => _atOnce.Dispose();

    /// <summary>What this request is refused for is said at once: others wait for it.</summary>
    public static void Hurry(HttpContext http) => http.Items[typeof(Unhurried)] = true;

    /// <summary>Ends when the refusal may be sent.</summary>
    public async Task Wait(HttpContext http)
    {
        if (http.Items.ContainsKey(typeof(Unhurried))) return;
        var isStranger = http.KeptSession() is null;
        using var now = _atOnce.AttemptAcquire(isStranger ? "" : http.Account());
        if (now.IsAcquired) return;
        var places = isStranger ? _ofStrangers : _ofAccounts;
        // A gateway that is asked to end does not wait for them.
        using var over = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            if (places.Take()) await Task.Delay(Pause(), time, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            places.GiveBack();
        }
    }

    /// <summary>A different one each time: those who were refused together do not come again together.</summary>
    private static TimeSpan Pause() => Shortest + (Random.Shared.NextDouble() * (Longest - Shortest));

    private sealed class Places(int most)
    {
        private int _taken;

        /// <summary>Whether there was one. Each is given back, also one that there was not.</summary>
        public bool Take() => Interlocked.Increment(ref _taken) <= most;

        public void GiveBack() => Interlocked.Decrement(ref _taken);
    }
}
