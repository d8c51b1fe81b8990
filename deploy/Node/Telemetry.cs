using System.Net;
using System.Reflection;
using Coordination.Gateway.Security;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Coordination.Node;

/// <summary>
/// Traces, measures and the security log of every role. Measures are shown at <c>/metrics</c>; where <see cref="Settings.Otlp"/> says, they are sent,
/// and traces and the security log with them. Without it nothing is traced. The usual OTEL_ variables set what is sampled and how often it is sent.
/// </summary>
internal static class Telemetry
{
    /// <summary>Source and meter that all of the platform uses.</summary>
    private const string Own = "Coordination";

    private const string Path = "/metrics";

    /// <summary>Requests that last as long as a window is open, or that only look.</summary>
    private static readonly PathString[] Untraced = ["/hubs", "/health", Path];

    public static void AddTelemetry(this WebApplicationBuilder builder, Settings settings)
    {
        // It is read in the dashboard and where measures are, and would drown what an operator has to see here.
        builder.Logging
            .AddFilter<ConsoleLoggerProvider>(SecurityLog.Category, LogLevel.Warning)
            .AddFilter<OpenTelemetryLoggerProvider>(category: null, LogLevel.None)
            .AddFilter<OpenTelemetryLoggerProvider>(SecurityLog.Category, LogLevel.Information);
        var version = typeof(Telemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("coordination", serviceVersion: version, serviceInstanceId: settings.Name))
            .WithMetrics(metrics => metrics
                .AddMeter(Own, "Microsoft.Orleans", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql")
                .AddPrometheusExporter());
        if (settings.Otlp is not { } otlp) return;
        telemetry
            .WithLogging(logs => logs.AddOtlpExporter(exporter => exporter.Endpoint = otlp), logs => logs.IncludeFormattedMessage = true)
            .WithMetrics(metrics => metrics.AddOtlpExporter(exporter => exporter.Endpoint = otlp))
            .WithTracing(traces => traces
                .AddSource(Own, "Microsoft.Orleans.Application")
                .AddAspNetCoreInstrumentation(requests => requests.Filter = http => !Array.Exists(Untraced, path => http.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase)))
                .AddOtlpExporter(exporter => exporter.Endpoint = otlp));
    }

    /// <summary>
    /// Shows measures on the operators' port, or, where there is none, to whoever asks from this machine without a proxy between.
    /// To be added before anything that believes a proxy.
    /// </summary>
    public static void UseMetrics(this WebApplication app, Settings settings)
    {
        var port = settings.Ops is { } address ? BindingAddress.Parse(address).Port : (int?)null;
        app.UseOpenTelemetryPrometheusScrapingEndpoint(http => IsMetrics(http) && (port is { } ops ? http.Connection.LocalPort == ops : IsFromHere(http)));
        app.Use((http, next) =>
        {
            if (!IsMetrics(http)) return next(http);
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }

    private static bool IsMetrics(HttpContext http) => http.Request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase);

    private static bool IsFromHere(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } caller && IPAddress.IsLoopback(caller) && !http.Request.Headers.ContainsKey("X-Forwarded-For") && !http.Request.Headers.ContainsKey("Forwarded");
}
