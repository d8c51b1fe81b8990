namespace Coordination.Gateway.Tests.Privacy;

/// <summary>A plan marked parties is for the bodies in it and the national rapporteur; a draft report for its own body.</summary>
public sealed class PlansAndReports(RunningNode running)
{
    private const string Unknown = "no-such-plan-zzzzzzzz";

    private Node Node => running.Node;

    [Trait("On", "both")]
    [Theory]
    [InlineData("sweden")]
    [InlineData("administrator")]
    [InlineData("sweden-national-rapporteur")]
    public async Task A_plan_for_the_parties_is_not_there_for_others(string outsider)
    {
        var (finland, person) = (await Node.As("finland"), await Node.As(outsider));
        var word = $"Secret{Guid.NewGuid():N}";
        if (outsider != "administrator") (await person.Post("/subscriptions", new { about = "plans" }, match: null)).Done();
        await using var watch = await person.Watch("all", "body/finland", "state/FIN");
        var before = await Counted(await Node.Settled());
        var (plan, milestone, drafted) = await Draft(word, "parties");
        var marker = await finland.Post("/requests", new { to = (string[])["argentina"], kind = "information", mark = "community", subject = "For everyone" }, match: null);

        string[] verbs = ["status", "measures", "measures/the-measure/milestones", $"milestones/{milestone}/due", $"milestones/{milestone}/reports", "reports/r1/submit", "reports/r1/approve", "reports/r1/return"];
        await Same(plan, path => person.Get($"/plans/{path}"));
        await Same(plan, path => person.Get($"/plans/{path}", ("If-None-Match", "\"v3\"")));
        foreach (var part in (string[])["measures", "measures?pillar=training", $"milestones/{milestone}", $"milestones/{milestone}/reports", $"milestones/{milestone}/reports?limit=1"])
            await Same(plan, path => person.Get($"/plans/{path}/{part}"));
        await Same(plan, path => person.Get($"/milestones?plan={path}&measure=the-measure"));
        foreach (var verb in verbs)
        {
            foreach (var body in (string[])["", "{", "{}", """{"status":"done","title":"T","pillar":"training","due":"2031-01-01","reason":"R"}""", """{"status":5}"""])
                foreach (var match in (string?[])["*", "\"v99\"", null])
                    await Same(plan, path => person.Post($"/plans/{path}/{verb}", Person.Raw(body), match));
        }

        string[] places =
        [
            "/plans?limit=500", "/plans?body=finland", "/plans?state=FIN", "/plans?status=drafting", "/plans?region=Europe", "/milestones?limit=500", "/milestones?body=finland",
            $"/milestones?plan={plan}", "/milestones?state=FIN", "/milestones?lead=argentina", "/milestones?toApprove=false&limit=500", "/bodies/finland", "/bodies?state=FIN", "/inbox",
            $"/feed?after={drafted - 1}", $"/feed?after=0&topic=plan/{plan}", "/feed?topic=body/finland", "/feed?topic=state/FIN", "/feed?topic=pillar/training",
        ];
        foreach (var place in places)
        {
            var answer = await person.Get(place);
            Assert.False(answer.Text.Contains(word, StringComparison.Ordinal) || answer.Text.Contains($"\"{plan}\"", StringComparison.Ordinal), $"{outsider} learns of the plan: {answer}");
        }

        Assert.Equal(before, await Counted(marker.Position));
        // A measure of a hidden plan is no measure.
        if (outsider != "administrator")
        {
            await Same(plan, path => person.Post("/requests", new { to = (string[])["togo"], kind = "information", subject = "With a measure", measure = $"{path}/the-measure" }, match: null));
        }

        await watch.Told(marker.Position);
        await watch.ToldUpTo(marker.Position);
        watch.NeverHeard(word, plan);

        // What of a body's status a plan could move: its requests and who is there are other tests' to move.
        async Task<string> Counted(long seen)
        {
            var status = (await person.Get($"/bodies/finland?seen={seen}")).Json.GetProperty("status");
            return $"{status.GetProperty("plans")} {status.GetProperty("milestones")}";
        }
    }

    [Theory]
    [InlineData("argentina")]
    [InlineData("finland-national-rapporteur")]
    public async Task A_plan_for_the_parties_is_there_for_them(string insider)
    {
        var word = $"Secret{Guid.NewGuid():N}";
        var (plan, _, drafted) = await Draft(word, "parties");
        var person = await Node.As(insider);
        Assert.Contains(word, (await person.Get($"/plans/{plan}")).Done().Text, StringComparison.Ordinal);
        Assert.Contains(word, (await person.Get($"/feed?after={drafted - 1}")).Text, StringComparison.Ordinal);
        Assert.Contains(word, (await person.Get($"/milestones?plan={plan}")).Text, StringComparison.Ordinal);
    }

    [Trait("On", "both")]
    [Theory]
    [InlineData("finland")]
    [InlineData("sweden")]
    [InlineData("administrator")]
    [InlineData("finland-national-rapporteur")]
    public async Task A_draft_report_is_its_own_bodys_alone(string other)
    {
        var (argentina, person) = (await Node.As("argentina"), await Node.As(other));
        var word = $"Secret{Guid.NewGuid():N}";
        var (plan, milestone, _) = await Draft("Seen by all", "community");
        await using var watch = await person.Watch("all", $"plan/{plan}");
        var report = await argentina.Post($"/plans/{plan}/milestones/{milestone}/reports", new { status = "in-progress", progress = 40, note = word, draft = true });
        var marker = await argentina.Post("/requests", new { to = (string[])["togo"], kind = "information", mark = "community", subject = "For everyone" }, match: null);
        var reports = $"/plans/{plan}/milestones/{milestone}/reports";
        foreach (var path in (string[])[$"/plans/{plan}", $"/plans/{plan}/measures", $"/milestones?plan={plan}", $"/plans/{plan}/milestones/{milestone}", reports, "/plans?body=finland", $"/feed?after={report.Position - 1}", $"/feed?topic=plan/{plan}", "/inbox"])
            Assert.DoesNotContain(word, (await person.Get(path)).Text, StringComparison.Ordinal);
        foreach (var verb in (string[])["submit", "approve", "return"])
        {
            var there = await person.Post($"/plans/{plan}/reports/{report.Id}/{verb}", new { reason = "No" });
            var never = await person.Post($"/plans/{plan}/reports/r77/{verb}", new { reason = "No" });
            Assert.True(there.Seen() == never.Seen(), $"A draft and no report differ: {there} {never}");
        }

        await watch.Told(marker.Position);
        watch.NeverHeard(word);
        Assert.Contains(word, (await argentina.Get(reports)).Text, StringComparison.Ordinal);
    }

    private async Task<(string Plan, string Milestone, long Position)> Draft(string word, string mark)
    {
        var finland = await Node.As("finland");
        var drafted = await finland.Post("/plans", new { title = $"Plan {word}", mark }, match: null);
        (await finland.Post($"/plans/{drafted.Id}/measures", new { id = "the-measure", pillar = "training", title = $"Measure {word}", lead = "argentina" })).Done();
        var milestone = await finland.Post($"/plans/{drafted.Id}/measures/the-measure/milestones", new { title = $"Milestone {word}", due = "2031-01-01" });
        return (drafted.Id, milestone.Id, drafted.Position);
    }

    private static Task Same(string id, Func<string, Task<Answer>> ask) => Answer.Same(id, Unknown, ask);
}
