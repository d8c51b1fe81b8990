using Coordination.Host;
using Coordination.Node;
using Microsoft.Extensions.Options;

namespace Coordination.Gateway.Tests.Configuration;

/// <summary>What is wrong is found before anything starts, all of it at once, and in words that name the setting and say what is allowed.</summary>
public sealed class WrongSettings
{
    private const string Canary = "not-to-be-shown";

    [Theory]
    [InlineData("Urls", "127.0.0.1:5080", "Urls is '127.0.0.1:5080' and should be an address such as http://127.0.0.1:5080.")]
    [InlineData("Urls", "http://127.0.0.1:1;ftp://127.0.0.1:2", "Urls is 'ftp://127.0.0.1:2' and should be an address such as http://127.0.0.1:5080.")]
    [InlineData("Urls", "http://127.0.0.1:1/path", "Urls is 'http://127.0.0.1:1/path' and should be an address such as http://127.0.0.1:5080.")]
    [InlineData("Urls", ";", "Urls is ';' and should be an address such as http://127.0.0.1:5080.")]
    [InlineData("Hosts", "good.example.org;bad.example.org:443", "Hosts is 'bad.example.org:443' and should be names such as coordination.example.org, without port, separated by ;.")]
    [InlineData("Proxy", "10.0.0.0/99", "Proxy is '10.0.0.0/99' and should be an address such as 127.0.0.1, or a network such as 10.0.0.0/8.")]
    [InlineData("Ops", "http://127.0.0.1:1;http://127.0.0.1:2", "Ops is 'http://127.0.0.1:1;http://127.0.0.1:2' and should be an address such as http://127.0.0.1:5080.")]
    [InlineData("Address", "localhost", "Address is 'localhost' and should be an IP address.")]
    [InlineData("SiloPort", "65536", "SiloPort is '65536' and should be a whole number from 0 to 65535.")]
    [InlineData("ClientPort", "99999999999999999999", "ClientPort is '99999999999999999999' and should be a whole number from 0 to 65535.")]
    [InlineData("ClientPort", "-1", "ClientPort is '-1' and should be a whole number from 0 to 65535.")]
    [InlineData("AccountWrites", "0", "AccountWrites is '0' and should be a whole number from 1 to 1000000.")]
    [InlineData("AccountTopics", "many", "AccountTopics is 'many' and should be a whole number from 1 to 1000000.")]
    [InlineData("OpenThings", "1001", "OpenThings is '1001' and should be a whole number from 1 to 1000.")]
    [InlineData("OpenThings", "1.5", "OpenThings is '1.5' and should be a whole number from 1 to 1000.")]
    [InlineData("SecurityLogDays", "6", "SecurityLogDays is '6' and should be a whole number from 7 to 3650.")]
    [InlineData("SecurityLogAddressDays", "3651", "SecurityLogAddressDays is '3651' and should be a whole number from 1 to 3650.")]
    [InlineData("Demonstration", "yes", "Demonstration is 'yes' and should be on or off.")]
    [InlineData("SharedDemonstration", "1", "SharedDemonstration is '1' and should be on or off.")]
    [InlineData("Hosting", "Kubernetes", "Hosting is 'Kubernetes' and should be postgres or kubernetes.")]
    [InlineData("Data", "a\0b", "Data is 'a\0b' and should be the path of a folder.")]
    [InlineData("Otlp", "collector", "Otlp is 'collector' and should be an address such as http://127.0.0.1:4317.")]
    [InlineData("Postgres", Canary, "Postgres should be a connection string such as Host=…;Port=5432;Database=…;Username=…;Password=….")]
    [InlineData("Postgres", $"Host=h;Password={Canary};{Canary}=1", "Postgres should be a connection string such as Host=…;Port=5432;Database=…;Username=…;Password=….")]
    [InlineData("Postgres", $"Password={Canary}", "Postgres should be a connection string such as Host=…;Port=5432;Database=…;Username=…;Password=….")]
    [InlineData("RabbitMq", $"amqp://{Canary}@127.0.0.1", "RabbitMq should be of the form amqp://user:password@host:port/vhost.")]
    [InlineData("HeadsTo", "http://heads.example.org/", "HeadsTo is 'http://heads.example.org/' and should be an address such as https://heads.example.org/coordination.")]
    [InlineData("Secret", Canary, "Secret should be at least 32 random bytes in Base64, as 'openssl rand -base64 32' makes them.")]
    [InlineData("Secret", "dG9vIHNob3J0", "Secret should be at least 32 random bytes in Base64, as 'openssl rand -base64 32' makes them.")]
    public void Are_named_with_what_is_given_and_what_is_allowed(string name, string text, string fault) =>
        Assert.Equal([fault], GivenAs.Variables("node", (name, text)).Faults);

