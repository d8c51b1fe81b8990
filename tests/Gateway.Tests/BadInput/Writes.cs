namespace Coordination.Gateway.Tests.BadInput;

/// <summary>Every write of the API with a body that it takes, and things of Ruritania's for it to work on.</summary>
public sealed class Writes(RunningNode running) : IAsyncLifetime
{
    /// <param name="By">Account that may do it.</param>
    /// <param name="Good">A body that it takes; null when it takes none.</param>
    /// <param name="Optional">The body may be left out.</param>
    public sealed record Write(string Name, string By, string Path, string? Good, bool Optional = false);

    private static readonly Dictionary<string, Write> Known = ((Write[])
    [
        new("sign in", "ruritania", "/session", """{"account":"no-such-account","password":"not-the-password"}"""),
        new("admit a body", "administrator", "/bodies", """{"kind":"partner","name":"A partner","acronym":"AP","state":"XRU","m49":"001","region":"Meridia","timeZone":"Europe/Vienna","note":"Note","members":["ruritania"],"chairs":[{"body":"ruritania","from":"2026-01"}],"exercise":true}"""),
        new("change a profile", "ruritania", "/bodies/ruritania/profile", """{"name":"Ruritania, changed","acronym":"RU","legalBasis":"Act 1","timeZone":"Europe/Paris","focalPoints":[{"subject":"Data","office":"Office"}]}"""),
        new("grant a role", "ruritania", "/bodies/ruritania/roles", """{"account":"ruritania","role":"coordinator","displayName":"Someone"}"""),
        new("invite a person", "ruritania", "/bodies/ruritania/invitations", """{"account":"someone.new","role":"observer","displayName":"Someone"}"""),
        new("name an account", "ruritania", "/accounts/{own}/name", """{"displayName":"Ruritania"}"""),
        new("draft a plan", "ruritania", "/plans", """{"body":"ruritania","title":"Title","iteration":{"number":1,"atLeast":false},"period":{"from":"2026-01-01","to":"2027-12-31"},"status":"drafting","mark":"community","note":"Note"}"""),
        new("change a plan's status", "ruritania", "/plans/{plan}/status", """{"status":"adopted"}"""),
        new("add a measure", "ruritania", "/plans/{plan}/measures", """{"pillar":"training","title":"Title","lead":"ruritania","supporting":["valdoria"],"reportedStatus":"planned"}"""),
        new("add a milestone", "ruritania", "/plans/{plan}/measures/{measure}/milestones", """{"title":"Title","due":"2031-01-01","baseline":"2030-01-01"}"""),
        new("move a milestone", "ruritania", "/plans/{plan}/milestones/{milestone}/due", """{"due":"2031-02-02","reason":"Reason"}"""),
        new("report", "ruritania", "/plans/{plan}/milestones/{milestone}/reports", """{"status":"in-progress","progress":40,"note":"Note","evidence":["https://example.org/a"],"draft":true}"""),
        new("submit a report", "ruritania", "/plans/{plan}/reports/{report}/submit", """{"status":"in-progress","progress":50,"note":"Note","evidence":["https://example.org/a"]}""", Optional: true),
        new("return a report", "ruritania", "/plans/{plan}/reports/{report}/return", """{"reason":"Reason"}"""),
        new("open a request", "ruritania", "/requests", """{"to":["valdoria"],"kind":"information","subject":"Subject","text":"Text","pillar":"training","mark":"community","urgency":"urgent","neededBy":"2031-01-01","agreement":"an-agreement","measure":"{plan}/{measure}"}"""),
        new("accept", "valdoria", "/requests/{request}/accept", """{"text":"Text"}""", Optional: true),
        new("propose a date", "valdoria", "/requests/{request}/propose-date", """{"date":"2031-01-01","text":"Text"}"""),
        new("decline", "valdoria", "/requests/{request}/decline", """{"ground":"no-capacity","text":"Text"}"""),
        new("ask", "valdoria", "/requests/{request}/ask", """{"text":"Text"}"""),
        new("clarify", "ruritania", "/requests/{asked}/clarify", """{"text":"Text"}"""),
        new("answer", "valdoria", "/requests/{request}/answer", """{"text":"Text"}"""),
        new("confirm", "ruritania", "/requests/{answered}/confirm", """{"text":"Text"}""", Optional: true),
        new("withdraw", "ruritania", "/requests/{request}/withdraw", """{"text":"Text"}""", Optional: true),
        new("form a group", "ruritania", "/groups", """{"name":"Name","members":["valdoria"],"chairs":[{"body":"ruritania","from":"2026-01-01","to":"2031"}],"note":"Note","exercise":true}"""),
        new("share an update", "ruritania", "/groups/{group}/updates", """{"text":"Text","mark":"community","replyTo":"{update}"}"""),
        new("add a member", "ruritania", "/groups/{group}/members", """{"body":"togo"}"""),
        new("appoint a chair", "ruritania", "/groups/{group}/chairs", """{"body":"valdoria","from":"2031-01-01","to":"2032-01-01"}"""),
        new("subscribe", "ruritania", "/subscriptions", """{"about":"plans","regions":["Africa"],"states":["FIN"],"kinds":["training"],"pillars":["training"],"urgencies":["urgent"]}"""),
        new("mark the inbox read", "ruritania", "/inbox/read", """{"upTo":1}"""),
        new("approve a report", "ruritania", "/plans/{plan}/reports/{report}/approve", null),
    ]).ToDictionary(write => write.Name);

