using System.Net.Sockets;
using System.Net.WebSockets;

namespace Coordination.EndToEnd.Tests.Lifecycle;

/// <summary>From nothing to signed in, again where it was left, and a clean end.</summary>
public sealed class StartingAndStopping(LoadedData loaded) : IDisposable
{
    private static readonly TimeSpan ToEnd = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ToRefuse = TimeSpan.FromSeconds(30);

    private readonly DataFolder _folder = loaded.Copy();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_empty_folder_becomes_a_platform_that_one_can_sign_in_to_and_the_second_start_goes_on_where_the_first_left_off()
    {
        using var empty = new DataFolder();
        Receipt written;
        int entries;
        await using (var first = await NodeProcess.Start(empty.Path, cancellation: Waiting.Cancellation))
        {
            using var caller = await Caller.SignIn(first.Address, "ruritania", Waiting.Cancellation);
            written = await caller.Write("plans/ruritania-plan/milestones/m05/reports", new { status = "in-progress", progress = 37, note = "before the stop" }, Waiting.Cancellation);
            entries = (await caller.Feed(0, Waiting.Cancellation)).Count;
            await first.Signal("TERM", Waiting.Cancellation);
            Assert.Equal(0, await first.Ended(ToEnd, Waiting.Cancellation));
        }

        await using var second = await NodeProcess.Start(empty.Path, cancellation: Waiting.Cancellation);
        using var again = await Caller.SignIn(second.Address, "ruritania", Waiting.Cancellation);
        var feed = await again.Feed(0, Waiting.Cancellation);
        Assert.Equal(entries, feed.Count);
        Assert.Equal(written.Position, feed[^1].GetProperty("position").GetInt64());
        var next = await again.Write("plans/ruritania-plan/milestones/m05/reports", new { status = "in-progress", progress = 38 }, Waiting.Cancellation);
        Assert.Equal((written.Position + 1, written.Position + 1), (next.Version, next.Position));
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_ends_it_cleanly_within_ten_seconds_also_while_someone_is_connected(string signal)
    {
        await using var node = await NodeProcess.Start(_folder.Path, cancellation: Waiting.Cancellation);
        using var caller = await Caller.SignIn(node.Address, "ruritania", Waiting.Cancellation);
        using var line = await LiveLine(node, caller);
        await node.Signal(signal, Waiting.Cancellation);
        Assert.Equal(0, await node.Ended(ToEnd, Waiting.Cancellation));
        Assert.DoesNotContain("Exception", node.Output, StringComparison.Ordinal);
    }

    /// <summary>A connection to the hub that has said its hello and been answered, and then stays.</summary>
    private static async Task<ClientWebSocket> LiveLine(NodeProcess node, Caller caller)
    {
        var line = new ClientWebSocket();
        line.Options.Cookies = caller.Cookies;
        await line.ConnectAsync(new UriBuilder(node.Address) { Scheme = "ws", Path = "/hubs/live" }.Uri, Waiting.Cancellation);
        await line.SendAsync("{\"protocol\":\"json\",\"version\":1}\u001e"u8.ToArray(), WebSocketMessageType.Text, true, Waiting.Cancellation);
        await line.ReceiveAsync(new byte[1_024], Waiting.Cancellation);
        return line;
    }

    [Fact]
    public async Task It_listens_at_its_own_address_alone_and_serves_only_what_was_built_to_be_served()
    {
        await using var node = await NodeProcess.Start(_folder.Path, cancellation: Waiting.Cancellation);
        Assert.Equal([node.Address.Port], node.ListensAt());
        using var client = new HttpClient { BaseAddress = node.Address };
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/", Waiting.Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/.vite/manifest.json", Waiting.Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_second_process_on_the_same_folder_is_refused_and_told_why()
    {
        await using var first = await NodeProcess.Start(_folder.Path, cancellation: Waiting.Cancellation);
        await using var second = NodeProcess.Launch(_folder.Path);
        Assert.NotEqual(0, await second.Ended(ToRefuse, Waiting.Cancellation));
        Assert.Contains(_folder.Path, second.Output, StringComparison.Ordinal);
        Assert.Contains("another process", second.Output, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", second.Output, StringComparison.Ordinal);
        using var caller = await Caller.SignIn(first.Address, "ruritania", Waiting.Cancellation);
    }

    [Fact]
    public async Task A_port_in_use_is_named_with_what_to_do()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var node = NodeProcess.Launch(_folder.Path, port);
        Assert.NotEqual(0, await node.Ended(ToRefuse, Waiting.Cancellation));
        Assert.Contains($"http://127.0.0.1:{port} is in use", node.Output, StringComparison.Ordinal);
        Assert.Contains("--urls", node.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", node.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_given_password_the_first_start_makes_one_says_it_and_keeps_it()
    {
        string Told(NodeProcess node) => node.Output.Split('\n').Single(line => line.TrimStart().StartsWith("Password:", StringComparison.Ordinal)).Split(':', 2)[1].Trim();
        using var empty = new DataFolder();
        string password;
        await using (var first = await NodeProcess.Start(empty.Path, password: null, cancellation: Waiting.Cancellation))
        {
            password = Told(first);
            using var caller = await Caller.SignIn(first.Address, "valdoria", Waiting.Cancellation, password);
        }

        await using var second = await NodeProcess.Start(empty.Path, password: null, cancellation: Waiting.Cancellation);
        Assert.Equal(password, Told(second));
    }
}
