namespace Coordination.Gateway.Tests.Sessions;

/// <summary>Where a demonstration is offered to visitors, none of them takes an account of it from the others.</summary>
public sealed class SharedDemonstration
{
    private const string Own = "seven blue kites rise";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nobody_changes_an_account_that_visitors_share(bool shared)
    {
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path, with: settings => settings with { SharedDemonstration = shared });
        using var visitor = await node.AsAnother("finland");
        var administrator = await node.As("administrator");
        var own = await Person.Invite(visitor, "finland", "somebody.else", "coordinator");

        Is(await visitor.Post("/session/password", new { current = node.DemonstrationPassword, @new = Own }, match: null));
        visitor.Token = (await visitor.Get("/session")).Done().Json.GetProperty("csrfToken").GetString();
        Is(await visitor.Post($"/accounts/{visitor.Account}/name", new { displayName = "Mine" }, match: null));
        Is(await own.Post($"/accounts/{visitor.Account}/reset", null, match: null));
        Is(await own.Post("/bodies/finland/roles", new { account = visitor.Account, role = "observer" }, match: null));
        Is(await own.Delete($"/bodies/finland/roles/{visitor.Account}"));
        Is(await administrator.Delete($"/accounts/{visitor.Account}"));
        if (shared) (await new Person(node.Address).TrySignIn("finland", node.DemonstrationPassword)).Done();

        // An account of one's own is one's own there, too.
        (await own.Post("/session/password", new { current = Person.Chosen, @new = Own }, match: null)).Done();
        own.Dispose();

        void Is(Answer answer)
        {
            if (shared) answer.Refused(409, "account.of-the-demonstration");
            else answer.Done();
        }
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public async Task Each_visitor_sees_and_ends_its_own_session_alone(bool shared, int seen)
    {
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path, with: settings => settings with { SharedDemonstration = shared });
        using var visitor = await node.AsAnother("finland");
        using var other = await node.AsAnother("finland");
        var own = await Person.Invite(visitor, "finland", "somebody.else", "coordinator");
        var administrator = await node.As("administrator");

        var othersSession = (await other.Get("/session/sessions")).Done().Items.Single(item => item.GetProperty("current").GetBoolean()).GetProperty("id").GetString();
        var mine = (await visitor.Get("/session/sessions")).Done().Items;
        Assert.Equal(seen, mine.Length);
        Assert.Equal(shared ? 0 : 2, (await own.Get($"/accounts/{visitor.Account}/sessions")).Done().Items.Length);
        Assert.Equal(2, (await administrator.Get($"/accounts/{visitor.Account}/sessions")).Done().Items.Length);

        Assert.Equal(shared, await PlacesToldTo(own) == 0);
        Assert.NotEqual(0, await PlacesToldTo(administrator));

        await visitor.Delete($"/session/sessions/{othersSession}");
        Assert.Equal(shared ? 200 : 401, (int)(await other.Get("/session")).Status);

        // Of whom these accounts' sign-ins were.
        async Task<int> PlacesToldTo(Person reader) => (await reader.Get($"/security-log?kind=signed-in&account={visitor.Account}")).Done().Items.Count(item => item.TryGetProperty("network", out var network) && network.ValueKind is JsonValueKind.String);
    }
}
