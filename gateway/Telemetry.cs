using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Coordination.Gateway;

/// <summary>What the gateway tells of itself, under the name that all of the platform uses.</summary>
internal static class Telemetry
{
    private const string Name = "Coordination";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);

    /// <summary>From the moment that an entry carries to the moment when it has been handed to a viewer's connection.</summary>
    public static readonly Histogram<double> Pushes = Meter.CreateHistogram<double>(
        "coordination.push.duration", "s", "From the decision of a change to its push to a viewer.",
        advice: new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });

    /// <summary>By <c>code</c>: the codes are a fixed set, so that no caller makes a new series.</summary>
    public static readonly Counter<long> Refusals = Meter.CreateCounter<long>("coordination.refusals", "{answer}", "Requests that were refused, by the code of the refusal.");

    private static readonly Counter<long> Retries = Meter.CreateCounter<long>("coordination.retries", "{attempt}", "Calls that were made again because no silo answered.");

    public static readonly UpDownCounter<long> Viewers = Meter.CreateUpDownCounter<long>("coordination.viewers", "{viewer}", "Live connections at this gateway.");

    /// <summary>Shows that there is nothing to tell yet, where nothing would look like a measure that is missing.</summary>
    public static void Begin()
    {
        foreach (var kind in (string[])["read", "command"]) Retried(kind, 0);
        Viewers.Add(0);
    }

    /// <param name="kind">read or command.</param>
    public static void Retried(string kind, int times = 1) => Retries.Add(times, new KeyValuePair<string, object?>("kind", kind));

    /// <summary>A span under the one that <paramref name="trace"/> names (W3C traceparent); null, at no cost, where that one is not recorded.</summary>
    public static Activity? Follow(string name, ActivityKind kind, string? trace) =>
        trace is [.., '0', '1'] && Source.HasListeners() ? Source.StartActivity(name, kind, trace) : null;
}
