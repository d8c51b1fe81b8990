namespace Coordination.Gateway.Tests.Live;

[Trait("On", "both")]
public sealed class WhatEachMaySee(RunningNode running)
{
    private Node Node => running.Node;

    [Trait("Full", "soak")]
    [Fact]
    public async Task A_change_is_told_to_those_who_follow_it_within_a_second()
    {
        var finland = await Node.As("finland");
        await using var watch = await (await Node.As("argentina")).Watch();
        var receipt = await finland.Post("/requests", new { to = (string[])["argentina"], kind = "information", subject = "Told at once" });
        var told = await watch.Told(receipt.Position, Watch.Promptly);
        Assert.Equal("request.opened", told.Said.GetProperty("type").GetString());
        await watch.Until(heard => heard.What == "Inbox" && heard.Position == receipt.Position, "the notice of its inbox");
    }

    [Fact]
    public async Task Is_told_to_each_of_three_and_nothing_else_whether_live_or_read()
    {
        var (finland, argentina) = (await Node.As("finland"), await Node.As("argentina"));
        Dictionary<string, List<long>> due = new() { ["argentina"] = [], ["finland-national-rapporteur"] = [], ["sweden"] = [] };
        var began = Node.Position;
        var watches = new Dictionary<string, Watch>();
        foreach (var viewer in due.Keys) watches[viewer] = await (await Node.As(viewer)).Watch();

        var group = await Due(finland.Post("/groups", new { name = $"Group {Guid.NewGuid():N}", members = (string[])["argentina"] }, match: null), "argentina");
        // Before the invitation, which is for Argentina alone, all hear that there is a group.
        due["argentina"].Insert(0, group.Position - 1);
        foreach (var viewer in (string[])["finland-national-rapporteur", "sweden"]) due[viewer].Add(group.Position - 1);
        await Due(argentina.Post($"/groups/{group.Id}/join", (object?)null, match: null), "argentina", "finland-national-rapporteur", "sweden");
        for (var round = 0; round < 5; round++)
        {
            await Due(Ask("community"), "argentina", "finland-national-rapporteur", "sweden");
            var parties = await Due(Ask("parties"), "argentina", "finland-national-rapporteur");
            await Due(Ask("named"), "argentina");
            await Due(argentina.Post($"/requests/{parties.Id}/accept", new { }), "argentina", "finland-national-rapporteur");
            await Due(finland.Post("/requests", new { region = "Africa", kind = "training", subject = "A call", mark = "parties" }, match: null), "finland-national-rapporteur");
            await Due(finland.Post($"/groups/{group.Id}/updates", new { text = "For the group" }, match: null), "argentina");
            await Due(finland.Post($"/groups/{group.Id}/updates", new { text = "For all", mark = "public" }, match: null), "argentina", "finland-national-rapporteur", "sweden");
            foreach (var (mark, readers) in ((string, string[])[])[("community", ["argentina", "finland-national-rapporteur", "sweden"]), ("parties", ["argentina", "finland-national-rapporteur"])])
            {
                // Argentina belongs to the plan only once it leads a measure of it.
                var plan = await Due(finland.Post("/plans", new { title = "Plan", mark }, match: null), [.. readers.Where(reader => mark == "community" || reader != "argentina")]);
                var measure = await Due(finland.Post($"/plans/{plan.Id}/measures", new { pillar = "training", title = "Measure", lead = "argentina" }), readers);
                var milestone = await Due(finland.Post($"/plans/{plan.Id}/measures/{measure.Id}/milestones", new { title = "Milestone", due = "2031-01-01" }), readers);
                await Due(argentina.Post($"/plans/{plan.Id}/milestones/{milestone.Id}/reports", new { status = "in-progress", draft = true }), "argentina");
                var report = await Due(argentina.Post($"/plans/{plan.Id}/milestones/{milestone.Id}/reports", new { status = "done" }), "argentina", "finland-national-rapporteur");
                await Due(finland.Post($"/plans/{plan.Id}/reports/{report.Id}/approve", new { }), readers);
            }
        }

        var last = (await Due(Ask("public"), "argentina", "finland-national-rapporteur", "sweden")).Position;
        foreach (var (viewer, watch) in watches)
        {
            await watch.Told(last);
            Assert.Equal(due[viewer], watch.Positions);
            await watch.ToldUpTo(last);
            Assert.Equal(due[viewer], await Read(viewer, began));
            await watch.DisposeAsync();
        }

        Task<Answer> Ask(string mark) => finland.Post("/requests", new { to = (string[])["argentina"], kind = "information", subject = $"Marked {mark}", mark }, match: null);

        async Task<Answer> Due(Task<Answer> write, params string[] readers)
        {
            var answer = (await write).Done();
            foreach (var reader in readers) due[reader].Add(answer.Position);
            return answer;
        }
    }

