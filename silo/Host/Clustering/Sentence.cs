using Microsoft.Extensions.DependencyInjection;

namespace Coordination.Host.Clustering;

/// <summary>
/// The others' verdict on this silo. One that slept through its own death sentence may not know it yet when it wakes: whoever
/// writes for it asks here, in the same transaction.
/// </summary>
/// <param name="Condition">SQL that is true when this run of the silo has been declared dead, or is not known at all.</param>
/// <param name="Values">For its placeholders.</param>
public sealed record Sentence(string Condition, object[] Values)
{
    /// <summary>To be asked for when the silo has joined.</summary>
    public static Sentence On(IServiceProvider services)
    {
        var silo = services.GetRequiredService<ILocalSiloDetails>();
        var at = silo.SiloAddress.Endpoint;
        return new(
            $"NOT EXISTS (SELECT FROM {ClusterSchema.Name}.members WHERE cluster = $1 AND address = $2 AND port = $3 AND generation = $4 AND status <> {ClusterSchema.Dead})",
            [silo.ClusterId, at.Address.ToString(), at.Port, silo.SiloAddress.Generation]);
    }
}
