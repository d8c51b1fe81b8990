using System.Security.Claims;
using Coordination.Contracts.Accounts;
using Coordination.Contracts.Security;
using Coordination.Gateway.Http;
using Coordination.Gateway.Sessions;

namespace Coordination.Gateway.Security;

/// <summary>Notes of each request what matters of it, once it was answered: what its endpoint says when it was done, and what was refused whoever refused it.</summary>
internal static class Noting
{
    /// <summary>The security log tells of it when it was done.</summary>
    public static RouteHandlerBuilder Notes(this RouteHandlerBuilder route, SecurityEventKind kind) => route.WithMetadata(new Noted(kind));

    /// <summary>The security log tells of this instead of what the endpoint says.</summary>
    public static void Notes(this HttpContext http, SecurityEventKind kind) => http.Features.Set(new Noted(kind));

    /// <summary>Says which account a request is about, and which body, when its path does not.</summary>
    public static void Concerns(this HttpContext http, string account, string? body = null) => http.Features.Set(new Concern(account, body));

    public static async Task Note(HttpContext http, RequestDelegate next)
    {
        await next(http);
        if (KindOf(http) is { } kind) http.RequestServices.GetRequiredService<SecurityLog>().Note(EventOf(http, kind));
    }

    private static SecurityEventKind? KindOf(HttpContext http) => (http.Response.StatusCode, http.Features.Get<ProblemCode>()?.Code) switch
    {
        ( >= 200 and < 300, _) => (http.Features.Get<Noted>() ?? http.GetEndpoint()?.Metadata.GetMetadata<Noted>())?.Kind,
        (_, "session.wrong-credentials") => SecurityEventKind.SignInFailed,
        (_, "session.locked-out") => SecurityEventKind.SignInLocked,
        (_, "session.wrong-password") => SecurityEventKind.PasswordWrong,
        // Asked of everybody before what weighs much.
        (_, "session.confirm") => null,
        (StatusCodes.Status403Forbidden, not null) => SecurityEventKind.Refused,
        (StatusCodes.Status429TooManyRequests, not null) => SecurityEventKind.Bounded,
        _ => null,
    };

    private static SecurityEvent EventOf(HttpContext http, SecurityEventKind kind)
    {
        var (browser, system) = Device.Of(http.Request.Headers.UserAgent.ToString());
        var isDone = http.Response.StatusCode < 300;
        var account = http.User.FindFirst(ClaimTypes.Name)?.Value;
        var about = http.Features.Get<Concern>()?.Account ?? AccountIn(http.Request);
        return new(
            kind, http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(), account, http.Features.Get<ActsFor>() is { } acts ? acts.Body : http.KeptSession()?.Body, about == account ? null : about, http.Features.Get<Concern>()?.Body ?? BodyIn(http.Request),
            KnownSessions.NetworkOf(SessionCookie.AddressOf(http)), browser, system,
            isDone ? null : http.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName, isDone ? null : http.Features.Get<ProblemCode>()?.Code);
    }

    private static string? AccountIn(HttpRequest request) =>
        (request.Path.StartsWithSegments("/api/v1/accounts") ? request.RouteValues["id"] : request.RouteValues["account"]) is string id && AccountId.IsOne(id) ? id : null;

    private static string? BodyIn(HttpRequest request) => request.Path.StartsWithSegments("/api/v1/bodies") && request.RouteValues["id"] is string { Length: <= 80 } id && id.All(IsOfAnId) ? id : null;

    /// <summary>Anything can stand in a path, and what people write does not belong here.</summary>
    private static bool IsOfAnId(char character) => character is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '.';

    private sealed record Noted(SecurityEventKind Kind);

    private sealed record Concern(string Account, string? Body);
}
