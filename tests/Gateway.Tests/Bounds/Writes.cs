using Coordination.Node;

namespace Coordination.Gateway.Tests.Bounds;

/// <summary>What one account, and one body, may write in one go and a second.</summary>
public sealed class Writes
{
    private const int InOneGo = 30;

    /// <summary>Fewer than are refused before one is kept waiting.</summary>
    private const int TooMany = 50;

    private static readonly object Plan = new { title = "One of very many" };

    [Fact]
    public async Task An_account_that_writes_without_end_is_refused_before_anything_is_read_and_others_go_on()
    {
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path, with: settings => settings with { AccountWrites = InOneGo, AccountWritesPerSecond = 1 });
        var (flood, other) = (await node.As("finland"), await node.As("togo"));
        var (before, answers) = (node.Position, await AtOnce(flood, InOneGo + TooMany));
        var refused = answers.Where(answer => answer.Status is HttpStatusCode.TooManyRequests).ToArray();
        Assert.InRange(refused.Length, TooMany / 2, TooMany);
        foreach (var answer in refused) Assert.InRange(answer.Refused(429, "account.too-many-writes").Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 120);
        Assert.Equal(answers.Length - refused.Length, answers.Count(answer => answer.Status is HttpStatusCode.Created));
        // A refusal moves nothing.
        Assert.Equal(before + answers.Length - refused.Length, node.Position);
        // What is no JSON at all is refused for the same reason.
        (await flood.Post("/plans", Person.Raw("{"), match: null)).Refused(429, "account.too-many-writes");
        (await other.Post("/plans", Plan, match: null)).Done();
        (await flood.Get("/plans?limit=1")).Done();
        // The bucket fills again, and meanwhile the account can end its sessions.
        await Until(async () => (await flood.Post("/plans", Plan, match: null)).Status is HttpStatusCode.Created);
        Assert.Equal(HttpStatusCode.NoContent, (await flood.Delete("/session")).Status);
    }

    [Fact]
    public async Task People_of_one_body_share_what_is_the_bodys_and_nobody_else_uses_it_up()
    {
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path, with: settings => settings with { BodyWrites = InOneGo, BodyWritesPerSecond = 1 });
        var (stranger, first) = (await node.As("togo"), await node.As("finland"));
        using var second = await Person.Invite(first, "finland", "a.finn", "coordinator");
        // Who has no role there writes nothing for it, whatever is said.
        for (var time = 0; time < 2 * InOneGo; time++) (await stranger.Post("/plans", Plan, match: null, headers: ("Acting-For", "finland"))).Refused(403, "session.not-a-role-there");
        await AtOnce(first, InOneGo);
        (await second.Post("/plans", Plan, match: null)).Refused(429, "body.too-many-writes");
        (await stranger.Post("/plans", Plan, match: null)).Done();
        await Until(async () => (await second.Post("/plans", Plan, match: null)).Status is HttpStatusCode.Created);
    }

    /// <summary>A person with many windows and a program of theirs: more than anybody does, and far below what is refused.</summary>
    [Fact]
    public async Task No_person_notices_what_is_shipped()
    {
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path);
        var busy = await node.As("finland");
        var plan = (await busy.Post("/plans", Plan, match: null)).Id;
        var measure = (await busy.Post($"/plans/{plan}/measures", new { pillar = "training", title = "Training" })).Id;
        var milestone = (await busy.Post($"/plans/{plan}/measures/{measure}/milestones", new { title = "A workshop", due = "2027-06-30" })).Id;
        foreach (var some in Enumerable.Range(0, 1_000).Chunk(50))
            foreach (var answer in await Task.WhenAll(some.Select(number => busy.Post($"/plans/{plan}/milestones/{milestone}/reports", new { status = "in-progress", progress = number % 100 })))) answer.Done();
    }

    private static async Task<Answer[]> AtOnce(Person person, int count) =>
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => person.Post("/plans", Plan, match: null)));

    private static async Task Until(Func<Task<bool>> isSo)
    {
        for (var time = 0; time < 60; time++)
        {
            if (await isSo()) return;
            await Task.Delay(500, TestContext.Current.CancellationToken);
        }

        Assert.Fail("The bucket did not fill again within half a minute.");
    }
}
