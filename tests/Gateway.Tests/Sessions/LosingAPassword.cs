namespace Coordination.Gateway.Tests.Sessions;

/// <summary>Somebody has lost a password: two persons give another, and a person who knows the password after all hears of it and may object.</summary>
[Trait("On", "both")]
public sealed class LosingAPassword(RunningNode running)
{
    private const string Next = "nine blue kites rise";
    private static int _people;

    private Node Node => running.Node;

    [Fact]
    public async Task A_coordinator_asks_an_administrator_agrees_and_the_person_chooses_another()
    {
        using var first = await Coordinator();
        using var second = await Coordinator();
        var name = $"forgetful-{Interlocked.Increment(ref _people)}";
        using var person = await Person.Invite(first, "sweden", name, "contributor");
        (await person.Delete("/session")).Done();
        var path = $"/accounts/{person.Account}/reset";

        (await first.Post(path, null, match: null)).Done();
        (await first.Post(path + "/agree", null, match: null)).Refused(403, "account.reset-second-person");
        (await first.Post(path + "/link", null, match: null)).Refused(409, "account.reset-not-agreed");
        Assert.Equal(first.Account, Pending(await second.Get("/bodies/sweden"), person.Account)!.Value.GetProperty("by").GetProperty("id").GetString());
        // Whoever makes coordinators could make one that agrees.
        (await second.Post(path + "/agree", null, match: null)).Refused(403, "account.reset-second-person");
        (await (await Node.As("administrator")).Post(path + "/agree", null, match: null)).Done();
        (await second.Post(path + "/link", null, match: null)).Refused(403, "account.reset-link-of-another");
        var token = Person.TokenIn(await first.Post(path + "/link", null, match: null))!;

        // Until it is used, the password before counts, and using it ends all that was open with that one.
        using var thief = await Person.SignIn(Node.Address, name, Person.Chosen);
        using var back = new Person(Node.Address);
        Assert.True((await back.Post("/invitations/see", new { token }, match: null)).Done().Json.GetProperty("resets").GetBoolean());
        (await back.TryAccept(token, Next)).Done();
        await Eventually(async () => (await thief.Get("/plans")).Status is HttpStatusCode.Unauthorized);
        (await new Person(Node.Address).TrySignIn(name, Person.Chosen)).Refused(401, "session.wrong-credentials");
        (await new Person(Node.Address).TryAccept(token, "ten blue kites rise")).Refused(404, "invitation.gone");
        (await first.Post(path + "/link", null, match: null)).Refused(404, "account.not-found");
        Assert.Null(Pending(await second.Get("/bodies/sweden"), person.Account));
        foreach (var step in (string[])["reset-asked", "reset-agreed", "reset-link-made", "password-reset"])
            Assert.Contains((await second.Get($"/security-log?account={person.Account}&limit=100")).Items, item => item.GetProperty("kind").GetString() == step);
        Assert.Contains((await second.Get("/feed?topic=body/sweden&limit=50")).Items, entry => entry.GetProperty("type").GetString() == "account.reset-agreed");
    }

