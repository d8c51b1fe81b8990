using Orleans.Configuration;

namespace Coordination.Host.Clustering;

/// <summary>
/// How soon the cluster gives up a silo, and what that costs. Orleans' own settings need 11 to 15 s for a silo that was
/// killed and more than a minute for one that hangs; nobody who waits for a plan of that silo waits so long.
/// </summary>
/// <remarks>
/// A silo is probed every <see cref="Probe"/> and declared dead after <see cref="Missed"/> misses. The connection of a killed
/// process is refused at once: measured on a busy machine of two cores, it was declared dead after 2.3 to 3.2 s, a frozen one after
/// 3.7 to 3.9 s. A frozen one keeps its connections, and while a message of it was seen within <see cref="Probe"/> ×
/// <see cref="Missed"/> its misses do not count. The price of
/// haste is a silo declared dead that was only slow. It ends itself, its grains come up elsewhere, and what it still tries to
/// write is refused by the journal (<see cref="Sentence"/>): a pause, never a loss.
/// </remarks>
public static class Membership
{
    /// <summary>Time for an answer, and the time between two probes.</summary>
    public static readonly TimeSpan Probe = TimeSpan.FromSeconds(1.5);

    /// <summary>Probes that may stay without an answer.</summary>
    public const int Missed = 2;

    /// <summary>How often the table is read for what gossip did not bring, and written with the sign of life.</summary>
    public static readonly TimeSpan Table = TimeSpan.FromSeconds(5);

    /// <summary>How long a call waits. Longer than a failover, shorter than the patience of whoever asked the gateway.</summary>
    public static readonly TimeSpan Answer = TimeSpan.FromSeconds(5);

    internal static void Configure(ClusterMembershipOptions options)
    {
        options.ProbeTimeout = Probe;
        // Left to itself it is four times as long, and it is this one that a frozen silo is measured by.
        options.MinProbeTimeout = options.MaxProbeTimeout = Probe;
        options.NumMissedProbesLimit = Missed;
        // With two silos there is only one who can vote.
        options.NumVotesForDeathDeclaration = 1;
        options.TableRefreshTimeout = Table;
        options.IAmAliveTablePublishTimeout = Table;
        // After an end of all at once nobody waits for those who wrote their last sign of life 15 s ago.
        options.NumMissedTableIAmAliveLimit = 3;
        options.MaxJoinAttemptTime = TimeSpan.FromMinutes(1);
        // Rows of the dead are kept for the fence: it reads them while a sleeper may still wake.
        options.DefunctSiloExpiration = TimeSpan.FromDays(1);
    }
}
