using Coordination.Node.Roles;
using Microsoft.Extensions.DependencyInjection;

namespace Coordination.Gateway.Tests.Interfaces;

/// <summary>Who is shown what the platform tells of itself, and under which names it answers at all.</summary>
public sealed class WhatIsOpen(RunningNode running)
{
    [Theory]
    [InlineData("/developers")]
    [InlineData("/Developers/")]
    [InlineData("/developers/style.css")]
    [InlineData("/metrics")]
    [InlineData("/METRICS/")]
    public async Task Programs_without_a_session_are_told_to_sign_in(string path)
    {
        using var nobody = new Person(running.Node.Address);
        (await nobody.Get("/" + path)).Refused(401, "session.required");
        // As an old tab or a thief would.
        (await nobody.Get("/" + path, ("Cookie", "coordination.session=CfDJ8made-up"))).Refused(401, "session.required");
    }

    [Fact]
    public async Task A_browser_without_a_session_is_led_to_the_sign_in_and_back()
    {
        using var nobody = new Person(running.Node.Address);
        var answer = await nobody.Get("//developers", ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"));
        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
        Assert.Equal("/signin?next=%2Fdevelopers", answer.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Whoever_is_signed_in_reads_the_description_and_administrators_the_measures()
    {
        var finland = await running.Node.As("finland");
        Assert.Contains("Coordination API", (await finland.Get("//developers/")).Done().Text, StringComparison.Ordinal);
        (await finland.Get("//metrics")).Refused(403, "session.not-an-administrator");
        var administrator = await running.Node.As("administrator");
        // Of the process: those of the platform's parts come and go with every node that tests start in it.
        Assert.Contains("dotnet_gc_collections", (await administrator.Get("//metrics", ("Accept", "text/plain"))).Done().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_has_ended_opens_neither()
    {
        using var person = await running.Node.AsAnother("administrator");
        var copy = new CookieContainer();
        copy.Add(person.Cookies.GetAllCookies());
        (await person.Delete("/session")).Done();
        using var thief = person.With(copy);
        (await thief.Get("//developers")).Refused(401, "session.required");
        (await thief.Get("//metrics")).Refused(401, "session.required");
    }

    [Fact]
    public async Task The_interface_itself_is_no_secret()
    {
        using var nobody = new Person(running.Node.Address);
        (await nobody.Get("//openapi/v1.json")).Done();
        (await nobody.Get("//health/live")).Done();
    }

    [Fact]
    public async Task Beside_others_in_a_cluster_they_are_on_the_operators_port_alone()
    {
        using var folder = new TemporaryFolder();
        var ops = new Uri($"http://127.0.0.1:{FreePort.Choose()}");
        await using var node = await Node.Start(
            folder.Path, with: settings => settings with { Ops = ops.ToString() },
            adjust: builder => builder.Services.Configure<GatewayOptions>(options => options.OpsPortAlone = true));
        using var administrator = await node.AsAnother("administrator");
        foreach (var path in (string[])["//developers", "//developers/style.css", "//metrics", "//Metrics/"])
            (await administrator.Get(path, ("Host", ops.Authority))).Refused(404, "path.not-found");
        Assert.DoesNotContain("\"text\"", (await administrator.Get("//health/ready")).Done().Text, StringComparison.Ordinal);
        using var operators = new Person(ops);
        foreach (var path in (string[])["//developers/", "//developers/style.css", "//metrics"]) (await operators.Get(path, ("Accept", "*/*"))).Done();
        Assert.Contains("\"text\"", (await operators.Get("//health/ready")).Done().Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost:5080")]
    [InlineData("LocalHost")]
    [InlineData("plans.localhost")]
    [InlineData("[::1]:5080")]
    [InlineData("192.0.2.7")]
    public async Task It_answers_to_its_addresses_and_to_names_that_lead_nowhere_else(string host)
    {
        using var nobody = new Person(running.Node.Address);
        (await nobody.Get("//health/live", ("Host", host))).Done();
    }

    [Theory]
    [InlineData("rebound.example")]
    [InlineData("rebound.example:5080")]
    [InlineData("localhost.rebound.example")]
    [InlineData("127.0.0.1.rebound.example")]
    [InlineData("notlocalhost")]
    public async Task A_name_that_somebody_else_has_led_here_reaches_nothing(string host)
    {
        using var nobody = new Person(running.Node.Address);
        foreach (var path in (string[])["//", "//health/live", "//openapi/v1.json", "//metrics", "/session/demonstration", "//hubs/live"])
        {
            var answer = await nobody.Get(path, ("Host", host), ("X-Forwarded-Host", "localhost"));
            answer.Refused(421, "host.unknown");
            Assert.Contains("COORDINATION_HOSTS", answer.Text, StringComparison.Ordinal);
        }

        (await nobody.TrySignIn("finland", running.Node.DemonstrationPassword, ("Host", host))).Refused(421, "host.unknown");
    }

    [Fact]
    public async Task Names_are_given_by_the_settings()
    {
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path, with: settings => settings with { Hosts = "plans.example.org;*.plans.example.net" });
        using var nobody = new Person(node.Address);
        foreach (var host in (string[])["plans.example.org", "PLANS.example.org:5080", "one.plans.example.net", "localhost"]) (await nobody.Get("//health/live", ("Host", host))).Done();
        foreach (var host in (string[])["example.org", "more.plans.example.org", "plans.example.net", "plans.example.org.rebound.example"])
            (await nobody.Get("//health/live", ("Host", host))).Refused(421, "host.unknown");
    }

    [Fact]
    public async Task No_page_lets_itself_be_written_into()
    {
        var person = await running.Node.As("finland");
        foreach (var path in (string[])["//", "//developers/", "//developers/style.css", "//openapi/v1.json", "/session", "//no/such/page"])
        {
            var policy = Assert.Single((await person.Get(path)).Headers.GetValues("Content-Security-Policy"));
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("nonce", policy, StringComparison.Ordinal);
            Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
        }
    }
}
