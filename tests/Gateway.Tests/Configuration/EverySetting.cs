using System.Globalization;
using System.Text.RegularExpressions;
using Coordination.Node;

namespace Coordination.Gateway.Tests.Configuration;

/// <summary>The settings that operators have in their files: names, meanings and defaults stay, and the page that lists them says so.</summary>
public sealed partial class EverySetting
{
    /// <summary>Name, what holds where nothing is given, a text that is given, what holds then.</summary>
    public static TheoryData<string, string?, string, string> Kept => new()
    {
        { "Postgres", null, "Host=127.0.0.1;Port=5432;Database=c;Username=c;Password=p", "Host=127.0.0.1;Port=5432;Database=c;Username=c;Password=p" },
        { "RabbitMq", null, "amqps://u:p@example.org/v", "amqps://u:p@example.org/v" },
        { "Urls", "http://127.0.0.1:5080", "http://*:80;https://[::1]:443", "http://*:80;https://[::1]:443" },
        { "Hosts", null, "plans.example.org;*.example.net,*", "plans.example.org;*.example.net,*" },
        { "Proxy", null, "10.0.0.0/8", "10.0.0.0/8" },
        { "AccountWrites", "5000", "1000000", "1000000" },
        { "AccountWritesPerSecond", "10", "1", "1" },
        { "BodyWrites", "10000", "7", "7" },
        { "BodyWritesPerSecond", "30", "7", "7" },
        { "AccountConnections", "100", "7", "7" },
        { "NetworkConnections", "5000", "7", "7" },
        { "AccountTopics", "2000", "7", "7" },
        { "Ops", null, "http://0.0.0.0:8081", "http://0.0.0.0:8081" },
        { "Address", "127.0.0.1", "fd00::1", "fd00::1" },
        { "SiloPort", "0", "65535", "65535" },
        { "ClientPort", "0", "30000", "30000" },
        { "Cluster", "coordination", "other", "other" },
        { "Name", "node", "silo-1", "silo-1" },
        { "Data", "./data", "/var/lib/coordination", "/var/lib/coordination" },
        { "Secret", null, "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=" },
        { "Demonstration", "True", "off", "False" },
        { "SharedDemonstration", "False", "ON", "True" },
        { "DemoPassword", null, "abcd-efgh", "abcd-efgh" },
        { "Hosting", "postgres", "kubernetes", "kubernetes" },
        { "OpenThings", "1", "100", "100" },
        { "SecurityLogDays", "365", "7", "7" },
        { "SecurityLogAddressDays", "30", "1", "1" },
        { "HeadsTo", null, "https://heads.example.org/coordination", "https://heads.example.org/coordination" },
        { "Otlp", null, "http://127.0.0.1:4317/v1", "http://127.0.0.1:4317/v1" },
    };

    [Theory, MemberData(nameof(Kept))]
    public void Keeps_its_name_default_and_meaning(string name, string? otherwise, string text, string meant)
    {
        using var folder = new TemporaryFolder();
        var variable = Capitals().Replace(name, "_$0").TrimStart('_').ToUpperInvariant();

        Assert.Equal(otherwise, Value(new Settings(), name));
        Assert.Equal(meant, Value(Sound(GivenAs.Variables("node", (variable, text))), name));
        Assert.Equal(meant, Value(Sound(GivenAs.Variables("node", (name.ToLowerInvariant(), text))), name));
        Assert.Equal(meant, Value(Sound(GivenAs.Of("node", GivenAs.File(folder, $$"""{ "{{name}}": "{{text}}" }"""), [])), name));
        Assert.Equal(meant, Value(Sound(GivenAs.Of("node", null, [], (name, text))), name));
        Assert.Equal(Value(Sound(GivenAs.Variables("node")), name), Value(Sound(GivenAs.Variables("node", (variable, " "))), name));
    }

    [Fact]
    public void Is_in_the_table_above() =>
        Assert.Equal(Setting.All.Select(setting => setting.Name).Order(), Kept.Select(row => row.Data.Item1).Order());

    [Theory]
    [InlineData("node", "node", true)]
    [InlineData("gateway", "gateway", true)]
    [InlineData("silo", "silo", false)]
    public void Has_the_default_of_its_role(string role, string name, bool demonstration)
    {
        var settings = GivenAs.Variables(role).Settings;

        Assert.Equal((name, demonstration, Path.GetFullPath("./data")), (settings.Name, settings.Demonstration, settings.Data));
    }

    [Fact]
    public void Is_on_the_page_with_what_it_may_be_and_its_default()
    {
        var rows = Row().Matches(File.ReadAllText(Repository.File("docs/settings.md"))).ToDictionary(row => row.Groups["name"].Value, row => row);
        Assert.Equal(Setting.All.Select(setting => setting.Name).Order(), rows.Keys.Order());
        foreach (var setting in Setting.All)
        {
            var row = rows[setting.Name];
            Assert.Equal(setting.Allowed, row.Groups["allowed"].Value);
            Assert.StartsWith(Value(new Settings(), setting.Name) is { } otherwise ? $"`{otherwise.Replace("True", "on", StringComparison.Ordinal).Replace("False", "off", StringComparison.Ordinal)}`" : "none", row.Groups["default"].Value, StringComparison.Ordinal);
            foreach (var role in (string[])["node", "gateway", "silo"])
                Assert.Equal(setting.IsNeededBy(role), Regex.IsMatch(row.Groups["default"].Value, $@"\ba {role}\b.* need"));
        }
    }

    [Fact]
    public void Says_what_it_means_in_its_comment()
    {
        var comments = string.Concat(new[] { typeof(Settings), typeof(GatewayBounds) }.Select(type => File.ReadAllText(Path.ChangeExtension(type.Assembly.Location, ".xml"))));
        Assert.All(Setting.All, setting => Assert.Matches($@"<member name=""P:[\w.]+\.(Settings|GatewayBounds)\.{setting.Name}"">\s*<summary>\s*\S", comments));
    }

    private static Settings Sound(GivenSettings given)
    {
        Assert.Empty(given.Faults);
        Assert.Empty(given.Notes);
        return given.Settings;
    }

    private static string? Value(Settings settings, string name) =>
        Convert.ToString(typeof(Settings).GetProperty(name)!.GetValue(settings), CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : null;

    [GeneratedRegex(@"^\| `(?<name>\w+)` \| (?<meaning>[^|]{10,}) \| (?<allowed>[^|]+) \| (?<default>[^|]+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capitals();
}
