using Coordination.Gateway.Http;

namespace Coordination.Gateway.Sessions;

/// <summary>A secret is taken, and a session given for it, only where nobody can read along: over TLS, or on the machine itself.</summary>
internal sealed class KeptPrivate : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        Is(context.HttpContext.Request) ? await next(context) : Problems.Of(
            StatusCodes.Status403Forbidden, "session.needs-tls",
            "The platform is reached without encryption here, and others can read what is sent: nobody signs in. Use its https address. "
            + "Its operator puts a proxy with TLS in front of it and names that in the setting Proxy (COORDINATION_PROXY).");

    /// <summary>The same that browsers hold for private.</summary>
    public static bool Is(HttpRequest request) => request.IsHttps || HostNames.IsLoopback(request.Host);
}
