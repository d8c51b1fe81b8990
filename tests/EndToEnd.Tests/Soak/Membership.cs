using Coordination.EndToEnd.Tests.Clusters;

namespace Coordination.EndToEnd.Tests.Soak;

/// <summary>The cluster's members as the database has them.</summary>
/// <param name="Version">Moves with every change of any member, a suspicion among them; not with signs of life.</param>
/// <param name="Members">Name, address, generation, status and suspicions of each, in order; those of earlier runs too.</param>
public sealed record Membership(int Version, string[] Members)
{
    private const int Active = 3;

    public static async Task<Membership> Of(Cluster cluster)
    {
        await using var command = cluster.Database.CreateCommand($"""
            SELECT version, siloname, format('%s at %s:%s of generation %s, status %s, suspected: %s', siloname, address, port, generation, status, coalesce(suspecttimes, 'never')), status = {Active}
            FROM orleans.clusters JOIN orleans.members USING (cluster) ORDER BY generation, port
            """);
        await using var rows = await command.ExecuteReaderAsync(Waiting.Cancellation);
        var (version, members, active) = (0, new List<string>(), new List<string>());
        while (await rows.ReadAsync(Waiting.Cancellation))
        {
            version = rows.GetInt32(0);
            members.Add(rows.GetString(2));
            if (rows.GetBoolean(3)) active.Add(rows.GetString(1));
        }

        Assert.Equal(cluster.Silos.Select(silo => silo.Name).Order(), active.Order());
        return new(version, [.. members]);
    }
}
