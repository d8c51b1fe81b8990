using System.Net;
using Npgsql;

namespace Coordination.Host.Clustering;

/// <summary>Where a process stands in its cluster.</summary>
/// <param name="Cluster">Name of the cluster; silos and gateways of one cluster share it.</param>
/// <param name="Postgres">Npgsql connection string of the database that holds members and reminders.</param>
/// <param name="Name">Name of this process, for people.</param>
public sealed record ClusterPlace(string Cluster, string Postgres, string Name)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Connections of a few, that give up after 5 s: a database that does not answer must not keep a silo from noticing that it is
    /// cut off. To be disposed when Orleans has ended.
    /// </summary>
    public NpgsqlDataSource Connect() => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Postgres)
    {
        SearchPath = ClusterSchema.Name,
        ApplicationName = $"{Name} members",
        MinPoolSize = 0,
        MaxPoolSize = 8,
        Timeout = (int)Limit.TotalSeconds,
        CommandTimeout = (int)Limit.TotalSeconds,
        CancellationTimeout = 1_000,
    });
}

/// <summary>Addresses of a silo: where other silos and where gateways reach it.</summary>
public sealed record SiloAddresses(IPAddress Address, int SiloPort, int ClientPort);