    [Fact]
    public void Are_told_all_at_once()
    {
        using var folder = new TemporaryFolder();
        var file = GivenAs.File(folder, """{ "Postgress": "x", "SiloPort": -5, "Hosts": ["a", "b"] }""");

        var faults = GivenAs.Of("silo", file, [("OPEN_THINGS", "none"), ("DEMONSTRATION", "on")], ("Urls", "here")).Faults;

        Assert.Equal(
        [
            $"{file}: Hosts should be one text, in which several parts are separated by ;.",
            $"{file}: there is no setting 'Postgress'. Did you mean Postgres?",
            "A silo that offers demonstration accounts needs their password in COORDINATION_DEMO_PASSWORD, the same for all silos.",
            "OpenThings is 'none' and should be a whole number from 1 to 1000.",
            "Ops is not set. Give it in a file with --settings FILE, or as COORDINATION_OPS.",
            "Postgres is not set. Give it in a file with --settings FILE, or as COORDINATION_POSTGRES.",
            "RabbitMq is not set. Give it in a file with --settings FILE, or as COORDINATION_RABBIT_MQ.",
            "Secret is not set. Give it in a file with --settings FILE, or as COORDINATION_SECRET.",
            "SiloPort is '-5' and should be a whole number from 0 to 65535.",
            "Urls is 'here' and should be an address such as http://127.0.0.1:5080.",
        ], faults.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("POSTGRESS", " Did you mean COORDINATION_POSTGRES?")]
    [InlineData("DEMO_PASWORD", " Did you mean COORDINATION_DEMO_PASSWORD?")]
    [InlineData("SHARED_DEMONSTRATON", " Did you mean COORDINATION_SHARED_DEMONSTRATION?")]
    [InlineData("PROXIE", " Did you mean COORDINATION_PROXY?")]
    [InlineData("SILO_1_SERVICE_HOST", "")]
    public void Are_told_where_a_variable_is_none(string variable, string hint)
    {
        var given = GivenAs.Variables("node", (variable, Canary));

        Assert.Equal([$"COORDINATION_{variable} is no setting, and nothing was done with it.{hint}"], given.Notes);
        Assert.Empty(given.Faults);
    }

    [Fact]
    public void In_a_file_are_named_with_those_that_there_are()
    {
        using var folder = new TemporaryFolder();

        var fault = Assert.Single(GivenAs.Of("node", GivenAs.File(folder, """{ "Colour": "red" }"""), []).Faults);

        Assert.Contains("there is no setting 'Colour'. There are: Postgres, RabbitMq, Urls", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is no JSON object: see line 1")]
    [InlineData("[]", "is no JSON object. (")]
    [InlineData($$"""{ "DemoPassword": t{{Canary}} }""", "is no JSON object: see line 1")]
    [InlineData($$"""{ "DemoPassword": "{{Canary}}", "demopassword": "{{Canary}}" }""", "is no JSON object. (A duplicate key 'demopassword' was found.)")]
    [InlineData($$"""{ "DemoPassword": "{{Canary}}" """, "is no JSON object: see line 1")]
    public void In_a_file_that_is_none_are_not_repeated(string text, string words)
    {
        using var folder = new TemporaryFolder();

        var fault = Assert.Single(GivenAs.Of("node", GivenAs.File(folder, text), []).Faults);

        Assert.Contains(words, fault, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_file_that_everyone_reads_are_refused()
    {
        using var folder = new TemporaryFolder();
        var file = GivenAs.File(folder, "{}");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);

        Assert.Equal([$"{file} holds passwords and everyone on this machine may read it. First: chmod 600 {file}"], GivenAs.Of("node", file, []).Faults);
        Assert.StartsWith("The settings file cannot be read.", Assert.Single(GivenAs.Of("node", file + "-of-nobody", []).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void What_comes_later_wins_and_what_is_empty_is_not_given()
    {
        using var folder = new TemporaryFolder();
        var file = GivenAs.File(folder, """{ "Urls": "http://127.0.0.1:1", "Cluster": "of the file", "Name": "of the file", "Demonstration": true, "SiloPort": 5, "Proxy": null }""");

        var given = GivenAs.Of("node", file, [("URLS", "http://127.0.0.1:2"), ("CLUSTER", "of the environment"), ("NAME", " ")], ("Urls", "http://127.0.0.1:3"), ("Data", null));

        Assert.Empty(given.Faults);
        Assert.Equal(
            ("http://127.0.0.1:3", "of the environment", "of the file", true, 5, null),
            (given.Settings.Urls, given.Settings.Cluster, given.Settings.Name, given.Settings.Demonstration, given.Settings.SiloPort, given.Settings.Proxy));
        Assert.Equal("command line", given.Shown.Single(one => one.Name == "Urls").Source);
        Assert.Equal("environment", given.Shown.Single(one => one.Name == "Cluster").Source);
        Assert.Equal(file, given.Shown.Single(one => one.Name == "Name").Source);
    }

    [Fact]
    public void Say_no_secret()
    {
        var secrets = Setting.All.Where(setting => setting.IsSecret).Select(setting => setting.Name).ToArray();
        Assert.Equal(["Postgres", "RabbitMq", "Secret", "DemoPassword"], secrets);
        var good = GivenAs.Variables("node", ("POSTGRES", $"Host=h;Password={Canary}"), ("RABBIT_MQ", $"amqp://u:{Canary}@h/"), ("DEMO_PASSWORD", Canary));
        var bad = GivenAs.Variables("node", ("POSTGRES", Canary), ("RABBIT_MQ", Canary), ("SECRET", Canary), ("DEMO_PASSWORD", Canary));

        Assert.Empty(good.Faults);
        Assert.Equal(3, bad.Faults.Count);
        foreach (var said in (object[])[.. good.Shown, .. bad.Shown, .. bad.Faults, good.Settings, $"{good.Settings.Broker()}"])
            Assert.DoesNotContain(Canary, $"{said}", StringComparison.Ordinal);
        Assert.All(good.Shown, one => Assert.Equal("(secret)", one.Text));
        // Nor what stands for one in an address that others may read.
        Assert.Equal("http://(secret)@collector:4317", Assert.Single(GivenAs.Variables("node", ("OTLP", $"http://u:{Canary}@collector:4317")).Shown).Text);
        Assert.DoesNotContain(Canary, string.Join('\n', GivenAs.Variables("node", ("OTLP", $"nowhere://u:{Canary}@collector")).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Are_refused_too_where_a_part_is_told_more_than_it_allows()
    {
        var gateway = new GatewayOptionsValidator().Validate(null, new() { LargestBody = 1, Watch = TimeSpan.Zero, Bounds = new() { BodyWrites = 0 } });
        var silo = new SiloOptionsValidator().Validate(null, new() { Data = "", SnapshotEvery = 0, SecurityLogKept = TimeSpan.FromDays(6) });

        Assert.Equal(3, gateway.Failures?.Count());
        Assert.Contains(gateway.Failures!, fault => fault.Contains("BodyWrites", StringComparison.Ordinal) && fault.Contains("between 1 and 1000000", StringComparison.Ordinal));
        Assert.Equal(3, silo.Failures?.Count());
        Assert.Equal(ValidateOptionsResult.Success, new GatewayOptionsValidator().Validate(null, new()));
        Assert.Equal(ValidateOptionsResult.Success, new SiloOptionsValidator().Validate(null, new()));
    }
}
