using Coordination.Contracts.Accounts;

namespace Coordination.Host.Accounts;

/// <summary>Remembers for as long as a gateway may be away from it; what it forgets when its silo dies, gateways have asked for by then.</summary>
public sealed class SessionsGrain(TimeProvider time) : Grain, ISessionsGrain
{
    private static readonly TimeSpan Told = TimeSpan.FromSeconds(30);
    private readonly Dictionary<string, DateTimeOffset> _ended = new(StringComparer.Ordinal);

    public Task End(string session)
    {
        _ended[session] = time.GetUtcNow();
        return Task.CompletedTask;
    }

    public Task<string[]> Ended()
    {
        var since = time.GetUtcNow() - Told;
        foreach (var (session, _) in _ended.Where(pair => pair.Value < since).ToList()) _ended.Remove(session);
        return Task.FromResult<string[]>([.. _ended.Keys]);
    }
}
