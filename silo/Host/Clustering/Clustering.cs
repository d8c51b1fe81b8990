using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using Orleans.Configuration;

namespace Coordination.Host.Clustering;

/// <summary>Makes a silo or a gateway part of a cluster whose members and reminders stand in PostgreSQL.</summary>
public static class Clustering
{
    private const string Invariant = "Npgsql";

    /// <summary>A silo among others, at addresses that the configuration names.</summary>
    public static ISiloBuilder UseCluster(this ISiloBuilder silo, ClusterPlace place, NpgsqlDataSource database, SiloAddresses at)
    {
        silo.Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = place.Cluster);
        silo.Configure<Orleans.Configuration.SiloOptions>(options => options.SiloName = place.Name);
        silo.Configure<EndpointOptions>(options =>
        {
            options.AdvertisedIPAddress = at.Address;
            options.SiloPort = at.SiloPort;
            options.GatewayPort = at.ClientPort;
            options.SiloListeningEndpoint = new(at.Address, at.SiloPort);
            options.GatewayListeningEndpoint = new(at.Address, at.ClientPort);
        });
        return silo.UseMembers(database);
    }

    /// <summary>A silo in a pod: Kubernetes names it and its addresses, and tells which of the others are gone.</summary>
    public static ISiloBuilder UseKubernetesCluster(this ISiloBuilder silo, NpgsqlDataSource database) => silo.UseKubernetesHosting().UseMembers(database);

    /// <summary>A client that finds silos in the same table.</summary>
    public static IClientBuilder UseCluster(this IClientBuilder client, ClusterPlace place, NpgsqlDataSource database)
    {
        client.Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = place.Cluster);
        client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = Membership.Table);
        client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = Membership.Answer);
        return client.AddActivityPropagation().UseAdoNetClustering(options => (options.Invariant, options.DataSource) = (Invariant, database));
    }

    private static ISiloBuilder UseMembers(this ISiloBuilder silo, NpgsqlDataSource database)
    {
        silo.Configure<ClusterMembershipOptions>(Membership.Configure);
        silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = options.SystemResponseTimeout = Membership.Answer);
        silo.UseAdoNetClustering(options => (options.Invariant, options.DataSource) = (Invariant, database));
        silo.UseAdoNetReminderService(options => (options.Invariant, options.DataSource) = (Invariant, database));
        silo.Services.Replace(ServiceDescriptor.Singleton<IFatalErrorHandler, DeathOfTheSilo>());
        // The default looks for an idle silo and gives one of two everything as long as they are quiet.
        silo.Services.AddSingleton<PlacementStrategy, RandomPlacement>();
        return silo.AddActivityPropagation();
    }
}
