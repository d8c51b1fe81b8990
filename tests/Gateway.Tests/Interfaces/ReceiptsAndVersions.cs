namespace Coordination.Gateway.Tests.Interfaces;

public sealed class ReceiptsAndVersions(RunningNode running)
{
    private Node Node => running.Node;

    [Fact]
    public async Task A_write_answers_with_id_version_and_position_and_the_thing_has_that_version()
    {
        var person = await Node.As("ruritania");
        var made = (await person.Post("/plans", new { title = "With a receipt" }, match: null)).Done();
        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal($"/api/v1/plans/{made.Id}", made.Headers.Location!.ToString());
        Assert.Equal(made.Position, made.Version);
        Assert.Equal($"\"v{made.Position}\"", made.ETag);
        Assert.Equal(["id", "version", "position"], made.Json.EnumerateObject().Select(property => property.Name));
        var plan = await person.Get($"/plans/{made.Id}?seen={made.Position}");
        Assert.Equal(made.ETag, plan.ETag);
        Assert.Equal(made.Version, plan.Json.GetProperty("version").GetInt64());
        var changed = (await person.Post($"/plans/{made.Id}/status", new { status = "adopted" }, made.ETag)).Done();
        Assert.Equal((made.Position + 1, made.Position + 1), (changed.Version, changed.Position));
    }

    [Fact]
    public async Task What_was_made_is_at_its_location_however_its_list_was_written()
    {
        foreach (var (by, list, path, body) in ((string, string, string, object)[])
        [
            ("ruritania", "plans", "/plans/", new { title = "With a location" }),
            ("ruritania", "plans", "/PLANS", new { title = "With a location" }),
            ("ruritania", "requests", "/Requests/", new { to = (string[])["valdoria"], kind = "information", subject = "With a location" }),
            ("ruritania", "groups", "/groups/", new { name = "With a location" }),
            ("administrator", "bodies", "/Bodies/", new { kind = "partner", name = "With a location", timeZone = "Europe/Vienna" }),
        ])
        {
            var person = await Node.As(by);
            var made = (await person.Post(path, body, match: null)).Done();
            Assert.Equal($"/api/v1/{list}/{made.Id}", made.Headers.Location!.ToString());
            (await person.Get($"/{made.Headers.Location}?seen={made.Position}")).Done();
        }
    }

    [Fact]
    public async Task A_page_is_sent_again_as_more_of_it_changes_than_its_version()
    {
        var (owner, lead) = (await Node.As("ruritania"), await Node.As("japan"));
        var name = (await lead.Get("/bodies/japan")).Json.GetProperty("name").GetString()!;
        var plan = (await owner.Post("/plans", new { title = "Led by another" }, match: null)).Id;
        (await owner.Post($"/plans/{plan}/measures", new { id = "led", pillar = "training", title = "Measure", lead = "japan" })).Done();
        (await owner.Post($"/plans/{plan}/measures/led/milestones", new { id = "one", title = "One", due = "2031-05-01" })).Done();
        var report = await lead.Post($"/plans/{plan}/milestones/one/reports", new { status = "done" });
        (await owner.Post($"/plans/{plan}/reports/{report.Id}/approve", new { })).Done();
        var first = (await owner.Get($"/plans/{plan}/milestones/one")).Done();
        var renamed = (await lead.Post("/bodies/japan/profile", new { name = $"{name} renamed" })).Done();
        var second = await owner.Get($"/plans/{plan}/milestones/one?seen={renamed.Position}", ("If-None-Match", first.ETag!));
        Assert.Equal((HttpStatusCode.OK, first.ETag), (second.Status, second.ETag));
        Assert.Contains($"{name} renamed", second.Text, StringComparison.Ordinal);
        (await lead.Post("/bodies/japan/profile", new { name })).Done();
    }

    [Fact]
    public async Task A_change_names_the_version_it_saw()
    {
        var person = await Node.As("ruritania");
        var made = await person.Post("/plans", new { title = "Versioned" }, match: null);
        var path = $"/plans/{made.Id}/status";
        (await person.Post(path, new { status = "adopted" }, match: null)).Refused(428, "version.missing");
        var stale = (await person.Post(path, new { status = "adopted" }, "\"v9\"")).Refused(412, "version.stale");
        Assert.Equal(made.Version, stale.Json.GetProperty("version").GetInt64());
        Assert.Equal(made.ETag, stale.ETag);
        (await person.Post(path, new { status = "adopted" }, made.ETag)).Done();
        (await person.Post(path, new { status = "under-implementation" }, made.ETag)).Refused(412, "version.stale");
        var changed = await person.Post(path, new { status = "under-implementation" }, "*");
        // The bare number will do. What nobody can have seen yet is no version.
        (await person.Post(path, new { status = "concluded" }, $"{changed.Version + 1}")).Refused(412, "version.stale");
        (await person.Post(path, new { status = "concluded" }, $"{changed.Version}")).Done();
    }

