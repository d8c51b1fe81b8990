using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Coordination.Gateway.Tests.Attacks;

/// <summary>
/// Everybody asks for everything: each path of the interface, with everything that its parameters can name, by each viewer. What each may see is
/// said by how the world was made.
/// </summary>
[Trait("Full", "scale")]
public sealed partial class WhoSeesWhat(People people, ITestOutputHelper output) : IClassFixture<People>
{
    /// <summary>Requests at the same time: the platform is to answer many, and the test is not to take long.</summary>
    private static readonly ParallelOptions Many = new() { MaxDegreeOfParallelism = 6, CancellationToken = TestContext.Current.CancellationToken };

    private readonly ConcurrentQueue<string> _wrong = [];
    private int _compared;

    [Fact]
    public async Task Each_sees_what_is_for_them_and_nothing_else_on_every_path()
    {
        var reads = people.Interface.Operations.Where(operation => operation.Method == HttpMethod.Get).SelectMany(Paths).Distinct().ToArray();
        var answers = new ConcurrentDictionary<(string Viewer, string Path), string>();
        await Parallel.ForEachAsync(people.Viewers.SelectMany(viewer => reads.Select(path => (viewer, path))), Many, async (asked, _) =>
        {
            var (viewer, path) = asked;
            var answer = await viewer.Person.Get(path);
            if (!viewer.IsSignedIn && !path.EndsWith("/demonstration", StringComparison.Ordinal) && (int)answer.Status != 401) _wrong.Enqueue($"{viewer.Name} is answered without a session: {answer}");
            if ((int)answer.Status >= 500) _wrong.Enqueue($"{viewer.Name}: {answer}");
            answers[(viewer.Name, path)] = answer.Text;
            var told = Words().Matches(answer.Text).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
            foreach (var thing in people.Things)
            {
                Interlocked.Increment(ref _compared);
                if (told.Contains(thing.Word) && !thing.Sees(viewer)) _wrong.Enqueue($"{viewer.Name} learns of {thing.Noun}/{thing.Id}: {answer}");
            }
        });
        // And who may see it does, or the platform could hide everything and pass.
        foreach (var viewer in people.Viewers)
        {
            foreach (var thing in people.Things.Where(thing => thing.Sees(viewer)))
            {
                foreach (var path in (string[])[thing.At, .. thing.IsTold ? (string[])["/feed?after=0&limit=500"] : []])
                {
                    _compared++;
                    if (!answers[(viewer.Name, path)].Contains(thing.Word, StringComparison.Ordinal)) _wrong.Enqueue($"{viewer.Name} may see {thing.Noun}/{thing.Id} and does not find it at {path}.");
                }
            }
        }

        output.WriteLine($"{_compared} comparisons over {answers.Count} answers.");
        Nothing();
        Assert.True(_compared >= 20_000, $"Only {_compared} comparisons.");
    }

    /// <summary>By its id: each operation, reading or writing, on what is hidden and on what never was.</summary>
    [Fact]
    public async Task What_is_hidden_is_as_if_it_had_never_been()
    {
        var before = people.Node.Position;
        var never = new ConcurrentDictionary<(string Viewer, string Asked, string? Match), Task<Answer>>();
        var tries =
            from operation in people.Interface.Operations
            from thing in people.Things
            where operation.Places.Any(place => place.Noun == thing.Noun) && operation.Places.All(place => thing.Named(place.Noun) is not null || place.Noun != thing.Noun)
            from viewer in people.Viewers
            where !thing.Sees(viewer)
            select (operation, thing, viewer);
        await Parallel.ForEachAsync(tries, Many, async (one, _) =>
        {
            var (operation, thing, viewer) = one;
            // A part of something visible beside it is whatever is there.
            string Path(string id) => operation.At(noun => noun == thing.Noun ? id : thing.Named(noun) ?? Absent(noun));
            foreach (var match in operation.Method == HttpMethod.Get ? (string?[])[null] : TestSize.Of<string?[]>(["*"], [null, "*", "\"v1\""]))
            {
                Task<Answer> Ask(string id) => viewer.Person.Send(
                    operation.Method, Path(id), operation.Body is null ? null : Person.Raw("""{"text":"x","status":"done","reason":"x","due":"2031-01-01","date":"2031-01-01","ground":"no-capacity","pillar":"training","title":"x","body":"x"}"""),
                    match is null ? [] : [("If-Match", match)]);
                var absent = Absent(thing.Noun);
                var (there, not) = (await Ask(thing.Id), await never.GetOrAdd((viewer.Name, $"{operation.Method} {Path(absent)}", match), _ => Ask(absent)));
                // A session is renewed each minute, with whichever request comes then.
                if (there.Headers.Contains("Set-Cookie") != not.Headers.Contains("Set-Cookie")) (there, not) = (await Ask(thing.Id), await Ask(absent));
                Interlocked.Increment(ref _compared);
                if (there.Seen(thing.Id) != not.Seen(absent)) _wrong.Enqueue($"{viewer.Name}, hidden and never:\n{there}\n{not}");
                if ((int)there.Status is < 400 or >= 500) _wrong.Enqueue($"{viewer.Name} acts on what is hidden: {there}");
            }
        });
        output.WriteLine($"{_compared} pairs of what is hidden and what never was.");
        Nothing();
        Assert.Equal(before, people.Node.Position);
        Assert.True(_compared >= 440, $"Only {_compared} pairs.");
    }

