using System.Text.RegularExpressions;
using Coordination.EndToEnd.Tests.Faults;

namespace Coordination.EndToEnd.Tests.Operations;

/// <summary>What a process shows of itself. In a process of its own, for measures of one name are one measure in a process, whoever takes them.</summary>
public sealed partial class Measures(LoadedData loaded)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Are_shown_and_the_dashboard_asks_for_no_others()
    {
        using var folder = loaded.Copy();
        await using var node = await NodeProcess.Start(folder.Path, cancellation: Waiting.Cancellation);
        using var finland = await Caller.SignIn(node.Address, "finland", Waiting.Cancellation);
        var position = (await finland.Get("session", Waiting.Cancellation)).GetProperty("position").GetInt64();
        await using var viewer = new Viewer("finland", "finland", finland, node.Address, position, "all");
        await viewer.Following.WaitAsync(Patience, Waiting.Cancellation);
        await finland.Write("groups", new { name = "A group that is measured" }, Waiting.Cancellation);
        await Waiting.Until("the viewer is told", Patience, () => Task.FromResult(viewer.Sight.Taken.Length > 0 ? null : "nothing yet"));
        using var refused = await finland.Send("plans/no-such-plan/measures", new { id = "s1", pillar = "training", title = "Courses" }, "refused", Waiting.Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);

        using var administrator = await Caller.SignIn(
            node.Address, "administrator", Waiting.Cancellation, (await File.ReadAllTextAsync(Path.Combine(folder.Path, "administrator-password"), Waiting.Cancellation)).Trim());
        using var client = new HttpClient(new HttpClientHandler { CookieContainer = administrator.Cookies }, disposeHandler: true);
        var shown = "";
        // A silo that has just stood still for seconds does not hold itself for the one that relays, until it has renewed its lease.
        await Waiting.Until("the relay is measured", Patience, async () =>
        {
            shown = await client.GetStringAsync(new Uri(node.Address, "/metrics"), Waiting.Cancellation);
            return IsShown("coordination_relay_lag", shown) ? null : "not yet";
        });
        foreach (var name in (string[])
        [
            "coordination_append_duration_seconds_bucket", "coordination_append_batch_bucket", "coordination_view_lag",
            "coordination_push_duration_seconds_bucket", "coordination_viewers", "coordination_refusals_total", "coordination_retries_total",
        ])
            Assert.True(IsShown(name, shown), $"{name} is not shown.");
        Assert.Matches("(?m)^coordination_refusals_total\\{.*code=\"plan.not-found\".*\\} [1-9]", shown);

        using var dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Tools.Repository, "deploy", "grafana", "coordination.json"), Waiting.Cancellation));
        var asked = new HashSet<string>();
        foreach (var panel in dashboard.RootElement.GetProperty("panels").EnumerateArray())
        {
            Assert.False(string.IsNullOrWhiteSpace(panel.GetProperty("title").GetString()));
            Assert.False(string.IsNullOrWhiteSpace(panel.GetProperty("description").GetString()));
            foreach (var target in panel.GetProperty("targets").EnumerateArray())
                foreach (Match name in Metric().Matches(Labels().Replace(target.GetProperty("expr").GetString()!, ""))) asked.Add(name.Value);
        }

        Assert.True(asked.Count >= 8, $"The dashboard asks for {string.Join(", ", asked)} only.");
        Assert.All(asked, name => Assert.True(IsShown(name, shown), $"The dashboard asks for {name}, which is not shown."));
    }

    /// <summary>A value of it: its name alone is told also when there is none.</summary>
    private static bool IsShown(string name, string shown) => Regex.IsMatch(shown, $"(?m)^{name}[{{ ]");

    [GeneratedRegex("\\b(coordination|http|dotnet|orleans|kestrel|process)_[a-z0-9_]+")]
    private static partial Regex Metric();

    [GeneratedRegex("\\{[^}]*\\}")]
    private static partial Regex Labels();
}
