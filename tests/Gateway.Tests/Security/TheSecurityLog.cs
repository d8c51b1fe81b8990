using Coordination.Gateway.Tests.Telemetry;

namespace Coordination.Gateway.Tests.Security;

/// <summary>What happens at the doors is told to those responsible, each of their own, and to nobody else.</summary>
[Trait("On", "both")]
public sealed class TheSecurityLog(RunningNode running)
{
    private static int _people;

    private Node Node => running.Node;

    [Fact]
    public async Task Tells_a_body_of_its_people_and_administrators_of_everybody()
    {
        // Where others try passwords at the same moment, they are counted together.
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path);
        using var coordinator = await node.AsAnother("togo");
        using var administrator = await node.AsAnother("administrator");
        var name = Somebody();
        using var person = await Person.Invite(coordinator, "togo", name, "contributor");
        using var stranger = new Person(node.Address);
        for (var i = 0; i < 6; i++) await stranger.TrySignIn(name, "not the password");
        // Events are kept a second later, and a body is told of whoever belongs to it then.
        await Until(coordinator, $"?account={person.Account}", items => items.Any(it => Kind(it) == "sign-in-locked"));
        (await person.Post("/bodies/togo/roles", new { account = name, role = "coordinator" }, match: null)).Refused(403, "body.coordinator-only");
        (await person.Post("/session/confirm", new { password = "nor this one is" }, match: null)).Refused(400, "session.wrong-password");
        (await person.Post("/session/password", new { current = Person.Chosen, @new = "eleven blue kites rise" }, match: null)).Done();
        person.Token = (await person.Get("/session")).Done().Json.GetProperty("csrfToken").GetString();
        (await person.Delete("/session")).Done();
        (await coordinator.Delete($"/bodies/togo/roles/{person.Account}")).Done();

