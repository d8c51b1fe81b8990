using Coordination.EndToEnd.Tests.Clusters;

namespace Coordination.EndToEnd.Tests.Operations;

/// <summary>A cluster that is set up from a backup, as after a machine was lost.</summary>
[Trait("On", "cluster")]
public sealed class ANewCluster(LoadedData loaded)
{
    [Fact]
    public async Task Begins_with_a_backup_as_the_same_platform_and_takes_none_while_it_runs()
    {
        using var original = loaded.Copy();
        using var folder = new DataFolder();
        var file = Path.Combine(folder.Path, "backup");
        await Tool.Succeed(null, "backup", file, "--data", original.Path);
        var whole = await Tool.Succeed(null, "journal", "verify", "--data", original.Path);

        await using var cluster = await Cluster.Start(restore: file);

        using var caller = await Caller.SignIn(cluster.Address, "ruritania", Waiting.Cancellation);
        var verified = await caller.Get("journal/verify", Waiting.Cancellation);
        Assert.True(verified.GetProperty("ok").GetBoolean());
        Assert.Contains(verified.GetProperty("head").GetString()!, whole, StringComparison.Ordinal);
        Assert.Empty(await cluster.Inspect(verified.GetProperty("entries").GetInt64(), Waiting.Cancellation));
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.Up(more: ["--restore", file]));
        Assert.Contains("this one runs", refusal.Message, StringComparison.Ordinal);
        var other = await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.Up(more: ["--demonstration", "off"]));
        Assert.Contains("deploy/cluster/down", other.Message, StringComparison.Ordinal);
    }
}
