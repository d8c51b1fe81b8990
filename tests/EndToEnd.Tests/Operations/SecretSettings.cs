using Coordination.EndToEnd.Tests.Nodes;

namespace Coordination.EndToEnd.Tests.Operations;

/// <summary>What is given in secret is written nowhere, however much is logged.</summary>
public sealed class SecretSettings
{
    private const string Canary = "not-to-be-shown-at-all";

    [Fact]
    public async Task Are_in_no_log_of_a_process_that_uses_them()
    {
        using var folder = new DataFolder();
        await using var node = await NodeProcess.Start(
            folder.Path, password: null,
            environment: new Dictionary<string, string> { ["COORDINATION_DEMO_PASSWORD"] = Canary, ["Logging__LogLevel__Default"] = "Trace", ["Logging__Console__LogLevel__Default"] = "Trace" },
            cancellation: Waiting.Cancellation);
        using var ruritania = await Caller.SignIn(node.Address, "ruritania", Waiting.Cancellation, password: Canary);

        Assert.Contains("Password: the one in COORDINATION_DEMO_PASSWORD", node.Output, StringComparison.Ordinal);
        Assert.Contains("trce:", node.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, node.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, string.Concat(Directory.EnumerateFiles(folder.Path, "*password*").Select(File.ReadAllText)), StringComparison.Ordinal);
    }
}