    private readonly Dictionary<string, string> _ids = [];

    public Node Node => running.Node;

    public static TheoryData<string> Names => [.. Known.Keys];

    public static TheoryData<string> NamesWithBody => [.. Known.Values.Where(write => write.Good is not null).Select(write => write.Name)];

    public Write this[string name]
    {
        get
        {
            var write = Known[name];
            return write with { Path = Fill(write.Path), Good = write.Good is null ? null : Fill(write.Good) };
        }
    }

    public async ValueTask InitializeAsync()
    {
        var (ruritania, valdoria) = (await Node.As("ruritania"), await Node.As("valdoria"));
        _ids["own"] = ruritania.Account;
        _ids["plan"] = (await ruritania.Post("/plans", new { title = "A plan for bad input" }, match: null)).Id;
        _ids["measure"] = (await ruritania.Post(Fill("/plans/{plan}/measures"), new { pillar = "training", title = "A measure", lead = "valdoria" })).Id;
        _ids["milestone"] = (await ruritania.Post(Fill("/plans/{plan}/measures/{measure}/milestones"), new { title = "A milestone", due = "2031-03-03" })).Id;
        _ids["report"] = (await valdoria.Post(Fill("/plans/{plan}/milestones/{milestone}/reports"), new { status = "in-progress", progress = 10 })).Id;
        foreach (var request in (string[])["request", "asked", "answered"])
            _ids[request] = (await ruritania.Post("/requests", new { to = (string[])["valdoria"], kind = "information", subject = "For bad input", mark = "community" }, match: null)).Id;
        (await valdoria.Post(Fill("/requests/{asked}/ask"), new { text = "What?" })).Done();
        (await valdoria.Post(Fill("/requests/{answered}/answer"), new { text = "This." })).Done();
        _ids["group"] = (await ruritania.Post("/groups", new { name = "A group for bad input", members = (string[])["valdoria"] }, match: null)).Id;
        await valdoria.Join(_ids["group"]);
        _ids["update"] = (await ruritania.Post(Fill("/groups/{group}/updates"), new { text = "The first" }, match: null)).Id;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Sends what must be refused, and sees that it was, clearly, and that nothing was written.</summary>
    public async Task Refused(Write write, HttpContent content, string what, string? pointer = null, string? match = "*", params (string Name, string Value)[] headers)
    {
        var before = Node.Position;
        var person = await Node.As(write.By);
        var answer = await person.Send(HttpMethod.Post, write.Path, content, [.. match is null ? [] : ((string, string)[])[("If-Match", match)], .. headers]);
        Assert.True(answer.IsProblem, $"{what}: a problem is problem+json. {answer}");
        Assert.True((int)answer.Status is >= 400 and < 500, $"{what}: {answer}");
        Assert.False(string.IsNullOrEmpty(answer.Code), $"{what}: a problem has a code. {answer}");
        Assert.Equal((int)answer.Status, answer.Json.GetProperty("status").GetInt32());
        foreach (var member in (string[])["type", "title", "detail", "traceId"])
            Assert.False(string.IsNullOrEmpty(answer.Json.TryGetProperty(member, out var text) ? text.GetString() : null), $"{what}: a problem has a {member}. {answer}");
        if (pointer is not null)
        {
            Assert.True(
                answer.Pointers.Any(at => at == pointer || at.StartsWith(pointer + "/", StringComparison.Ordinal)),
                $"{what}: the error should point at {pointer}. {answer}");
        }

        Assert.True(before == Node.Position, $"{what}: something was written. {answer}");
    }

    private string Fill(string text)
    {
        foreach (var (name, id) in _ids) text = text.Replace($"{{{name}}}", id, StringComparison.Ordinal);
        return text;
    }
}