        foreach (var reader in (Person[])[coordinator, administrator])
        {
            var told = await Until(reader, $"?account={person.Account}&limit=500", items => items.Any(it => Kind(it) == "role-taken"));
            Assert.Equal(
                ["role-taken", "session-ended", "password-changed", "password-wrong", "refused", "sign-in-locked", "sign-in-failed", "invitation-accepted", "invited"],
                told.Select(Kind).Distinct());
            Assert.Equal(5, told.Where(it => Kind(it) == "sign-in-failed").Sum(it => it.GetProperty("count").GetInt32()));
            Assert.All(told.Where(it => Kind(it) is "sign-in-failed" or "sign-in-locked"), it => Assert.False(it.TryGetProperty("account", out _)));
            Assert.All(told, it => Assert.Matches("^127\\.[0-9]+\\.[0-9]+\\.0/24$", it.GetProperty("network").GetString()!));
            var refused = told.Single(it => Kind(it) == "refused");
            Assert.Equal(("grantRole", "body.coordinator-only", "togo"), (Text(refused, "operation"), Text(refused, "code"), Text(refused.GetProperty("aboutBody"), "id")));
            var given = told.Single(it => Kind(it) == "invited");
            Assert.Equal((coordinator.Account, person.Account, "togo"), (Text(given.GetProperty("account"), "id"), Text(given.GetProperty("about"), "id"), Text(given.GetProperty("body"), "id")));
            foreach (var secret in (string[])["not the password", "nor this one is", Person.Chosen, "eleven blue kites", name])
                Assert.DoesNotContain(secret, string.Concat(told.Select(it => it.GetRawText()).Where(it => !it.Contains($"\"name\":\"{name}\"", StringComparison.Ordinal))), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Tells_a_body_nothing_of_another_and_its_other_people_nothing()
    {
        using var togo = await Node.AsAnother("togo");
        using var chile = await Node.AsAnother("chile");
        var name = Somebody();
        using var person = await Person.Invite(togo, "togo", name, "observer");
        await Until(togo, $"?account={person.Account}", items => items.Length > 0);

        Assert.Empty((await chile.Get($"/security-log?account={person.Account}")).Items);
        Assert.All((await chile.Get("/security-log?limit=500")).Items, it => Assert.DoesNotContain(person.Account, it.GetRawText(), StringComparison.Ordinal));
        (await person.Get("/security-log")).Refused(403, "security-log.coordinator-only");
        using var nobody = new Person(Node.Address);
        (await nobody.Get("/security-log")).Refused(401, "session.required");
    }

    [Fact]
    public async Task A_body_is_named_by_who_acts_for_it_and_not_by_who_says_so()
    {
        using var togo = await Node.AsAnother("togo");
        using var chile = await Node.AsAnother("chile");
        (await chile.Get("/plans", ("Acting-For", "togo"))).Refused(403, "session.not-a-role-there");

        var told = await Until(chile, $"?account={chile.Account}&kind=refused", items => items.Any(it => Text(it, "code") == "session.not-a-role-there"));
        Assert.All(told, it => Assert.Equal("chile", Text(it.GetProperty("body"), "id")));
        Assert.DoesNotContain((await togo.Get($"/security-log?account={chile.Account}")).Items, it => Text(it, "code") == "session.not-a-role-there");
    }

    [Fact]
    public async Task Keeps_nothing_of_names_that_nobody_has()
    {
        using var administrator = await Node.AsAnother("administrator");
        using var stranger = new Person(Node.Address);
        var typed = "my-secret-typed-as-name";
        (await stranger.TrySignIn(typed, "whatever it is")).Refused(401, "session.wrong-credentials");
        var told = await Until(administrator, "?kind=sign-in-failed&limit=500", items => items.Any(it => !it.TryGetProperty("about", out _)));
        Assert.DoesNotContain(typed, string.Concat(told.Select(it => it.GetRawText())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_read_page_by_page_without_repeats()
    {
        using var coordinator = await Node.AsAnother("uruguay");
        for (var i = 0; i < 5; i++)
        {
            (await coordinator.Get("/journal/entries?limit=1")).Done();
            await Until(coordinator, "?kind=exported", items => items.Sum(it => it.GetProperty("count").GetInt32()) > i);
        }

        var numbers = new List<long>();
        string? next = null;
        do
        {
            var page = (await coordinator.Get($"/security-log?limit=2{(next is null ? "" : "&after=" + next)}")).Done();
            numbers.AddRange(page.Items.Select(it => it.GetProperty("number").GetInt64()));
            next = Text(page.Json, "next");
        }
        while (next is not null);
        Assert.True(numbers.Count >= 5);
        Assert.Equal(numbers.Distinct().OrderDescending(), numbers);
        (await coordinator.Get("/security-log?after=nonsense")).Refused(400, "page.cursor");
    }

    [Fact]
    public async Task Forgets_from_where_an_erased_account_came()
    {
        using var togo = await Node.AsAnother("togo");
        using var administrator = await Node.AsAnother("administrator");
        var name = Somebody();
        using var person = await Person.Invite(togo, "togo", name, "observer", "Somebody Who Leaves");
        var before = await Until(administrator, $"?account={person.Account}", items => items.Length >= 2);
        Assert.Contains(before, it => it.TryGetProperty("network", out _));
        Assert.Contains(before, it => it.GetRawText().Contains("Somebody Who Leaves", StringComparison.Ordinal));

        (await administrator.Delete($"/accounts/{person.Account}")).Done();

        var after = (await Until(administrator, $"?account={person.Account}", items => items.Any(it => Kind(it) == "account-erased")));
        Assert.All(after.Where(it => Kind(it) != "account-erased"), it => Assert.False(it.TryGetProperty("network", out _)));
        Assert.DoesNotContain("Somebody Who Leaves", string.Concat(after.Select(it => it.GetRawText())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Goes_to_whoever_collects_logs_and_nothing_else_does()
    {
        await using var collector = await Collector.Start();
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path, with: settings => settings with { Otlp = collector.Address });
        using var finland = await node.AsAnother("finland");
        (await finland.Delete("/session")).Done();
        for (var wait = 0; wait < 300 && !collector.Logs.Any(line => line.StartsWith("SessionEnded", StringComparison.Ordinal)); wait++)
            await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Contains(collector.Logs, line => line.StartsWith("SessionEnded", StringComparison.Ordinal) && line.Contains(finland.Account, StringComparison.Ordinal) && line.Contains("127.", StringComparison.Ordinal));
        Assert.All(collector.Logs, line => Assert.Contains(" times", line, StringComparison.Ordinal));
    }

    private static string Somebody() => $"logged-{Interlocked.Increment(ref _people)}";

    private static string? Kind(JsonElement item) => Text(item, "kind");

    private static string? Text(JsonElement item, string member) => item.TryGetProperty(member, out var value) ? value.GetString() : null;

    /// <summary>What another gateway has heard comes within a moment.</summary>
    private static async Task<JsonElement[]> Until(Person reader, string query, Func<JsonElement[], bool> holds)
    {
        for (var wait = 0; ; wait++)
        {
            var items = (await reader.Get("/security-log" + query)).Items;
            if (holds(items) || wait == 200) return items;
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }
}
