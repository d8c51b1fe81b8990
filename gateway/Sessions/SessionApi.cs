using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Security.Claims;
using System.Text.Json.Serialization;
using Coordination.Contracts.Accounts;
using Coordination.Contracts.Bodies;
using Coordination.Contracts.Feed;
using Coordination.Gateway.Http;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;

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
public sealed record SessionView(
    string Account, string SignInName, string DisplayName, Role Role, BodyView? Body, AccountBody[] Bodies, string CsrfToken, long Position,
    bool Demonstration, string Version);

/// <param name="Body">Id of the body to act for from now on.</param>
public sealed record ActFor([property: Required, StringLength(80, MinimumLength = 1)] string Body);

public sealed record DemonstrationList(DemonstrationAccount[] Items);

public static class SessionApi
{
    private static readonly string Version = typeof(SessionApi).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public static RouteGroupBuilder MapSessions(this RouteGroupBuilder api)
    {
        var session = api.MapGroup("/session").WithTags("Session");
        session.MapPost("/", Open).AllowAnonymous().RequireRateLimiting(GatewayHosting.SignInLimit)
            .WithName("signIn").WithSummary("Sign in with account and password").Produces<SessionView>().Writes(401, 429);
        session.MapGet("/", Get).WithName("whoAmI").WithSummary("Who is signed in, and a token for writes").Produces<SessionView>().ProducesProblem(401).ProducesProblem(403);
        session.MapPost("/body", Switch).AddEndpointFilter<AntiForgery>()
            .WithName("actFor").WithSummary("Act for another body of one's own. The session's live connections end and are opened again").Produces<SessionView>().Writes(401);
        session.MapDelete("/", Close).AddEndpointFilter<AntiForgery>().WithName("signOut").WithSummary("Sign out").Produces(StatusCodes.Status204NoContent).Writes();
        session.MapGet("/demonstration", Demonstration).AllowAnonymous()
            .WithName("listDemonstrationAccounts").WithSummary("Accounts that the sign-in page offers; none when demonstration is off").Produces<DemonstrationList>();
        return api;
    }

    private static async Task<IResult> Open(
        SignIn given, HttpContext http, [FromServices] SignInManager<SignInAccount> signIns, [FromServices] UserManager<SignInAccount> accounts,
        [FromServices] IPasswordHasher<SignInAccount> hasher, [FromServices] IGrainFactory grains, [FromServices] Silos silos, [FromServices] ReadYourWrites writes,
        [FromServices] IAntiforgery antiforgery, [FromServices] TimeProvider time)
    {
        var name = given.Account.Trim().ToLowerInvariant();
        if (!SignInName.IsOne(name)) return Wrong();
        var account = await accounts.FindByNameAsync(name);
        // As much work for a name without an account, so that time does not tell which names have one. Names of the demonstration, which
        // the sign-in page lists, may be answered sooner.
        var hash = account?.Record.PasswordHash ?? Unknown.Value;
        var right = hasher.VerifyHashedPassword(account ?? Nobody, hash, given.Password) is not PasswordVerificationResult.Failed && account?.Record.PasswordHash is not null;
        // Once, whatever comes of it: said twice it would count twice, and said again only when right it would tell which is.
        if (await grains.GetGrain<ISignInNameGrain>(name).NoteSignIn(right) is { } locked)
            return Problems.Of(StatusCodes.Status429TooManyRequests, "session.locked-out", "Too many wrong passwords. Try again later.", locked - time.GetUtcNow());
        if (!right) return Wrong();

        // A program may say at once for which body; else it is the first one.
        var body = http.Request.Headers.TryGetValue(Asking.ActingForHeader, out var wanted) ? wanted.ToString() : null;
        var asker = new Asker(account!.Record.Account, writes.Rights, body);
        if (await WhoIs(asker, grains, silos) is not { } view)
            return await StandingOf(asker, grains, silos) is Standing.Elsewhere ? Problems.NotARoleThere() : NoBody();
        await http.SignInPrincipal(await signIns.CreateUserPrincipalAsync(account), view.Body?.Id);
        return Results.Ok(await View(view, http, grains, silos, writes, antiforgery));
    }

    private static async Task<IResult> Get(
        HttpContext http, [FromServices] IGrainFactory grains, [FromServices] Silos silos, [FromServices] ReadYourWrites writes, [FromServices] IAntiforgery antiforgery)
    {
        var asker = http.AskerOfRights();
        if (await WhoIs(asker, grains, silos) is { } view) return Results.Ok(await View(view, http, grains, silos, writes, antiforgery));
        if (await StandingOf(asker, grains, silos) is not Standing.Elsewhere) return Problems.SessionRequired();
        if (http.Request.Headers.ContainsKey(Asking.ActingForHeader)) return Problems.NotARoleThere();
        // The role that the session acted by was taken. The account goes on with its first one.
        return await WhoIs(asker with { Body = null }, grains, silos) is { } other
            ? await Begin(other, http, grains, silos, writes, antiforgery)
            : Problems.SessionRequired();
    }

