using Coordination.Host.Clustering;
using Npgsql;

namespace Coordination.Node.Roles;

/// <summary>Opens the table of members, by which silos and gateways find each other.</summary>
internal static class Members
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    /// <summary>Connections to it, made or brought up to date. To be disposed when Orleans has ended.</summary>
    /// <exception cref="Refusal">It has not let this process in within <see cref="Patience.AtStart"/>.</exception>
    public static async Task<NpgsqlDataSource> Open(ClusterPlace place, CancellationToken cancellation)
    {
        var members = place.Connect();
        var patience = new Patience("PostgreSQL", Patience.AtStart);
        try
        {
            while (true)
            {
                try
                {
                    await ClusterSchema.Upgrade(members, cancellation);
                    return members;
                }
                catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
                {
                    await patience.OrGiveUp(exception.Message, Between, cancellation);
                }
            }
        }
        catch
        {
            await members.DisposeAsync();
            throw;
        }
    }
}
