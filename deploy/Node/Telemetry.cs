using System.Diagnostics.Metrics;
using System.Reflection;
using Coordination.Gateway;
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

    /// <summary>Requests that last as long as a window is open, or that only look.</summary>
    private static readonly PathString[] Untraced = ["/hubs", "/health", GatewayHosting.Measures];

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
                .AddMeter(Own, "Polly", "Microsoft.Orleans", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql")
                .AddView(Narrow)
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

    /// <summary>Room is taken at once for every series that a measure may have. Only requests have many, by path and status: the default of 2,000.</summary>
    private static MetricStreamConfiguration? Narrow(Instrument instrument) =>
        instrument.Meter.Name == "Microsoft.AspNetCore.Hosting" ? null : new() { CardinalityLimit = 500 };

    /// <summary>Shows measures. To whom is decided in front of it.</summary>
    public static void MapMeasures(this IEndpointRouteBuilder app) => app.MapPrometheusScrapingEndpoint(GatewayHosting.Measures);
}
