namespace Coordination.EndToEnd.Tests.Nodes;

/// <summary>A new empty folder for one node, gone after the test.</summary>
public sealed class DataFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("coordination-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