    [Fact]
    public async Task Only_what_is_followed_is_told_until_it_is_not()
    {
        var finland = await Node.As("finland");
        var (one, other) = (await Plan(), await Plan());
        await using var watch = await (await Node.As("sweden")).Watch($"plan/{one}");
        var first = await finland.Post($"/plans/{one}/status", new { status = "adopted" });
        var unheard = await finland.Post($"/plans/{other}/status", new { status = "adopted" });
        await watch.Told(first.Position);
        await watch.ToldUpTo(unheard.Position);
        await watch.Unfollow($"plan/{one}");
        await watch.Follow($"plan/{other}");
        (await finland.Post($"/plans/{one}/status", new { status = "under-implementation" })).Done();
        var second = await finland.Post($"/plans/{other}/status", new { status = "under-implementation" });
        await watch.Told(second.Position);
        Assert.Equal([first.Position, second.Position], watch.Positions);

        async Task<string> Plan() => (await finland.Post("/plans", new { title = "Followed" }, match: null)).Id;
    }

    [Fact]
    public async Task A_follow_beyond_bounds_is_refused_and_harms_nobody()
    {
        await using var watch = await (await Node.As("sweden")).Watch("body/finland");
        foreach (var topics in (string[][])[[.. Enumerable.Range(0, 201).Select(number => $"plan/{number}")], [new('x', 201)]])
            await Assert.ThrowsAsync<Microsoft.AspNetCore.SignalR.HubException>(() => watch.Follow(topics));
        await watch.Follow("no/such/topic", "", "all ");
        var marker = await (await Node.As("finland")).Post("/requests", new { to = (string[])["argentina"], kind = "information", subject = "Still told", mark = "community" }, match: null);
        await watch.Told(marker.Position);
    }

    [Fact]
    public async Task Positions_are_told_regularly_also_when_nothing_happens()
    {
        await using var watch = await (await Node.As("sweden")).Watch("plan/no-such-plan");
        var position = Node.Position;
        for (var beats = 1; beats <= 3; beats++)
            await watch.Until(heard => heard.What == "Position" && watch.All.Count(other => other.What == "Position") > beats, $"beat {beats} after the first position", TimeSpan.FromSeconds(3));
        await watch.ToldUpTo(position);
        Assert.Empty(watch.Positions);
    }

    [Fact]
    public async Task Members_see_who_is_here_and_others_do_not()
    {
        var finland = await Node.As("finland");
        var group = (await finland.Post("/groups", new { name = $"Group {Guid.NewGuid():N}", members = (string[])["austria", "estonia"] }, match: null)).Id;
        foreach (var member in (string[])["austria", "estonia"]) await (await Node.As(member)).Join(group);
        await using var watch = await finland.Watch($"group/{group}");
        // Who joined is everybody's to hear; it has been told when the outsider comes.
        await watch.ToldUpTo(Node.Position);
        await using var outsider = await (await Node.As("sweden")).Watch($"group/{group}");
        var austria = await (await Node.As("austria")).Watch($"group/{group}");
        await watch.Until(heard => Here(heard).SequenceEqual(["austria", "finland"]), "Austria to be here");
        await outsider.Until(heard => heard.What == "Here" && Online(heard).Contains("austria"), "Austria to be online");
        Assert.Equal(["austria", "finland"], Names(await finland.Get($"/groups/{group}")).Order());
        Assert.Empty(Names(await (await Node.As("sweden")).Get($"/groups/{group}")));
        Assert.True((await finland.Get("/bodies/austria")).Json.GetProperty("status").GetProperty("online").GetBoolean());

        await austria.DisposeAsync();
        await watch.Until(heard => heard == watch.All.Last(other => other.What == "Here") && Here(heard).SequenceEqual(["finland"]), "Austria to have gone");
        outsider.NeverHeard(group);
        Assert.False((await finland.Get("/bodies/austria")).Json.GetProperty("status").GetProperty("online").GetBoolean());

        string[] Here(Heard heard) => heard.What == "Here" && heard.Said.GetProperty("groups").TryGetProperty(group, out var here) ? [.. here.EnumerateArray().Select(body => body.GetString()!).Order()] : [];
        static string[] Online(Heard heard) => [.. heard.Said.GetProperty("online").EnumerateArray().Select(body => body.GetString()!)];
        static string[] Names(Answer answer) => [.. answer.Json.GetProperty("here").EnumerateArray().Select(body => body.GetProperty("id").GetString()!)];
    }

    private async Task<List<long>> Read(string viewer, long after)
    {
        var (person, positions) = (await Node.As(viewer), new List<long>());
        while ((await person.Get($"/feed?after={after}&limit=17")).Done() is { Items.Length: > 0 } page)
        {
            positions.AddRange(page.Items.Select(item => item.GetProperty("position").GetInt64()));
            after = positions[^1];
        }

        return positions;
    }
}
