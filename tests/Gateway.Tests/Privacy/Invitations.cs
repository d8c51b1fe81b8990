namespace Coordination.Gateway.Tests.Privacy;

/// <summary>A body is in a group only once it has accepted.</summary>
[Trait("On", "both")]
public sealed class Invitations(RunningNode running)
{
    private Node Node => running.Node;

    [Fact]
    public async Task Whoever_is_invited_sees_who_invites_to_what_and_nothing_that_is_shared_until_it_accepts()
    {
        var (finland, sweden, outsider) = (await Node.As("finland"), await Node.As("sweden"), await Node.As("togo"));
        var word = $"Secret{Guid.NewGuid():N}";
        var formed = await finland.Post("/groups", new { name = $"Group {Guid.NewGuid():N}", note = "What it is for", members = (string[])["sweden"] }, match: null);
        var group = formed.Id;
        await using var watch = await sweden.Watch("all", $"group/{group}");
        var shared = await finland.Post($"/groups/{group}/updates", new { text = word }, match: null);
        await Node.Settled();

        var seen = (await sweden.Get($"/groups/{group}")).Json;
        Assert.Equal(("What it is for", "finland", false, 0), (seen.GetProperty("note").GetString(), seen.GetProperty("invitedBy").GetProperty("id").GetString(), seen.GetProperty("member").GetBoolean(), seen.GetProperty("updates").GetInt32()));
        Assert.Equal(["join", "decline"], Names(seen.GetProperty("verbs")));
        Assert.Equal(["finland"], Ids(seen, "members"));
        Assert.Equal(["sweden"], Ids((await finland.Get($"/groups/{group}")).Json, "invited"));
        Assert.Empty(Ids((await outsider.Get($"/groups/{group}")).Json, "invited"));
        Assert.Contains((await sweden.Get("/inbox?limit=500")).Items, item => item.GetProperty("entry").GetProperty("position").GetInt64() == formed.Position);
        Assert.DoesNotContain((await outsider.Get($"/feed?after={formed.Position - 1}&limit=500")).Items, entry => entry.GetProperty("position").GetInt64() == formed.Position);
        foreach (var path in (string[])[$"/groups/{group}", $"/groups/{group}/updates", $"/feed?after={formed.Position - 1}", $"/feed?topic=group/{group}", "/inbox?limit=500"])
            Assert.DoesNotContain(word, (await sweden.Get(path)).Text, StringComparison.Ordinal);
        (await sweden.Post($"/groups/{group}/updates", new { text = "Me too" }, match: null)).Refused(403, "group.members-only");
        (await outsider.Post($"/groups/{group}/join", (object?)null, match: null)).Refused(403, "group.not-invited");

        var joined = await sweden.Join(group);
        await watch.Told(joined.Position);
        watch.NeverHeard(word);
        Assert.Contains(word, (await sweden.Get($"/groups/{group}/updates")).Text, StringComparison.Ordinal);
        var next = await finland.Post($"/groups/{group}/updates", new { text = "For members" }, match: null);
        await watch.Told(next.Position);
        Assert.True(shared.Position < next.Position);
    }

    [Fact]
    public async Task Declined_it_is_over_and_nobody_is_asked_without_end()
    {
        var (finland, sweden) = (await Node.As("finland"), await Node.As("sweden"));
        var group = (await finland.Post("/groups", new { name = $"Group {Guid.NewGuid():N}" }, match: null)).Id;
        for (var time = 0; time < 3; time++)
        {
            (await finland.Post($"/groups/{group}/members", new { body = "sweden" }, match: null)).Done();
            (await sweden.Delete($"/groups/{group}/members/sweden")).Done();
            (await sweden.Post($"/groups/{group}/join", (object?)null, match: null)).Refused(403, "group.not-invited");
        }

        var position = Node.Position;
        (await finland.Post($"/groups/{group}/members", new { body = "sweden" }, match: null)).Refused(429, "group.invited-too-often");
        Assert.Empty(Ids((await finland.Get($"/groups/{group}")).Json, "invited"));
        Assert.DoesNotContain((await finland.Get($"/feed?after={position}")).Items, entry => entry.GetProperty("topics").ToString().Contains(group, StringComparison.Ordinal));
    }

    private static string[] Ids(JsonElement group, string what) => [.. group.GetProperty(what).EnumerateArray().Select(body => body.GetProperty("id").GetString()!)];

    private static string[] Names(JsonElement names) => [.. names.EnumerateArray().Select(name => name.GetString()!)];
}
