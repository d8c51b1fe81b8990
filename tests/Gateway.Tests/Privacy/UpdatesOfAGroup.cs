namespace Coordination.Gateway.Tests.Privacy;

/// <summary>What is shared in a group is for those who belong to it now.</summary>
[Trait("On", "both")]
public sealed class UpdatesOfAGroup(RunningNode running)
{
    private Node Node => running.Node;

    [Trait("Full", "soak")]
    [Fact]
    public async Task Who_has_left_sees_no_more_of_it_anywhere_at_once()
    {
        var (finland, sweden) = (await Node.As("finland"), await Node.As("sweden"));
        var word = $"Secret{Guid.NewGuid():N}";
        var group = await Form("sweden", "argentina");
        var first = await finland.Post($"/groups/{group}/updates", new { text = $"Before: {word}" }, match: null);
        var reply = await sweden.Post($"/groups/{group}/updates", new { text = $"And: {word}", replyTo = first.Id, mark = "community" }, match: null);
        await using var watch = await sweden.Watch("all", $"group/{group}");
        await using var member = await (await Node.As("argentina")).Watch("all");
        Assert.Contains(word, (await sweden.Get($"/groups/{group}/updates")).Text, StringComparison.Ordinal);
        Assert.Contains(word, (await sweden.Get($"/feed?after={first.Position - 1}")).Text, StringComparison.Ordinal);
        while (!(await sweden.Get("/inbox")).Text.Contains(word, StringComparison.Ordinal)) TestContext.Current.CancellationToken.ThrowIfCancellationRequested();

        var removed = (await finland.Delete($"/groups/{group}/members/sweden")).Done();
        var after = await finland.Post($"/groups/{group}/updates", new { text = $"After: {word}" }, match: null);
        foreach (var path in (string[])[$"/groups/{group}", $"/groups/{group}/updates", $"/feed?after={first.Position - 1}", $"/feed?topic=group/{group}", "/feed?topic=body/sweden", "/inbox", "/groups?limit=500"])
        {
            var answer = (await sweden.Get(path)).Done();
            Assert.False(answer.Text.Contains(word, StringComparison.Ordinal), $"Sweden has left and still reads: {answer}");
        }

        var seen = (await sweden.Get($"/groups/{group}")).Json;
        Assert.Equal(0, seen.GetProperty("updates").GetInt32());
        Assert.False(seen.TryGetProperty("latestAt", out _));
        Assert.False(seen.GetProperty("member").GetBoolean());
        Assert.Empty((await sweden.Get($"/groups/{group}/updates")).Items);
        // A reply to what it could read once is refused like one to what never was.
        Assert.Equal(
            (await sweden.Post($"/groups/{group}/updates", new { text = "Still here?", replyTo = first.Id }, match: null)).Seen(),
            (await sweden.Post($"/groups/{group}/updates", new { text = "Still here?", replyTo = "u999" }, match: null)).Seen());

        await member.Told(after.Position, Watch.Promptly);
        var marker = await finland.Post($"/groups/{group}/updates", new { text = "For everyone", mark = "community" }, match: null);
        await watch.Told(marker.Position, Watch.Promptly);
        await watch.Told(removed.Position);
        Assert.DoesNotContain(watch.All, heard => heard.ToString().Contains($"After: {word}", StringComparison.Ordinal));
        Assert.DoesNotContain(watch.All, heard => heard.What is "Changed" or "Inbox" && heard.Position == after.Position);
        Assert.Equal(reply.Position, (await finland.Get($"/groups/{group}/updates")).Items[2].GetProperty("position").GetInt64());
    }

    [Theory]
    [InlineData("ruritania")]
    [InlineData("administrator")]
    [InlineData("sweden-national-rapporteur")]
    public async Task Others_learn_nothing_of_what_is_shared_for_the_group(string outsider)
    {
        var (finland, person) = (await Node.As("finland"), await Node.As(outsider));
        var word = $"Secret{Guid.NewGuid():N}";
        var group = await Form("argentina");
        if (outsider != "administrator") (await person.Post("/subscriptions", new { about = "groups" }, match: null)).Done();
        await using var watch = await person.Watch("all", $"group/{group}");
        var update = await finland.Post($"/groups/{group}/updates", new { text = word }, match: null);
        var marker = await finland.Post($"/groups/{group}/updates", new { text = "For everyone", mark = "community" }, match: null);
        await watch.Told(marker.Position);
        await watch.ToldUpTo(marker.Position);
        watch.NeverHeard(word);
        foreach (var path in (string[])[$"/groups/{group}", $"/groups/{group}/updates", $"/feed?after={update.Position - 1}", $"/feed?topic=group/{group}", "/feed?topic=body/finland", "/inbox", "/groups?limit=500"])
            Assert.DoesNotContain(word, (await person.Get(path)).Text, StringComparison.Ordinal);
        Assert.Equal(1, (await person.Get($"/groups/{group}")).Json.GetProperty("updates").GetInt32());
        (await person.Post($"/groups/{group}/updates", new { text = "Me too", replyTo = update.Id }, match: null)).Refused(403, "group.members-only");
    }

    private async Task<string> Form(params string[] members)
    {
        var finland = await Node.As("finland");
        var group = (await finland.Post("/groups", new { name = $"Group {Guid.NewGuid():N}", members }, match: null)).Id;
        foreach (var member in members) await (await Node.As(member)).Join(group);
        return group;
    }
}
