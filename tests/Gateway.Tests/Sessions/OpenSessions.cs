namespace Coordination.Gateway.Tests.Sessions;

/// <summary>Sessions are records: seen, ended, and then dead for whoever has a copy of the cookie.</summary>
[Trait("On", "both")]
public sealed class OpenSessions(RunningNode running)
{
    private const string Firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";
    private static int _people;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private Node Node => running.Node;

    [Fact]
    public async Task Its_owner_sees_each_with_its_device_and_network_and_ends_the_other()
    {
        var (name, password) = await Someone("finland", "observer");
        using var phone = await Person.SignIn(Node.Address, name, password);
        using var desk = new Person(Node.Address);
        (await desk.TrySignIn(name, password, ("User-Agent", Firefox))).Done();

        var sessions = (await desk.Get("/session/sessions")).Items;
        Assert.Equal(2, sessions.Length);
        var (own, other) = (sessions[0], sessions[1]);
        Assert.Equal((true, "Firefox", "Windows"), (own.GetProperty("current").GetBoolean(), own.GetProperty("browser").GetString(), own.GetProperty("system").GetString()));
        Assert.Matches("^127\\.[0-9]+\\.[0-9]+\\.0/24$", own.GetProperty("network").GetString());
        Assert.Equal("finland", own.GetProperty("body").GetProperty("id").GetString());
        Assert.False(other.GetProperty("current").GetBoolean());

        await using var watch = await phone.Watch();
        (await desk.Delete($"/session/sessions/{Id(other)}")).Done();
        await watch.Until(heard => heard.What == "SignedOut", "the goodbye", Watch.Promptly);
        await ShouldDie(phone);
        Assert.Equal([Id(own)], (await desk.Get("/session/sessions")).Items.Select(Id));
        (await desk.Get("/plans")).Done();
    }

    [Fact]
    public async Task Those_that_a_program_leaves_behind_end_none_of_another_network()
    {
        var (name, password) = await Someone("finland", "observer");
        using var phone = await Person.SignIn(Node.Address, name, password);
        using var program = new Person(Node.Address);
        for (var time = 0; time < 51; time++)
        {
            using var left = program.Neighbour();
            (await left.TrySignIn(name, password)).Done();
        }

        Assert.Equal(50, (await phone.Get("/session/sessions")).Done().Items.Length);
    }

    [Fact]
    public async Task A_copied_cookie_is_dead_after_the_sign_out()
    {
        var (name, password) = await Someone("finland", "observer");
        using var person = await Person.SignIn(Node.Address, name, password);
        using var thief = Copy(person);
        (await thief.Get("/plans")).Done();
        await using var watch = await thief.Watch();

        (await person.Delete("/session")).Done();

        await ShouldDie(thief);
        (await thief.Post("/session/body", new { body = "finland" }, match: null)).Refused(401, "session.required");
        (await thief.Get("/session/sessions")).Refused(401, "session.required");
        await watch.Until(heard => heard.What == "Closed", "the end of the connection", Watch.Promptly);
        await Assert.ThrowsAnyAsync<Exception>(() => thief.Watch());
        (await person.TrySignIn(name, password)).Done();
        await ShouldDie(thief);
    }

    [Fact]
    public async Task Another_password_ends_all_other_sessions()
    {
        var (name, password) = await Someone("finland", "observer");
        using var desk = await Person.SignIn(Node.Address, name, password);
        using var phone = await Person.SignIn(Node.Address, name, password);
        await using var watch = await phone.Watch();
        (await desk.Post("/session/password", new { current = "not-the-password", @new = "a password of my own" }, match: null)).Refused(400, "session.wrong-password");
        (await desk.Post("/session/password", new { current = password, @new = "too short" }, match: null)).Refused(400, "request.invalid");
        (await desk.Post("/session/password", new { current = password, @new = "P4ssw0rd12345!" }, match: null)).Refused(400, "password.common");
        (await phone.Get("/plans")).Done();
        using var copied = Copy(desk);

        (await desk.Post("/session/password", new { current = password, @new = "a password of my own" }, match: null)).Done();

        await watch.Until(heard => heard.What == "SignedOut", "the goodbye", Watch.Promptly);
        await ShouldDie(phone);
        // A copy of the cookie with which it was changed opens nothing either; the browser itself has a new one, and a new token.
        await ShouldDie(copied);
        (await desk.Get("/plans")).Done();
        desk.Token = (await desk.Get("/session")).Done().Json.GetProperty("csrfToken").GetString();
        (await desk.Post("/inbox/read", new { upTo = 0 }, match: null)).Refused(403, "inbox.contributor-only");
        (await phone.TrySignIn(name, password)).Refused(401, "session.wrong-credentials");
        (await phone.TrySignIn(name, "a password of my own")).Done();
    }

