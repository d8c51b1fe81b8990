using Coordination.Host.Clustering;
using Npgsql;

namespace Coordination.Node.Roles;

/// <summary>Opens the table of members, by which silos and gateways find each other.</summary>
internal static class Members
{
    /// <summary>Connections to it, made or brought up to date. To be disposed when Orleans has ended.</summary>
    /// <exception cref="Refusal">It has not let this process in within <see cref="Patience.AtStart"/>.</exception>
    public static async Task<NpgsqlDataSource> Open(ClusterPlace place, CancellationToken cancellation)
    {
        var members = place.Connect();
        try
        {
            return await new Patience("PostgreSQL", Patience.AtStart).Until(
                async ending =>
                {
                    await ClusterSchema.Upgrade(members, ending);
                    return members;
                },
                static exception => exception is NpgsqlException or TimeoutException ? exception.Message : null, cancellation);
        }
        catch
        {
            await members.DisposeAsync();
            throw;
        }
    }
}
