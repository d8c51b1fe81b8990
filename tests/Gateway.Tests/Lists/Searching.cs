namespace Coordination.Gateway.Tests.Lists;

/// <summary>Search and sort as a person or a program asks for them.</summary>
[Trait("On", "both")]
public sealed class Searching(RunningNode running)
{
    private Node Node => running.Node;

    [Fact]
    public async Task Bodies_are_found_however_their_names_are_typed()
    {
        var (administrator, person) = (await Node.As("administrator"), await Node.As("ruritania"));
        var word = Word();
        var id = (await administrator.Post("/bodies", new { kind = "partner", name = $"Bureau de la Côte d’Ivoire {word}", acronym = "BCI" }, match: null)).Done().Id;
        foreach (var typed in (string[])["cote ivoire", "IVOIRE CÔTE", "cote d’iv", "Cote\u00A0d'Ivoire", "divoire", "Co\u0302te", "bci", id])
        {
            var query = Uri.EscapeDataString($"{typed} {word}");
            Assert.Equal(id, Assert.Single((await person.Get($"/bodies?q={query}")).Done().Items).GetProperty("id").GetString());
            Assert.Equal(id, Assert.Single((await person.Get($"/search?q={query}&kind=body")).Done().Items).GetProperty("id").GetString());
        }

        Assert.Equal(0, Total(await person.Get($"/bodies?q=voire%20{word}")));
    }

    [Fact]
    public async Task Blank_words_find_everything_in_a_list_and_signs_alone_nothing()
    {
        var person = await Node.As("ruritania");
        var all = Total(await person.Get("/bodies"));
        Assert.Equal(all, Total(await person.Get("/bodies?q=%20%20")));
        Assert.Equal(0, Total(await person.Get("/bodies?q=%25")));
        Assert.Equal(0, Total(await person.Get("/search?q=")));
        Assert.Equal(0, Total(await person.Get("/search")));
        (await person.Get($"/search?q={new string('a', 201)}")).Refused(400, "request.invalid");
    }

    [Fact]
    public async Task What_is_written_is_found_at_once_by_those_who_may_see_it_and_moves_no_number_of_others()
    {
        var (owner, stranger) = (await Node.As("ruritania"), await Node.As("togo"));
        var (word, part) = (Word(), Word());
        var before = Total(await stranger.Get("/search?q=between"));
        var plan = (await owner.Post("/plans", new { title = $"Between us {word}", mark = "parties" }, match: null)).Id;
        await owner.Post($"/plans/{plan}/measures", new { pillar = "training", title = $"Measure {part}", lead = "ruritania" }, match: "*");

        var found = Assert.Single((await owner.Get($"/search?q={word.ToUpperInvariant()}")).Done().Items);
        Assert.Equal(("plan", plan, "Ruritania"), (found.GetProperty("kind").GetString(), found.GetProperty("id").GetString(), found.GetProperty("bodyName").GetString()));
        var measure = Assert.Single((await owner.Get($"/search?q={part[..6]}")).Done().Items);
        Assert.Equal(("measure", plan), (measure.GetProperty("kind").GetString(), measure.GetProperty("plan").GetString()));
        Assert.Equal(1, Total(await owner.Get($"/plans?q={word}%20ruritania")));
        Assert.Equal(0, Total(await stranger.Get($"/search?q={word}")));
        Assert.Equal(0, Total(await stranger.Get($"/search?q={part}")));
        Assert.Equal(0, Total(await stranger.Get($"/plans?q={word}")));
        Assert.Equal(before, Total(await stranger.Get("/search?q=between")));
    }

    [Fact]
    public async Task Whole_words_come_before_beginnings_and_kinds_in_their_order()
    {
        var person = await Node.As("ruritania");
        var word = Word();
        await person.Post("/plans", new { title = $"A {word}" }, match: null);
        await person.Post("/plans", new { title = $"B {word}ish" }, match: null);
        (await person.Post("/requests", new { to = (string[])["valdoria"], kind = "information", subject = $"A {word} in a request" }, match: null)).Done();

        var found = (await person.Get($"/search?q={word}")).Done().Items.Select(one => one.GetProperty("title").GetString()!.Replace(word, "x", StringComparison.Ordinal));

        Assert.Equal(["A x", "A x in a request", "B xish"], found);
    }

    [Fact]
    public async Task Names_stand_in_the_order_of_the_alphabet_of_the_language_that_the_caller_reads()
    {
        var (administrator, person) = (await Node.As("administrator"), await Node.As("ruritania"));
        var word = Word();
        foreach (var name in (string[])["Zagreb", "Ärna", "Arboga"])
            (await administrator.Post("/bodies", new { kind = "partner", name = $"{name} {word}" }, match: null)).Done();

        Assert.Equal(["Arboga", "Ärna", "Zagreb"], await Names("de-DE,de;q=0.9,sv;q=0.1"));
        Assert.Equal(["Arboga", "Zagreb", "Ärna"], await Names("sv"));
        Assert.Equal(["Arboga", "Zagreb", "Ärna"], await Names("en;q=0.5, sv-FI"));
        Assert.Equal(["Arboga", "Ärna", "Zagreb"], await Names(null));
        Assert.Equal(["Arboga", "Ärna", "Zagreb"], await Names("*"));
        Assert.Equal(["Arboga", "Ärna", "Zagreb"], await Names("no language at all;;q=9"));
        Assert.Equal(["Zagreb", "Ärna", "Arboga"], await Names("de", "-name"));

        async Task<string[]> Names(string? language, string sort = "name")
        {
            var answer = await person.Send(HttpMethod.Get, $"/bodies?q={word}&sort={sort}", null, language is null ? [] : [("Accept-Language", language)]);
            return [.. answer.Done().Items.Select(body => body.GetProperty("name").GetString()!.Split(' ')[0])];
        }
    }

    [Fact]
    public async Task A_cursor_is_of_one_list_with_its_sort_filter_words_and_language()
    {
        var person = await Node.As("ruritania");
        var next = (await person.Get("/bodies?limit=2")).Done().Json.GetProperty("next").GetString();
        Assert.Equal(2, (await person.Get($"/bodies?limit=2&after={next}")).Done().Items.Length);
        foreach (var other in (string[])["/bodies?sort=-name&", "/bodies?sort=kind&", "/bodies?kind=state&", "/bodies?q=a&", "/plans?", "/milestones?", "/requests?", "/groups?", "/search?q=a&"])
            (await person.Get($"{other}after={next}")).Refused(400, "page.cursor");
        (await person.Send(HttpMethod.Get, $"/bodies?after={next}", null, [("Accept-Language", "ru")])).Refused(400, "page.cursor");
        // Nothing stands in it but where the last item of the page stood, which the reader was shown.
        var text = Encoding.UTF8.GetString(Convert.FromBase64String(next!.Replace('-', '+').Replace('_', '/').PadRight((next.Length + 3) / 4 * 4, '=')));
        var last = (await person.Get("/bodies?limit=2")).Done().Items[1];
        Assert.Equal(["0", last.GetProperty("id").GetString(), "", last.GetProperty("name").GetString()], text.Split('\n')[1..]);
    }

    private static string Word() => "w" + string.Concat(Guid.NewGuid().ToString("N").Take(20).Select(letter => (char)('a' + (letter % 26))));

    private static int Total(Answer answer) => answer.Done().Json.GetProperty("total").GetInt32();
}