    [Trait("On", "both")]
    [Fact]
    public async Task Of_many_who_saw_the_same_version_one_changes_it()
    {
        var person = await Node.As("ruritania");
        var made = await person.Post("/plans", new { title = "Contended" }, match: null);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(index =>
            person.Post($"/plans/{made.Id}/measures", new { pillar = "training", title = $"Measure {index}" }, made.ETag)));
        Assert.Single(answers, answer => answer.Status is HttpStatusCode.OK);
        Assert.Equal(11, answers.Count(answer => answer.Code == "version.stale"));
        Assert.Single((await person.Get($"/plans/{made.Id}/measures")).Items);
    }

    [Trait("On", "both")]
    [Fact]
    public async Task Head_measure_milestone_and_report_have_versions_of_their_own()
    {
        var (owner, lead, other) = (await Node.As("ruritania"), await Node.As("valdoria"), await Node.As("japan"));
        var drafted = await owner.Post("/plans", new { title = "With parts" }, match: null);
        var plan = $"/plans/{drafted.Id}";
        var measured = (await owner.Post($"{plan}/measures", new { id = "led", pillar = "training", title = "Led by another", lead = "valdoria" }, drafted.ETag)).Done();
        var one = (await owner.Post($"{plan}/measures/led/milestones", new { id = "one", title = "One", due = "2031-05-01" }, measured.ETag)).Done();
        var two = (await owner.Post($"{plan}/measures/led/milestones", new { id = "two", title = "Two", due = "2031-06-01" }, one.ETag)).Done();
        var head = (await other.Get($"{plan}?seen={two.Position}")).Done();
        Assert.Equal((measured.ETag, measured.Version, two.Position), (head.ETag, head.Json.GetProperty("version").GetInt64(), head.Json.GetProperty("changed").GetInt64()));
        Assert.Equal((1, 2), (head.Json.GetProperty("measures").GetInt32(), head.Json.GetProperty("pillars")[0].GetProperty("milestones").GetProperty("total").GetInt32()));
        Assert.Equal(two.Version, Assert.Single((await other.Get($"{plan}/measures")).Items).GetProperty("version").GetInt64());
        Assert.Equal([one.Version, two.Version], (await other.Get($"/milestones?plan={drafted.Id}")).Items.Select(item => item.GetProperty("version").GetInt64()));
        Assert.Equal(one.ETag, (await other.Get($"{plan}/milestones/one")).Done().ETag);

        // Reports on the two do not collide, and move no other part.
        var first = (await owner.Post($"{plan}/milestones/one/reports", new { status = "in-progress" }, one.ETag)).Done();
        (await owner.Post($"{plan}/milestones/two/reports", new { status = "in-progress" }, two.ETag)).Done();
        (await owner.Post($"{plan}/milestones/one/reports", new { status = "done" }, one.ETag)).Refused(412, "version.stale");
        var second = (await owner.Post($"{plan}/milestones/one/reports", new { status = "done" }, first.ETag)).Done();
        Assert.Equal((head.ETag, second.Position), (await other.Get($"{plan}?seen={second.Position}") is var later ? later.ETag : null, later.Json.GetProperty("changed").GetInt64()));
        var done = (await other.Get($"{plan}/milestones/one")).Json;
        Assert.Equal((second.Version, "ruritania"), (done.GetProperty("version").GetInt64(), done.GetProperty("reported").GetProperty("body").GetString()));
        Assert.False(done.TryGetProperty("reports", out _));

        // A decision on all of it names what has changed since its maker looked.
        var refused = (await owner.Post($"{plan}/status", new { status = "adopted", seen = two.Position }, head.ETag)).Refused(412, "plan.parts-changed");
        Assert.Equal(["two", "one"], refused.Json.GetProperty("changed").EnumerateArray().Select(part => part.GetProperty("id").GetString()));
        (await owner.Post($"{plan}/status", new { status = "adopted", seen = second.Position }, head.ETag)).Done();
    }

    [Trait("On", "both")]
    [Fact]
    public async Task A_report_that_has_not_taken_effect_has_a_version_of_its_own_and_moves_none_that_others_read()
    {
        var (owner, lead, other) = (await Node.As("ruritania"), await Node.As("valdoria"), await Node.As("japan"));
        var plan = $"/plans/{(await owner.Post("/plans", new { title = "With reports" }, match: null)).Id}";
        (await owner.Post($"{plan}/measures", new { id = "led", pillar = "training", title = "Led by another", lead = "valdoria" })).Done();
        var made = await owner.Post($"{plan}/measures/led/milestones", new { id = "one", title = "One", due = "2031-05-01" });
        string[] reads = [plan, $"{plan}/measures", $"{plan}/milestones/one", $"{plan}/milestones/one/reports", $"/milestones?plan={plan.Split('/')[^1]}"];
        var seen = await Told(made.Position);

        var drafted = (await lead.Post($"{plan}/milestones/one/reports", new { status = "in-progress", draft = true }, made.ETag)).Done();
        var handedIn = (await lead.Post($"{plan}/reports/{drafted.Id}/submit", new { }, drafted.ETag)).Done();
        Assert.Equal(seen, await Told(handedIn.Position));
        // Those who may see it are told, and judge it by its own version.
        var told = (await owner.Get($"{plan}/milestones/one")).Json;
        Assert.Equal((handedIn.Version, 1), (told.GetProperty("version").GetInt64(), told.GetProperty("reportsToApprove").GetInt32()));
        var report = Assert.Single((await owner.Get($"{plan}/milestones/one/reports")).Items);
        Assert.Equal(handedIn.Version, report.GetProperty("version").GetInt64());
        (await owner.Post($"{plan}/milestones/one/reports", new { status = "done" }, made.ETag)).Refused(412, "version.stale");

        (await owner.Post($"{plan}/reports/{drafted.Id}/approve", new { }, drafted.ETag)).Refused(412, "version.stale");
        var approved = (await owner.Post($"{plan}/reports/{drafted.Id}/approve", new { }, handedIn.ETag)).Done();
        Assert.Equal(approved.Version, (await other.Get($"{plan}/milestones/one?seen={approved.Position}")).Json.GetProperty("version").GetInt64());

        async Task<string> Told(long position)
        {
            var texts = new List<string>();
            foreach (var read in reads)
            {
                var answer = (await other.Get($"{read}{(read.Contains('?', StringComparison.Ordinal) ? '&' : '?')}seen={position}")).Done();
                texts.Add($"{answer.ETag} {answer.Text}");
            }

            return string.Join('\n', texts);
        }
    }

    [Trait("On", "both")]
    [Fact]
    public async Task Said_twice_is_done_once()
    {
        var person = await Node.As("ruritania");
        var key = Guid.NewGuid().ToString();
        object body = new { title = "Said twice" };
        var first = (await person.Post("/plans", body, match: null, key: key)).Done();
        Assert.False(first.Headers.Contains("Idempotent-Replayed"));
        var position = Node.Position;
        var second = (await person.Post("/plans", body, match: null, key: key)).Done();
        Assert.Equal("true", Assert.Single(second.Headers.GetValues("Idempotent-Replayed")));
        Assert.Equal((first.Text, first.ETag), (second.Text, second.ETag));
        Assert.Equal(position, Node.Position);
        (await person.Post("/plans", new { title = "Something else" }, match: null, key: key)).Refused(422, "idempotency.key-reused");
        (await person.Post("/groups", new { name = "Something else" }, match: null, key: key)).Refused(422, "idempotency.key-reused");
        (await person.Post($"/plans/{first.Id}/status", new { status = "adopted" }, key: key)).Refused(422, "idempotency.key-reused");
        // Another's key is another's.
        Assert.NotEqual(first.Id, (await (await Node.As("valdoria")).Post("/plans", body, match: null, key: key)).Id);
    }

    [Trait("On", "both")]
    [Fact]
    public async Task Said_many_times_at_once_is_done_once()
    {
        var person = await Node.As("ruritania");
        var key = Guid.NewGuid().ToString();
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ =>
            person.Post("/requests", new { to = (string[])["valdoria"], kind = "information", subject = "Once" }, match: null, key: key)));
        Assert.Single(answers.Select(answer => answer.Done().Text).Distinct());
        Assert.Single(answers, answer => !answer.Headers.Contains("Idempotent-Replayed"));
        var update = Guid.NewGuid().ToString();
        answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => person.Post("/groups/meridian-contact-group/updates", new { text = update }, match: null, key: update)));
        Assert.Single(answers.Select(answer => answer.Id).Distinct());
        Assert.Single((await person.Get("/groups/meridian-contact-group/updates")).Items, item => item.GetProperty("text").GetString() == update);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(59)]
    [InlineData(118)]
    [InlineData(500)]
    public async Task Cursors_walk_all_bodies_once(int limit)
    {
        var person = await Node.As("ruritania");
        var (ids, next) = (new List<string>(), (string?)null);
        // No other test renames bodies, and new ones may come meanwhile.
        var all = (await person.Get("/bodies?limit=500")).Items.Select(item => item.GetProperty("id").GetString()!).ToList();
        do
        {
            var page = await person.Get($"/bodies?limit={limit}{(next is null ? "" : $"&after={next}")}");
            Assert.InRange(page.Items.Length, 1, limit);
            ids.AddRange(page.Items.Select(item => item.GetProperty("id").GetString()!));
            next = page.Json.TryGetProperty("next", out var cursor) ? cursor.GetString() : null;
        }
        while (next is not null);
        Assert.True(ids.Count >= 118, $"Only {ids.Count} bodies.");
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.Equal(all, ids.Where(all.Contains));
    }

    [Fact]
    public async Task A_cursor_goes_on_from_what_is_gone()
    {
        var person = await Node.As("japan");
        foreach (var pillar in (string[])["training", "awareness", "cooperation", "legislation"])
            (await person.Post("/subscriptions", new { about = "groups", pillars = (string[])[pillar] }, match: null)).Done();
        var all = (await person.Get("/subscriptions")).Items.Select(item => item.GetProperty("id").GetString()!).ToArray();
        Assert.Equal(4, all.Length);
        var next = (await person.Get("/subscriptions?limit=2")).Json.GetProperty("next").GetString();
        (await person.Delete($"/subscriptions/{all[1]}")).Done();
        Assert.Equal(all[2..], (await person.Get($"/subscriptions?after={next}")).Items.Select(item => item.GetProperty("id").GetString()!));
    }

    [Theory]
    [InlineData("/plans")]
    [InlineData("/milestones")]
    [InlineData("/plans/ruritania-plan/measures")]
    [InlineData("/requests")]
    [InlineData("/groups")]
    [InlineData("/groups/meridian-contact-group/updates")]
    [InlineData("/inbox")]
    public async Task Each_list_takes_the_cursor_it_gave(string list)
    {
        var person = await Node.As("valdoria");
        var first = await person.Get($"{list}?limit=1");
        var second = (await person.Get($"{list}?limit=1&after={first.Json.GetProperty("next").GetString()}")).Done();
        Assert.NotEqual(first.Items[0].ToString(), Assert.Single(second.Items).ToString());
    }

    [Trait("On", "both")]
    [Fact]
    public async Task A_read_that_names_what_it_has_seen_includes_it()
    {
        var (writer, reader) = (await Node.As("ruritania"), await Node.As("valdoria"));
        for (var time = 0; time < 25; time++)
        {
            var made = await writer.Post("/requests", new { to = (string[])["valdoria"], kind = "information", subject = "Seen" }, match: null);
            foreach (var path in (string[])[$"/requests/{made.Id}?", "/requests?", $"/feed?after={made.Position - 1}&"])
                Assert.Contains(made.Id, (await reader.Get($"{path}seen={made.Position}")).Text, StringComparison.Ordinal);
        }

        // What is not yet is not waited for without end.
        (await reader.Get($"/plans?seen={Node.Position + 1_000_000}").WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)).Done();
    }

    [Fact]
    public async Task Dates_are_ISO_names_are_kebab_case_and_numbers_are_numbers()
    {
        var person = await Node.As("ruritania");
        foreach (var path in (string[])["/plans/ruritania-plan", "/milestones?plan=ruritania-plan", "/requests", "/groups/meridian-contact-group/updates", "/feed?limit=100", "/inbox", "/bodies/finland"])
        {
            Walk((await person.Get(path)).Done().Json, "");
        }

        static void Walk(JsonElement element, string name)
        {
            if (element.ValueKind is JsonValueKind.Object)
            {
                foreach (var property in element.EnumerateObject())
                {
                    Assert.Matches(name == "data" || name == "groups" ? "." : "^[a-z][a-zA-Z0-9]*$", property.Name);
                    if (name != "data") Walk(property.Value, property.Name);
                }
            }
            else if (element.ValueKind is JsonValueKind.Array)
            {
                foreach (var item in element.EnumerateArray()) Walk(item, name);
            }
            else if (name is "due" or "baseline" or "neededBy" or "today" or "from" or "to" && element.ValueKind is JsonValueKind.String && element.GetString() is ['2', '0', ..] day)
            {
                Assert.Matches("^[0-9]{4}(-[0-9]{2}){0,2}$", day);
            }
            else if (name is "at" or "openedAt" or "changedAt" or "latestAt" or "expiresAt")
            {
                Assert.Equal(TimeSpan.Zero, element.GetDateTimeOffset().Offset);
            }
            else if (name is "status" or "mark" or "kind" or "pillar" or "urgency" or "iteration" or "reason" && element.ValueKind is JsonValueKind.String)
            {
                Assert.Matches("^[a-z]+(-[a-z]+)*$", element.GetString());
            }
            else if (name is "version" or "position" or "progress" or "unread" or "openRequests")
            {
                Assert.Equal(JsonValueKind.Number, element.ValueKind);
            }
        }
    }
}
