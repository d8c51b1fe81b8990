using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Serialization;
using Coordination.Contracts.Accounts;
using Coordination.Contracts.Bodies;
using Coordination.Contracts.Feed;
using Coordination.Gateway.Http;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;

namespace Coordination.Gateway.Sessions;

/// <param name="Account">Name of the account; in a demonstration the id of the body.</param>
public sealed record SignIn(
    [property: Required, StringLength(80, MinimumLength = 1)] string Account,
    [property: Required, StringLength(200, MinimumLength = 1), JsonConverter(typeof(AnyText))] string Password);

/// <summary>Who is signed in.</summary>
/// <param name="CsrfToken">To be sent back in <c>X-CSRF-Token</c> with every write.</param>
/// <param name="Position">Where the journal stands; what happens from here on comes live.</param>
/// <param name="Demonstration">This installation offers demonstration accounts.</param>
/// <param name="Version">Version of the platform.</param>
public sealed record SessionView(
    string Account, string Name, Role Role, BodyView? Body, string CsrfToken, long Position, bool Demonstration, string Version);

public sealed record DemonstrationList(DemonstrationAccount[] Items);

public static class SessionApi
{
    private static readonly string Version = typeof(SessionApi).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public static RouteGroupBuilder MapSessions(this RouteGroupBuilder api)
    {
        var session = api.MapGroup("/session").WithTags("Session");
        session.MapPost("/", Open).AllowAnonymous().RequireRateLimiting(GatewayHosting.SignInLimit)
            .WithName("signIn").WithSummary("Sign in with account and password").Produces<SessionView>().Writes(401, 429);
        session.MapGet("/", Get).WithName("whoAmI").WithSummary("Who is signed in, and a token for writes").Produces<SessionView>().ProducesProblem(401);
        session.MapDelete("/", Close).AddEndpointFilter<AntiForgery>().WithName("signOut").WithSummary("Sign out").Produces(StatusCodes.Status204NoContent).Writes();
        session.MapGet("/demonstration", Demonstration).AllowAnonymous()
            .WithName("listDemonstrationAccounts").WithSummary("Accounts that the sign-in page offers; none when demonstration is off").Produces<DemonstrationList>();
        return api;
    }

    private static async Task<IResult> Open(
        SignIn body, HttpContext http, [FromServices] SignInManager<SignInAccount> signIns, [FromServices] UserManager<SignInAccount> accounts,
        [FromServices] IPasswordHasher<SignInAccount> hasher, [FromServices] IGrainFactory grains, [FromServices] Silos silos, [FromServices] Horizon horizon,
        [FromServices] IAntiforgery antiforgery, [FromServices] TimeProvider time)
    {
        var name = body.Account.Trim().ToLowerInvariant();
        if (!IsName(name)) return Wrong();
        var account = await accounts.FindByNameAsync(name);
        // As much work for a name without an account, so that time does not tell which names have one.
        var hash = account?.Record.PasswordHash ?? Unknown;
        var right = hasher.VerifyHashedPassword(account ?? Nobody, hash, body.Password) is not PasswordVerificationResult.Failed && account is not null;
        // Once, whatever comes of it: said twice it would count twice, and said again only when right it would tell which is.
        if (await grains.GetGrain<IAccountGrain>(name).NoteSignIn(right) is { } locked)
            return Problems.Of(StatusCodes.Status429TooManyRequests, "session.locked-out", "Too many wrong passwords. Try again later.", locked - time.GetUtcNow());
        if (!right) return Wrong();
        if (await silos.Ask(() => grains.GetGrain<IAccountGrain>(name).WhoIs()) is null)
            return Problems.Of(StatusCodes.Status403Forbidden, "session.no-body", "This account speaks for no body. Ask the coordinator of your body for a role.");

        var principal = await signIns.CreateUserPrincipalAsync(account!);
        await http.SignInPrincipal(principal);
        http.User = principal;
        return Results.Ok(await View(http, grains, silos, horizon, antiforgery));
    }

    private static async Task<IResult> Get(
        HttpContext http, [FromServices] IGrainFactory grains, [FromServices] Silos silos, [FromServices] Horizon horizon, [FromServices] IAntiforgery antiforgery) =>
        await View(http, grains, silos, horizon, antiforgery) is { } view ? Results.Ok(view) : Problems.SessionRequired();

    private static async Task<IResult> Close(
        HttpContext http, [FromServices] SignInManager<SignInAccount> signIns, [FromServices] Live.Viewers viewers, [FromServices] IGrainFactory grains, [FromServices] Silos silos)
    {
        var session = http.User.FindFirst(GatewayHosting.SessionClaim)?.Value;
        viewers.End(session);
        // Its live connections may be at other gateways.
        if (session is not null) await silos.Ask(() => Told(session));
        await signIns.SignOutAsync();
        return Results.NoContent();

        async Task<bool> Told(string ended)
        {
            await grains.GetGrain<ISessionsGrain>(0).End(ended);
            return true;
        }
    }

    private static async Task<DemonstrationList> Demonstration([FromServices] IGrainFactory grains, [FromServices] Silos silos) =>
        new(await silos.Ask(() => grains.GetGrain<IDemonstrationGrain>(0).Accounts()));

    private static async Task<SessionView?> View(HttpContext http, IGrainFactory grains, Silos silos, Horizon horizon, IAntiforgery antiforgery)
    {
        var account = http.User.Identity!.Name!;
        var view = await silos.Ask(() => grains.GetGrain<IAccountGrain>(account).WhoIs());
        if (view is null) return null;
        var demonstration = await silos.Ask(() => grains.GetGrain<IDemonstrationGrain>(0).Accounts());
        var position = await silos.Ask(() => grains.GetGrain<IFeedGrain>(0).Position());
        // What the caller reads from now on holds everything up to there, since only what comes later is told live.
        horizon.Reach(position);
        return new(view.Account, view.Name, view.Role, view.Body, antiforgery.GetAndStoreTokens(http).RequestToken!, position, demonstration.Length > 0, Version);
    }

    /// <summary>Wrong name and wrong password look the same.</summary>
    private static IResult Wrong() =>
        Problems.Of(StatusCodes.Status401Unauthorized, "session.wrong-credentials", "Account or password is wrong.");

    private static bool IsName(string name) => name.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '-' or '.');

    /// <summary>The hash of a password that nobody knows.</summary>
    private static readonly string Unknown = new PasswordHasher<SignInAccount>().HashPassword(null!, Guid.NewGuid().ToString());

    private static readonly SignInAccount Nobody = new(new("nobody", "nobody", null, "", 0, null, 0));
}

/// <summary>Whoever has lost the last role is nobody any more, whatever the cookie says.</summary>
public sealed class StillSomebody(Grains grains, Silos silos) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var account = context.HttpContext.User.Identity!.Name!;
        return await silos.Ask(() => grains.Of<IStandingGrain>(account).IsSomebody()) ? await next(context) : Problems.SessionRequired();
    }
}

/// <summary>A write with a cookie shows that it comes from our own pages: it carries the token that only they are given.</summary>
public sealed class AntiForgery(IAntiforgery antiforgery) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)) return await next(context);
        return await antiforgery.IsRequestValidAsync(http)
            ? await next(context)
            : Problems.Of(StatusCodes.Status403Forbidden, "session.csrf", "Send the csrfToken of GET /api/v1/session in the header X-CSRF-Token.");
    }
}
