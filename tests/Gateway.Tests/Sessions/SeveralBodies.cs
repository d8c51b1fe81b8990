using Microsoft.AspNetCore.SignalR.Client;

namespace Coordination.Gateway.Tests.Sessions;

/// <summary>Anna has a role in two bodies and acts for one of them at a time.</summary>
[Trait("On", "both")]
public sealed class SeveralBodies(RunningNode running) : IAsyncLifetime
{
    private static int _people;
    private readonly string _name = $"anna.{Interlocked.Increment(ref _people)}-{Guid.NewGuid():N}"[..30];
    private readonly string _shown = $"Anna {Guid.NewGuid():N}"[..20];
    private Person _finland = null!;
    private Person _chile = null!;
    private Person _anna = null!;

    private Node Node => running.Node;

    public async ValueTask InitializeAsync()
    {
        (_finland, _chile) = (await Node.As("finland"), await Node.As("chile"));
        using var invited = await Person.Invite(_finland, "finland", _name, "contributor", _shown);
        (await _chile.Post("/bodies/chile/roles", new { account = _name, role = "coordinator" }, match: null)).Done();
        _anna = await Person.SignIn(Node.Address, _name, Person.Chosen);
    }

    public ValueTask DisposeAsync()
    {
        _anna.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_session_begins_with_the_first_and_switches_to_another()
    {
        Assert.Equal(("finland", "contributor"), Acting(_anna.Session));
        Assert.Equal(
            [("finland", "Finland", "contributor"), ("chile", "Chile", "coordinator")],
            _anna.Session.GetProperty("bodies").EnumerateArray().Select(body => (Text(body, "id"), Text(body, "name"), Text(body, "role"))));
        (await _anna.Post("/plans", new { title = "Not as a contributor" }, match: null)).Refused(403, "plan.coordinator-only");

        (await _anna.TryActFor("chile")).Done();
        Assert.Equal(("chile", "coordinator"), Acting(_anna.Session));
        Assert.Equal(("chile", "coordinator"), Acting((await _anna.Get("/session")).Done().Json));
        var plan = (await _anna.Post("/plans", new { title = "As Chile's coordinator" }, match: null)).Id;
        Assert.Equal("chile", Text((await _anna.Get($"/plans/{plan}")).Json, "body"));
        var told = Assert.Single((await _anna.Get($"/feed?topic=plan/{plan}")).Items);
        Assert.Equal((_anna.Account, _shown, "chile"), (Text(told, "actor"), Text(told, "actorName"), Text(told, "body")));
    }

    [Fact]
    public async Task A_program_says_with_each_request_for_which_body_it_acts()
    {
        var asChile = ("Acting-For", "chile");
        var plan = (await _anna.Post("/plans", new { title = "By a program" }, match: null, headers: asChile)).Id;
        Assert.Equal("chile", Text((await _anna.Get($"/plans/{plan}", asChile)).Json, "body"));
        Assert.Equal(("chile", "coordinator"), Acting((await _anna.Get("/session", asChile)).Done().Json));
        // It holds for the one request.
        Assert.Equal(("finland", "contributor"), Acting((await _anna.Get("/session")).Done().Json));

        using var program = new Person(Node.Address);
        (await program.TrySignIn(_name, Person.Chosen, asChile)).Done();
        Assert.Equal(("chile", "coordinator"), Acting((await program.Get("/session")).Done().Json));
    }

    [Fact]
    public async Task One_key_is_one_command_whichever_body_it_is_for()
    {
        var key = Guid.NewGuid().ToString();
        (await _anna.Post("/subscriptions", new { about = "groups" }, match: null, key, ("Acting-For", "chile"))).Done();
        (await _anna.Post("/subscriptions", new { about = "groups" }, match: null, key)).Refused(422, "idempotency.key-reused");
    }

    [Fact]
    public async Task A_body_without_a_role_and_one_that_there_is_not_are_refused_alike()
    {
        foreach (var path in (string[])["/session", "/plans", "/bodies/sweden", "/inbox", "/feed"])
        {
            var known = await _anna.Get(path, ("Acting-For", "sweden"));
            known.Refused(403, "session.not-a-role-there");
            foreach (var other in (string[])["no-such-body", "", "FINLAND", "../x", new('x', 300)])
                Assert.Equal(known.Seen(), (await _anna.Get(path, ("Acting-For", other))).Seen());
        }

        (await _anna.Post("/subscriptions", new { about = "groups" }, match: null, headers: ("Acting-For", "sweden"))).Refused(403, "session.not-a-role-there");
        var elsewhere = await _anna.TryActFor("sweden");
        elsewhere.Refused(403, "session.not-a-role-there");
        Assert.Equal(elsewhere.Seen(), (await _anna.TryActFor("no-such-body")).Seen());
        Assert.Equal(("finland", "contributor"), Acting((await _anna.Get("/session")).Done().Json));
        using var stranger = new Person(Node.Address);
        (await stranger.TrySignIn(_name, Person.Chosen, ("Acting-For", "sweden"))).Refused(403, "session.not-a-role-there");
        (await stranger.Get("/session")).Refused(401, "session.required");
        // An administrator acts for no body.
        (await (await Node.As("administrator")).Get("/plans", ("Acting-For", "finland"))).Refused(403, "session.not-a-role-there");
        _anna.Token = null;
        (await _anna.TryActFor("chile")).Refused(403, "session.csrf");
    }

    [Fact]
    public async Task What_is_hidden_from_a_body_is_hidden_from_all_that_act_for_it()
    {
        var request = (await _finland.Post("/requests", new { to = (string[])["argentina"], kind = "information", subject = "Between two", mark = "parties" }, match: null)).Id;
        (await _anna.Get($"/requests/{request}")).Done();
        await Answer.Same(request, "request-22222222", id => _anna.Get($"/requests/{id}", ("Acting-For", "chile")));
        (await _anna.Post($"/requests/{request}/withdraw", new { }, headers: ("Acting-For", "chile"))).Refused(404, "request.not-found");
        Assert.DoesNotContain((await _anna.Get("/requests?limit=500", ("Acting-For", "chile"))).Items, item => Text(item, "id") == request);
    }

    [Fact]
    public async Task Each_live_connection_hears_what_the_body_of_its_session_may()
    {
        using var asChile = await Person.SignIn(Node.Address, _name, Person.Chosen);
        (await asChile.TryActFor("chile")).Done();
        await using var finland = await _anna.Watch();
        await using var chile = await asChile.Watch();
        var hidden = await _finland.Post("/requests", new { to = (string[])["argentina"], kind = "information", subject = "Live between two", mark = "parties" }, match: null);
        await finland.Told(hidden.Position);
        await chile.ToldUpTo(hidden.Position);
        Assert.DoesNotContain(hidden.Position, chile.Positions);
        chile.NeverHeard("Live between two");

        // Switching ends what was open for the body before, and only that.
        (await _anna.TryActFor("chile")).Done();
        await finland.Until(heard => heard.What == "SignedOut", "the goodbye of the body before", Watch.Promptly);
        await finland.Until(heard => heard.What == "Closed", "the end of the connection");
        Assert.Equal(HubConnectionState.Connected, chile.Connection.State);
        await using var again = await _anna.Watch();
        var more = await _chile.Post("/requests", new { to = (string[])["argentina"], kind = "information", subject = "For Chile", mark = "parties" }, match: null);
        await again.Told(more.Position);
    }

    [Trait("Full", "soak")]
    [Fact]
    public async Task A_role_that_is_taken_ends_what_was_open_for_its_body_at_once_and_nothing_else()
    {
        using var asChile = await Person.SignIn(Node.Address, _name, Person.Chosen);
        (await asChile.TryActFor("chile")).Done();
        await using var finland = await _anna.Watch();
        await using var chile = await asChile.Watch();
        var taken = (await _chile.Delete($"/bodies/chile/roles/{_anna.Account}")).Done();
        // The right is gone at once, and the session within a second.
        Assert.Contains((await asChile.Get("/plans")).Status, (HttpStatusCode[])[HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden]);
        Assert.Contains((await asChile.Post("/plans", new { title = "Too late" }, match: null)).Status, (HttpStatusCode[])[HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden]);
        await chile.Until(heard => heard.What == "SignedOut", "the goodbye", Watch.Promptly);
        await chile.Until(heard => heard.What == "Closed", "the end of the connection");

        await finland.ToldUpTo(taken.Position);
        Assert.Equal(HubConnectionState.Connected, finland.Connection.State);
        (await _anna.Get("/plans")).Done();
        (await _anna.Get("/plans", ("Acting-For", "chile"))).Refused(403, "session.not-a-role-there");
        // It is not another body's now: whoever has it signs in again.
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        (await asChile.Get("/session")).Refused(401, "session.required");
    }

    [Fact]
    public async Task People_are_listed_by_name_to_their_own_body()
    {
        var person = Assert.Single(People(await _finland.Get("/bodies/finland")), person => Text(person, "account") == _anna.Account);
        Assert.Equal((_name, _shown, "contributor"), (Text(person, "signInName"), Text(person, "name"), Text(person, "role")));
        Assert.Empty(People(await (await Node.As("sweden")).Get("/bodies/finland")));
        // A session for another body is of another body.
        Assert.Empty(People(await _anna.Get("/bodies/finland", ("Acting-For", "chile"))));
        Assert.DoesNotContain(_name, (await (await Node.As("sweden")).Get("/feed")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_is_shown_under_the_name_that_the_person_gives()
    {
        (await _finland.Post($"/accounts/{_anna.Account}/name", new { displayName = "Not by another" }, match: null)).Refused(403, "account.own-only");
        var named = (await _anna.Post($"/accounts/{_anna.Account}/name", new { displayName = "Anna Nowak" }, match: null)).Done();
        Assert.Equal(named.Version, (await _anna.Post($"/accounts/{_anna.Account}/name", new { displayName = "Anna Nowak" }, match: null)).Version);
        Assert.Equal("Anna Nowak", Text((await _anna.Get("/session")).Done().Json, "displayName"));
        Assert.Contains(People(await _finland.Get("/bodies/finland")), person => Text(person, "name") == "Anna Nowak");
    }

    [Fact]
    public async Task An_erased_account_is_nobody_at_once_and_is_shown_without_a_name()
    {
        var group = (await _finland.Post("/groups", new { name = $"Group {Guid.NewGuid():N}" }, match: null)).Id;
        var shared = (await _anna.Post($"/groups/{group}/updates", new { text = "Written before" }, match: null)).Done();
        Assert.Equal(_shown, Text(Assert.Single((await _finland.Get($"/groups/{group}/updates")).Items), "actorName"));
        var plan = (await _finland.Post("/plans", new { title = "A plan" }, match: null)).Id;
        var measure = (await _finland.Post($"/plans/{plan}/measures", new { pillar = "training", title = "Measure" })).Id;
        var milestone = (await _finland.Post($"/plans/{plan}/measures/{measure}/milestones", new { title = "Left open", due = "2031-01-01" })).Id;
        (await _anna.Post($"/plans/{plan}/milestones/{milestone}/reports", new { status = "in-progress", draft = true })).Done();
        await using var watch = await _anna.Watch();
        (await _finland.Delete($"/accounts/{_anna.Account}")).Refused(403, "account.administrator-only");
        var administrator = await Node.As("administrator");
        (await administrator.Delete("/accounts/a-22222222")).Refused(404, "account.not-found");
        (await administrator.Delete("/accounts/finland")).Refused(404, "account.not-found");
        (await administrator.Delete("/accounts/administrator")).Refused(409, "account.built-in");

        (await administrator.Delete($"/accounts/{_anna.Account}")).Done();

        foreach (var path in (string[])["/session", "/plans", "/feed"]) (await _anna.Get(path)).Refused(401, "session.required");
        await watch.Until(heard => heard.What == "Closed", "the end of the connection");
        using var again = new Person(Node.Address);
        (await again.TrySignIn(_name, Person.Chosen)).Refused(401, "session.wrong-credentials");
        (await administrator.Delete($"/accounts/{_anna.Account}")).Done();
        var update = Assert.Single((await _finland.Get($"/groups/{group}/updates")).Items);
        Assert.Equal((_anna.Account, false), (Text(update, "actor"), update.TryGetProperty("actorName", out _)));
        var left = (await _finland.Get("/bodies/finland")).Json.GetProperty("leftOpen").EnumerateArray().Single(item => Text(item, "account") == _anna.Account);
        Assert.Equal(("report", plan, milestone, "Left open", false), (Text(left, "kind"), Text(left.GetProperty("subject"), "id"), Text(left, "part"), Text(left, "title"), left.TryGetProperty("name", out _)));
        foreach (var path in (string[])["/feed?limit=500", $"/groups/{group}/updates", "/bodies/finland", "/bodies/chile"])
            Assert.DoesNotContain(_shown, (await _finland.Get(path)).Done().Text, StringComparison.Ordinal);
        Assert.True(shared.Position > 0);
    }

    [Fact]
    public async Task Bodies_without_a_coordinator_are_listed_to_administrators()
    {
        var administrator = await Node.As("administrator");
        var body = (await administrator.Post("/bodies", new { kind = "partner", name = "Without anybody" }, match: null)).Id;
        var listed = (await administrator.Get("/bodies?withoutCoordinator=true&limit=500")).Done().Items;
        Assert.All(listed, item => Assert.Equal(0, item.GetProperty("coordinators").GetInt32()));
        Assert.Contains(listed, item => Text(item, "id") == body);
        Assert.DoesNotContain((await administrator.Get("/bodies?withoutCoordinator=false&limit=500")).Done().Items, item => Text(item, "id") == body);
        (await _finland.Get("/bodies?withoutCoordinator=true")).Refused(403, "body.administrator-only");
        Assert.All((await _finland.Get("/bodies?limit=500")).Items, item => Assert.False(item.TryGetProperty("coordinators", out _)));
        Assert.True((await _finland.Get("/bodies/finland")).Json.GetProperty("coordinators").GetInt32() > 0);
        Assert.False((await _finland.Get("/bodies/chile")).Json.TryGetProperty("coordinators", out _));
    }

    private static (string? Body, string? Role) Acting(JsonElement session) => (Text(session.GetProperty("body"), "id"), Text(session, "role"));

    private static JsonElement[] People(Answer page) => [.. page.Done().Json.GetProperty("people").EnumerateArray()];

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
