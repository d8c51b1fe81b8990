using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.RateLimiting;
using Coordination.Contracts.Accounts;
using Coordination.Contracts.Feed;
using Coordination.Gateway.Accounts;
using Coordination.Gateway.Bodies;
using Coordination.Gateway.Developers;
using Coordination.Gateway.Feed;
using Coordination.Gateway.Groups;
using Coordination.Gateway.Http;
using Coordination.Gateway.Live;
using Coordination.Gateway.Plans;
using Coordination.Gateway.Requests;
using Coordination.Gateway.Search;
using Coordination.Gateway.Security;
using Coordination.Gateway.Sessions;
using Coordination.Gateway.Subscriptions;
using MassTransit;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;

namespace Coordination.Gateway;

/// <summary>What makes a process a gateway.</summary>
public static class GatewayHosting
{
    /// <summary>A page loads and runs what comes from here, and nothing that was written into it.</summary>
    private const string Policy =
        "default-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Where the process shows its measures. Which ones, and how, is the process's own business.</summary>
    public const string Measures = "/metrics";

    internal const string SignInLimit = "sign-in";

    public static WebApplicationBuilder AddCoordinationGateway(this WebApplicationBuilder builder, Action<GatewayOptions> configure)
    {
        var services = builder.Services;
        var given = new GatewayOptions();
        configure(given);
        services.AddOptionsWithValidateOnStart<GatewayOptions, GatewayOptionsValidator>().Configure(configure);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Math.Max(BodyReader.Largest, given.LargestBody);
        });

        services.AddProblems();
        services.AddValidation();
        services.AddHttpContextAccessor();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<Silos>();
        services.AddSingleton<Grains>();
        services.AddSingleton<ReadYourWrites>();
        services.AddScoped<Commands>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(options => Configure(options.SerializerOptions, given: true));
        services.AddSingleton<Unhurried>();
        services.AddSingleton<WriteLimits>();
        services.AddSingleton<LineLimits>();
        services.AddSingleton<BrokenCalls>();
        builder.Logging.AddFilter(BrokenCalls.OfSignalR, LogLevel.None);
        services.AddSignalR(hub =>
        {
            hub.AddFilter<BrokenCalls>();
            hub.AddFilter<LineLimits>();
            hub.MaximumReceiveMessageSize = 64 * 1_024;
            hub.EnableDetailedErrors = false;
        }).AddJsonProtocol(options => Configure(options.PayloadSerializerOptions, given: false));

        AddSessions(services, given);
        services.AddSingleton<SecurityLog>();
        services.AddDescriptions();
        services.AddRazorComponents();
        services.AddResponseCompression();
        services.AddHealthChecks().AddCheck<Ready>("viewers", tags: [HealthAnswer.Tag], timeout: HealthAnswer.Within);
        services.AddSingleton<Lines>();
        services.AddSingleton<HubLifetimeManager<LiveHub>>(provider => provider.GetRequiredService<Lines>());
        services.AddSingleton<Viewers>();
        services.AddSingleton<LiveFeed>();
        return builder;
    }

    /// <summary>What runs only when the silo is up: to be added after it.</summary>
    public static WebApplicationBuilder AddCoordinationHeartbeat(this WebApplicationBuilder builder)
    {
        builder.Services.AddHostedService<Heartbeat>();
        builder.Services.AddHostedService(static services => services.GetRequiredService<SecurityLog>());
        return builder;
    }

    /// <summary>The gateway's consumers on the bus.</summary>
    public static void AddGatewayConsumers(this IBusRegistrationConfigurator bus) => bus.AddConsumer<ChangesConsumer, ChangesConsumerDefinition>();

    public static WebApplication MapCoordination(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<GatewayOptions>>().Value;
        if (options.Proxy is { } proxy) app.UseForwardedHeaders(Believing(proxy));
        else app.Use(NotBelieving());
        app.Use(Harden);
        app.UseHostNames(options.Hosts);
        app.UseResponseCompression();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.Use(Deadline.Set);
        app.UseWhen(http => http.Request.Path.StartsWithSegments("/hubs", StringComparison.OrdinalIgnoreCase), hubs => hubs.Use(OwnPages));
        app.UseWhen(
            static http => http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) || http.Request.Path.StartsWithSegments("/hubs", StringComparison.OrdinalIgnoreCase),
            static asked => asked.Use(SharedKeys.AtHand));
        app.Use(Noting.Note);
        // Who it is comes first, so that what is too much is refused before it is read.
        app.UseAuthentication();
        app.Use(app.Services.GetRequiredService<WriteLimits>().OfAccount);
        app.Use(app.Services.GetRequiredService<LineLimits>().OfOpening);
        app.Use(BodyReader.WithoutCharset);
        app.UseRouting();
        app.UseMiddleware<BodyReader>();
        app.UseAuthorization();
        app.UseRateLimiter();
        app.UseMiddleware<ForOperators>();

        var api = app.MapGroup("/api/v1").RequireAuthorization().ProducesProblem(400);
        api.MapSessions().MapInvitations();
        var guarded = api.MapGroup("").AddEndpointFilter<AskedAgain>().AddEndpointFilter<HasStanding>().AddEndpointFilter<AntiForgery>().AddEndpointFilter<WithinLimitOfBody>()
            .ProducesProblem(401).ProducesProblem(503);
        guarded.MapAccounts().MapBodies().MapPlans().MapRequests().MapGroups().MapInbox().MapSearch().MapFeed().MapSecurityLog();
        app.MapUnanswered();

        app.MapHub<LiveHub>("/hubs/live", options => options.CloseOnAuthenticationExpiration = true).RequireAuthorization();
        HealthAnswer.Map(app, http => ForOperators.IsAtTheirPort(http, options) || (!options.OpsPortAlone && http.User.Identity?.IsAuthenticated is true));
        app.MapOpenApi();
        app.MapDevelopersPage();
        MapDashboard(app, options.Dashboard);
        return app;
    }

    /// <summary>JSON as the whole platform speaks it: numbers are numbers, names are kebab-case, texts are plain.</summary>
    private static void Configure(JsonSerializerOptions options, bool given)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = true;
        options.AllowDuplicateProperties = false;
        options.MaxDepth = 16;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.Converters.Add(new OneName());
        if (given) options.Converters.Add(new PlainText());
    }

    private static void AddSessions(IServiceCollection services, GatewayOptions given)
    {
        services.Configure<PasswordHasherOptions>(static options => options.IterationCount = Hashing.Rounds);
        services.AddSingleton<IPasswordHasher<AccountRecord>, PasswordHasher<AccountRecord>>();
        services.AddSingleton<Hashing>();
        services.AddSingleton<KnownDevices>();
        services.AddSingleton<SignIns>();
        services.AddSingleton<KnownSessions>();
        services.AddSingleton<SessionCookie>();
        services.AddSingleton<SessionLists>();
        services.AddAuthentication(SessionCookie.Scheme).AddCookie(SessionCookie.Scheme, options =>
        {
            options.Cookie.Name = SessionCookie.Name;
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.Cookie.Path = "/";
            options.CookieManager = new HostCookies();
            // The session itself says when it ends; the cookie outlives none.
            options.ExpireTimeSpan = SessionTimes.Longest;
            options.SlidingExpiration = false;
            options.Events.OnValidatePrincipal = SessionCookie.Validate;
            options.Events.OnRedirectToLogin = context => Problems.SessionRequired().ExecuteAsync(context.HttpContext);
            options.Events.OnRedirectToAccessDenied = context => Problems.SessionRequired().ExecuteAsync(context.HttpContext);
        });
        services.AddAuthorization();
        services.AddRateLimiter(limiter =>
        {
            limiter.AddPolicy(SignInLimit, http => RateLimitPartition.GetTokenBucketLimiter(
                PlaceOf(http), _ => new()
                {
                    TokenLimit = 60,
                    TokensPerPeriod = 30,
                    ReplenishmentPeriod = TimeSpan.FromSeconds(10),
                    QueueLimit = 0,
                }));
            limiter.OnRejected = async (context, _) => await Problems.Of(
                StatusCodes.Status429TooManyRequests, "session.too-many-tries", "Too many sign-ins from one place. Wait a few seconds.", TimeSpan.FromSeconds(10))
                .ExecuteAsync(context.HttpContext);
        });
        services.AddKeys(given.Keys);
    }

    /// <summary>Whom a sign-in counts for: who is known here is kept waiting by no neighbour.</summary>
    private static string PlaceOf(HttpContext http) =>
        http.KeptSession() is { } session ? "session " + session.Id
        : http.RequestServices.GetRequiredService<KnownDevices>().Of(http) is { } device ? "device " + device
        : SessionCookie.From(http).Site;

    /// <summary>The proxy that is named says who came, and whether they came over TLS. Nobody else is believed, nor what others have told the proxy.</summary>
    private static ForwardedHeadersOptions Believing(System.Net.IPNetwork proxy)
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = 1 };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        options.KnownIPNetworks.Add(proxy);
        return options;
    }

    /// <summary>Says once that somebody is not believed: behind a proxy that is not named all people share the bounds of one network.</summary>
    private static Func<HttpContext, RequestDelegate, Task> NotBelieving()
    {
        var said = 0;
        return (http, next) =>
        {
            if (said == 0 && http.Request.Headers.ContainsKey("X-Forwarded-For") && Interlocked.Exchange(ref said, 1) == 0)
                Log.ProxyNotNamed(http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Coordination.Gateway"));
            return next(http);
        };
    }

    private static Task Harden(HttpContext http, RequestDelegate next)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        // Whoever has come over TLS once comes no other way. Not on one's own machine, where every other program has the same name.
        if (http.Request.IsHttps && !IPAddress.TryParse(http.Request.Host.Host, out _) && http.Request.Host.Host is not "localhost") headers.StrictTransportSecurity = "max-age=31536000";
        headers.ContentSecurityPolicy = Policy;
        // What one account may see is not kept for the next one at the same browser, nor "late" for the next day.
        if (http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)) headers.CacheControl = "no-store";
        return next(http);
    }

    /// <summary>A browser sends its cookie with a WebSocket from any page of this host, whatever the port: only our own pages listen.</summary>
    private static Task OwnPages(HttpContext http, RequestDelegate next) =>
        http.Request.Headers.Origin is [{ } origin] && !(Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.Authority == http.Request.Host.Value)
            ? Problems.Of(StatusCodes.Status403Forbidden, "session.foreign-page", "Live changes are for this platform's own pages.").ExecuteAsync(http)
            : next(http);

    private static void MapDashboard(WebApplication app, string? folder)
    {
        if (folder is null || !Directory.Exists(folder)) return;
        var files = new PhysicalFileProvider(Path.GetFullPath(folder));
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = files,
            // Files under assets carry their content's hash in their name; the page itself is always asked for.
            OnPrepareResponse = context => context.Context.Response.Headers.CacheControl =
                context.Context.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache",
        });
        var page = new StaticFileOptions
        {
            FileProvider = files,
            OnPrepareResponse = context => context.Context.Response.Headers.CacheControl = "no-cache",
        };
        app.MapFallbackToFile("index.html", page);
        // A code has a point in it, and is taken for no file's name.
        app.MapFallbackToFile(Problems.Page + "{code}", "index.html", page);
    }

    /// <summary>Ready when the silo answers and viewers are told what the views have.</summary>
    private sealed class Ready(Grains grains, LiveFeed feed) : IHealthCheck
    {
        private const long Lag = 10_000;

        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var position = await grains.Of<IFeedGrain>(0).Position().WaitAsync(cancellationToken);
            if (feed.Position < 0) return HealthCheckResult.Unhealthy("Silos answer. It is not known yet from where viewers are to be told.");
            var text = $"Silos answer. Viewers are told up to {feed.Position} of {position}.";
            return position - feed.Position <= Lag ? HealthCheckResult.Healthy(text) : HealthCheckResult.Unhealthy(text);
        }
    }
}
