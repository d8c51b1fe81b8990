using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Coordination.Gateway.Tests.Telemetry;

public sealed partial class Measures(RunningNode running)
{
    private const string Dashboard = "deploy/grafana/coordination.json";

    [Fact]
    public async Task Are_shown_and_the_dashboard_asks_for_no_others()
    {
        var finland = await running.Node.As("finland");
        await using var watch = await finland.Watch();
        var written = (await finland.Post("/groups", new { name = $"Group {Guid.NewGuid():N}" }, match: null)).Done();
        await watch.Told(written.Position);
        (await finland.Get("/plans/no-such-plan")).Refused(404, "plan.not-found");

        var shown = (await Shown(running.Node.Address)).Text;
        // A silo that has just stood still for seconds does not hold itself for the one that relays, until it has renewed its lease.
        for (var tries = 0; tries < 100 && !RelayLag().IsMatch(shown); tries++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            shown = (await Shown(running.Node.Address)).Text;
        }

        foreach (var name in (string[])
        [
            "coordination_append_duration_seconds_bucket", "coordination_append_batch_bucket", "coordination_relay_lag", "coordination_view_lag",
            "coordination_push_duration_seconds_bucket", "coordination_viewers", "coordination_refusals_total", "coordination_retries_total",
        ])
            Assert.Matches($"(?m)^{name}[{{ ]", shown);
        Assert.Matches("(?m)^coordination_refusals_total\\{.*code=\"plan.not-found\".*\\} [1-9]", shown);

        using var dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(Repository.File(Dashboard), TestContext.Current.CancellationToken));
        var asked = new HashSet<string>();
        foreach (var panel in dashboard.RootElement.GetProperty("panels").EnumerateArray())
        {
            Assert.False(string.IsNullOrWhiteSpace(panel.GetProperty("title").GetString()));
            Assert.False(string.IsNullOrWhiteSpace(panel.GetProperty("description").GetString()));
            foreach (var target in panel.GetProperty("targets").EnumerateArray())
                foreach (Match name in Metric().Matches(Labels().Replace(target.GetProperty("expr").GetString()!, ""))) asked.Add(name.Value);
        }

        Assert.True(asked.Count >= 8, $"The dashboard asks for {string.Join(", ", asked)} only.");
        Assert.All(asked, name => Assert.Matches($"(?m)^{name}[{{ ]", shown));
    }

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

    [GeneratedRegex("\\b(coordination|http|dotnet|orleans|kestrel|process)_[a-z0-9_]+")]
    private static partial Regex Metric();

    /// <summary>A value of it: its name alone is told also when there is none.</summary>
    [GeneratedRegex("(?m)^coordination_relay_lag[{ ]")]
    private static partial Regex RelayLag();

    [GeneratedRegex("\\{[^}]*\\}")]
    private static partial Regex Labels();
}
