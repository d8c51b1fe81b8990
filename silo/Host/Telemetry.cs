using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Coordination.Host;

/// <summary>What the silo tells of itself, under the name that all of the platform uses.</summary>
internal static class Telemetry
{
    public const string Name = "Coordination";

    public static readonly ActivitySource Source = new(Name);
    public static readonly Meter Meter = new(Name);
}
