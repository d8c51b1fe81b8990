namespace Coordination.Gateway.Tests.Privacy;

/// <summary>A viewer outside the parties of a request learns nothing of it; each way is tried.</summary>
public sealed class ARequestForOthers(HiddenRequests hidden) : IClassFixture<HiddenRequests>
{
    private const string Unknown = "request-zzzzzzzz";

    private static readonly string[] Verbs = ["accept", "propose-date", "decline", "ask", "clarify", "answer", "confirm", "withdraw", "dance"];

    private Node Node => hidden.Node;

    public static TheoryData<string, string> EachForEachOutsider()
    {
        var data = new TheoryData<string, string>();
        foreach (var request in (string[])["parties", "named", "call", "measured"])
            foreach (var outsider in HiddenRequests.Outsiders)
                data.Add(request, outsider);
        // Not of the region that is called, and not named either.
        data.Add("call", "argentina");
        data.Add("named", "finland-national-rapporteur");
        return data;
    }

    public static TheoryData<string> EachOutsider() => [.. HiddenRequests.Outsiders];

    [Trait("On", "both")]
    [Theory]
    [InlineData("parties", "finland")]
    [InlineData("parties", "argentina")]
    [InlineData("parties", "finland-national-rapporteur")]
    [InlineData("measured", "finland-national-rapporteur")]
    [InlineData("named", "finland")]
    [InlineData("named", "argentina")]
    [InlineData("call", "finland")]
    [InlineData("call", "nigeria")]
    [InlineData("call", "finland-national-rapporteur")]
    public async Task Those_it_is_for_see_it_everywhere(string which, string insider)
    {
        var (person, request) = (await Node.As(insider), hidden[which]);
        Assert.Contains(request.Word, (await person.Get($"/requests/{request.Id}")).Done().Text, StringComparison.Ordinal);
        Assert.Contains(request.Id, (await person.Get("/requests?limit=500")).Text, StringComparison.Ordinal);
        Assert.Contains(request.Word, (await person.Get($"/feed?after={request.Position - 1}&limit=1")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(EachForEachOutsider))]
    public async Task By_its_id_it_looks_as_if_it_had_never_been(string which, string outsider)
    {
        var (person, id) = (await Node.As(outsider), hidden[which].Id);
        foreach (var query in (string[])["", "?seen=0", $"?seen={hidden[which].Position}", "?seen=abc"])
            await Same(id, path => person.Get($"/requests/{path}{query}"));
        await Same(id, path => person.Get($"/requests/{path}", ("If-None-Match", "\"v2\"")));
        await Same(id, path => person.Get($"/requests/{path}/accept"));
        await Same(id, path => person.Delete($"/requests/{path}"));
        await Same(id, path => person.Send(HttpMethod.Put, $"/requests/{path}", Person.Raw("{}")));
        (await person.Get($"/requests/{id}")).Refused(404, "request.not-found");
    }

    [Theory]
    [MemberData(nameof(EachForEachOutsider))]
    public async Task No_verb_tells_it_from_one_that_never_was(string which, string outsider)
    {
        var (person, id) = (await Node.As(outsider), hidden[which].Id);
        var good = new { text = "Something", date = "2031-05-01", ground = "no-capacity" };
        foreach (var verb in Verbs)
        {
            (await person.Post($"/requests/{id}/{verb}", good)).Refused(404, "request.not-found");
            await Same(id, path => person.Post($"/requests/{path}/{verb}", good));
            foreach (var match in (string?[])[null, "\"v1\"", "\"v2\"", "\"v99\"", "nonsense"])
                await Same(id, path => person.Post($"/requests/{path}/{verb}", good, match));
            foreach (var body in (string[])["", "{", "[]", "null", "{}", """{"text":5,"date":"2026-02-30","ground":"no-such"}""", """{"text":"<b>x</b>"}"""])
                await Same(id, path => person.Post($"/requests/{path}/{verb}", Person.Raw(body)));
            await Same(id, path => person.Post($"/requests/{path}/{verb}", Person.Raw("text", "text/plain")));
            await Same(id, path => person.Send(HttpMethod.Post, $"/requests/{path}/{verb}", Person.Json(good), ("Idempotency-Key", "")));
        }
    }

    [Theory]
    [MemberData(nameof(EachForEachOutsider))]
    public async Task A_key_used_before_or_twice_does_not_tell_either(string which, string outsider)
    {
        var (person, id) = (await Node.As(outsider), hidden[which].Id);
        var (twice, used) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());
        for (var time = 0; time < 2; time++)
            await Same(id, path => person.Post($"/requests/{path}/accept", new { }, key: twice + (path == id)));
        if (outsider != "administrator") (await person.Post("/requests", new { to = (string[])["togo"], kind = "information", subject = "Open to all", mark = "community" }, match: null, key: used)).Done();
        await Same(id, path => person.Post($"/requests/{path}/accept", new { }, key: used));
    }

