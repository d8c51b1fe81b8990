using System.Net.Mime;
using Coordination.Contracts.Accounts;
using Coordination.Gateway.Developers;
using Coordination.Gateway.Sessions;
using Microsoft.Extensions.Options;

namespace Coordination.Gateway.Http;

/// <summary>
/// Who is shown what the platform tells of itself: the page that describes its interface, and its measures, which count also what is hidden from most.
/// In a cluster that is whoever reaches the operators' port. A process of its own shows them also behind a sign-in, the measures to administrators.
/// </summary>
internal sealed class ForOperators(RequestDelegate next, IOptions<GatewayOptions> options, Grains grains, Silos silos)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var measures = IsUnder(http, GatewayHosting.Measures);
        if ((measures || IsUnder(http, DevelopersPage.Path)) && !IsAtTheirPort(http, options.Value) && await Refuse(http, measures) is { } refusal)
            await refusal.ExecuteAsync(http);
        else
            await next(http);
    }

    public static bool IsAtTheirPort(HttpContext http, GatewayOptions options) => http.Connection.LocalPort == options.OpsPort;

    private async Task<IResult?> Refuse(HttpContext http, bool measures)
    {
        if (options.Value.OpsPortAlone) return Problems.NothingThere();
        if (http.KeptSession() is null || await WhoIs(http.AskerOfRights()) is not { } asker)
            return IsPage(http) ? Results.Redirect($"/signin?next={Uri.EscapeDataString(DevelopersPage.Path)}") : Problems.SessionRequired();
        return measures && asker.Role is not Role.Administrator
            ? Problems.Of(StatusCodes.Status403Forbidden, "session.not-an-administrator", "Measures are for administrators, and for operators on a port of their own: the setting Ops (COORDINATION_OPS).")
            : null;
    }

    private Task<AccountView?> WhoIs(Asker asker) => silos.Ask(() => grains.Of<IStandingGrain>(asker.Account).WhoIs(asker));

    /// <summary>A person looks at it with a browser, and not a program.</summary>
    private static bool IsPage(HttpContext http) =>
        IsUnder(http, DevelopersPage.Path) && http.Request.Headers.Accept.ToString().Contains(MediaTypeNames.Text.Html, StringComparison.OrdinalIgnoreCase);

    private static bool IsUnder(HttpContext http, string path) => http.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase);
}
