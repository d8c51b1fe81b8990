using System.Net;
using Microsoft.Extensions.Primitives;

namespace Coordination.Gateway.Http;

/// <summary>
/// A process answers to its own names alone. Whoever has a name can lead it to any address, also to this machine's, and a browser then takes what
/// it finds there for that name's own pages. By an address nobody can be led astray.
/// </summary>
public static class HostNames
{
    /// <summary>Every name. For whoever checks names in front.</summary>
    public const string Any = "*";

    /// <summary>They lead to the machine of whoever asks, whatever anybody says.</summary>
    private static readonly StringSegment[] Loopback = ["localhost", "*.localhost"];

    /// <summary>Refuses what is asked of another name. To be added before all that answers.</summary>
    /// <param name="names">Besides those of loopback; <c>*.example.org</c> for all below one.</param>
    public static void UseHostNames(this IApplicationBuilder app, IEnumerable<string> names)
    {
        StringSegment[] known = [.. Loopback, .. names];
        if (known.Contains(Any)) return;
        app.Use((http, next) => IsKnown(http.Request.Host, known) ? next(http) : Unknown(http.Request.Host).ExecuteAsync(http));
    }

    /// <summary>What is sent to this host does not leave the machine of whoever asks.</summary>
    public static bool IsLoopback(HostString host) =>
        IPAddress.TryParse(host.Host, out var address) ? IPAddress.IsLoopback(address) : HostString.MatchesAny(host.Host, Loopback);

    // A program that names no host was led here by none; browsers always do.
    private static bool IsKnown(HostString host, StringSegment[] known) =>
        !host.HasValue || IPAddress.TryParse(host.Host, out _) || HostString.MatchesAny(host.Host, known);

    private static Problem Unknown(HostString host) => Problems.Of(
        StatusCodes.Status421MisdirectedRequest, "host.unknown",
        $"This platform does not answer to the name '{host.Host}'. Its operator lists the names that it answers to in the setting Hosts (COORDINATION_HOSTS).");
}
