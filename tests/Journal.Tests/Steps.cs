namespace Coordination.Journal.Tests;

/// <summary>Keeps what it is told, at once and in order.</summary>
internal sealed class Steps(List<string> told) : IProgress<string>
{
    public void Report(string value) => told.Add(value);
}
