using System.Buffers.Text;
using System.Security.Cryptography;
using Scalar.AspNetCore;

namespace Coordination.Gateway.Http;

/// <summary>The interface's description as a page, served whole from here: it asks nobody else, and tells nobody else that it was read.</summary>
internal static class DevelopersPage
{
    public const string Path = "/developers";

    public static void MapDevelopersPage(this IEndpointRouteBuilder app) => app.MapScalarApiReference(Path, (options, http) =>
    {
        // The page begins with a script of its own and writes styles into itself: both carry what is allowed this once.
        var nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        http.Response.Headers.ContentSecurityPolicy = ContentPolicy.With(nonce);
        options.WithTitle("Coordination API")
            .WithOpenApiRoutePattern("/openapi/{documentName}.json")
            .WithNonce(nonce)
            .AddHeadContent($"<meta property=\"csp-nonce\" content=\"{nonce}\">")
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideClientButton();
    });
}

/// <summary>What a page may load and run: what comes from here, and nothing that was written into it.</summary>
internal static class ContentPolicy
{
    private const string Always =
        "default-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public const string Standard = Always + "; style-src 'self'";

    /// <summary>Also what carries a word that is made for one answer.</summary>
    public static string With(string nonce) => $"{Always}; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; font-src 'self' data:";
}
