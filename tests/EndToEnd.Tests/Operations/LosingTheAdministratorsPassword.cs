namespace Coordination.EndToEnd.Tests.Operations;

/// <summary>Nobody knows the administrator's password any more: who has the machine gives another.</summary>
public sealed class LosingTheAdministratorsPassword
{
    private static readonly Dictionary<string, string> Empty = new() { ["COORDINATION_DEMONSTRATION"] = "off" };

    [Fact]
    public async Task An_operator_gives_another_which_ends_its_sessions_and_stands_in_the_journal()
    {
        using var folder = new DataFolder();
        var file = Path.Combine(folder.Path, "administrator-password");
        string first;
        await using (var node = await NodeProcess.Start(folder.Path, environment: Empty, cancellation: Waiting.Cancellation))
        {
            first = (await File.ReadAllTextAsync(file, Waiting.Cancellation)).Trim();
            using var administrator = await Caller.SignIn(node.Address, "administrator", Waiting.Cancellation, first);
            await administrator.Write("accounts/administrator/name", new { displayName = "The Secretariat" }, Waiting.Cancellation);
            await node.Signal("TERM", Waiting.Cancellation);
            await node.Ended(TimeSpan.FromSeconds(30), Waiting.Cancellation);
        }

        File.Delete(file);
        var said = await Tool.Succeed(null, "account", "administrator", "--data", folder.Path);
        Assert.Contains(file, said, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        var second = (await File.ReadAllTextAsync(file, Waiting.Cancellation)).Trim();
        Assert.NotEqual(first, second);
        Assert.DoesNotContain(second, said, StringComparison.Ordinal);
        Assert.Contains("the chain is whole", await Tool.Succeed(null, "journal", "verify", "--data", folder.Path), StringComparison.Ordinal);

        await using (var node = await NodeProcess.Start(folder.Path, environment: Empty, cancellation: Waiting.Cancellation))
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => Caller.SignIn(node.Address, "administrator", Waiting.Cancellation, first));
            using var administrator = await Caller.SignIn(node.Address, "administrator", Waiting.Cancellation, second);
            Assert.Single(await administrator.All("session/sessions", Waiting.Cancellation));
            Assert.Equal("The Secretariat", (await administrator.Get("session", Waiting.Cancellation)).GetProperty("displayName").GetString());
            var (running, _, reason) = await Tool.Run(null, "account", "administrator", "--data", folder.Path);
            Assert.Equal((69, true), (running, reason.Contains("in use by another process", StringComparison.Ordinal)));
        }

        Assert.Contains("account.reset-by-operator", await Tool.Succeed(null, "journal", "export", "-", "--data", folder.Path), StringComparison.Ordinal);
    }
}
