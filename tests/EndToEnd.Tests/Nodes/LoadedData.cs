using Coordination.EndToEnd.Tests.Nodes;

[assembly: AssemblyFixture(typeof(LoadedData))]
// Each test starts processes of its own and some measure time: side by side they would measure each other.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Coordination.EndToEnd.Tests.Nodes;

/// <summary>What a first start makes, made once and when it is first needed: tests that are not about the first start begin from a copy.</summary>
public sealed class LoadedData : IDisposable
{
    private readonly Lazy<DataFolder> _made = new(() => Task.Run(Make).GetAwaiter().GetResult());

    private static async Task<DataFolder> Make()
    {
        var folder = new DataFolder();
        await using var node = await NodeProcess.Start(folder.Path);
        await node.Signal("TERM", CancellationToken.None);
        return await node.Ended(TimeSpan.FromSeconds(60), CancellationToken.None) is not 0 and var code
            ? throw new InvalidOperationException($"The node ended with exit code {code}. It said:\n{node.Output}")
            : folder;
    }

    public DataFolder Copy()
    {
        var folder = new DataFolder();
        foreach (var file in Directory.EnumerateFiles(_made.Value.Path, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(folder.Path, Path.GetRelativePath(_made.Value.Path, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return folder;
    }

    public void Dispose()
    {
        if (_made.IsValueCreated) _made.Value.Dispose();
    }
}