    private static async Task<IResult> Switch(
        ActFor body, HttpContext http, [FromServices] Live.Viewers viewers, [FromServices] IGrainFactory grains, [FromServices] Silos silos, [FromServices] ReadYourWrites writes,
        [FromServices] IAntiforgery antiforgery)
    {
        var asker = http.AskerOfRights() with { Body = body.Body };
        if (await WhoIs(asker, grains, silos) is not { } view)
            return await StandingOf(asker, grains, silos) is Standing.Elsewhere ? Problems.NotARoleThere() : Problems.SessionRequired();
        var before = http.User.FindFirst(GatewayHosting.SessionClaim)?.Value;
        var answer = await Begin(view, http, grains, silos, writes, antiforgery);
        // What other windows of the browser show was for the body before: they begin again with the new one.
        await End(before, viewers, grains, silos);
        return answer;
    }

    private static async Task<IResult> Close(
        HttpContext http, [FromServices] SignInManager<SignInAccount> signIns, [FromServices] Live.Viewers viewers, [FromServices] IGrainFactory grains, [FromServices] Silos silos)
    {
        await End(http.User.FindFirst(GatewayHosting.SessionClaim)?.Value, viewers, grains, silos);
        await signIns.SignOutAsync();
        return Results.NoContent();
    }

    /// <summary>Ends the live connections of a session, which may be at other gateways too.</summary>
    private static async Task End(string? session, Live.Viewers viewers, IGrainFactory grains, Silos silos)
    {
        viewers.End(session);
        if (session is not null) await silos.Ask(() => Told(session));

        async Task<bool> Told(string ended)
        {
            await grains.GetGrain<ISessionsGrain>(0).End(ended);
            return true;
        }
    }

    private static async Task<DemonstrationList> Demonstration([FromServices] IGrainFactory grains, [FromServices] Silos silos) =>
        new(await silos.Ask(() => grains.GetGrain<IDemonstrationGrain>(0).Accounts()));

    private static Task<AccountView?> WhoIs(Asker asker, IGrainFactory grains, Silos silos) => silos.Ask(() => grains.GetGrain<IStandingGrain>(asker.Account).WhoIs(asker));

    private static Task<Standing> StandingOf(Asker asker, IGrainFactory grains, Silos silos) => silos.Ask(() => grains.GetGrain<IStandingGrain>(asker.Account).Of(asker));

    /// <summary>Begins a session of the same person for another body.</summary>
    private static async Task<IResult> Begin(AccountView view, HttpContext http, IGrainFactory grains, Silos silos, ReadYourWrites writes, IAntiforgery antiforgery)
    {
        var identity = (ClaimsIdentity)http.User.Identity!;
        var kept = identity.Claims.Where(claim => claim.Type is not (GatewayHosting.SessionClaim or GatewayHosting.BodyClaim));
        await http.SignInPrincipal(new(new ClaimsIdentity(kept, identity.AuthenticationType, identity.NameClaimType, identity.RoleClaimType)), view.Body?.Id);
        return Results.Ok(await View(view, http, grains, silos, writes, antiforgery));
    }

    private static async Task<SessionView> View(AccountView view, HttpContext http, IGrainFactory grains, Silos silos, ReadYourWrites writes, IAntiforgery antiforgery)
    {
        var demonstration = await silos.Ask(() => grains.GetGrain<IDemonstrationGrain>(0).Accounts());
        var position = await silos.Ask(() => grains.GetGrain<IFeedGrain>(0).Position());
        // What the caller reads from now on holds everything up to there, since only what comes later is told live.
        writes.Reach(position);
        return new(
            view.Account, view.SignInName, view.DisplayName, view.Role, view.Body, view.Bodies, antiforgery.GetAndStoreTokens(http).RequestToken!, position,
            demonstration.Length > 0, Version);
    }

    private static IResult NoBody() =>
        Problems.Of(StatusCodes.Status403Forbidden, "session.no-body", "This account speaks for no body. Ask the coordinator of your body for a role.");

    /// <summary>Wrong name and wrong password look the same.</summary>
    private static IResult Wrong() =>
        Problems.Of(StatusCodes.Status401Unauthorized, "session.wrong-credentials", "Account or password is wrong.");

    /// <summary>The hash of a password that nobody knows.</summary>
    private static readonly Lazy<string> Unknown = new(() => new PasswordHasher<SignInAccount>().HashPassword(null!, Guid.NewGuid().ToString()));

    private static readonly SignInAccount Nobody = new(new("", "", "", null, "", 0, null, 0));
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
            Standing.Here => await next(context),
            Standing.Elsewhere => Problems.NotARoleThere(),
            _ => Problems.SessionRequired(),
        };
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