    [Fact]
    public async Task Whoever_asked_finds_in_the_inbox_what_came_of_it_and_administrators_find_what_waits_for_them()
    {
        using var first = await Coordinator();
        using var person = await Person.Invite(first, "sweden", $"watched-{Interlocked.Increment(ref _people)}", "contributor");
        var administrator = await Node.As("administrator");
        var path = $"/accounts/{person.Account}/reset";

        (await first.Post(path, null, match: null)).Done();
        Assert.True(await Waits());
        (await administrator.Post(path + "/agree", null, match: null)).Done();
        (await person.Delete(path)).Done();
        Assert.False(await Waits());
        // The inbox is filled behind the answer.
        await Eventually(async () => (await Told()).SequenceEqual(["account.reset-dropped", "account.reset-agreed", "account.reset-asked"]));

        async Task<bool> Waits()
        {
            var found = (await administrator.Get("/accounts?resets=true&limit=500")).Items;
            Assert.All(found, account => Assert.True(account.TryGetProperty("reset", out _)));
            return found.Any(account => account.GetProperty("account").GetString() == person.Account);
        }

        async Task<IEnumerable<string?>> Told() => (await first.Get("/inbox?limit=100")).Items.Select(item => item.GetProperty("entry"))
            .Where(entry => entry.GetProperty("data").TryGetProperty("account", out var account) && account.GetString() == person.Account)
            .Select(entry => entry.GetProperty("type").GetString()).Where(type => type!.StartsWith("account.reset-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_is_signed_in_hears_of_it_has_a_day_and_objects()
    {
        using var first = await Coordinator();
        using var person = await Person.Invite(first, "sweden", $"attentive-{Interlocked.Increment(ref _people)}", "contributor");
        var administrator = await Node.As("administrator");
        var path = $"/accounts/{person.Account}/reset";

        (await first.Post(path, null, match: null)).Done();
        (await administrator.Post(path + "/agree", null, match: null)).Done();
        var reset = (await person.Get("/session")).Done().Json.GetProperty("reset");
        Assert.Equal("sweden", reset.GetProperty("body").GetProperty("id").GetString());
        Assert.True(reset.GetProperty("from").GetDateTimeOffset() > TimeProvider.System.GetUtcNow().AddHours(23));
        (await first.Post(path + "/link", null, match: null)).Refused(409, "account.reset-waits");
        Assert.Contains((await first.Get($"/security-log?account={person.Account}")).Items, item => item.GetProperty("kind").GetString() == "reset-agreed");

        (await person.Delete(path)).Done();
        Assert.False((await person.Get("/session")).Done().Json.TryGetProperty("reset", out _));
        (await first.Post(path + "/link", null, match: null)).Refused(404, "account.not-found");
    }

    [Fact]
    public async Task Whoever_was_signed_in_until_another_person_ended_it_has_a_day_too()
    {
        using var first = await Coordinator();
        var administrator = await Node.As("administrator");
        foreach (var ends in (Func<Person, Task>[])[EndsTheSession, EndsItAsAdministrator, TakesTheRole])
        {
            using var person = await Person.Invite(first, "sweden", $"ended-{Interlocked.Increment(ref _people)}", "contributor");
            await ends(person);
            var path = $"/accounts/{person.Account}/reset";
            (await first.Post(path, null, match: null)).Done();
            (await administrator.Post(path + "/agree", null, match: null)).Done();
            (await first.Post(path + "/link", null, match: null)).Refused(409, "account.reset-waits");

            // The password is still the person's, who comes back, hears of it and objects.
            (await person.TrySignIn(person.SignInName, Person.Chosen)).Done();
            Assert.True((await person.Get("/session")).Done().Json.TryGetProperty("reset", out _));
            (await person.Delete(path)).Done();
            (await first.Post(path + "/link", null, match: null)).Refused(404, "account.not-found");
        }

        Task EndsTheSession(Person person) => End(first, person);

        Task EndsItAsAdministrator(Person person) => End(administrator, person);

        async Task TakesTheRole(Person person)
        {
            (await first.Delete($"/bodies/sweden/roles/{person.Account}")).Done();
            (await first.Post("/bodies/sweden/roles", new { account = person.SignInName, role = "contributor" }, match: null)).Done();
        }

        async Task End(Person by, Person person)
        {
            foreach (var session in (await by.Get($"/accounts/{person.Account}/sessions")).Items)
                (await by.Delete($"/accounts/{person.Account}/sessions/{session.GetProperty("id").GetString()}")).Done();
        }
    }

    [Fact]
    public async Task Whoever_changes_the_password_meanwhile_needs_no_other()
    {
        using var first = await Coordinator();
        using var person = await Person.Invite(first, "sweden", $"remembering-{Interlocked.Increment(ref _people)}", "contributor");
        (await first.Post($"/accounts/{person.Account}/reset", null, match: null)).Done();
        (await person.Post("/session/password", new { current = Person.Chosen, @new = Next }, match: null)).Done();
        Assert.Null(Pending(await first.Get("/bodies/sweden"), person.Account));
    }

    [Fact]
    public async Task Of_an_account_in_two_bodies_no_other_body_learns_of_it()
    {
        using var first = await Coordinator();
        var chile = await Node.As("chile");
        var name = $"twofold-{Interlocked.Increment(ref _people)}";
        using var person = await Person.Invite(first, "sweden", name, "contributor");
        (await chile.Post("/bodies/chile/roles", new { account = name, role = "observer" }, match: null)).Done();
        var path = $"/accounts/{person.Account}/reset";

        (await first.Post(path, null, match: null)).Done();
        (await chile.Post(path + "/agree", null, match: null)).Refused(404, "account.not-found");
        (await chile.Delete(path)).Refused(404, "account.not-found");
        Assert.Null(Pending(await chile.Get("/bodies/chile"), person.Account));
    }

    [Fact]
    public async Task A_link_opens_nothing_once_it_was_objected_to_or_whoever_made_it_is_no_coordinator_any_more()
    {
        using var first = await Coordinator();
        using var second = await Coordinator();
        var administrator = await Node.As("administrator");
        using var person = await Person.Invite(first, "sweden", $"lucky-{Interlocked.Increment(ref _people)}", "contributor");
        (await person.Delete("/session")).Done();
        var path = $"/accounts/{person.Account}/reset";
        var old = await Link(first);
        (await second.Delete(path)).Done();
        (await new Person(Node.Address).Post("/invitations/see", new { token = old }, match: null)).Refused(404, "invitation.gone");

        var next = await Link(second);
        (await new Person(Node.Address).Post("/invitations/see", new { token = old }, match: null)).Refused(404, "invitation.gone");
        (await new Person(Node.Address).Post("/invitations/see", new { token = next }, match: null)).Done();
        (await first.Delete($"/bodies/sweden/roles/{second.Account}")).Done();
        (await new Person(Node.Address).TryAccept(next, Next)).Refused(404, "invitation.gone");

        async Task<string> Link(Person by)
        {
            (await by.Post(path, null, match: null)).Done();
            (await administrator.Post(path + "/agree", null, match: null)).Done();
            return Person.TokenIn(await by.Post(path + "/link", null, match: null))!;
        }
    }

    /// <summary>Another coordinator of the body.</summary>
    private async Task<Person> Coordinator() => await Person.Invite(await Node.As("sweden"), "sweden", $"coordinating-{Interlocked.Increment(ref _people)}", "coordinator");

    private static JsonElement? Pending(Answer body, string account) =>
        body.Done().Json.GetProperty("people").EnumerateArray().Single(person => person.GetProperty("account").GetString() == account).TryGetProperty("reset", out var reset) ? reset : null;

    private static async Task Eventually(Func<Task<bool>> holds)
    {
        for (var wait = 0; !await holds(); wait++)
        {
            Assert.True(wait < 200, "It did not come about within 20 s.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }
}
