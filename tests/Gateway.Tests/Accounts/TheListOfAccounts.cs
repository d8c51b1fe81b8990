using System.Globalization;

namespace Coordination.Gateway.Tests.Accounts;

/// <summary>Administrators see which accounts there are; nobody else does.</summary>
[Trait("On", "both")]
public sealed class TheListOfAccounts(RunningNode running)
{
    private Node Node => running.Node;

    [Fact]
    public async Task Is_found_by_name_and_body_and_read_page_by_page()
    {
        var administrator = await Node.As("administrator");
        var coordinator = await Node.As("togo");
        (await coordinator.Post("/bodies/togo/invitations", new { account = "listed.person", role = "observer", displayName = "Zoë Listed" }, match: null)).Done();

        var found = Assert.Single((await administrator.Get("/accounts?q=zoe%20list")).Items);
        Assert.Equal("listed.person", found.GetProperty("signInName").GetString());
        Assert.True(found.GetProperty("isInvited").GetBoolean());
        var body = Assert.Single(found.GetProperty("bodies").EnumerateArray());
        Assert.Equal(("togo", "observer"), (body.GetProperty("id").GetString(), body.GetProperty("role").GetString()));
        Assert.Contains((await administrator.Get("/accounts?q=Togo")).Items, item => item.GetProperty("signInName").GetString() == "listed.person");

        var names = new List<string>();
        string? next = null;
        do
        {
            var page = (await administrator.Get($"/accounts?limit=40{(next is null ? "" : "&after=" + next)}")).Done();
            names.AddRange(page.Items.Select(item => item.GetProperty("signInName").GetString()!));
            next = page.Json.TryGetProperty("next", out var more) ? more.GetString() : null;
        }
        while (next is not null);
        Assert.True(names.Count > 100);
        Assert.Equal(names.Distinct().Order(CultureInfo.GetCultureInfo("en").CompareInfo.GetStringComparer(CompareOptions.NumericOrdering)), names);
        Assert.Contains("administrator", names);
    }

    [Fact]
    public async Task Is_for_administrators_alone()
    {
        var coordinator = await Node.As("finland");
        (await coordinator.Get("/accounts")).Refused(403, "account.administrator-only");
        using var nobody = new Person(Node.Address);
        (await nobody.Get("/accounts")).Refused(401, "session.required");
    }
}
