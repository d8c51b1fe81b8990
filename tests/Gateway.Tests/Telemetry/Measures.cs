using System.Net.Http.Headers;
using Coordination.Node.Roles;

namespace Coordination.Gateway.Tests.Telemetry;

/// <summary>Who may read measures. What they say is looked at in a process of its own, end to end.</summary>
public sealed class Measures(RunningNode running)
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("Forwarded", "for=127.0.0.1")]
    public async Task Are_for_nobody_on_this_machine_or_behind_a_proxy_who_has_not_signed_in(string? header, string? value)
    {
        var answer = await Shown(running.Node.Address, header is null ? [] : [(header, value!)]);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.DoesNotContain("coordination_", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Are_shown_to_whoever_reaches_the_operators_port()
    {
        using var folder = new TemporaryFolder();
        var ops = new Uri($"http://127.0.0.1:{FreePort.Choose()}");
        await using var node = await Node.Start(folder.Path, with: settings => settings with { Ops = ops.ToString() });
        Assert.Contains("coordination_view_lag", (await Shown(ops)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Shown(node.Address)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Shown(node.Address, ("Host", ops.Authority))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Shown(new(node.Address, "/METRICS/"))).Status);
        // Nobody is led there by a name of somebody else's.
        Assert.Equal(HttpStatusCode.MisdirectedRequest, (await Shown(ops, ("Host", "elsewhere.example"))).Status);
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
