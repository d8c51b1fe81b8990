using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace Coordination.Gateway;

/// <summary>What a gateway can be told. Validated at start.</summary>
public sealed class GatewayOptions
{
    /// <summary>Folder of the built dashboard; null serves the API alone.</summary>
    public string? Dashboard { get; set; }

    /// <summary>
    /// Folder of the keys that protect cookies, so that people stay signed in over a restart; null keeps them with the silos, so that
    /// any number of gateways have the same.
    /// </summary>
    public string? Keys { get; set; }

    /// <summary>Port that only operators reach, where health is told in words to whoever asks; null where there is none.</summary>
    [Range(1, 65_535)]
    public int? OpsPort { get; set; }

    /// <summary>What concerns operators is on their port alone, as in a cluster; false: elsewhere too, behind a sign-in.</summary>
    public bool OpsPortAlone { get; set; }

    /// <summary>Names that people and systems ask for, besides addresses and those of loopback; <c>*.example.org</c> for all below one, <c>*</c> for any.</summary>
    public IReadOnlyList<string> Hosts { get; set; } = [];

    /// <summary>
    /// The one proxy in front that says from which address somebody comes and whether over TLS, or the network that it is in; null: nobody is
    /// believed.
    /// </summary>
    public IPNetwork? Proxy { get; set; }

    /// <summary>How long a write is tried while silos do not answer, before the caller is told so. The caller may ask for less.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan AnswerWithin { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a read is tried.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan ReadWithin { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Largest body of a request, in bytes.</summary>
    [Range(1_024, 64 * 1_024 * 1_024)]
    public int LargestBody { get; set; } = 256 * 1_024;

    [ValidateObjectMembers]
    public GatewayBounds Bounds { get; set; } = new();

    /// <summary>Changes that may wait for a slow viewer before it is sent to read the feed instead.</summary>
    [Range(1, 1_000_000)]
    public int ViewerQueue { get; set; } = 1_000;

    /// <summary>How often the journal's position is asked for. A change that the bus keeps back is told after twice as long.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan Watch { get; set; } = TimeSpan.FromSeconds(0.8);

    /// <summary>How often viewers are told how far they have been told.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(10);
}

[OptionsValidator]
public sealed partial class GatewayOptionsValidator : IValidateOptions<GatewayOptions>;
