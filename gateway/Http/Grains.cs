using System.Collections.Concurrent;
using Coordination.Contracts.Feed;

namespace Coordination.Gateway.Http;

/// <summary>
/// References to grains, kept. The factory looks an interface up by reflection each time it makes one, which costs about as much as the call
/// itself. Made when first asked for: a gateway that has not met its cluster yet knows no grains.
/// </summary>
public sealed class Grains(IGrainFactory factory)
{
    /// <summary>A reference is a name and takes some hundred bytes; beyond this many it is begun anew.</summary>
    private const int Most = 20_000;

    private readonly ConcurrentDictionary<(Type Noun, string Id), IGrain> _named = new();
    private readonly ConcurrentDictionary<(Type Noun, long Id), IGrain> _numbered = new();

    public IVisibilityGrain Visibility => Of<IVisibilityGrain>(0);

    public T Of<T>(string id)
        where T : IGrainWithStringKey
    {
        if (_named.TryGetValue((typeof(T), id), out var kept)) return (T)kept;
        if (_named.Count >= Most) _named.Clear();
        var grain = factory.GetGrain<T>(id);
        _named[(typeof(T), id)] = grain;
        return grain;
    }

    /// <param name="id">One of a few: these are never forgotten.</param>
    public T Of<T>(long id)
        where T : IGrainWithIntegerKey
    {
        if (_numbered.TryGetValue((typeof(T), id), out var kept)) return (T)kept;
        var grain = factory.GetGrain<T>(id);
        _numbered[(typeof(T), id)] = grain;
        return grain;
    }
}
