namespace Coordination.Gateway.Tests.Sessions;

/// <summary>A browser that still has the cookie of a session that has ended.</summary>
public sealed class EndedSessions(RunningNode running)
{
    [Fact]
    public async Task Are_answered_clearly_at_every_path_and_the_same_browser_signs_in_again()
    {
        var finland = await running.Node.As("finland");
        using var person = await Person.Invite(finland, "finland", $"ended.{Guid.NewGuid():N}"[..20], "observer");
        (await person.Get("/plans")).Done();
        (await finland.Get($"/accounts/{person.Account}/sessions")).Done();
        foreach (var session in (await finland.Get($"/accounts/{person.Account}/sessions")).Items)
            (await finland.Delete($"/accounts/{person.Account}/sessions/{session.GetProperty("id").GetString()}")).Done();

        // What was alive is believed for half a second at another gateway.
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        foreach (var path in (string[])["/session", "/plans", "/bodies", "/feed", "/inbox", "/session"])
            (await person.Get(path)).Refused(401, "session.required");
        (await person.Post("/plans", new { title = "A plan" }, match: null)).Refused(401, "session.required");
        // Pages are everyone's.
        Assert.Equal(HttpStatusCode.OK, (await person.Send(HttpMethod.Get, "//openapi/v1.json", null)).Status);
        (await person.TrySignIn(person.SignInName, Person.Chosen)).Done();
        (await person.Get("/plans")).Done();
    }
}
