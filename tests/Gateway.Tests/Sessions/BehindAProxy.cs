using System.Net.Http.Headers;

namespace Coordination.Gateway.Tests.Sessions;

/// <summary>One proxy is named in the settings and believed about who comes and over what.</summary>
public sealed class BehindAProxy
{
    private static readonly (string, string)[] OverTls = [("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "https")];

    [Fact]
    public async Task It_is_believed_and_cookies_are_for_this_host_over_tls_alone()
    {
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path, with: settings => settings with { Proxy = IPNetwork.Parse("127.0.0.0/8") });
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
        var answer = (await person.TrySignIn("finland", node.DemonstrationPassword, OverTls)).Done();
        Assert.All(Cookies(answer.Headers), cookie => Assert.DoesNotContain("__Host-", cookie, StringComparison.Ordinal));
        Assert.DoesNotContain("203.0.113", (await person.Get("/session/sessions")).Text, StringComparison.Ordinal);
        using var other = new Person(node.Address);
        for (var time = 0; time < 5; time++) await other.TrySignIn("togo", "not-the-password", ("X-Forwarded-For", $"203.0.{time}.7"));
        (await other.TrySignIn("togo", node.DemonstrationPassword, ("X-Forwarded-For", "203.0.99.7"))).Refused(429, "session.locked-out");
    }

    private static string[] Cookies(HttpResponseHeaders headers) => headers.TryGetValues("Set-Cookie", out var values) ? [.. values] : [];
}
