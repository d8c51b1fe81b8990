using System.Net;
using Microsoft.Data.Sqlite;

namespace Coordination.EndToEnd.Tests.Operations;

/// <summary>
/// Something does not fit, or a backup takes the place of a journal that went further: what the operator's commands say and end with, and what the platform does before and
/// after.
/// </summary>
public sealed class PuttingRight
{
    private static readonly Dictionary<string, string> Empty = new() { ["COORDINATION_DEMONSTRATION"] = "off" };

    [Fact]
    public async Task A_backup_in_the_data_folder_of_before_starts_and_heads_of_before_are_told_of()
    {
        using var folder = new DataFolder();
        using var elsewhere = new DataFolder();
        var (backup, kept, later) = (Path.Combine(elsewhere.Path, "backup"), Path.Combine(elsewhere.Path, "kept"), Path.Combine(elsewhere.Path, "later"));
        await Run(folder, "The Secretariat");
        await Tool.Succeed(null, "backup", backup, "--data", folder.Path);
        File.Copy(Path.Combine(folder.Path, "heads"), kept);
        await Run(folder, "The Secretary", "The Secretariat of the Secretary");
        File.Copy(Path.Combine(folder.Path, "heads"), later);
        var whole = await Tool.Succeed(null, "journal", "verify", "--heads", kept, "--data", folder.Path);
        Assert.Contains("signed heads fit.", whole, StringComparison.Ordinal);
        Assert.Contains("What stands beside the chain is what the platform wrote.", whole, StringComparison.Ordinal);
        Assert.DoesNotContain("did not come along", whole, StringComparison.Ordinal);

        foreach (var file in Directory.EnumerateFiles(folder.Path, "*.db*")) File.Delete(file);
        await Tool.Succeed(null, "restore", backup, "--data", folder.Path);
        await Run(folder, "Another name");

        Assert.Contains("tell of what did not come along when the journal was restored", await Tool.Succeed(null, "journal", "verify", "--heads", later, "--data", folder.Path), StringComparison.Ordinal);
        Assert.Contains("signed heads fit.", await Tool.Succeed(null, "journal", "verify", "--heads", kept, "--data", folder.Path), StringComparison.Ordinal);
        await File.WriteAllTextAsync(kept, (await File.ReadAllTextAsync(kept, Waiting.Cancellation)).Replace("\"position\":", "\"position\":1", StringComparison.Ordinal), Waiting.Cancellation);
        var (changed, said, _) = await Tool.Run(null, "journal", "verify", "--heads", kept, "--data", folder.Path);
        Assert.Equal((1, true), (changed, said.Contains("does not fit. Somebody has changed the file.", StringComparison.Ordinal)));
        var (none, _, reason) = await Tool.Run(null, "journal", "verify", "--heads", backup, "--data", folder.Path);
        Assert.Equal((65, true), (none, reason.Contains("cannot be read as signed heads", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_record_that_was_changed_stops_what_is_written_until_an_operator_accepts_it_and_a_chain_that_breaks_is_not_accepted()
    {
        using var folder = new DataFolder();
        var backup = Path.Combine(folder.Path, "backup");
        await Run(folder, "The Secretariat");
        Tamper(folder, "UPDATE records SET version = version + 1 WHERE kind = 'account'");

        // It starts all the same, and says so.
        await using (var node = await NodeProcess.Start(folder.Path, environment: Empty, cancellation: Waiting.Cancellation))
        {
            using var http = new HttpClient { BaseAddress = node.Address };
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("health/ready", Waiting.Cancellation)).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("health/live", Waiting.Cancellation)).StatusCode);
            await Assert.ThrowsAsync<HttpRequestException>(async () => await Caller.SignIn(node.Address, "administrator", Waiting.Cancellation, await Password(folder)));
            await End(node);
        }

        var (verified, found, _) = await Tool.Run(null, "journal", "verify", "--data", folder.Path);
        Assert.Equal((1, true), (verified, found.Contains("A record of the kind 'account' is not what the platform wrote.", StringComparison.Ordinal)));
        Assert.Contains("The platform has stopped writing.", found, StringComparison.Ordinal);
        var (trusted, refused, _) = await Tool.Run(null, "journal", "trust", "--data", folder.Path);
        Assert.Equal((1, true), (trusted, refused.Contains("Nothing was accepted. Put it right", StringComparison.Ordinal)));
        var (backedUp, _, why) = await Tool.Run(null, "backup", backup, "--data", folder.Path);
        Assert.Equal((1, true), (backedUp, why.Contains("no backup was made of it", StringComparison.Ordinal)));
        Assert.False(File.Exists(backup));
        Assert.Contains("The platform writes again.", await Tool.Succeed(null, "journal", "trust", "--accept", "--data", folder.Path), StringComparison.Ordinal);
        await Run(folder, "The Secretariat again");
        await Tool.Succeed(null, "backup", backup, "--data", folder.Path);

        Tamper(folder, "UPDATE entries SET actor = 'somebody' WHERE position = 2");
        var (broken, where, _) = await Tool.Run(null, "journal", "verify", "--data", folder.Path);
        Assert.Equal((1, true), (broken, where.Contains("The chain breaks at position 2.", StringComparison.Ordinal)));
        var (accepted, not, _) = await Tool.Run(null, "journal", "trust", "--accept", "--data", folder.Path);
        Assert.Equal((1, true), (accepted, not.Contains("Put back what stood there", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_journal_that_ends_before_a_head_in_the_data_folder_goes_on_when_an_operator_accepts_that()
    {
        using var folder = new DataFolder();
        using var elsewhere = new DataFolder();
        await Run(folder, "The Secretariat");
        foreach (var file in Directory.EnumerateFiles(folder.Path, "*.db")) File.Copy(file, Path.Combine(elsewhere.Path, Path.GetFileName(file)));
        await Run(folder, "The Secretary");
        // As from a copy of the disk.
        foreach (var file in Directory.EnumerateFiles(folder.Path, "*.db*")) File.Delete(file);
        foreach (var file in Directory.EnumerateFiles(elsewhere.Path)) File.Copy(file, Path.Combine(folder.Path, Path.GetFileName(file)));

        var (verified, found, _) = await Tool.Run(null, "journal", "verify", "--data", folder.Path);
        Assert.Equal((1, true), (verified, found.Contains("the journal ends before it, and a head of position", StringComparison.Ordinal)));
        var (trusted, refused, _) = await Tool.Run(null, "journal", "trust", "--data", folder.Path);
        Assert.Equal((1, true), (trusted, refused.Contains("Nothing was accepted.", StringComparison.Ordinal)));
        File.Copy(Path.Combine(folder.Path, "heads"), Path.Combine(elsewhere.Path, "kept"));
        Assert.Equal(1, (await Tool.Run(null, "journal", "trust", "--accept", "--heads", Path.Combine(elsewhere.Path, "kept"), "--data", folder.Path)).Code);
        await Tool.Succeed(null, "journal", "trust", "--accept", "--data", folder.Path);
        await Run(folder, "The Secretariat again");
        Assert.Contains("did not come along", await Tool.Succeed(null, "journal", "verify", "--data", folder.Path), StringComparison.Ordinal);
    }

    /// <summary>Starts the platform, changes the administrator's name, once or more, and ends it.</summary>
    private static async Task Run(DataFolder folder, params string[] names)
    {
        await using var node = await NodeProcess.Start(folder.Path, environment: Empty, cancellation: Waiting.Cancellation);
        using var administrator = await Caller.SignIn(node.Address, "administrator", Waiting.Cancellation, await Password(folder));
        foreach (var displayName in names) await administrator.Write("accounts/administrator/name", new { displayName }, Waiting.Cancellation);
        await End(node);
    }

    private static async Task End(NodeProcess node)
    {
        await node.Signal("TERM", Waiting.Cancellation);
        Assert.Equal(0, await node.Ended(TimeSpan.FromSeconds(30), Waiting.Cancellation));
    }

    private static async Task<string> Password(DataFolder folder) => (await File.ReadAllTextAsync(Path.Combine(folder.Path, "administrator-password"), Waiting.Cancellation)).Trim();

    private static void Tamper(DataFolder folder, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder.Path, "journal.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // a test's own text
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
