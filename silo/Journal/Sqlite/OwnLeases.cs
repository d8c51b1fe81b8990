using System.Collections.Concurrent;

namespace Coordination.Journal.Sqlite;

/// <summary>Leases of a store that one process alone has open: the first who asks keeps what it asked for until it gives it back.</summary>
internal sealed class OwnLeases : ILeases
{
    private readonly ConcurrentDictionary<string, string> _holders = new(StringComparer.Ordinal);

    public Task<bool> Hold(string lease, string holder, TimeSpan length, CancellationToken cancellation = default) =>
        Task.FromResult(_holders.GetOrAdd(lease, holder) == holder);

    public Task Release(string lease, string holder, CancellationToken cancellation = default)
    {
        _holders.TryRemove(KeyValuePair.Create(lease, holder));
        return Task.CompletedTask;
    }

    public Task<string?> Holder(string lease, CancellationToken cancellation = default) => Task.FromResult(_holders.GetValueOrDefault(lease));
}
