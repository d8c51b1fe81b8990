using System.ComponentModel.DataAnnotations;
using Coordination.Contracts.Security;
using Coordination.Gateway.Http;

namespace Coordination.Gateway.Security;

public static class SecurityLogApi
{
    public static RouteGroupBuilder MapSecurityLog(this RouteGroupBuilder api)
    {
        api.MapGet("/security-log", List).In(Chapter.Security).WithName("readSecurityLog")
            .WithSummary("What happened at the doors, newest first: of the caller's body (coordinators) or of the whole platform (administrators)")
            .ProducesProblem(403);
        return api;
    }

    private static async Task<Results<Ok<Page<SecurityEventView>>, Problem>> List(
        Named<SecurityEventKind>? kind, [StringLength(80), Form("^[a-z0-9-]+$")] string? account, [AsParameters] ListQuery query, HttpContext http, [FromServices] Grains grains, [FromServices] SecurityLog log)
    {
        // What this gateway has heard is in it.
        await log.Flush();
        return await grains.Of<ISecurityLogGrain>(0).List(query.AskedBy(http), new(kind?.Value, account), query.Paging) is { } page
            ? TypedResults.Ok(page)
            : Problems.Of(StatusCodes.Status403Forbidden, "security-log.coordinator-only", "The security log is read by a body's coordinator and by administrators.");
    }
}
