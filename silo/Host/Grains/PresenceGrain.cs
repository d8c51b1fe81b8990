using Coordination.Contracts.Groups;
using Orleans.Concurrency;

namespace Coordination.Host.Grains;

/// <summary>Who is connected now, gateway by gateway. Forgets a gateway that has been silent for 30 s.</summary>
[Reentrant]
public sealed class PresenceGrain(TimeProvider time) : Grain, IPresenceGrain
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);
    private readonly Dictionary<string, (Presence Here, DateTimeOffset At)> _gateways = new(StringComparer.Ordinal);

    public Task<Presence> Renew(string gateway, Presence here)
    {
        _gateways[gateway] = (here, time.GetUtcNow());
        return Get();
    }

    public Task<Presence> Get()
    {
        var since = time.GetUtcNow() - Silence;
        foreach (var (gateway, _) in _gateways.Where(pair => pair.Value.At < since).ToList()) _gateways.Remove(gateway);
        var all = _gateways.Values.Select(pair => pair.Here).ToList();
        return Task.FromResult(new Presence(
            [.. all.SelectMany(here => here.Online).Distinct().Order(StringComparer.Ordinal)],
            all.SelectMany(here => here.Groups)
                .GroupBy(pair => pair.Key)
                .ToDictionary(group => group.Key, group => group.SelectMany(pair => pair.Value).Distinct().Order(StringComparer.Ordinal).ToArray())));
    }
}
