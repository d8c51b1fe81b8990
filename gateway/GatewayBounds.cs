using System.ComponentModel.DataAnnotations;

namespace Coordination.Gateway;

/// <summary>How much one account, body or network may do at each gateway.</summary>
public record GatewayBounds
{
    /// <summary>What <see cref="RangeAttribute"/> allows, in words that follow "should be".</summary>
    protected const string Number = "a whole number from {1} to {2}";

    /// <summary>These bounds, and nothing of what else they are given with.</summary>
    public GatewayBounds Alone() => new(this);

    /// <summary>Writes that an account may send in one go.</summary>
    [Range(1, 1_000_000, ErrorMessage = Number)]
    public int AccountWrites { get; set; } = 5_000;

    /// <summary>Writes that an account may send a second in the long run.</summary>
    [Range(1, 1_000_000, ErrorMessage = Number)]
    public int AccountWritesPerSecond { get; set; } = 10;

    /// <summary>Writes that all accounts of a body together may send in one go.</summary>
    [Range(1, 1_000_000, ErrorMessage = Number)]
    public int BodyWrites { get; set; } = 10_000;

    /// <summary>Writes that all accounts of a body together may send a second in the long run.</summary>
    [Range(1, 1_000_000, ErrorMessage = Number)]
    public int BodyWritesPerSecond { get; set; } = 30;

    /// <summary>Live connections that an account may have at a time.</summary>
    [Range(1, 1_000_000, ErrorMessage = Number)]
    public int AccountConnections { get; set; } = 100;

    /// <summary>Live connections from one network, 24 bits of an address of four bytes and 64 of another.</summary>
    [Range(1, 1_000_000, ErrorMessage = Number)]
    public int NetworkConnections { get; set; } = 5_000;

    /// <summary>Topics that all live connections of an account together may follow.</summary>
    [Range(1, 1_000_000, ErrorMessage = Number)]
    public int AccountTopics { get; set; } = 2_000;
}
