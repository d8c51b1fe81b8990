using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Coordination.Gateway.Tests.Sessions;

/// <summary>One proxy is named in the settings and believed about who comes and over what.</summary>
public sealed class BehindAProxy(RunningNode running)
{
    private static readonly (string, string)[] OverTls = [("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "https")];

    [Fact]
    public async Task It_is_believed_and_cookies_are_for_this_host_over_tls_alone()
    {
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path, with: settings => settings with { Proxy = "127.0.0.0/8" });
        using var person = new Person(node.Address);
        var answer = (await person.TrySignIn("finland", node.DemonstrationPassword, OverTls)).Done();
        var cookies = Cookies(answer.Headers);
        Assert.Equal(["__Host-coordination.device", "__Host-coordination.session"], cookies.Select(cookie => cookie.Split('=')[0]).Order(StringComparer.Ordinal));
        Assert.All(cookies, cookie =>
        {
            foreach (var part in (string[])["; path=/", "; secure", "; httponly", "; samesite="]) Assert.Contains(part, cookie, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
        });

        using var other = new Person(node.Address);
        for (var time = 0; time < 5; time++) (await other.TrySignIn("togo", "not-the-password", OverTls)).Refused(401, "session.wrong-credentials");
        (await other.TrySignIn("togo", node.DemonstrationPassword, OverTls)).Refused(429, "session.locked-out");
        // Behind the same proxy, from another network.
        (await other.TrySignIn("togo", node.DemonstrationPassword, ("X-Forwarded-For", "198.51.100.7"), ("X-Forwarded-Proto", "https"))).Done();
    }

    [Fact]
    public async Task Without_being_named_nobody_is()
    {
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path);
        using var person = new Person(node.Address);
        (await person.TrySignIn("finland", node.DemonstrationPassword)).Done();
        var sessions = await person.Get("/session/sessions", OverTls);
        Assert.Contains("127.", sessions.Done().Text, StringComparison.Ordinal);
        Assert.DoesNotContain("203.0.113", sessions.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_not_named_makes_nobody_private_by_the_name_that_it_asks_for()
    {
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path, adjust: builder => builder.Services.AddSingleton<IStartupFilter>(new FromElsewhere()));
        using var person = new Person(node.Address);
        var headers = new List<(string, string)> { ("Forwarded", "for=203.0.113.7;proto=https"), ("X-Real-IP", "203.0.113.7"), ("Via", "1.1 proxy"), ("X-Forwarded-Host", "plans.example.org"), FromElsewhere.Header };
        foreach (var header in headers.Concat(OverTls))
        {
            var answer = await person.TrySignIn("finland", node.DemonstrationPassword, ("Host", "localhost:5080"), header);
            answer.Refused(403, "session.needs-tls");
            Assert.Empty(Cookies(answer.Headers));
        }

        (await person.TrySignIn("finland", node.DemonstrationPassword, ("Host", "localhost:5080"))).Done();
    }

    /// <summary>Somebody on another machine.</summary>
    private sealed class FromElsewhere : IStartupFilter
    {
        public static readonly (string Name, string Value) Header = ("Test-From", "198.51.100.7");

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((http, then) =>
            {
                if (IPAddress.TryParse(http.Request.Headers[Header.Name], out var from)) http.Connection.RemoteIpAddress = from;
                return then(http);
            });
            next(app);
        };
    }

    [Theory]
    [InlineData("plans.example.org")]
    [InlineData("192.0.2.7:5080")]
    [InlineData("[2001:db8::7]:5080")]
    public async Task Nobody_signs_in_where_others_can_read_it(string host)
    {
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path, with: settings => settings with { Hosts = "plans.example.org", Proxy = "127.0.0.0/8" });
        using var person = new Person(node.Address);
        foreach (var headers in (IEnumerable<(string, string)[]>)[[("Host", host)], [("Host", host), ("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "http")]])
        {
            var answer = await person.TrySignIn("finland", node.DemonstrationPassword, headers);
            answer.Refused(403, "session.needs-tls");
            Assert.Contains("COORDINATION_PROXY", answer.Text, StringComparison.Ordinal);
            Assert.Empty(Cookies(answer.Headers));
            (await person.Post("/invitations/see", new { token = "a-22222222.secret" }, match: null, headers: headers)).Refused(403, "session.needs-tls");
        }

        (await person.TrySignIn("finland", node.DemonstrationPassword, [("Host", host), .. OverTls])).Done();
    }

    [Theory]
    [InlineData("localhost:5080")]
    [InlineData("127.3.2.1")]
    [InlineData("[::1]:5080")]
    public async Task On_the_machine_itself_one_signs_in_without_tls(string host)
    {
        using var person = new Person(running.Node.Address);
        var answer = (await person.TrySignIn("finland", running.Node.DemonstrationPassword, ("Host", host))).Done();
        Assert.All(Cookies(answer.Headers), cookie => Assert.DoesNotContain("; secure", cookie, StringComparison.OrdinalIgnoreCase));
    }

    private static string[] Cookies(HttpResponseHeaders headers) => headers.TryGetValues("Set-Cookie", out var values) ? [.. values] : [];
}
