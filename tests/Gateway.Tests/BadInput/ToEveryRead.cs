namespace Coordination.Gateway.Tests.BadInput;

public sealed class ToEveryRead(RunningNode running)
{
    private static readonly string[] Lists =
    [
        "/bodies", "/plans", "/milestones", "/requests", "/groups", "/groups/meridian-contact-group/updates", "/subscriptions", "/inbox",
        "/plans/ruritania-plan/measures", "/plans/ruritania-plan/milestones/m05/reports",
    ];

    private Node Node => running.Node;

    public static TheoryData<string> EveryList => [.. Lists];

    [Theory]
    [MemberData(nameof(EveryList))]
    public async Task A_number_that_is_none_is_refused(string list)
    {
        var person = await Node.As("ruritania");
        foreach (var query in (string[])["limit=abc", "limit=-1", "limit=0", "limit=501", "limit=1.5", "limit=99999999999999999999", "limit=", "seen=abc", "seen=-1", "seen=1e5", "seen=99999999999999999999"])
        {
            var answer = await person.Get($"{list}?{query}");
            Assert.True(answer.Status is HttpStatusCode.BadRequest && answer.IsProblem && answer.Code is not null, $"{query}: {answer}");
        }
    }

    [Theory]
    [InlineData("/bodies?kind=no-such")]
    [InlineData("/bodies?kind=0")]
    [InlineData("/plans?status=1")]
    [InlineData("/plans?exercise=perhaps")]
    [InlineData("/milestones?pillar=no-such")]
    [InlineData("/milestones?dueBefore=2026-02-30")]
    [InlineData("/milestones?dueAfter=0000-01-01")]
    [InlineData("/milestones?overdue=5")]
    [InlineData("/plans/ruritania-plan/measures?pillar=no-such")]
    [InlineData("/requests?box=both")]
    [InlineData("/requests?kind=information,training")]
    [InlineData("/requests?open=maybe")]
    [InlineData("/feed?after=abc")]
    [InlineData("/feed?after=-1")]
    [InlineData("/feed?before=-5")]
    [InlineData("/feed?limit=0")]
    [InlineData("/feed?limit=-1")]
    [InlineData("/feed?limit=abc")]
    [InlineData("/feed?seen=-1")]
    [InlineData("/plans/ruritania-plan?seen=-1")]
    [InlineData("/requests/some?seen=abc")]
    public async Task A_filter_that_is_none_is_refused(string path)
    {
        var answer = await (await Node.As("ruritania")).Get(path);
        Assert.True(answer.Status is HttpStatusCode.BadRequest && answer.IsProblem && answer.Code is not null, $"{answer}");
        Assert.DoesNotContain("Exception", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Named<", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_waits_for_a_position_that_there_is_not()
    {
        var person = await Node.As("ruritania");
        var began = TimeProvider.System.GetTimestamp();
        foreach (var path in (string[])[.. Lists, "/bodies/ruritania", "/plans/ruritania-plan", "/feed"])
            foreach (var seen in (long[])[Node.Position + 1_000_000, long.MaxValue]) (await person.Get($"{path}?seen={seen}")).Done();
        // Each would be held for five seconds.
        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(40), "Reads are held for a position beyond the journal's end.");
    }

    [Theory]
    [MemberData(nameof(EveryList))]
    public async Task A_cursor_that_is_none_is_refused(string list)
    {
        var person = await Node.As("ruritania");
        foreach (var cursor in (string[])["garbage", "%00", "x", "-1", "1.5", "next", "AAAA", "ruritania-plan", "%20", "a,b", "99999999999999999999", "cnVyaXRhbmlh=", "cnVyaXRhbmlh%20", "cnVyaXRhbmlhcnV=", "%C3%A9", new('x', 3_000)])
        {
            var answer = (await person.Get($"{list}?after={cursor}")).Refused(400, "page.cursor");
            Assert.Equal(["#/after"], answer.Pointers);
        }

        Assert.Equal((await person.Get(list)).Items.Length, (await person.Get($"{list}?after=")).Items.Length);
    }

    [Fact]
    public async Task Ids_and_cursors_of_any_look_break_nothing()
    {
        var person = await Node.As("ruritania");
        string[] odd =
        [
            new('x', 3_000), "%00", "a%2Fb", "%FF%FE", "%E2%80%AE", "..%2F..%2Fetc", "'%20OR%201=1--", "%3Cscript%3E", "%F0%9F%98%80", "~", "a%0Ab", "%ED%A0%80",
        ];
        foreach (var id in odd)
        {
            foreach (var path in (string[])["/bodies/", "/plans/", "/requests/", "/groups/"])
            {
                var answer = await person.Get(path + id);
                // A zero byte in a path is refused by the server before any of our code sees it.
                Assert.True(answer.Status is HttpStatusCode.NotFound && answer.IsProblem || id == "%00" && answer.Status is HttpStatusCode.BadRequest, $"{answer}");
            }

            foreach (var list in Lists)
            {
                var answer = await person.Get($"{list}?after={id}");
                Assert.True((int)answer.Status is 200 or 400, $"{answer}");
                if ((int)answer.Status == 400) Assert.True(answer.IsProblem, $"{answer}");
            }

            foreach (var query in (string[])["/bodies?q=", "/bodies?region=", "/plans?body=", "/feed?topic=", "/requests?state="]) Assert.True((int)(await person.Get(query + id)).Status < 500);
            foreach (var write in (string[])["/plans/{0}/status", "/requests/{0}/accept", "/groups/{0}/updates", "/groups/{0}/members", "/bodies/{0}/profile", "/plans/ruritania-plan/milestones/{0}/reports"])
            {
                var answer = await person.Post(string.Format(System.Globalization.CultureInfo.InvariantCulture, write, id), Person.Raw("""{"text":"x","status":"done","body":"togo"}"""));
                Assert.True((int)answer.Status is >= 400 and < 500 && (answer.IsProblem || id == "%00"), $"{answer}");
            }

            foreach (var gone in (string[])["/subscriptions/{0}", "/bodies/ruritania/roles/{0}", "/groups/meridian-contact-group/members/{0}"])
                Assert.True((int)(await person.Delete(string.Format(System.Globalization.CultureInfo.InvariantCulture, gone, id))).Status < 500);
        }
    }

    [Fact]
    public async Task The_first_and_the_last_day_there_is_break_nothing()
    {
        var person = await Node.As("ruritania");
        foreach (var day in (string[])["0001-01-01", "9999-12-31", "9999-12-30", "1990-01-01", "2100-12-31", "2024-02-29"])
        {
            Answer[] answers =
            [
                await person.Post("/requests", new { to = (string[])["valdoria"], kind = "information", subject = "At the edge of time", neededBy = day }, match: null),
                await person.Get($"/milestones?dueBefore={day}"),
                await person.Get($"/milestones?dueAfter={day}"),
            ];
            foreach (var answer in answers) Assert.True((int)answer.Status is >= 200 and < 300 || ((int)answer.Status == 400 && answer.IsProblem), $"{answer}");
            if (int.Parse(day[..4], System.Globalization.CultureInfo.InvariantCulture) is < 1990 or > 2100)
            {
                (await person.Post("/plans", new { title = "At the edge of time", period = new { from = day, to = day } }, match: null)).Refused(400, "date.out-of-bounds");
                continue;
            }

            var plan = (await person.Post("/plans", new { title = "At the edge of time", period = new { from = day, to = day } }, match: null)).Id;
            var measure = (await person.Post($"/plans/{plan}/measures", new { pillar = "training", title = "M" })).Id;
            (await person.Post($"/plans/{plan}/measures/{measure}/milestones", new { title = "M", due = day, baseline = day })).Done();
            (await person.Get($"/plans/{plan}")).Done();
            (await person.Get($"/milestones?plan={plan}")).Done();
        }
    }

    [Fact]
    public async Task A_path_or_method_that_is_none_is_a_problem()
    {
        var person = await Node.As("ruritania");
        foreach (var path in (string[])["/no-such-thing", "/plans/x/no-such-thing", "/plans/x/status/y", "//api/v2/plans", "//api/v1", "//api"])
        {
            foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post, HttpMethod.Put])
                (await person.Send(method, path, method == HttpMethod.Get ? null : Person.Raw("{}"))).Refused(404, "path.not-found");
        }

        foreach (var (method, path, allowed) in ((string, string, string)[])
        [
            ("PUT", "/plans", "GET, POST"),
            ("PUT", "/plans/", "GET, POST"),
            ("PUT", "/PLANS", "GET, POST"),
            ("PATCH", "/requests/x", "GET"),
            ("OPTIONS", "/requests/x", "GET"),
            ("DELETE", "/plans/ruritania-plan", "GET"),
            ("DELETE", "/plans/no-such-plan", "GET"),
            ("GET", "/plans/ruritania-plan/status", "POST"),
            ("POST", "/groups/x/members/y", "DELETE"),
            ("PUT", "/session", "DELETE, GET, POST"),
        ])
        {
            var answer = (await person.Send(new(method), path, null)).Refused(405, "path.verb-unknown");
            Assert.Equal(allowed, string.Join(", ", answer.Content.Allow));
        }

        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await person.Send(HttpMethod.Head, "/plans", null)).Status);
        using var nobody = new Person(Node.Address);
        (await nobody.Send(HttpMethod.Put, "/plans", null)).Refused(405, "path.verb-unknown");
        (await nobody.Get("/no-such-thing")).Refused(404, "path.not-found");
    }
}
