using System.Threading.RateLimiting;
using Coordination.Gateway.Sessions;

namespace Coordination.Gateway.Http;

/// <summary>
/// Keeps whoever goes on after "too many" waiting for the next answer. Refusing at once as often as somebody asks would take a processor from
/// those who work; one who waits asks no more meanwhile. Counted for an account, and for the site that strangers come from, so that nobody waits
/// for what others do elsewhere. A person, and a program that heeds <c>Retry-After</c> with all that it sends, never notices.
/// </summary>
public sealed class Unhurried(TimeProvider time, IHostApplicationLifetime lifetime) : IDisposable
{
    /// <summary>Refusals that an account, or a site of strangers, is given at once.</summary>
    private const int AtOnce = 60;
    private const int AtOncePerSecond = 5;

    /// <summary>Long, since what waits keeps some 20 KiB, which the collector of memory carries from one generation to the next: many short waits cost everybody longer pauses than few long ones.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(15);

    /// <summary>Sooner than proxies give a gateway up, which many do after 30 seconds.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(28);

    private readonly PartitionedRateLimiter<string> _atOnce = RateLimits.Buckets(AtOnce, AtOncePerSecond);
    private readonly Places _ofAccounts = new(2_000);

    /// <summary>Few: a stranger has as many addresses as it likes, and need not wait for one answer before the next try.</summary>
    private readonly Places _ofStrangers = new(200);

    public void Dispose()
    {
        _atOnce.Dispose();
        _ofAccounts.Dispose();
        _ofStrangers.Dispose();
    }

    /// <summary>What this request is refused for is said at once: others wait for it.</summary>
    public static void Hurry(HttpContext http) => http.Items[typeof(Unhurried)] = true;

    /// <summary>Ends when the refusal may be sent.</summary>
    /// <returns>How long that took.</returns>
    public async ValueTask<TimeSpan> Wait(HttpContext http)
    {
        if (http.Items.ContainsKey(typeof(Unhurried))) return TimeSpan.Zero;
        var (who, places) = http.KeptSession() is null ? (SessionCookie.From(http).Site, _ofStrangers) : (http.Account(), _ofAccounts);
        using var now = _atOnce.AttemptAcquire(who);
        if (now.IsAcquired) return TimeSpan.Zero;
        using var place = places.Take(who);
        if (place is null) return TimeSpan.Zero;
        var began = time.GetTimestamp();
        // A gateway that is asked to end does not wait for them.
        using var over = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        await Task.Delay(PauseFor(http), time, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return time.GetElapsedTime(began);
    }

    /// <summary>A different one each time: those who were refused together do not come again together. Who says how long it waits is answered within that.</summary>
    private static TimeSpan PauseFor(HttpContext http)
    {
        var pause = Shortest + (Random.Shared.NextDouble() * (Longest - Shortest));
        return http.Request.Headers.ContainsKey(Deadline.Header) && http.Features.Get<Deadline>() is { Left: var left } && left < pause ? left / 2 : pause;
    }

    /// <summary>How many may wait at a time; beyond it one is refused at once again. Half of them may be of one account or site.</summary>
    private sealed class Places(int most) : IDisposable
    {
        private readonly PartitionedRateLimiter<string> _all = RateLimits.Turns(most);
        private readonly PartitionedRateLimiter<string> _ofOne = RateLimits.Turns(most / 2);

        public void Dispose()
        {
            _all.Dispose();
            _ofOne.Dispose();
        }

        /// <summary>A place, to be given back; null when there is none.</summary>
        public IDisposable? Take(string who)
        {
            var ofOne = _ofOne.AttemptAcquire(who);
            var ofAll = ofOne.IsAcquired ? _all.AttemptAcquire("") : ofOne;
            if (ofAll.IsAcquired) return new Taken(ofOne, ofAll);
            ofOne.Dispose();
            return null;
        }

        private sealed class Taken(RateLimitLease ofOne, RateLimitLease ofAll) : IDisposable
        {
            public void Dispose()
            {
                ofAll.Dispose();
                ofOne.Dispose();
            }
        }
    }
}
