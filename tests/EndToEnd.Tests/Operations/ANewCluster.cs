using System.Globalization;
using System.Text.RegularExpressions;
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
        // Erased after the backup was made: it is to be gone from what is restored.
        var list = Path.Combine(folder.Path, "erasures");
        var said = await Tool.Succeed(null, ["journal", "erase", .. Enumerable.Range(1, 400).Select(position => $"{position}"), "--reason", "By mistake.", "--data", original.Path]);
        var erased = Regex.Matches(said[..said.IndexOf('.', StringComparison.Ordinal)], "[0-9]+").Select(match => long.Parse(match.Value, CultureInfo.InvariantCulture)).ToArray();
        Assert.NotEmpty(erased);
        await Tool.Succeed(null, "journal", "erasures", list, "--data", original.Path);

        await using var cluster = await Cluster.Start(restore: file, erasures: list);

        using var caller = await Caller.SignIn(cluster.Address, "ruritania", Waiting.Cancellation);
        var verified = await caller.Get("journal/verify", Waiting.Cancellation);
        Assert.True(verified.GetProperty("ok").GetBoolean());
        await using var left = cluster.Database.CreateCommand("SELECT count(*) FILTER (WHERE position = ANY ($1)), count(*) FROM texts");
        left.Parameters.Add(new() { Value = erased });
        await using var counted = await left.ExecuteReaderAsync(Waiting.Cancellation);
        Assert.True(await counted.ReadAsync(Waiting.Cancellation));
        Assert.Equal((0, true), (counted.GetInt64(0), counted.GetInt64(1) > 0));
        Assert.Empty(await cluster.Inspect(verified.GetProperty("entries").GetInt64(), Waiting.Cancellation));
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.Up(more: ["--restore", file]));
        Assert.Contains("this one runs", refusal.Message, StringComparison.Ordinal);
        var other = await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.Up(more: ["--demonstration", "off"]));
        Assert.Contains("deploy/cluster/down", other.Message, StringComparison.Ordinal);
    }
}
