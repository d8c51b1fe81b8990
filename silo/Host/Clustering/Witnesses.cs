using Coordination.Host.Views;
using Microsoft.Extensions.Options;
using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace Coordination.Host.Clustering;

/// <summary>Asks each silo for itself.</summary>
public sealed partial class Witnesses(IGrainFactory grains, ISiloStatusOracle members, IOptions<SiloOptions> options, ILogger<Witnesses> logger)
{
    /// <summary>Those that are at work, this one among them.</summary>
    public IEnumerable<SiloAddress> Silos => members.GetApproximateSiloStatuses(onlyActive: true).Keys;

    public IWitnessGrain Of(SiloAddress silo)
    {
        // Where it is to be made, if it is not there yet.
        RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
        return grains.GetGrain<IWitnessGrain>(silo.ToParsableString());
    }

    /// <summary>
    /// Waits (bounded) until no silo decides on anything older than a position. One that does not answer is not waited for: it
    /// is dead, or hangs and will be declared dead.
    /// </summary>
    public Task Reach(long position) => Task.WhenAll(Silos.Select(async silo =>
    {
        try
        {
            if (!await Of(silo).Reach(position).WaitAsync(options.Value.SeenWithin * 2, TimeProvider.System)) LogBehind(logger, silo, position);
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException)
        {
            LogBehind(logger, silo, position);
        }
    }));

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Silo} does not say that its views have reached position {Position}")]
    private static partial void LogBehind(ILogger logger, SiloAddress silo, long position);
}

/// <summary>Speaks for the silo that it names.</summary>
[Alias("IWitnessGrain")]
public interface IWitnessGrain : IGrainWithStringKey
{
    /// <returns>The silo it speaks for, and whether the journal answers there.</returns>
    [Alias("Testify")]
    Task<(string Silo, bool Reaches)> Testify();

    /// <summary>Waits (bounded) until the silo's views have reached a position; false when they have not.</summary>
    [Alias("Reach")]
    Task<bool> Reach(long position);
}

[RandomPlacement, Orleans.Concurrency.Reentrant]
public sealed class WitnessGrain(IJournal journal, World world, ILocalSiloDetails silo, IOptions<SiloOptions> options) : Grain, IWitnessGrain
{
    public async Task<(string Silo, bool Reaches)> Testify() => (silo.SiloAddress.ToParsableString(), await CutOff.Reaches(journal));

    public async Task<bool> Reach(long position)
    {
        await world.Reach(position, options.Value.SeenWithin);
        return world.Position >= position;
    }
}
