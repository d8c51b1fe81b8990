using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace Coordination.Host.Clustering;

/// <summary>
/// The others' verdict on this silo. One that slept through its own death sentence may not know it yet when it wakes: whoever
/// writes for it asks here, in the same transaction.
/// </summary>
public static class Sentence
{
    /// <summary>
    /// SQL condition that is true when this run of the silo has been declared dead, or is not known at all. To be asked when the
    /// silo has joined.
    /// </summary>
    public static string Passed(IServiceProvider services)
    {
        var silo = services.GetRequiredService<ILocalSiloDetails>();
        var (address, at) = (silo.SiloAddress, silo.SiloAddress.Endpoint);
        return string.Create(CultureInfo.InvariantCulture, $"""
            NOT EXISTS (SELECT FROM {ClusterSchema.Name}.members
                WHERE cluster = '{silo.ClusterId.Replace("'", "''", StringComparison.Ordinal)}' AND address = '{at.Address}' AND port = {at.Port} AND generation = {address.Generation} AND status <> {ClusterSchema.Dead})
            """);
    }
}
