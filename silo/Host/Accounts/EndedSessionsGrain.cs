using Coordination.Contracts.Accounts;

namespace Coordination.Host.Accounts;

/// <summary>Remembers for as long as a gateway may be away from it. What it forgets when its silo dies, gateways find out: they ask for all once one call of theirs has failed.</summary>
public sealed class EndedSessionsGrain(TimeProvider time) : Grain, IEndedSessionsGrain
{
    private static readonly TimeSpan Told = TimeSpan.FromSeconds(30);
    private readonly Dictionary<EndedSession, DateTimeOffset> _ended = [];

    public Task Note(EndedSession[] sessions)
    {
        foreach (var session in sessions) _ended[session] = time.GetUtcNow();
        return Task.CompletedTask;
    }

    public Task<EndedSession[]> Lately()
    {
        var since = time.GetUtcNow() - Told;
        foreach (var (session, _) in _ended.Where(pair => pair.Value < since).ToList()) _ended.Remove(session);
        return Task.FromResult<EndedSession[]>([.. _ended.Keys]);
    }
}
