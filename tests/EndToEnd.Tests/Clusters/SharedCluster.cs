using Coordination.EndToEnd.Tests.Clusters;

[assembly: AssemblyFixture(typeof(SharedCluster))]

namespace Coordination.EndToEnd.Tests.Clusters;

/// <summary>The one cluster of all tests; started by the first of them, and whole again after each that broke it.</summary>
public sealed class SharedCluster : IAsyncDisposable
{
    private Task<Cluster>? _cluster;

    /// <summary>With <c>COORDINATION_TEST_ON=cluster</c> in the environment windows are opened on a cluster, else on a node.</summary>
    public static bool Wanted => Environment.GetEnvironmentVariable("COORDINATION_TEST_ON") switch
    {
        null or "" or "node" => false,
        "cluster" => true,
        var other => throw new InvalidOperationException($"COORDINATION_TEST_ON is '{other}' and should be node or cluster."),
    };

    /// <summary>To be asked by one after the other.</summary>
    public Task<Cluster> Start() => _cluster ??= Cluster.Start();

    public async ValueTask DisposeAsync()
    {
        if (_cluster is { IsCompletedSuccessfully: true } started) await (await started).DisposeAsync();
    }
}
