using System.Net.Mime;
using System.Reflection;
using Microsoft.AspNetCore.OpenApi;

namespace Coordination.Gateway.Developers;

/// <summary>The interface's description for people: the document as a page. Nothing on it runs, and it asks for nothing but its own style.</summary>
internal static class DevelopersPage
{
    public const string Path = "/developers";
    public const string Style = Path + "/style.css";

    public static void MapDevelopersPage(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, Read).ExcludeFromDescription();
        app.MapGet(Style, static () => Results.Stream(Assembly.GetExecutingAssembly().GetManifestResourceStream("developers-style")!, MediaTypeNames.Text.Css)).ExcludeFromDescription();
    }

    private static async Task<RazorComponentResult<DevelopersDocument>> Read([FromKeyedServices("v1")] IOpenApiDocumentProvider documents, CancellationToken cancellation) =>
        new(new Dictionary<string, object?> { [nameof(DevelopersDocument.Document)] = await documents.GetOpenApiDocumentAsync(cancellation) });
}
