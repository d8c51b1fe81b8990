namespace Coordination.Gateway.Tests.Bounds;

/// <summary>A coordinator who makes as much as can be sent: the body gets as much as it may have, and others' inboxes hold no more than that.</summary>
public sealed class OpenThings
{
    private const int MostPlans = 500, MostCalls = 20;

    /// <summary>Sent at the same time. As many may be decided before the others are known of.</summary>
    private const int AtOnce = 24;

    /// <summary>Views are behind by a moment, in which as many again are decided.</summary>
    private const int Slack = 4 * AtOnce;

    [Fact]
    public async Task Plans_without_end_are_refused_and_the_journal_stands_still()
    {
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path);
        var (flood, other) = (await node.As("finland"), await node.As("togo"));
        var made = await Flood(MostPlans + 5 * AtOnce + Slack, _ => flood.Post("/plans", new { title = "One of very many", mark = "community" }, match: null), "plan.too-many-open");
        Assert.InRange(made.Count, 1, MostPlans + Slack);
        var position = node.Position;
        Assert.Equal(60, (await flood.Post("/plans", new { title = "One more" }, match: null)).Refused(429, "plan.too-many-open").Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        // Closing what was made within the day makes no room.
        (await flood.Post($"/plans/{made[0]}/status", new { status = "superseded" })).Done();
        (await flood.Post("/plans", new { title = "One more" }, match: null)).Refused(429, "plan.too-many-open");
        Assert.Equal(position + 1, node.Position);
        (await other.Post("/plans", new { title = "Of somebody else" }, match: null)).Done();
    }

    [Fact]
    public async Task Open_calls_fill_nobodys_inbox_also_when_each_is_withdrawn()
    {
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path);
        var (flood, other) = (await node.As("finland"), await node.As("austria"));
        var before = await Inbox();
        var made = await Flood(1_200, async number =>
        {
            var answer = await flood.Post("/requests", new { region = "Europe", kind = "information", subject = $"Call {number}" }, match: null);
            if (answer.Status is HttpStatusCode.Created) await flood.Post($"/requests/{answer.Id}/withdraw", new { });
            return answer;
        }, "request.too-many-calls");
        Assert.InRange(made.Count, MostCalls, MostCalls + AtOnce + Slack);
        // Each of them twice: opened, and withdrawn.
        Assert.InRange(await Inbox() - before, MostCalls, 2 * (MostCalls + AtOnce + Slack));
        // Bodies that are asked by name are asked all the same.
        (await flood.Post("/requests", new { to = (string[])["austria"], kind = "information", subject = "By name" }, match: null)).Done();

        async Task<int> Inbox()
        {
            var seen = await node.Settled();
            return (await other.Get($"/inbox?limit=500&seen={seen}")).Items.Length;
        }
    }

    /// <summary>Sends so many, some at a time; answers what was made. All else was refused by the bound.</summary>
    private static async Task<List<string>> Flood(int count, Func<int, Task<Answer>> send, string refusal)
    {
        var made = new List<string>();
        foreach (var some in Enumerable.Range(0, count).Chunk(AtOnce))
        {
            foreach (var answer in await Task.WhenAll(some.Select(send)))
            {
                if (answer.Status is HttpStatusCode.Created) made.Add(answer.Id);
                else answer.Refused(429, refusal);
            }
        }

        return made;
    }
}