    /// <summary>
    /// The same world without a hidden thing and with it: no answer on any path differs for those who may not see it, but for where the journal
    /// stands.
    /// </summary>
    [Fact]
    public async Task What_is_hidden_moves_nothing_that_others_see()
    {
        var (owner, lead, member) = (people["arcadia"].Person, people["borduria"].Person, people["elbonia"].Person);
        var plan = people.Things.First(thing => thing is { Noun: "plans" } && thing.Sees(people["grenyarnia"]));
        var milestone = plan.Named("milestones");
        var open = people.Things.First(thing => thing is { Noun: "requests" } && !thing.Sees(people["arcadian-rapporteur"])).Id;
        var group = people.Known["groups"][0];
        var report = "";
        string[] parties = ["arcadia", "borduria", "carpania", "arcadian-rapporteur"];
        (string What, Func<Task> Does, string[] Sees)[] happenings =
        [
            ("a report is drafted", async () => report = (await lead.Post($"/plans/{plan.Id}/milestones/{milestone}/reports", new { status = "in-progress", draft = true })).Id, ["borduria"]),
            ("a report is handed in", async () => (await lead.Post($"/plans/{plan.Id}/reports/{report}/submit", new { })).Done(), parties),
            ("a report is returned", async () => (await owner.Post($"/plans/{plan.Id}/reports/{report}/return", new { reason = "Which month?" })).Done(), parties),
            ("an update is shared in a group", async () => (await member.Post($"/groups/{group}/updates", new { text = "Between us" }, match: null)).Done(), ["arcadia", "elbonia"]),
            ("a request is made between two", async () => (await owner.Post("/requests", new { to = (string[])["drusselia"], kind = "information", subject = "Between us", mark = "named" }, match: null)).Done(), ["arcadia", "drusselia"]),
            ("a request between two is answered", async () => (await people["drusselia"].Person.Post($"/requests/{open}/ask", new { text = "What?" })).Done(), ["arcadia", "drusselia"]),
            ("a plan of the parties is drafted", async () => (await owner.Post("/plans", new { title = "Between us", mark = "parties" }, match: null)).Done(), ["arcadia", "arcadian-rapporteur"]),
            ("somebody is invited", async () => (await member.Post("/bodies/elbonia/invitations", new { account = $"late.{Guid.NewGuid():N}", role = "observer" }, match: null)).Done(), ["elbonia", ""]),
            ("a body subscribes", async () => (await member.Post("/subscriptions", new { about = "plans" }, match: null)).Done(), ["elbonia"]),
            ("an inbox is read", async () => (await member.Post("/inbox/read", new { upTo = people.Node.Position }, match: null)).Done(), ["elbonia"]),
        ];
        var reads = people.Interface.Operations.Where(operation => operation.Method == HttpMethod.Get && !Tells.Contains(operation.Path) && operation.Path != Notes)
            .SelectMany(operation => Paths(operation).Where(path => !path.Contains("?topic=account/", StringComparison.Ordinal)).DistinctBy(path => TestSize.Of(path.Split('=')[0], path))).Distinct().ToArray();
        string[] lookers = ["grenyarnia", "carpania", "elbonia", "florin", "arcadian-rapporteur", "region-of-europe", "drusselia", "arcadia", "administrator"];
        var before = await Read();
        foreach (var (what, does, sees) in happenings)
        {
            await does();
            await people.Node.Settled();
            var after = await Read();
            foreach (var ((looker, path), answer) in after)
            {
                if (sees.Contains(people[looker].Body ?? "")) continue;
                _compared++;
                if (before[(looker, path)] is var was && was != answer) _wrong.Enqueue($"{looker} notices at {path} that {what}:\n{Difference(was, answer)}");
            }

            before = after;
        }

        output.WriteLine($"{_compared} answers with and without what is hidden.");
        Nothing();

        async Task<ConcurrentDictionary<(string Looker, string Path), string>> Read()
        {
            var answers = new ConcurrentDictionary<(string, string), string>();
            await Parallel.ForEachAsync(lookers.SelectMany(looker => reads.Select(path => (looker, path))), Many, async (asked, _) =>
            {
                answers[asked] = Moving().Replace((await people[asked.looker].Person.Get(asked.path)).Seen(), "");
            });
            return answers;
        }

        static string Difference(string was, string now)
        {
            var at = Enumerable.Range(0, Math.Min(was.Length, now.Length)).FirstOrDefault(index => was[index] != now[index], Math.Min(was.Length, now.Length));
            return $"  …{was[Math.Max(0, at - 60)..Math.Min(was.Length, at + 60)]}…\n  …{now[Math.Max(0, at - 60)..Math.Min(now.Length, at + 60)]}…";
        }
    }

