using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Coordination.Contracts.Accounts;
using Coordination.Gateway.Http;

namespace Coordination.Gateway.Sessions;

/// <summary>
/// Whether the session that a cookie names is alive. The account's grain knows; what it said is believed here for half a second, so that a
/// session that has ended anywhere is dead everywhere within one.
/// </summary>
public sealed class KnownSessions(Grains grains, Silos silos, TimeProvider time)
{
    private static readonly TimeSpan Believed = TimeSpan.FromMilliseconds(500);

    /// <summary>While no silo answers, as when the one that has the grain has just died, whoever was alive a moment ago goes on.</summary>
    private static readonly TimeSpan BelievedInDoubt = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, (Session Session, long At, bool Attended)> _known = new(StringComparer.Ordinal);

    /// <summary>What this gateway has heard to have ended: no answer that was on its way counts against it.</summary>
    private readonly ConcurrentDictionary<string, long> _ended = new(StringComparer.Ordinal);
    private long _swept = time.GetTimestamp();

    /// <summary>The session, or null when it has ended.</summary>
    /// <param name="address">Where its person uses it from; null when nobody does, which keeps no session open.</param>
    public async ValueTask<Session?> Of(string account, string id, IPAddress? address)
    {
        if (_ended.ContainsKey(id)) return null;
        var known = _known.TryGetValue(id, out var found);
        // What was asked for nobody has kept it open for nobody.
        if (known && time.GetElapsedTime(found.At) < Believed && (address is null || found.Attended)) return found.Session;
        Session? session;
        var asked = time.GetTimestamp();
        try
        {
            var network = address is null ? null : NetworkOf(address);
            session = await silos.Ask(() => grains.Of<IAccountSessionsGrain>(account).Use(id, network));
        }
        catch (Exception exception) when (known && Silos.AreAway(exception) && time.GetElapsedTime(found.At) < BelievedInDoubt)
        {
            return _ended.ContainsKey(id) ? null : found.Session;
        }

        if (session is null) _known.TryRemove(id, out _);
        else _known[id] = (session, asked, address is not null);
        Sweep();
        return _ended.ContainsKey(id) ? null : session;
    }

    /// <summary>It has changed: the next request asks.</summary>
    public void Forget(string id) => _known.TryRemove(id, out _);

    /// <summary>It has ended.</summary>
    public void End(string id)
    {
        _ended[id] = time.GetTimestamp();
        Forget(id);
    }

    /// <summary>The network of an address, which says from where about a person comes and not who else: 24 bits of an address of four bytes, 64 of another.</summary>
    public static string NetworkOf(IPAddress address) => Beginning(address, 8);

    /// <summary>The networks that one customer of a provider commonly has: 24 bits of an address of four bytes, 48 of another.</summary>
    public static string SiteOf(IPAddress address) => Beginning(address, 6);

    private static string Beginning(IPAddress address, int ofSixteen)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        var kept = address.AddressFamily is AddressFamily.InterNetwork ? 3 : ofSixteen;
        bytes.AsSpan(kept).Clear();
        return $"{new IPAddress(bytes)}/{kept * 8}";
    }

    /// <summary>Now and then forgets who has not come for long.</summary>
    private void Sweep()
    {
        var last = Volatile.Read(ref _swept);
        if (time.GetElapsedTime(last) < BelievedInDoubt || Interlocked.CompareExchange(ref _swept, time.GetTimestamp(), last) != last) return;
        foreach (var (id, known) in _known)
            if (time.GetElapsedTime(known.At) > BelievedInDoubt) _known.TryRemove(id, out _);
        // By then the silos have said so to whoever was still asking.
        foreach (var (id, at) in _ended)
            if (time.GetElapsedTime(at) > 3 * BelievedInDoubt) _ended.TryRemove(id, out _);
    }
}

/// <summary>What a browser says of itself, in two words that a person knows their device by. It may say anything: nothing is decided by it.</summary>
internal static class Device
{
    private static readonly (string Token, string Name)[] Browsers =
        [("Edg/", "Edge"), ("EdgA/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl")];

    private static readonly (string Token, string Name)[] Systems =
        [("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")];

    public static (string? Browser, string? System) Of(string userAgent) => (Named(Browsers, userAgent), Named(Systems, userAgent));

    private static string? Named((string Token, string Name)[] known, string text)
    {
        foreach (var (token, name) in known)
            if (text.Contains(token, StringComparison.Ordinal)) return name;
        return null;
    }
}