    [Theory]
    [MemberData(nameof(EachOutsider))]
    public async Task No_list_with_no_filter_names_it(string outsider)
    {
        var person = await Node.As(outsider);
        string[] filters =
        [
            "", "box=in", "box=out", "box=watching", "open=true", "open=false", "status=open", "status=accepted", "kind=information", "kind=funding",
            "kind=training", "pillar=training", "pillar=awareness", "pillar=cooperation", "region=Africa", "region=Europe", "region=002", "state=FIN", "state=ARG",
            "body=finland", "body=argentina", "body=finland&box=watching&open=true", "state=FIN&kind=information&pillar=training&region=Europe",
        ];
        foreach (var filter in filters) await Silent(person, $"/requests?limit=500&{filter}");
        foreach (var path in (string[])["/bodies?limit=500", "/bodies/finland", "/bodies/argentina", "/plans?limit=500", "/milestones?limit=500", "/groups", "/subscriptions", "/regions", "/session"])
            await Silent(person, path);
        foreach (var plan in (await person.Get("/plans?body=finland")).Items) await Silent(person, $"/plans/{plan.GetProperty("id")}");
        await Silent(person, "//openapi/v1.json");
        await Silent(person, "//metrics");
        await Silent(person, "//health/ready");
    }

    [Trait("On", "both")]
    [Theory]
    [MemberData(nameof(EachOutsider))]
    public async Task No_number_counts_it(string outsider)
    {
        var person = await Node.As(outsider);
        var before = await HiddenRequests.Counts(person, await Node.Settled());
        await hidden.Open(new { region = "Africa", kind = "training", mark = "parties" });
        await hidden.Open(new { to = (string[])["argentina"], kind = "training", mark = "named" });
        await hidden.Open(new { to = (string[])["argentina"], kind = "training", mark = "parties" });
        Assert.Equal(before, await HiddenRequests.Counts(person, await Node.Settled()));
    }

    [Theory]
    [MemberData(nameof(EachOutsider))]
    public async Task No_feed_of_any_topic_tells_it(string outsider)
    {
        var person = await Node.As(outsider);
        foreach (var request in hidden.All)
        {
            string[] topics =
            [
                "", "topic=all", $"topic=request/{request.Id}", "topic=body/finland", "topic=body/argentina", "topic=state/FIN", "topic=state/ARG",
                "topic=pillar/training", "topic=pillar/awareness", "topic=pillar/cooperation", $"topic=request/{request.Id}&topic=body/finland",
            ];
            foreach (var topic in topics)
            {
                foreach (var way in (string[])[$"after={request.Position - 1}", $"after={request.Position - 1}&limit=1", $"before={request.Position + 1}", $"before={request.Position + 5}&limit=1", "limit=500"])
                    await Silent(person, $"/feed?{way}&{topic}");
            }

            // Nor does its topic look different from that of a request that never was.
            await Same(request.Id, path => person.Get($"/feed?after=0&topic=request/{path}"));
            await Same(request.Id, path => person.Get($"/feed?topic=request/{path}"));
        }
    }

    [Trait("On", "both")]
    [Theory]
    [MemberData(nameof(EachOutsider))]
    public async Task No_inbox_has_it_though_a_subscription_matches(string outsider)
    {
        var person = await Node.As(outsider);
        string? next = null;
        do
        {
            var page = await person.Get($"/inbox?limit=50{(next is null ? "" : $"&after={next}")}");
            IsSilent(person, page);
            next = page.Json.TryGetProperty("next", out var cursor) ? cursor.GetString() : null;
        }
        while (next is not null);
    }

