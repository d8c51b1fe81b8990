using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;

namespace Coordination.Gateway.Http;

/// <summary>What no endpoint of the API answers: the path is not known, or does not take the method.</summary>
public static class Unanswered
{
    /// <summary>Takes every method, so the router finds this and never says 405 by itself. What is told depends on the path's form alone.</summary>
    public static void MapUnanswered(this IEndpointRouteBuilder app) => app.Map("/api/{**rest}", Answer).ExcludeFromDescription();

    private static IResult Answer(HttpContext http, [FromServices] EndpointDataSource endpoints)
    {
        var methods = endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => Knows(endpoint.RoutePattern, http.Request.Path))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
            .Distinct().Order(StringComparer.Ordinal).ToArray();
        if (methods.Length == 0) return Results.NotFound();
        // The router passes over an endpoint that does not read what the body is said to be.
        if (methods.Contains(http.Request.Method)) return Problems.NotJson();
        http.Response.Headers.Allow = string.Join(", ", methods);
        return Results.StatusCode(StatusCodes.Status405MethodNotAllowed);
    }

    /// <summary>A pattern that takes whatever comes, as this one and the dashboard's, knows no path.</summary>
    private static bool Knows(RoutePattern pattern, PathString path) =>
        !pattern.Parameters.Any(parameter => parameter.IsCatchAll) && new TemplateMatcher(new(pattern), []).TryMatch(path, []);
}
