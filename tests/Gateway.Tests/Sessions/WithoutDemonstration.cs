namespace Coordination.Gateway.Tests.Sessions;

/// <summary>An installation for real: nobody but an administrator to begin with.</summary>
public sealed class WithoutDemonstration
{
    [Trait("On", "both")]
    [Trait("Full", "soak")]
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

        (await administrator.Post("/bodies/freedonia/roles", new { account = "r.firefly", role = "coordinator" }, match: null)).Refused(400, "account.unknown");
        var granted = (await administrator.Post("/bodies/freedonia/invitations", new { account = "r.firefly", role = "coordinator", displayName = "Rufus T. Firefly" }, match: null)).Done();
        var token = Person.TokenIn(granted)!;
        Assert.Equal($"/invitation#{token}", granted.Json.GetProperty("link").GetString());
        Assert.InRange(granted.Json.GetProperty("expires").GetDateTimeOffset() - TimeProvider.System.GetUtcNow(), TimeSpan.FromHours(23.9), TimeSpan.FromHours(24));
        Assert.DoesNotContain(token, (await administrator.Get("/bodies/freedonia")).Text + (await administrator.Get("/feed")).Text, StringComparison.Ordinal);
        Assert.True((await administrator.Get("/bodies/freedonia")).Json.GetProperty("people")[0].GetProperty("isInvited").GetBoolean());

        // Before it is taken up there is nothing to sign in with; and whoever has the link sees whom it is for.
        (await newcomer.TrySignIn("r.firefly", Password)).Refused(401, "session.wrong-credentials");
        foreach (var wrong in (string[])[token[..^1] + "!", $"a-22222222.{token.Split('.')[1]}", "nonsense"])
        {
            (await newcomer.Post("/invitations/see", new { token = wrong }, match: null)).Refused(404, "invitation.gone");
            (await newcomer.Post("/invitations/accept", new { token = wrong, password = Password }, match: null)).Refused(404, "invitation.gone");
        }

        var seen = (await newcomer.Post("/invitations/see", new { token }, match: null)).Done().Json;
        Assert.Equal(("r.firefly", "Rufus T. Firefly", "freedonia", "coordinator"),
            (seen.GetProperty("signInName").GetString(), seen.GetProperty("displayName").GetString(), seen.GetProperty("body").GetProperty("id").GetString(), seen.GetProperty("role").GetString()));
        foreach (var weak in (string[])["passwordpassword", "R.Firefly-123", "12345678901234", "Qwertyuiop2026!"])
            (await newcomer.Post("/invitations/accept", new { token, password = weak }, match: null)).Refused(400, "password.common");
        using var firefly = new Person(node.Address);
        (await firefly.TryAccept(token)).Done();
        (await newcomer.Post("/invitations/see", new { token }, match: null)).Refused(404, "invitation.gone");
        (await newcomer.TryAccept(token, "another of twelve")).Refused(404, "invitation.gone");
        Assert.False((await administrator.Get("/bodies/freedonia", ("Cache-Control", "no-cache"))).Json.GetProperty("people")[0].GetProperty("isInvited").GetBoolean());
        var again = (await administrator.Post("/bodies/freedonia/invitations", new { account = "r.firefly", role = "coordinator" }, match: null)).Done();
        Assert.False(again.Json.TryGetProperty("link", out _), "Whoever has a password needs no link.");

        Assert.Equal("freedonia", firefly.Session.GetProperty("body").GetProperty("id").GetString());
        Assert.Equal((granted.Json.GetProperty("account").GetString(), "Rufus T. Firefly"), (firefly.Account, firefly.Session.GetProperty("displayName").GetString()));
        var plan = (await firefly.Post("/plans", new { title = "The first plan" }, match: null)).Id;
        (await firefly.Get($"/plans/{plan}")).Done();
        (await firefly.Post("/bodies", new { id = "sylvania", kind = "state", name = "Sylvania" }, match: null)).Refused(403, "body.administrator-only");

