using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Coordination.Gateway.Tests.Telemetry;

/// <summary>Who may read measures. What they say is looked at in a process of its own, end to end.</summary>
public sealed class Measures(RunningNode running)
{
    [Theory]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("X-Forwarded-For", "")]
    [InlineData("Forwarded", "for=127.0.0.1")]
    public async Task Are_for_nobody_behind_a_proxy(string header, string value)
    {
        var answer = await Shown(running.Node.Address, (header, value));
        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.DoesNotContain("coordination_", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Are_shown_at_the_operators_port_alone_where_there_is_one()
    {
        using var folder = new TemporaryFolder();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var ops = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        listener.Stop();
        await using var node = await Node.Start(folder.Path, with: settings => settings with { Ops = ops.ToString() });
        Assert.Contains("coordination_view_lag", (await Shown(ops, ("Host", "elsewhere.example"))).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await Shown(node.Address)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Shown(node.Address, ("Host", ops.Authority))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Shown(new(node.Address, "/METRICS/"))).Status);
    }

    private static async Task<(HttpStatusCode Status, string Text)> Shown(Uri address, params (string Name, string Value)[] headers)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, address.AbsolutePath == "/" ? new Uri(address, "/metrics") : address);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/plain"));
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