    /// <summary>Paths that say where the journal stands and nothing else of it, which everybody signed in may know.</summary>
    private static readonly string[] Tells = ["/journal/entries", "/journal/heads", "/journal/verify"];

    /// <summary>Tells of the lookers' own looks, so that it is another one after each.</summary>
    private const string Notes = "/security-log";

    /// <summary>What passes by itself: where the journal stands, the clock, and the session's own renewal.</summary>
    [GeneratedRegex("\"(position|now|ends|endsForGood|used|today)\":(\"[^\"]*\"|[0-9]+)|^Set-Cookie: .*$", RegexOptions.Multiline)]
    private static partial Regex Moving();

    private void Nothing() => Assert.True(_wrong.IsEmpty, $"{_wrong.Count} wrong of {_compared}:\n{string.Join('\n', _wrong.Take(12))}");

    /// <summary>A path with everything that its parameters can name, one thing after the other.</summary>
    private IEnumerable<string> Paths(Operation operation)
    {
        IEnumerable<string> paths = [operation.Path];
        foreach (var (name, noun) in operation.Places)
            paths = [.. paths.SelectMany(path => Ids(operation, noun).Append(Absent(noun)).Select(id => path.Replace($"{{{name}}}", id, StringComparison.Ordinal)))];
        var all = paths.ToArray();
        foreach (var path in all)
        {
            yield return path;
            // Where there are many of them, the first tells how a query is answered.
            if (operation.Places.Any() && path != all[0]) continue;
            foreach (var query in operation.Queries)
                foreach (var value in Values(operation, query)) yield return $"{path}?{query.Name}={Uri.EscapeDataString(value)}";
        }

        if (operation.Path == "/feed") yield return "/feed?after=0&limit=500";
    }

    private string[] Ids(Operation operation, string noun) => people.Known.GetValueOrDefault(noun)
        ?? throw Unknown($"{operation.Name} names one of '{noun}': say in {nameof(People)}.{nameof(People.Known)} which there are.");

    private IEnumerable<string> Values(Operation operation, Parameter query)
    {
        if (people.Interface.Resolve(query.Schema)?["enum"] is JsonArray names) return names.Select(name => name!.GetValue<string>());
        return query.Name.ToLowerInvariant() switch
        {
            _ when Interface.TypeOf(query.Schema) is "boolean" => ["true", "false"],
            "limit" => ["1", "500"],
            "seen" or "before" => ["0", "1000000"],
            "after" => operation.Path is "/feed" or "/journal/entries" ? ["0", "100"] : [""],
            "q" => ["a", "Secret", people.Things.First(thing => thing.Noun is "plans").Id],
            "region" => ["Europe", "Africa"],
            "state" => ["XAR", "XBO", "XGR"],
            "body" or "lead" or "concerning" or "id" => Ids(operation, "bodies"),
            "measure" => Ids(operation, "measures").Append(Absent("measures")),
            "account" => Ids(operation, "accounts").Append(Absent("accounts")),
            "plan" => Ids(operation, "plans").Append(Absent("plans")),
            "topic" => Ids(operation, "bodies").Select(id => $"body/{id}").Concat(["all", "state/XAR", "pillar/training", "group/none"])
                .Concat(people.Things.Where(thing => thing.Noun is "plans" or "requests").Select(thing => $"{thing.Noun[..^1]}/{thing.Id}"))
                .Concat(Ids(operation, "groups").Select(id => $"group/{id}")).Concat(Ids(operation, "accounts").Select(id => $"account/{id}")),
            "duebefore" or "dueafter" => ["2030-12-31", "2031-01-02"],
            _ => throw Unknown($"{operation.Name} takes '{query.Name}': say in {nameof(WhoSeesWhat)}.{nameof(Values)} what it can be."),
        };
    }

    private static Xunit.Sdk.XunitException Unknown(string what) => new($"The interface has something new that nobody has asked for yet. {what}");

    private static string Absent(string noun) => $"{noun[0]}-zzzzzzzz";

    [GeneratedRegex("Secret[0-9a-f]{32}|invited\\.[0-9a-f]{32}")]
    private static partial Regex Words();
}
