namespace Coordination.Gateway.Tests.Sessions;

/// <summary>An installation for real: nobody but an administrator to begin with.</summary>
public sealed class WithoutDemonstration
{
    [Fact]
    public async Task An_administrator_admits_a_body_whose_coordinator_acts_until_the_role_is_taken()
    {
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path, demonstration: false);
        using var newcomer = new Person(node.Address);
        Assert.Empty((await newcomer.Get("/session/demonstration")).Items);
        foreach (var account in (string[])["finland", "ruritania"]) (await newcomer.TrySignIn(account, "anything")).Refused(401, "session.wrong-credentials");

        var administrator = await node.As("administrator");
        Assert.False(administrator.Session.GetProperty("demonstration").GetBoolean());
        Assert.Empty((await administrator.Get("/bodies")).Items);
        Assert.Equal("freedonia", (await administrator.Post("/bodies", new { id = "freedonia", kind = "state", name = "Freedonia", state = "XFR" }, match: null)).Id);
        // Belonging to a body does not come from sharing its name.
        (await newcomer.TrySignIn("freedonia", "anything")).Refused(401, "session.wrong-credentials");

        var granted = (await administrator.Post("/bodies/freedonia/roles", new { account = "r.firefly", role = "coordinator" }, match: null)).Done();
        var password = granted.Json.GetProperty("password").GetString()!;
        var again = (await administrator.Post("/bodies/freedonia/roles", new { account = "r.firefly", role = "coordinator" }, match: null)).Done();
        Assert.False(again.Json.TryGetProperty("password", out _), "The password is shown once.");
        Assert.DoesNotContain(password, (await administrator.Get("/bodies/freedonia")).Text + (await administrator.Get("/feed")).Text, StringComparison.Ordinal);

        using var firefly = await Person.SignIn(node.Address, "r.firefly", password);
        Assert.Equal("freedonia", firefly.Session.GetProperty("body").GetProperty("id").GetString());
        var plan = (await firefly.Post("/plans", new { title = "The first plan" }, match: null)).Id;
        (await firefly.Get($"/plans/{plan}")).Done();
        (await firefly.Post("/bodies", new { id = "sylvania", kind = "state", name = "Sylvania" }, match: null)).Refused(403, "body.administrator-only");

        await using var watch = await firefly.Watch();
        (await administrator.Delete("/bodies/freedonia/roles/r.firefly")).Done();
        await watch.Until(heard => heard.What == "SignedOut", "the goodbye", TimeSpan.FromSeconds(1));
        await watch.Until(heard => heard.What == "Closed", "the end of the connection");
        foreach (var path in (string[])["/session", "/plans", $"/plans/{plan}", "/bodies", "/feed", "/inbox", "/groups", "/journal/verify"])
            (await firefly.Get(path)).Refused(401, "session.required");
        (await firefly.Post("/plans", new { title = "One more" }, match: null)).Refused(401, "session.required");
        (await firefly.TrySignIn("r.firefly", password)).Refused(403, "session.no-body");
        await Assert.ThrowsAnyAsync<Exception>(() => firefly.Watch());
    }

    [Fact]
    public async Task An_observer_reads_and_a_contributor_reports()
    {
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path, demonstration: false);
        var administrator = await node.As("administrator");
        (await administrator.Post("/bodies", new { id = "freedonia", kind = "state", name = "Freedonia" }, match: null)).Done();
        using var coordinator = await With(administrator, "coordinator");
        (await administrator.Post("/bodies/freedonia/roles", new { account = "the.mole", role = "observer" }, match: null)).Refused(403, "body.first-coordinator-only");
        using var contributor = await With(coordinator, "contributor");
        using var observer = await With(coordinator, "observer");
        var plan = (await coordinator.Post("/plans", new { title = "A plan" }, match: null)).Id;
        var measure = (await coordinator.Post($"/plans/{plan}/measures", new { pillar = "training", title = "Measure" })).Id;
        var milestone = (await coordinator.Post($"/plans/{plan}/measures/{measure}/milestones", new { title = "Milestone", due = "2031-01-01" })).Id;
        (await observer.Post($"/plans/{plan}/milestones/{milestone}/reports", new { status = "done" })).Refused(403, "plan.not-a-reporter");
        (await contributor.Post($"/plans/{plan}/status", new { status = "adopted" })).Refused(403, "plan.coordinator-only");
        var report = (await contributor.Post($"/plans/{plan}/milestones/{milestone}/reports", new { status = "done" })).Id;
        (await contributor.Post($"/plans/{plan}/reports/{report}/approve", new { })).Refused(403, "plan.coordinator-only");
        (await coordinator.Post($"/plans/{plan}/reports/{report}/approve", new { })).Done();
        Assert.Contains("\"done\"", (await observer.Get($"/plans/{plan}")).Done().Text, StringComparison.Ordinal);

        // A role that becomes another keeps the session and changes what it may do.
        (await coordinator.Post("/bodies/freedonia/roles", new { account = "the.contributor", role = "observer" }, match: null)).Done();
        (await contributor.Post($"/plans/{plan}/milestones/{milestone}/reports", new { status = "in-progress" })).Refused(403, "plan.not-a-reporter");

        async Task<Person> With(Person granting, string role)
        {
            var granted = (await granting.Post("/bodies/freedonia/roles", new { account = $"the.{role}", role }, match: null)).Done();
            return await Person.SignIn(node.Address, $"the.{role}", granted.Json.GetProperty("password").GetString()!);
        }
    }
}
