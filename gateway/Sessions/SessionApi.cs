using System.ComponentModel.DataAnnotations;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Coordination.Contracts.Accounts;
using Coordination.Contracts.Bodies;
using Coordination.Contracts.Security;
using Coordination.Gateway.Http;
using Coordination.Gateway.Security;

namespace Coordination.Gateway.Sessions;

/// <param name="Account">Sign-in name of the account; in a demonstration the id of a body.</param>
public sealed record SignIn(
    [property: Required, StringLength(80, MinimumLength = 1)] string Account,
    [property: Required, StringLength(200, MinimumLength = 1), JsonConverter(typeof(AnyText))] string Password);

/// <summary>Who is signed in.</summary>
/// <param name="Account">Id of the account, which says nothing of its person.</param>
/// <param name="DisplayName">How the person is shown to others.</param>
/// <param name="Role">In the body that the session acts for.</param>
/// <param name="Body">The body that the session acts for; null for an administrator.</param>
/// <param name="Bodies">All bodies that the account may act for.</param>
/// <param name="CsrfToken">To be sent back in <c>X-CSRF-Token</c> with every write.</param>
/// <param name="Position">Where the journal stands; what happens from here on comes live.</param>
/// <param name="Demonstration">This installation offers demonstration accounts.</param>
/// <param name="Version">Version of the platform.</param>
/// <param name="Now">The platform's clock when it says this.</param>
/// <param name="Ends">When the session ends if its person asks for nothing with it any more.</param>
/// <param name="EndsForGood">When it ends in any case, unless the password is given again.</param>
/// <param name="Reset">Another password that somebody asks for this account; its person may object: <c>DELETE /accounts/{id}/reset</c>.</param>
public sealed record SessionView(
    string Account, string SignInName, string DisplayName, Role Role, BodyView? Body, AccountBody[] Bodies, string CsrfToken, long Position,
    bool Demonstration, string Version, DateTimeOffset Now, DateTimeOffset Ends, DateTimeOffset EndsForGood, ResetView? Reset);

/// <param name="Body">Id of the body to act for from now on.</param>
public sealed record ActFor([property: Required, StringLength(80, MinimumLength = 1)] string Body);

public sealed record DemonstrationList(DemonstrationAccount[] Items);

/// <summary>A device on which a person is signed in.</summary>
/// <param name="Browser">As the device says; null when it says nothing known.</param>
/// <param name="System">As the device says.</param>
/// <param name="Network">Where it was last used from, such as <c>192.0.2.0/24</c>.</param>
/// <param name="Body">The body that it acts for.</param>
/// <param name="Used">When it was last used.</param>
/// <param name="Current">It is the one that asks.</param>
public sealed record OpenSessionView(string Id, string? Browser, string? System, string Network, BodyName? Body, DateTimeOffset Began, DateTimeOffset Used, bool Current);

public sealed record OpenSessionList(OpenSessionView[] Items);

/// <param name="Current">The password that counts now.</param>
/// <param name="New">At least 12 characters, and none of the common ones.</param>
public sealed record ChangePassword(
    [property: Required, StringLength(200, MinimumLength = 1), JsonConverter(typeof(AnyText))] string Current,
    [property: Required, StringLength(PasswordRules.Longest, MinimumLength = PasswordRules.Shortest), JsonConverter(typeof(AnyText))] string New);

public sealed record ConfirmPassword([property: Required, StringLength(200, MinimumLength = 1), JsonConverter(typeof(AnyText))] string Password);

public static class SessionApi
{
    /// <summary>Bytes of a body at most: names and passwords, of whoever comes.</summary>
    internal const long Largest = 16 * 1_024;

    public static RouteGroupBuilder MapSessions(this RouteGroupBuilder api)
    {
        var session = api.MapGroup("/session").In(Chapter.Session).TakesAtMost(Largest);
        session.MapPost("/", Open).AllowAnonymous().RequireRateLimiting(GatewayHosting.SignInLimit).AddEndpointFilter<KeptPrivate>()
            .WithName("signIn").WithSummary("Sign in with account and password").Refuses(401, 429).Notes(SecurityEventKind.SignedIn);
        session.MapGet("/", Get).WithName("whoAmI").WithSummary("Who is signed in, and a token for writes").ProducesProblem(401).ProducesProblem(403);
        session.MapPost("/body", Switch).AddEndpointFilter<AntiForgery>()
            .WithName("actFor").WithSummary("Act for another body of one's own. The session's live connections end and are opened again").Guarded(401);
        session.MapDelete("/", Close).AddEndpointFilter<AntiForgery>().WithName("signOut").WithSummary("Sign out").Guarded().Notes(SecurityEventKind.SessionEnded);
        session.MapPost("/password", Change).AddEndpointFilter<AntiForgery>().RequireRateLimiting(GatewayHosting.SignInLimit)
            .WithName("changePassword").WithSummary("Change one's own password. All other sessions of the account end").Guarded(401, 429).Notes(SecurityEventKind.PasswordChanged);
        session.MapPost("/confirm", Confirm).AddEndpointFilter<AntiForgery>().RequireRateLimiting(GatewayHosting.SignInLimit)
            .WithName("confirmPassword").WithSummary("Give one's password again, as is asked before what cannot be undone").Guarded(401, 429);
        session.MapGet("/sessions", List).WithName("listOwnSessions").WithSummary("Devices on which one is signed in").ProducesProblem(401);
        session.MapDelete("/sessions/{id}", End).AddEndpointFilter<AntiForgery>()
            .WithName("endOwnSession").WithSummary("End a session of one's own").Guarded(401, 404).Notes(SecurityEventKind.SessionEnded);
        session.MapGet("/demonstration", Demonstration).AllowAnonymous()
            .WithName("listDemonstrationAccounts").WithSummary("Accounts that the sign-in page offers; none when demonstration is off");
        return api;
    }

