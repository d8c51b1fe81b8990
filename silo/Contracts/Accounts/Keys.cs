namespace Coordination.Contracts.Accounts;

/// <summary>A key that protects cookies, or a note on keys, as ASP.NET Core writes it (XML). Whoever reads it can sign in as anybody.</summary>
[GenerateSerializer, Immutable, Alias("ProtectionKey")]
public sealed record ProtectionKey(string Name, string Xml);

/// <summary>All keys that there are.</summary>
/// <param name="Version">Rises with each key that is added; 0 when there is none.</param>
[GenerateSerializer, Immutable, Alias("KeyRing")]
public sealed record KeyRing(ProtectionKey[] Keys, long Version);

/// <summary>Keeps the keys that all gateways protect cookies with. Key: 0, one for the platform.</summary>
[Alias("IKeysGrain")]
public interface IKeysGrain : IGrainWithIntegerKey
{
    [Alias("All")]
    Task<KeyRing> All();

    /// <summary>Adds a key if the ring is still at the version that the adder has read; false when another came first.</summary>
    [Alias("Add")]
    Task<bool> Add(ProtectionKey key, long version);
}
