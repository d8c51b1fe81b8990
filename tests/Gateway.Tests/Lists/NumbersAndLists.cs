namespace Coordination.Gateway.Tests.Lists;

/// <summary>A number is what the list behind it holds, for whoever reads both.</summary>
[Trait("On", "both")]
public sealed class NumbersAndLists(RunningNode running)
{
    private Node Node => running.Node;

    /// <summary>A coordinator, one of another body, a body of the region, an observer of all, and one who speaks for no body.</summary>
    public static TheoryData<string> Readers => ["ruritania", "valdoria", "togo", "administrator"];

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task Of_bodies_plans_regions_and_groups_are_the_totals_of_their_lists(string reader)
    {
        var person = await Node.As(reader);
        var compared = 0;
        var bodies = (await All(person, "/bodies")).Where(body => body.GetProperty("exercise").GetBoolean() || Status(body, "plans") > 0).Take(40).ToList();
        foreach (var body in bodies)
        {
            var id = body.GetProperty("id").GetString();
            await Same(Status(body, "plans"), $"/plans?body={id}");
            await Same(Status(body, "openRequests"), $"/requests?body={id}&open=true");
            await Milestones(body.GetProperty("status").GetProperty("milestones"), $"/milestones?body={id}");
        }

        var plans = (await All(person, "/plans")).Where(plan => plan.GetProperty("milestones").GetProperty("total").GetInt32() > 0).ToList();
        Assert.NotEmpty(plans);
        foreach (var plan in plans) await Milestones(plan.GetProperty("milestones"), $"/milestones?plan={plan.GetProperty("id").GetString()}");
        foreach (var region in (await person.Get("/regions")).Done().Items.Take(12))
        {
            var name = Uri.EscapeDataString(region.GetProperty("name").GetString()!);
            await Same(region.GetProperty("bodies").GetInt32(), $"/bodies?region={name}");
            foreach (var state in (await person.Get($"/regions/{name}/progress")).Done().Items)
                foreach (var cell in state.GetProperty("pillars").EnumerateArray())
                    await Milestones(cell.GetProperty("milestones"), $"/milestones?state={state.GetProperty("code").GetString()}&pillar={cell.GetProperty("pillar").GetString()}");
        }

        foreach (var group in await All(person, "/groups")) await Same(group.GetProperty("updates").GetInt32(), $"/groups/{group.GetProperty("id").GetString()}/updates");
        Assert.True(compared > 100, $"Only {compared} numbers.");

        async Task Milestones(JsonElement counts, string list)
        {
            foreach (var (count, filter) in Kinds) await Same(counts.GetProperty(count).GetInt32(), list + filter);
        }

        async Task Same(int number, string list)
        {
            var total = (await person.Get($"{list}{(list.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit=1")).Done().Json.GetProperty("total").GetInt32();
            compared++;
            Assert.True(number == total, $"{reader} is told {number} and finds {total} at {list}.");
        }
    }

    private static readonly (string Count, string Filter)[] Kinds =
    [
        ("total", ""), ("done", "&status=done"), ("cancelled", "&status=cancelled"), ("late", "&overdue=true"), ("atRisk", "&atRisk=true"),
        ("inProgress", "&status=in-progress&overdue=false&atRisk=false"), ("planned", "&status=planned&overdue=false&atRisk=false"),
    ];

    [Theory]
    [InlineData("/bodies")]
    [InlineData("/bodies?sort=-late&q=a")]
    [InlineData("/plans?sort=-status")]
    [InlineData("/plans?sort=body&exercise=true")]
    [InlineData("/milestones")]
    [InlineData("/milestones?open=true&sort=title")]
    [InlineData("/milestones?concerning=ruritania&sort=-due")]
    [InlineData("/requests?sort=needed-by")]
    [InlineData("/requests?waiting=true")]
    [InlineData("/groups?sort=latest")]
    [InlineData("/subscriptions")]
    [InlineData("/accounts?sort=name")]
    [InlineData("/search?q=a")]
    public async Task Every_page_tells_how_many_all_pages_hold(string list)
    {
        var person = await Node.As(list.StartsWith("/accounts", StringComparison.Ordinal) ? "administrator" : "ruritania");
        var join = list.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        var seen = new List<string>();
        string? next = null;
        var total = 0;
        do
        {
            var page = (await person.Get($"{list}{join}limit=37{(next is null ? "" : "&after=" + next)}")).Done();
            seen.AddRange(page.Items.Select(KeyOf));
            total = page.Json.GetProperty("total").GetInt32();
            next = Next(page);
        }
        while (next is not null);
        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Equal(total, seen.Count);
        // The same at once, in the same order.
        if (total <= 500) Assert.Equal(seen, (await person.Get($"{list}{join}limit=500")).Done().Items.Select(KeyOf));
    }

    [Fact]
    public async Task What_a_filter_says_is_so_of_every_item()
    {
        var person = await Node.As("ruritania");
        Assert.All(await All(person, "/milestones?overdue=true"), item => Assert.True(item.GetProperty("late").GetBoolean()));
        Assert.All(await All(person, "/milestones?open=false"), item => Assert.Contains(item.GetProperty("status").GetString(), (string[])["done", "cancelled"]));
        Assert.All(await All(person, "/milestones?concerning=ruritania"), item => Assert.True(item.GetProperty("body").GetString() == "ruritania" || item.GetProperty("lead").GetString() == "ruritania"));
        var waiting = await All(person, "/requests?waiting=true");
        Assert.All(waiting, item => Assert.Contains(item.GetProperty("verbs").EnumerateArray(), verb => verb.GetString() is "accept" or "clarify" or "answer" or "confirm"));
        Assert.Equal((await All(person, "/requests")).Length, waiting.Length + (await All(person, "/requests?waiting=false")).Length);
        Assert.Equal(["togo", "finland"], (await All(person, "/bodies?id=togo&id=finland&id=nobody-there&sort=-name")).Select(item => item.GetProperty("id").GetString()));
        (await person.Get("/bodies?" + string.Join('&', Enumerable.Range(0, 101).Select(number => $"id=b{number}")))).Refused(400, "body.too-many-ids");
        (await person.Get("/regions/Atlantis/progress")).Refused(404, "region.not-found");
        (await person.Get("/plans?sort=nonsense")).Refused(400, "request.invalid");
        (await person.Get("/plans?sort=--title")).Refused(400, "request.invalid");
    }

    private static int Status(JsonElement body, string count) => body.GetProperty("status").GetProperty(count).GetInt32();

    private static string? Next(Answer page) => page.Json.TryGetProperty("next", out var next) ? next.GetString() : null;

    private static string KeyOf(JsonElement item) =>
        string.Join('/', ((string[])["kind", "plan", "id", "account"]).Select(name => item.TryGetProperty(name, out var value) ? value.GetString() : ""));

    private static async Task<JsonElement[]> All(Person person, string list)
    {
        var items = new List<JsonElement>();
        string? next = null;
        do
        {
            var page = (await person.Get($"{list}{(list.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit=500{(next is null ? "" : "&after=" + next)}")).Done();
            items.AddRange(page.Items);
            next = Next(page);
        }
        while (next is not null);
        return [.. items];
    }
}
