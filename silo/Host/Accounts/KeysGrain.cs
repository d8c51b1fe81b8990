using System.Text.Json;
using Coordination.Contracts.Accounts;

namespace Coordination.Host.Accounts;

/// <summary>The keys stand in one record, so that of two who add at once one learns of the other, whatever becomes of this activation.</summary>
public sealed class KeysGrain(IRecords records) : Grain, IKeysGrain
{
    private const string Kind = "key";
    private const string Ring = "ring";

    public async Task<KeyRing> All() =>
        await records.Read(Kind, Ring) is { } record ? new(JsonSerializer.Deserialize<ProtectionKey[]>(record.Data)!, record.Version) : new([], 0);

    public async Task<bool> Add(ProtectionKey key, long version)
    {
        var ring = await All();
        return ring.Version == version && await records.Write(Kind, Ring, JsonSerializer.SerializeToUtf8Bytes<ProtectionKey[]>([.. ring.Keys, key]), version) is not null;
    }
}
