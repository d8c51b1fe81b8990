using System.Net;
using Coordination.Gateway.Http;
using Microsoft.Extensions.Options;

namespace Coordination.Gateway.Sessions;

/// <summary>A secret is taken, and a session given for it, only where nobody can read along: over TLS, or on the machine itself.</summary>
internal sealed class KeptPrivate : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        Is(context.HttpContext) ? await next(context) : Problems.Of(
            StatusCodes.Status403Forbidden, "session.needs-tls",
            "The platform is reached without encryption here, and others can read what is sent: nobody signs in. Use its https address. "
            + "Its operator puts a proxy with TLS in front of it and names that in the setting Proxy (COORDINATION_PROXY).");

    /// <summary>
    /// The same that browsers hold for private. A proxy that is named passes the name on that the browser asked for; one that is not may have put its
    /// own there, such as <c>localhost</c>, and is known by where it comes from or by what it adds.
    /// </summary>
    public static bool Is(HttpContext http) =>
        http.Request.IsHttps
        || (HostNames.IsLoopback(http.Request.Host) && (http.RequestServices.GetRequiredService<IOptions<GatewayOptions>>().Value.Proxy is not null || IsFromHere(http)));

    private static bool IsFromHere(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from.IsIPv4MappedToIPv6 ? from.MapToIPv4() : from) && !http.Request.Headers.Keys.Any(IsOfAProxy);

    private static bool IsOfAProxy(string header) =>
        header.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)
        || header.Equals("Forwarded", StringComparison.OrdinalIgnoreCase) || header.Equals("Via", StringComparison.OrdinalIgnoreCase) || header.Equals("X-Real-IP", StringComparison.OrdinalIgnoreCase);
}