    [Trait("On", "both")]
    [Theory]
    [MemberData(nameof(EachOutsider))]
    public async Task No_live_connection_hears_of_it_and_none_stalls(string outsider)
    {
        var (person, finland) = (await Node.As(outsider), await Node.As("finland"));
        var word = $"Secret{Guid.NewGuid():N}";
        await using var watch = await person.Watch([.. hidden.All.Select(request => $"request/{request.Id}"), "all", "body/finland", "state/FIN", "pillar/training"]);
        await using var party = await (await Node.As("argentina")).Watch();
        var opened = await finland.Post("/requests", new { to = (string[])["argentina"], kind = "information", mark = "parties", pillar = "training", subject = word }, match: null);
        await watch.Follow($"request/{opened.Id}");
        (await (await Node.As("argentina")).Post($"/requests/{opened.Id}/answer", new { text = word })).Done();
        (await finland.Post($"/requests/{opened.Id}/confirm", new { text = word })).Done();
        var marker = await finland.Post("/requests", new { to = (string[])["argentina"], kind = "information", mark = "community", subject = "For everyone" }, match: null);
        await party.Told(opened.Position);
        await watch.Told(marker.Position);
        await watch.ToldUpTo(marker.Position);
        watch.NeverHeard([word, opened.Id, .. hidden.All.SelectMany(request => request.Traces)]);
        Assert.DoesNotContain(watch.All, heard => heard.What == "Inbox" && heard.Position == opened.Position);
    }

    /// <summary>Medians of many interleaved calls; the bound is generous, since this machine does other things too.</summary>
    [Trait("Full", "scale")]
    [Theory]
    [InlineData("parties", "sweden")]
    [InlineData("named", "administrator")]
    public async Task No_time_tells_it_from_one_that_never_was(string which, string outsider)
    {
        var (person, id) = (await Node.As(outsider), hidden[which].Id);
        Func<string, Task<Answer>>[] ways =
        [
            path => person.Get($"/requests/{path}"),
            path => person.Post($"/requests/{path}/accept", new { text = "Yes" }),
            path => person.Post($"/requests/{path}/decline", new { ground = "no-capacity" }, "\"v1\"", Guid.NewGuid().ToString()),
            path => person.Get($"/feed?after=0&topic=request/{path}"),
        ];
        foreach (var way in ways) await TakesAsLong(id, way);
    }

    /// <summary>What is passed over for someone costs nothing that could be counted: neither by its own topic nor by those of the bodies in it.</summary>
    [Trait("Full", "scale")]
    [Fact]
    public async Task Nor_does_a_busy_one_cost_more_time()
    {
        var (finland, argentina, sweden) = (await Node.As("finland"), await Node.As("argentina"), await Node.As("sweden"));
        var id = (await hidden.Open(new { to = (string[])["argentina"], kind = "information", mark = "parties", text = "Only between us." })).Id;
        for (var turn = 0; turn < TestSize.Of(40, 100); turn++)
        {
            (await argentina.Post($"/requests/{id}/ask", new { text = "And then?" })).Done();
            (await finland.Post($"/requests/{id}/clarify", new { text = "And then this." })).Done();
        }

        await TakesAsLong(id, path => sweden.Get($"/feed?topic=request/{path}"));
        await TakesAsLong(id, path => sweden.Get($"/feed?after=0&topic=request/{path}"));
    }

    private static async Task TakesAsLong(string id, Func<string, Task<Answer>> way)
    {
        var (seen, never) = (new List<double>(), new List<double>());
        for (var time = 0; time < TestSize.Of(140, 440); time++)
        {
            foreach (var (path, times) in time % 2 == 0 ? [(id, seen), (Unknown, never)] : ((string, List<double>)[])[(Unknown, never), (id, seen)])
            {
                var began = TimeProvider.System.GetTimestamp();
                await way(path);
                if (time >= 40) times.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
            }
        }

        var ratio = seen.Order().ElementAt(seen.Count / 2) / never.Order().ElementAt(never.Count / 2);
        Assert.True(ratio is > 0.5 and < 2, $"{(await way(id)).Asked}: hidden takes {ratio:F2} times as long as unknown.");
    }

    private static Task Same(string id, Func<string, Task<Answer>> ask) => Answer.Same(id, Unknown, ask);

    private async Task Silent(Person person, string path) => IsSilent(person, await person.Get(path));

    private void IsSilent(Person person, Answer answer)
    {
        foreach (var trace in hidden.All.SelectMany(request => request.Traces))
        {
            // What was asked for is said back in no answer but the caller's own words.
            Assert.False(answer.Text.Replace(answer.Asked, "", StringComparison.Ordinal).Contains(trace, StringComparison.Ordinal), $"{person.Account} learns of {trace}: {answer}");
        }
    }
}
