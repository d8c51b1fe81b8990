using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace Coordination.Host.Clustering;

/// <summary>Asks each silo for itself.</summary>
public sealed class Witnesses(IGrainFactory grains, ISiloStatusOracle members)
{
    /// <summary>Those that are at work, this one among them.</summary>
    public IEnumerable<SiloAddress> Silos => members.GetApproximateSiloStatuses(onlyActive: true).Keys;

    public IWitnessGrain Of(SiloAddress silo)
    {
        // Where it is to be made, if it is not there yet.
        RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
        return grains.GetGrain<IWitnessGrain>(silo.ToParsableString());
    }
}

/// <summary>Speaks for the silo that it names.</summary>
[Alias("IWitnessGrain")]
public interface IWitnessGrain : IGrainWithStringKey
{
    /// <returns>The silo it speaks for, and whether the journal answers there.</returns>
    [Alias("Testify")]
    Task<(string Silo, bool Reaches)> Testify();
}

[RandomPlacement, Orleans.Concurrency.Reentrant]
public sealed class WitnessGrain(IJournal journal, ILocalSiloDetails silo) : Grain, IWitnessGrain
{
    public async Task<(string Silo, bool Reaches)> Testify() => (silo.SiloAddress.ToParsableString(), await CutOff.Reaches(journal));
}