        await using var watch = await firefly.Watch();
        (await administrator.Delete("/bodies/freedonia/roles/r.firefly")).Done();
        await watch.Until(heard => heard.What == "SignedOut", "the goodbye", Watch.Promptly);
        await watch.Until(heard => heard.What == "Closed", "the end of the connection");
        foreach (var path in (string[])["/session", "/plans", $"/plans/{plan}", "/bodies", "/feed", "/inbox", "/groups", "/journal/verify"])
            (await firefly.Get(path)).Refused(401, "session.required");
        (await firefly.Post("/plans", new { title = "One more" }, match: null)).Refused(401, "session.required");
        (await firefly.TrySignIn("r.firefly", Password)).Refused(403, "session.no-body");
        (await firefly.TrySignIn("r.firefly", "not-the-password")).Refused(401, "session.wrong-credentials");
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

        Task<Person> With(Person granting, string role) => Person.Invite(granting, "freedonia", $"the.{role}", role);
    }

    [Fact]
    public async Task An_account_comes_back_as_it_was_and_a_coordinator_reaches_those_of_the_own_body_only()
    {
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path, demonstration: false);
        using var freedonia = await Coordinator(node, "freedonia");
        using var sylvania = await Coordinator(node, "sylvania");
        using var anna = await Person.Invite(freedonia, "freedonia", "anna.k", "observer");
        (await freedonia.Delete($"/bodies/freedonia/roles/{anna.Account}")).Done();
        (await anna.Get("/plans")).Refused(401, "session.required");

        // The secret is hers and not the body's: it is told to nobody again.
        Assert.Null(Person.TokenIn(await freedonia.Post("/bodies/freedonia/invitations", new { account = "anna.k", role = "observer" }, match: null)));
        (await anna.TrySignIn("anna.k", Password)).Done();
        foreach (var other in (string[])["administrator", "c.sylvania", "nobody.at.all", sylvania.Account, "a-22222222"]) (await freedonia.Delete($"/bodies/freedonia/roles/{other}")).Done();
        using var administrator = await Person.SignIn(node.Address, "administrator", node.AdministratorPassword);
        using var still = new Person(node.Address);
        (await still.TrySignIn("anna.k", Password)).Done();
        (await sylvania.Get("/plans")).Done();
        (await anna.Post("/inbox/read", new { upTo = 1 }, match: null)).Refused(403, "inbox.contributor-only");
        (await freedonia.Post("/bodies/freedonia/roles", new { account = "administrator", role = "observer" }, match: null)).Refused(400, "account.of-no-body");
        (await freedonia.Post("/bodies/freedonia/roles", new { account = "a-22222222", role = "observer" }, match: null)).Refused(400, "account.not-found");
        (await freedonia.Delete("/bodies/freedonia/roles/Not%20a%20name")).Refused(404, "account.not-found");
    }

    [Fact]
    public async Task An_invitation_whose_answer_was_lost_is_repeated_and_gives_another_link_until_it_is_taken_up()
    {
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path, demonstration: false);
        using var freedonia = await Coordinator(node, "freedonia");
        var (role, key) = (new { account = "anna.k", role = "observer" }, Guid.NewGuid().ToString());
        var lost = Person.TokenIn(await freedonia.Post("/bodies/freedonia/invitations", role, match: null, key))!;
        var token = Person.TokenIn(await freedonia.Post("/bodies/freedonia/invitations", role, match: null, key))!;
        using var anna = new Person(node.Address);
        (await anna.TryAccept(lost)).Refused(404, "invitation.gone");
        (await anna.TryAccept(token)).Done();

        // The role was given once; and whoever repeats it now, the same or anew, learns no secret and ends no session.
        Assert.Single((await freedonia.Get("/feed?topic=body/freedonia")).Items, entry => entry.GetProperty("summary").GetString()!.Contains("anna.k is now Observer", StringComparison.Ordinal));
        Assert.Null(Person.TokenIn(await freedonia.Post("/bodies/freedonia/invitations", role, match: null, key)));
        Assert.Null(Person.TokenIn(await freedonia.Post("/bodies/freedonia/invitations", new { account = anna.Account, role = "contributor" }, match: null)));
        (await anna.Get("/plans")).Done();
    }

    [Fact]
    public async Task An_invitation_that_is_repeated_after_the_role_was_taken_gives_no_link()
    {
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path, demonstration: false);
        using var freedonia = await Coordinator(node, "freedonia");
        var (role, key) = (new { account = "anna.k", role = "observer" }, Guid.NewGuid().ToString());
        var first = Person.TokenIn(await freedonia.Post("/bodies/freedonia/invitations", role, match: null, key))!;
        (await freedonia.Delete("/bodies/freedonia/roles/anna.k")).Done();
        Assert.Null(Person.TokenIn(await freedonia.Post("/bodies/freedonia/invitations", role, match: null, key)));
        using var anna = new Person(node.Address);
        (await anna.TryAccept(first)).Refused(404, "invitation.gone");
    }

    [Trait("On", "both")]
    [Fact]
    public async Task Of_two_bodies_that_take_a_person_in_at_once_both_get_the_one_account()
    {
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path, demonstration: false);
        using var freedonia = await Coordinator(node, "freedonia");
        using var sylvania = await Coordinator(node, "sylvania");
        for (var time = 0; time < 20; time++)
        {
            var account = $"wanted-{time}";
            var before = node.Position;
            var answers = await Task.WhenAll(
                freedonia.Post("/bodies/freedonia/invitations", new { account, role = "observer" }, match: null),
                sylvania.Post("/bodies/sylvania/invitations", new { account, role = "contributor" }, match: null));
            // It is opened once. Whoever comes second waits until there is a person: the first one has chosen whom it is sent to.
            Assert.Equal(before + 2, node.Position);
            var first = Assert.Single(answers, answer => answer.Status is HttpStatusCode.OK);
            Assert.Single(answers, answer => answer.Status is HttpStatusCode.Conflict).Refused(409, "account.not-taken");
            using var person = new Person(node.Address);
            (await person.TryAccept(Person.TokenIn(first)!)).Done();
            (await freedonia.Post("/bodies/freedonia/roles", new { account, role = "observer" }, match: null)).Done();
            (await sylvania.Post("/bodies/sylvania/roles", new { account, role = "contributor" }, match: null)).Done();
            (await person.TrySignIn(account, Password)).Done();
            Assert.Equal(["freedonia", "sylvania"], person.Session.GetProperty("bodies").EnumerateArray().Select(body => body.GetProperty("id").GetString()).Order());
        }
    }

    [Fact]
    public async Task What_an_administrator_does_to_a_bodys_roles_everyone_is_told()
    {
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path, demonstration: false);
        using var sylvania = await Coordinator(node, "sylvania");
        using var freedonia = await Coordinator(node, "freedonia");
        var administrator = await node.As("administrator");
        (await administrator.Delete("/bodies/freedonia/roles/c.freedonia")).Done();
        (await administrator.Post("/bodies/freedonia/invitations", new { account = "someone.else", role = "coordinator" }, match: null)).Done();
        var told = (await sylvania.Get("/feed?topic=body/freedonia")).Items.Select(entry => entry.GetProperty("summary").GetString()).ToArray();
        Assert.Contains("c.freedonia no longer has a role in freedonia, by an administrator", told);
        Assert.Contains("someone.else is now Coordinator of freedonia, by an administrator", told);
    }

    [Fact]
    public async Task Accounts_of_a_demonstration_are_closed_without_it_and_their_bodies_get_coordinators_of_their_own()
    {
        using var folder = new TemporaryFolder();
        string password;
        await using (var demonstration = await Node.Start(folder.Path))
        {
            password = demonstration.DemonstrationPassword;
            using var guest = await Person.SignIn(demonstration.Address, "finland", password);
        }

        await using var node = await Node.Start(folder.Path, demonstration: false);
        using var newcomer = new Person(node.Address);
        (await newcomer.TrySignIn("finland", password)).Refused(401, "session.wrong-credentials");
        using var administrator = await Person.SignIn(node.Address, "administrator", File.ReadAllText(Path.Combine(folder.Path, "administrator-password")).Trim());
        (await administrator.Delete("/bodies/finland/roles/finland")).Done();
        using var finland = await Person.Invite(administrator, "finland", "f.coordinator", "coordinator");
        Assert.Equal("finland", finland.Session.GetProperty("body").GetProperty("id").GetString());
    }

    private static async Task<Person> Coordinator(Node node, string body)
    {
        var administrator = await node.As("administrator");
        (await administrator.Post("/bodies", new { id = body, kind = "state", name = body }, match: null)).Done();
        return await Person.Invite(administrator, body, $"c.{body}", "coordinator");
    }

    private const string Password = Person.Chosen;
}