    [Fact]
    public async Task A_role_that_is_taken_and_given_again_revives_no_session()
    {
        var coordinator = await Node.As("finland");
        var (name, password) = await Someone("finland", "observer");
        using var person = await Person.SignIn(Node.Address, name, password);
        await using var watch = await person.Watch();

        (await coordinator.Delete($"/bodies/finland/roles/{name}")).Done();
        (await coordinator.Post("/bodies/finland/roles", new { account = name, role = "coordinator" }, match: null)).Done();

        await watch.Until(heard => heard.What == "SignedOut", "the goodbye", Watch.Promptly);
        await ShouldDie(person);
    }

    [Fact]
    public async Task A_coordinator_ends_those_that_act_for_its_body_and_sees_no_other()
    {
        var (finland, chile, togo, administrator) = (await Node.As("finland"), await Node.As("chile"), await Node.As("togo"), await Node.As("administrator"));
        var (name, password) = await Someone("finland", "observer");
        (await chile.Post("/bodies/chile/roles", new { account = name, role = "observer" }, match: null)).Done();
        using var asFinland = await Person.SignIn(Node.Address, name, password);
        using var asChile = new Person(Node.Address);
        (await asChile.TrySignIn(name, password, ("Acting-For", "chile"))).Done();
        var path = $"/accounts/{asFinland.Account}/sessions";

        Assert.Equal(["finland"], (await finland.Get(path)).Items.Select(Body));
        Assert.Equal(["chile"], (await chile.Get(path)).Items.Select(Body));
        Assert.Equal(["chile", "finland"], (await administrator.Get(path)).Items.Select(Body).Order(StringComparer.Ordinal));
        (await togo.Get(path)).Refused(404, "account.not-found");
        (await togo.Get("/accounts/a-22222222/sessions")).Refused(404, "account.not-found");
        var id = Id((await chile.Get(path)).Items.Single());
        (await togo.Delete($"{path}/{id}")).Refused(404, "account.not-found");
        (await finland.Delete($"{path}/{id}")).Done();
        (await asChile.Get("/plans")).Done();

        (await chile.Delete($"{path}/{id}")).Done();
        await ShouldDie(asChile);
        (await asFinland.Get("/plans")).Done();
    }

    [Fact]
    public async Task The_session_says_when_it_ends()
    {
        using var person = await Node.AsAnother("uruguay");
        var session = (await person.Get("/session")).Done().Json;
        var now = TimeProvider.System.GetUtcNow();
        Assert.InRange(session.GetProperty("ends").GetDateTimeOffset() - now, TimeSpan.FromHours(11.5), TimeSpan.FromHours(12.1));
        Assert.InRange(session.GetProperty("endsForGood").GetDateTimeOffset() - now, TimeSpan.FromDays(6.9), TimeSpan.FromDays(7.1));
    }

    private async Task<(string Name, string Password)> Someone(string body, string role)
    {
        var name = $"someone.{Interlocked.Increment(ref _people)}-{Guid.NewGuid():N}"[..30];
        using var person = await Person.Invite(await Node.As(body), body, name, role);
        (await person.Delete("/session")).Done();
        return (name, Person.Chosen);
    }

    /// <summary>Within a second at every gateway; beside other suites it is given more.</summary>
    private static async Task ShouldDie(Person person)
    {
        var began = TimeProvider.System.GetTimestamp();
        Answer answer;
        do
        {
            answer = await person.Get("/plans");
        }
        while (answer.Status is HttpStatusCode.OK && TimeProvider.System.GetElapsedTime(began) < Patience);
        answer.Refused(401, "session.required");
        Assert.True(TimeProvider.System.GetElapsedTime(began) < Watch.Promptly, "A session that has ended is alive for too long.");
        (await person.Get("/session")).Refused(401, "session.required");
        (await person.Post("/plans", new { title = "A plan" }, match: null)).Refused(401, "session.required");
    }

    /// <summary>Whoever has copied the browser's cookies and token.</summary>
    private static Person Copy(Person person)
    {
        var cookies = new CookieContainer();
        cookies.Add(person.Cookies.GetAllCookies());
        return person.With(cookies);
    }

    private static string Id(JsonElement session) => session.GetProperty("id").GetString()!;

    private static string? Body(JsonElement session) => session.GetProperty("body").GetProperty("id").GetString();
}
