using Coordination.EndToEnd.Tests.Clusters;
using Coordination.EndToEnd.Tests.Durability;

namespace Coordination.EndToEnd.Tests.Operations;

/// <summary>What an operator does with a journal beside reading it: exports it for somebody else's verifier, compacts it.</summary>
public sealed class Exporting(LoadedData loaded)
{
    [Fact]
    public async Task An_export_is_verified_without_the_platform_and_a_compacted_journal_is_the_same()
    {
        using var data = loaded.Copy();
        using var folder = new DataFolder();
        var (plain, zipped) = (Path.Combine(folder.Path, "journal.jsonl"), Path.Combine(folder.Path, "journal.gz"));
        await using (await NodeProcess.Start(data.Path, cancellation: Waiting.Cancellation))
        {
            await Tool.Succeed(null, "journal", "export", zipped, "--data", data.Path);
            var (busy, _, reason) = await Tool.Run(null, "journal", "compact", "--data", data.Path);
            Assert.Equal((69, true), (busy, reason.Contains("in use by another process", StringComparison.Ordinal)));
        }

        Assert.StartsWith("whole: ", await Verified(zipped), StringComparison.Ordinal);
        await Tool.Succeed(null, "journal", "export", plain, "--data", data.Path);
        var before = await Verified(plain);
        Assert.StartsWith("whole: ", before, StringComparison.Ordinal);
        Assert.StartsWith("{\"position\":1,", (await File.ReadAllLinesAsync(plain, Waiting.Cancellation))[0], StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(plain));
        var (again, _, refusal) = await Tool.Run(null, "journal", "export", plain, "--data", data.Path);
        Assert.Equal((73, true), (again, refusal.Contains("is there already", StringComparison.Ordinal)));

        Assert.Contains("Compacted.", await Tool.Succeed(null, "journal", "compact", "--data", data.Path), StringComparison.Ordinal);
        var verified = await Tool.Succeed(null, "journal", "verify", "--data", data.Path);
        Assert.Contains(before[^64..], verified, StringComparison.Ordinal);
        var (none, _, why) = await Tool.Run(null, "journal", "compact", "--data", folder.Path);
        Assert.Equal((69, true), (none, why.Contains("There is no journal", StringComparison.Ordinal)));
    }

    private static async Task<string> Verified(string file) =>
        (await Shell.Succeed(Tools.Python, [Path.Combine(Tools.Repository, "tests", "verify_journal.py"), file], TimeSpan.FromSeconds(60), null)).Trim();
}
