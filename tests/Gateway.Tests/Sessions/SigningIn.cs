using Microsoft.AspNetCore.SignalR.Client;

namespace Coordination.Gateway.Tests.Sessions;

public sealed class SigningIn(RunningNode running)
{
    private Node Node => running.Node;

    [Fact]
    public async Task Answers_who_is_signed_in()
    {
        using var person = await Node.AsAnother("finland");
        var session = (await person.Get("/session")).Done().Json;
        // An id says nothing of its person; names are beside it.
        Assert.Matches("^a-[a-z2-9]{8}$", session.GetProperty("account").GetString());
        Assert.Equal(("finland", "Finland"), (session.GetProperty("signInName").GetString(), session.GetProperty("displayName").GetString()));
        Assert.Equal(["finland"], session.GetProperty("bodies").EnumerateArray().Select(body => body.GetProperty("id").GetString()));
        Assert.Equal("coordinator", session.GetProperty("role").GetString());
        Assert.Equal("Finland", session.GetProperty("body").GetProperty("name").GetString());
        Assert.True(session.GetProperty("demonstration").GetBoolean());
        Assert.True(session.GetProperty("position").GetInt64() > 800);
        Assert.False(string.IsNullOrEmpty(session.GetProperty("csrfToken").GetString()));
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_account_are_answered_alike()
    {
        using var person = new Person(Node.Address);
        var known = await person.TrySignIn("uruguay", "not-the-password");
        known.Refused(401, "session.wrong-credentials");
        foreach (var account in (string[])["no-such-account", "URUGUAY!", "a@b", "../x", "#platform", "nobody"])
            Assert.Equal(known.Seen(), (await person.TrySignIn(account, "not-the-password")).Seen());
        (await person.Get("/session")).Refused(401, "session.required");
    }

    [Fact]
    public async Task Five_wrong_passwords_close_the_account_for_the_network_they_come_from_and_for_nobody_else()
    {
        using var stranger = new Person(Node.Address);
        for (var time = 1; time <= 5; time++) (await stranger.TrySignIn("tunisia", "not-the-password")).Refused(401, "session.wrong-credentials");
        using var neighbour = stranger.Neighbour();
        foreach (var person in (Person[])[stranger, neighbour])
        {
            var closed = (await person.TrySignIn("tunisia", Node.DemonstrationPassword)).Refused(429, "session.locked-out");
            Assert.InRange(closed.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 300);
        }

        (await stranger.TrySignIn("togo", Node.DemonstrationPassword)).Done();
        using var elsewhere = await Person.SignIn(Node.Address, "tunisia", Node.DemonstrationPassword);
    }

    [Fact]
    public async Task Seventy_wrong_tries_from_one_place_keep_nobody_out()
    {
        using var stranger = new Person(Node.Address);
        string[] accounts = ["administrator", "ruritania", "valdoria", "togo", "chile", "finland", "sweden", "cuba", "egypt", "uruguay", "argentina", "brazil", "canada", "austria"];
        foreach (var account in accounts)
        {
            for (var time = 0; time < 5; time++) await stranger.TrySignIn(account, "not-the-password");
        }

        foreach (var account in accounts)
        {
            using var person = await Node.AsAnother(account);
            (await person.Get("/session")).Done();
        }
    }

    [Trait("On", "both")]
    [Fact]
    public async Task A_browser_that_has_signed_in_before_is_let_in_while_strangers_beside_it_are_kept_out()
    {
        using var person = await Node.AsAnother("el-salvador");
        (await person.Delete("/session")).Done();
        using var stranger = person.Neighbour();
        for (var time = 0; time < 6; time++) await stranger.TrySignIn("el-salvador", "not-the-password");
        (await stranger.TrySignIn("el-salvador", Node.DemonstrationPassword)).Refused(429, "session.locked-out");

        (await person.TrySignIn("el-salvador", Node.DemonstrationPassword)).Done();
        // It is known for that account, and has no more tries than others.
        for (var time = 0; time < 5; time++) (await person.TrySignIn("el-salvador", "not-the-password")).Refused(401, "session.wrong-credentials");
        (await person.TrySignIn("el-salvador", Node.DemonstrationPassword)).Refused(429, "session.locked-out");
        using var elsewhere = await Node.AsAnother("el-salvador");
    }

    [Fact]
    public async Task An_open_session_tries_no_more_passwords_than_the_door_and_is_kept_out_by_no_stranger()
    {
        using var person = await Node.AsAnother("denmark");
        using var stranger = person.Neighbour();
        for (var time = 0; time < 6; time++) await stranger.TrySignIn("denmark", "not-the-password");
        (await person.Post("/session/confirm", new { password = Node.DemonstrationPassword }, match: null)).Done();
        for (var time = 0; time < 5; time++) (await person.Post("/session/confirm", new { password = "not-the-password" }, match: null)).Refused(400, "session.wrong-password");
        (await person.Post("/session/confirm", new { password = Node.DemonstrationPassword }, match: null)).Refused(429, "session.locked-out");
        (await person.Get("/plans")).Done();
    }

    [Trait("On", "both")]
    [Fact]
    public async Task Wrong_passwords_that_come_at_once_are_counted_one_by_one()
    {
        using var person = new Person(Node.Address);
        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => person.TrySignIn("qatar", "not-the-password")));
        (await person.TrySignIn("qatar", Node.DemonstrationPassword)).Refused(429, "session.locked-out");
    }

    [Fact]
    public async Task A_name_without_an_account_is_closed_like_one_that_has_one()
    {
        using var person = new Person(Node.Address);
        for (var time = 1; time <= 5; time++) (await person.TrySignIn("no-such-body", "not-the-password")).Refused(401, "session.wrong-credentials");
        (await person.TrySignIn("no-such-body", "not-the-password")).Refused(429, "session.locked-out");
    }

    [Theory]
    [InlineData("hubs/live")]
    [InlineData("HUBS/live")]
    [InlineData("Hubs/Live/negotiate?negotiateVersion=1")]
    public async Task A_page_of_another_place_hears_nothing(string path)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Node.Address.ToString().TrimEnd('/')}/{path}");
        request.Headers.Add("Origin", "http://127.0.0.1:1");
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("session.foreign-page", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_tries_from_one_place_have_to_wait()
    {
        using var person = new Person(Node.Address);
        // All at once: one after the other a slow machine makes no more than are allowed.
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(number => person.TrySignIn($"no-such-account-{number}", "x")));
        var refused = answers.Where(answer => answer.Status is not HttpStatusCode.Unauthorized).ToList();
        Assert.InRange(refused.Count, 1, 99);
        Assert.Contains(refused, answer => answer.Text.Contains("session.too-many-tries", StringComparison.Ordinal));
        // Or because few passwords are checked at once, and few wait.
        Assert.All(refused, answer => Assert.NotNull(answer.Refused(429, answer.Text.Contains("session.busy", StringComparison.Ordinal) ? "session.busy" : "session.too-many-tries").Headers.RetryAfter));
    }

    [Trait("Full", "soak")]
    [Trait("On", "both")]
    [Fact]
    public async Task Signing_out_ends_the_cookie_and_the_live_connection_but_no_other()
    {
        using var person = await Node.AsAnother("chile");
        using var other = await Node.AsAnother("chile");
        await using var watch = await person.Watch();
        await using var stays = await other.Watch();
        var token = person.Token;
        person.Token = null;
        (await person.Delete("/session")).Refused(403, "session.csrf");
        person.Token = token;
        Assert.Equal(HttpStatusCode.NoContent, (await person.Delete("/session")).Status);
        await watch.Until(heard => heard.What == "SignedOut", "the goodbye", Watch.Promptly);
        await watch.Until(heard => heard.What == "Closed", "the end of the connection");
        (await person.Get("/session")).Refused(401, "session.required");
        (await person.Get("/plans")).Refused(401, "session.required");
        (await other.Get("/session")).Done();
        Assert.Equal(HubConnectionState.Connected, stays.Connection.State);
    }

    [Fact]
    public async Task Without_it_nothing_is_answered()
    {
        using var nobody = new Person(Node.Address);
        var document = (await nobody.Get("//openapi/v1.json")).Json;
        var tried = 0;
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                if (operation.Value.GetProperty("operationId").GetString() is "signIn" or "listDemonstrationAccounts" or "seeInvitation" or "acceptInvitation") continue;
                var address = "/" + path.Name.Replace("{id}", "finland", StringComparison.Ordinal);
                foreach (var part in (string[])["measure", "milestone", "report", "account", "body"]) address = address.Replace($"{{{part}}}", "x", StringComparison.Ordinal);
                (await nobody.Send(HttpMethod.Parse(operation.Name), address, operation.Name == "post" ? Person.Raw("{}") : null)).Refused(401, "session.required");
                tried++;
            }
        }

        Assert.True(tried >= 40, $"Only {tried} operations were tried.");
        (await nobody.Send(HttpMethod.Post, "//hubs/live/negotiate?negotiateVersion=1", Person.Raw(""))).Refused(401, "session.required");
        nobody.Cookies.Add(new Cookie("coordination.session", "CfDJ8nonsense", "/", "127.0.0.1"));
        (await nobody.Get("/plans")).Refused(401, "session.required");
    }
}
