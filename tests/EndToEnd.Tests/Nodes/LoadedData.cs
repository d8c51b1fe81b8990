using Coordination.EndToEnd.Tests.Clusters;
using Coordination.EndToEnd.Tests.Nodes;

[assembly: AssemblyFixture(typeof(LoadedData))]
// Each test starts processes of its own and some measure time: side by side they would measure each other.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Coordination.EndToEnd.Tests.Nodes;

/// <summary>What a first start makes, made once: tests that are not about the first start begin from a copy.</summary>
public sealed class LoadedData : IAsyncLifetime
{
    private readonly DataFolder _made = new();

    public async ValueTask InitializeAsync()
    {
        // Windows on a cluster need no node.
        if (SharedCluster.Wanted) return;
        await using var node = await NodeProcess.Start(_made.Path);
        await node.Signal("TERM", CancellationToken.None);
        if (await node.Ended(TimeSpan.FromSeconds(30), CancellationToken.None) is not 0 and var code)
            throw new InvalidOperationException($"The node ended with exit code {code}. It said:\n{node.Output}");
    }

    public DataFolder Copy()
    {
        var folder = new DataFolder();
        foreach (var file in Directory.EnumerateFiles(_made.Path, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(folder.Path, Path.GetRelativePath(_made.Path, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return folder;
    }

    public ValueTask DisposeAsync()
    {
        _made.Dispose();
        return default;
    }
}
