using Microsoft.AspNetCore.Authentication.Cookies;

namespace Coordination.Gateway.Sessions;

/// <summary>
/// Over TLS a cookie's name says that it is for this host alone, which browsers hold against everyone else: no neighbour under the same
/// domain and no page without TLS can set or read it. Without TLS, as on one's own machine, browsers would drop such a cookie. Everywhere else it is
/// never sent without TLS.
/// </summary>
internal sealed class HostCookies : ICookieManager
{
    internal const string Prefix = "__Host-";
    private readonly ChunkingCookieManager _inner = new();

    public string? GetRequestCookie(HttpContext context, string key) => _inner.GetRequestCookie(context, Name(context, key));

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options)
    {
        if (!KeptPrivate.Is(context)) options.Secure = true;
        _inner.AppendResponseCookie(context, Name(context, key), value, options);
    }

    public void DeleteCookie(HttpContext context, string key, CookieOptions options) => _inner.DeleteCookie(context, Name(context, key), options);

    private static string Name(HttpContext http, string key) => http.Request.IsHttps ? Prefix + key : key;
}