    private static Task<Results<Ok<SessionView>, Problem>> Open(SignIn given, HttpContext http, [FromServices] SignIns signIns) => signIns.Open(http, given);

    private static Task<Results<Ok<SessionView>, Problem>> Get(HttpContext http, [FromServices] SignIns signIns) => signIns.Get(http);

    private static Task<Results<Ok<SessionView>, Problem>> Switch(ActFor body, HttpContext http, [FromServices] SignIns signIns) => signIns.ActFor(http, body.Body);

    private static Task<Results<NoContent, Problem>> Change(ChangePassword given, HttpContext http, [FromServices] SignIns signIns) => signIns.ChangePassword(http, given);

    private static Task<Results<NoContent, Problem>> Confirm(ConfirmPassword given, HttpContext http, [FromServices] SignIns signIns) => signIns.Confirm(http, given.Password);

    private static async Task<NoContent> Close(HttpContext http, [FromServices] SessionCookie cookie)
    {
        await cookie.End(http);
        // Over TLS, browsers also drop what they have kept of answers. Not what lies beside them: language, and what was seen up to when.
        http.Response.Headers["Clear-Site-Data"] = "\"cache\"";
        return TypedResults.NoContent();
    }

    private static Task<Results<Ok<OpenSessionList>, Problem>> List(HttpContext http, [FromServices] SessionLists lists) => lists.List(http, http.Account());

    private static Task<Results<NoContent, Problem>> End(string id, HttpContext http, [FromServices] SessionLists lists) => lists.End(http, http.Account(), id);

    private static async Task<DemonstrationList> Demonstration([FromServices] Grains grains, [FromServices] Silos silos) =>
        new(await silos.Ask(() => grains.Of<IDemonstrationGrain>(0).Accounts()));
}

/// <summary>
/// An account acts for a body as long as it has a role there, whatever the cookie says. Without any role left it is nobody's any more.
/// </summary>
public sealed class HasStanding(Grains grains, Silos silos) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var asker = context.HttpContext.AskerOfRights();
        return await silos.Ask(() => grains.Of<IStandingGrain>(asker.Account).Of(asker)) switch
        {
            Standing.Here => await Go(),
            Standing.Elsewhere => Problems.NotARoleThere(),
            _ => Problems.SessionRequired(),
        };

        ValueTask<object?> Go()
        {
            context.HttpContext.Features.Set(new ActsFor(asker.Body));
            return next(context);
        }
    }
}

/// <summary>The body that a request acts for, whose account may.</summary>
public sealed record ActsFor(string? Body);

/// <summary>What weighs much is done by somebody who has given the password lately, and not by whoever finds an open window.</summary>
public sealed class Confirmed(KnownSessions known, TimeProvider time) : IEndpointFilter
{
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(15);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        Is(context.HttpContext.Session()) || await Anew(context.HttpContext)
            ? await next(context)
            : Problems.Of(StatusCodes.Status403Forbidden, "session.confirm", "Give your password again first: POST /api/v1/session/confirm, and then the same once more.");

    private bool Is(Session? session) => session is not null && time.GetUtcNow() - session.Confirmed <= Lately;

    /// <summary>It may have been given a moment ago at another gateway.</summary>
    private async ValueTask<bool> Anew(HttpContext http)
    {
        var id = http.Session().Id;
        known.Forget(id);
        return Is(await known.Of(http.Account(), id, null));
    }
}

/// <summary>A write with a cookie shows that it comes from our own pages: it carries the token of the session that only they are told.</summary>
public sealed class AntiForgery : IEndpointFilter
{
    public const string Header = "X-CSRF-Token";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        return HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) || Carries(http.Request.Headers[Header].ToString(), http.Session().Token)
            ? await next(context)
            : Problems.Of(StatusCodes.Status403Forbidden, "session.csrf", "Send the csrfToken of GET /api/v1/session in the header X-CSRF-Token.");
    }

    private static bool Carries(string given, string token) => CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(given.AsSpan()), MemoryMarshal.AsBytes(token.AsSpan()));
}
