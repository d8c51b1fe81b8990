using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using Coordination.Contracts.Accounts;
using Coordination.Gateway.Developers;
using Coordination.Gateway.Http;
using Coordination.Gateway.Live;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Coordination.Gateway.Sessions;

/// <summary>
/// What a browser keeps of a session: the account's id and the session's, protected by the platform's keys. It says who may be meant;
/// whether the session is alive, and for which body it acts, is asked with each request.
/// </summary>
public sealed class SessionCookie(Grains grains, Silos silos, KnownSessions known, Viewers viewers, TimeProvider time)
{
    /// <summary>Of the cookie, where it is not sent over TLS.</summary>
    public const string Name = "coordination.session";

    public const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;

    /// <summary>Header of a request that no person has asked for, as when a window reads again what has changed: it keeps no session open.</summary>
    public const string UnattendedHeader = "Unattended";

    private const string SessionClaim = "session";

    /// <summary>Lets a cookie count while its session is alive. Only where somebody is asked for: pages and their parts are everyone's.</summary>
    public static async Task Validate(CookieValidatePrincipalContext context)
    {
        var http = context.HttpContext;
        if (AsksWho(http.Request.Path) && context.Principal is { Identity.Name: { } account } person && person.FindFirst(SessionClaim)?.Value is { } id
            && await http.RequestServices.GetRequiredService<KnownSessions>().Of(account, id, IsAttended(http) ? AddressOf(http) : null) is { } session)
            http.Keep(session);
        else
            // The cookie stays where it is: another window may just have been given a new one in its place.
            context.RejectPrincipal();
    }

    /// <summary>Begins a session of this browser, in place of the one that it may have.</summary>
    public async Task<Session> Begin(HttpContext http, AccountView view)
    {
        if (http.KeptSession() is not null) await End(http);
        var now = time.GetUtcNow();
        var (browser, system) = Device.Of(http.Request.Headers.UserAgent.ToString());
        var begun = new Session(NewId(), NewId(), browser, system, KnownSessions.NetworkOf(AddressOf(http)), view.Body?.Id, 0, now, now, now);
        return await Give(http, view.Account, await silos.Ask(() => Sessions(view.Account).Begin(begun)));
    }

    /// <summary>Goes on for another body; the live connections for the one before end. Null when the session has ended.</summary>
    public async Task<Session?> ActFor(HttpContext http, AccountView view)
    {
        var before = http.Session();
        if (await silos.Ask(() => Sessions(view.Account).ActFor(before.Id, view.Body?.Id)) is not { } session) return null;
        known.Forget(before.Id);
        if (session.Turn != before.Turn) viewers.End(before.Id, before.Turn);
        http.Keep(session);
        return session;
    }

    /// <summary>Goes on with a new id and token, so that a copy of the cookie opens nothing any more. Null when the session has ended.</summary>
    public async Task<Session?> Renew(HttpContext http)
    {
        var (account, before, by, token) = (http.Account(), http.Session().Id, NewId(), NewId());
        if (await silos.Ask(() => Sessions(account).Replace(before, by, token)) is not { } session) return null;
        known.End(before);
        // Once the browser has the new cookie: its other windows connect again with it.
        http.Response.OnCompleted(async () =>
        {
            viewers.End(before);
            // Where that is not heard, gateways find it out when they next ask for all.
            await grains.Of<IEndedSessionsGrain>(0).Note([new(before, null)]);
        });
        return await Give(http, account, session);
    }

    /// <summary>The password was given again: the session at hand, and its cookie, last anew. Null when it has ended.</summary>
    public async Task<Session?> Confirm(HttpContext http)
    {
        var (account, id) = (http.Account(), http.Session().Id);
        if (await silos.Ask(() => Sessions(account).Confirm(id)) is not { } session) return null;
        known.Forget(id);
        return await Give(http, account, session);
    }

    /// <summary>Ends the session at hand.</summary>
    public async Task End(HttpContext http)
    {
        var (account, id) = (http.Account(), http.Session().Id);
        await http.SignOutAsync(Scheme);
        known.End(id);
        viewers.End(id);
        await silos.Ask(() => Sessions(account).End(new(account), id, current: id));
    }

    private IAccountSessionsGrain Sessions(string account) => grains.Of<IAccountSessionsGrain>(account);

    private static bool AsksWho(PathString path) =>
        path.StartsWithSegments("/api") || path.StartsWithSegments("/hubs") || path.StartsWithSegments("/health")
        || path.StartsWithSegments(DevelopersPage.Path) || path.StartsWithSegments(GatewayHosting.Measures);

    /// <summary>A live line is opened by the window itself; a read may say so of itself; a write is a person's.</summary>
    private static bool IsAttended(HttpContext http) =>
        !http.Request.Path.StartsWithSegments("/hubs")
        && !((HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)) && http.Request.Headers.ContainsKey(UnattendedHeader));

    /// <summary>Where a request comes from.</summary>
    internal static IPAddress AddressOf(HttpContext http) => http.Connection.RemoteIpAddress ?? IPAddress.None;

    /// <summary>The place that a request comes from, of a device that is not known.</summary>
    internal static TriedFrom From(HttpContext http) => new(KnownSessions.NetworkOf(AddressOf(http)), KnownSessions.SiteOf(AddressOf(http)));

    private static async Task<Session> Give(HttpContext http, string account, Session session)
    {
        var person = new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Name, account), new(SessionClaim, session.Id)], Scheme));
        await http.SignInAsync(Scheme, person);
        http.User = person;
        http.Keep(session);
        return session;
    }

    private static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}

internal static class SessionAtHand
{
    /// <summary>The session of a request that is signed in.</summary>
    public static Session Session(this HttpContext http) => http.KeptSession() ?? throw new InvalidOperationException("Nobody is signed in.");

    /// <summary>The session of a request; null when nobody is signed in.</summary>
    public static Session? KeptSession(this HttpContext http) => http.Items[typeof(Session)] as Session;

    // Not a feature: a live line that comes by long polling keeps of its request only the items.
    public static void Keep(this HttpContext http, Session session) => http.Items[typeof(Session)] = session;
}

/// <summary>Lists and ends sessions, one's own and, for those who may, others'.</summary>
public sealed class SessionLists(Grains grains, Silos silos, KnownSessions known, Viewers viewers)
{
    public async Task<Results<Ok<OpenSessionList>, Problem>> List(HttpContext http, string account)
    {
        var asker = http.AskerOfRights();
        if (await silos.Ask(() => Sessions(account).List(asker, http.Session().Id)) is not { } sessions) return Problems.NotFound("account");
        var current = http.Session().Id;
        return TypedResults.Ok(new OpenSessionList([.. sessions.Select(session => new OpenSessionView(
            session.Id, session.Browser, session.System, session.Network, session.Body, session.Began, session.Used, session.Id == current))]));
    }

    public async Task<Results<NoContent, Problem>> End(HttpContext http, string account, string id)
    {
        var asker = http.AskerOfRights();
        if (!await silos.Ask(() => Sessions(account).End(asker, id, http.Session().Id))) return Problems.NotFound("account");
        if ((await silos.Ask(() => Sessions(account).Use(id, network: null))) is null)
        {
            known.End(id);
            viewers.End(id);
        }

        return TypedResults.NoContent();
    }

    private IAccountSessionsGrain Sessions(string account) => grains.Of<IAccountSessionsGrain>(account);
}
