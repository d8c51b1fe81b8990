using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Coordination.Host;

/// <summary>What a silo can be told. Validated at start.</summary>
public sealed class SiloOptions
{
    /// <summary>Folder that holds the journal.</summary>
    [Required]
    public string Data { get; set; } = "./data";

    /// <summary>Loads the report and the exercise on first start, and lets the accounts that were made with them sign in.</summary>
    public bool Demonstration { get; set; } = true;

    /// <summary>Visitors share the accounts of the demonstration: none of them changes names and passwords for the others.</summary>
    public bool SharedDemonstration { get; set; }

    /// <summary>Hash of the password that demonstration accounts share for as long as they have none of their own; null lets none of these sign in.</summary>
    public string? DemonstrationPasswordHash { get; set; }

    /// <summary>Folder with the real input and the exercise; null loads nothing.</summary>
    public string? Input { get; set; }

    /// <summary>How long a command of the first load is given again while silos come and go, before the load is broken off.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan ImportPatience { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Facts after which a grain's state is kept, so that it need not be folded from the beginning.</summary>
    [Range(1, 100_000)]
    public int SnapshotEvery { get; set; } = 100;

    /// <summary>How long a read waits for a view to reach the position its caller has seen.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan SeenWithin { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Where signed heads of the journal are sent, outside of the platform; null sends none.</summary>
    public Uri? HeadsTo { get; set; }

    /// <summary>How many times as much as <see cref="Domain.OpenThings.Most"/> a body may have open.</summary>
    [Range(1, 1_000)]
    public int OpenThings { get; set; } = 1;

    /// <summary>How long the security log keeps what happened.</summary>
    [Range(typeof(TimeSpan), "7.00:00:00", "3650.00:00:00")]
    public TimeSpan SecurityLogKept { get; set; } = TimeSpan.FromDays(365);

    /// <summary>How long it keeps from which network and with which browser.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan SecurityLogPlacesKept { get; set; } = TimeSpan.FromDays(30);
}

[OptionsValidator]
public sealed partial class SiloOptionsValidator : IValidateOptions<SiloOptions>;
