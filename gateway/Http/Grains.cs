using System.Collections.Concurrent;
using Coordination.Contracts.Feed;

namespace Coordination.Gateway.Http;

/// <summary>
/// References to grains that every write asks, kept. The factory looks an interface up by reflection each time it makes one,
/// which costs about as much as the call itself.
/// </summary>
public sealed class Grains(IGrainFactory factory)
{
    /// <summary>A reference is a name and takes some hundred bytes; beyond this many it is begun anew.</summary>
    private const int Most = 20_000;

    private readonly ConcurrentDictionary<(Type Noun, string Id), IGrain> _kept = new();
    private IVisibilityGrain? _visibility;

    /// <summary>Made when first asked for: a gateway that has not met its cluster yet knows no grains.</summary>
    public IVisibilityGrain Visibility => _visibility ??= factory.GetGrain<IVisibilityGrain>(0);

    public T Of<T>(string id)
        where T : IGrainWithStringKey
    {
        if (_kept.TryGetValue((typeof(T), id), out var kept)) return (T)kept;
        if (_kept.Count >= Most) _kept.Clear();
        var grain = factory.GetGrain<T>(id);
        _kept[(typeof(T), id)] = grain;
        return grain;
    }
}
