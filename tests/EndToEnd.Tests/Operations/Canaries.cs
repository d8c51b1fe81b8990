using System.Globalization;
using System.Text;

namespace Coordination.EndToEnd.Tests.Operations;

/// <summary>
/// Words that stand nowhere else, one in each text that people can write over HTTP, and where they were written. After an erasure none of
/// them is to be found anywhere.
/// </summary>
/// <param name="address">Where the platform answers.</param>
/// <param name="data">Folder of all that it keeps.</param>
/// <param name="run">Makes the words those of one test.</param>
internal sealed class Canaries(Uri address, string data, string run)
{
    private readonly List<string> _words = [];

    /// <summary>Every word, by where it was written.</summary>
    public IReadOnlyList<string> Words => _words;

    /// <summary>Id of an account whose names are words too.</summary>
    public string Account { get; private set; } = "";

    /// <summary>Positions of the entries that hold them.</summary>
    public List<long> Positions { get; } = [];

    /// <summary>A write that can be said again: the first plan.</summary>
    public (string Path, object Body, string Key, Receipt Receipt) First { get; private set; }

    public string Plan { get; private set; } = "";
    public string Milestone { get; private set; } = "";
    public string Request { get; private set; } = "";
    public string Group { get; private set; } = "";
    public string Body { get; private set; } = "";

    /// <summary>Writes them all, as a coordinator, a partner body and an administrator.</summary>
    public async Task Write()
    {
        using var ruritania = await Caller.SignIn(address, "ruritania", Waiting.Cancellation);
        using var valdoria = await Caller.SignIn(address, "valdoria", Waiting.Cancellation);
        using var administrator = await As(address, "administrator");

        Body = $"{run}-agency";
        await Say(administrator, "bodies", new { id = Body, kind = "partner", name = "An agency", note = Word("note"), category = Word("category"), parent = "ruritania", parentRelation = Word("relation") });
        await Say(ruritania, "bodies/ruritania/profile", new { legalBasis = Word("basis"), focalPoints = new[] { new { subject = Word("subject"), office = Word("office") } } });

        var plan = new { title = Word("title"), note = Word("note"), mark = "parties" };
        First = ("plans", plan, $"{run}-first", await Say(ruritania, "plans", plan, $"{run}-first"));
        Plan = First.Receipt.Id;
        var measure = (await Say(ruritania, $"plans/{Plan}/measures", new { pillar = "training", title = Word("measure"), lead = "valdoria" })).Id;
        Milestone = (await Say(ruritania, $"plans/{Plan}/measures/{measure}/milestones", new { title = Word("milestone"), due = "2030-06-30" })).Id;
        await Say(ruritania, $"plans/{Plan}/milestones/{Milestone}/due", new { due = "2030-09-30", reason = Word("reason") });
        var reports = $"plans/{Plan}/milestones/{Milestone}/reports";
        await Say(ruritania, reports, new { status = "in-progress", progress = 10, note = Word("note"), evidence = new[] { Word("evidence"), $"https://example.org/{Word("link")}" } });
        // Written once as a draft; what follows only names the place.
        var draft = (await Say(valdoria, reports, new { status = "in-progress", progress = 20, note = Word("draft"), evidence = new[] { Word("evidence") }, draft = true })).Id;
        await Say(valdoria, $"plans/{Plan}/reports/{draft}/submit", new { });
        await Say(ruritania, $"plans/{Plan}/reports/{draft}/return", new { reason = Word("return") });
        await Say(valdoria, $"plans/{Plan}/reports/{draft}/submit", new { note = Word("again") });
        await Say(ruritania, $"plans/{Plan}/reports/{draft}/approve", new { });
        await Say(valdoria, reports, new { status = "in-progress", progress = 30, note = Word("open") });

        Request = (await Say(ruritania, "requests", new
        {
            to = new[] { "valdoria" },
            kind = "information",
            subject = Word("subject"),
            text = Word("text"),
            mark = "named",
            agreement = Word("agreement"),
            neededBy = "2031-01-31",
        })).Id;
        await Say(valdoria, $"requests/{Request}/ask", new { text = Word("ask") });
        await Say(ruritania, $"requests/{Request}/clarify", new { text = Word("clarify") });
        await Say(valdoria, $"requests/{Request}/propose-date", new { date = "2031-03-31", text = Word("propose") });
        await Say(ruritania, $"requests/{Request}/accept", new { text = Word("agree") });
        await Say(valdoria, $"requests/{Request}/answer", new { text = Word("answer") });
        await Say(ruritania, $"requests/{Request}/confirm", new { text = Word("confirm") });
        var other = (await Say(ruritania, "requests", new { to = new[] { "valdoria" }, kind = "training", subject = Word("subject"), mark = "parties" })).Id;
        await Say(valdoria, $"requests/{other}/decline", new { ground = "no-capacity", text = Word("decline") });
        var third = (await Say(ruritania, "requests", new { to = new[] { "valdoria" }, kind = "training", subject = Word("subject"), mark = "community" })).Id;
        await Say(ruritania, $"requests/{third}/withdraw", new { text = Word("withdraw") });

        var formed = await Say(ruritania, "groups", new { name = Word("group"), note = Word("note"), members = new[] { "valdoria" } });
        Group = formed.Id;
        // What is written stands in the entry before, and the invitation in the last one.
        Positions.Add(formed.Position - 1);
        await Say(valdoria, $"groups/{Group}/join", new { });
        var update = (await Say(ruritania, $"groups/{Group}/updates", new { text = Word("update") })).Id;
        await Say(valdoria, $"groups/{Group}/updates", new { text = Word("correction"), replyTo = update });

        // A person is no text of the journal. It is erased in another way and is to leave as little behind.
        using var granted = await ruritania.Send("bodies/ruritania/invitations", new { account = Word("sign-in"), role = "contributor", displayName = Word("person") }, null, Waiting.Cancellation);
        Account = (await granted.Content.ReadFromJsonAsync<JsonElement>(Waiting.Cancellation)).GetProperty("account").GetString()!;
    }

    /// <summary>Signs someone in; the administrator with the password that was made at the first start.</summary>
    public async Task<Caller> As(Uri where, string account) => await Caller.SignIn(
        where, account, Waiting.Cancellation,
        account == "administrator"
            ? (await File.ReadAllTextAsync(Directory.EnumerateFiles(data, "administrator-password", SearchOption.AllDirectories).First(), Waiting.Cancellation)).Trim()
            : NodeProcess.Password);

    /// <summary>Fails when a word stands in any file under a folder.</summary>
    public async Task ShouldNotBeIn(string folder, string what, Func<string, bool>? only = null)
    {
        var found = await Hits(folder, only);
        Assert.True(found.Count == 0, $"{found.Count} hits in {what}:\n{string.Join('\n', found.Take(40))}");
    }

    /// <summary>Fails when words stand in no file under a folder: whoever does not find them there now proves nothing later.</summary>
    public async Task ShouldAllBeIn(string folder)
    {
        var found = await Hits(folder, null);
        var unseen = _words.Where(word => !found.Any(hit => hit.StartsWith(word + " ", StringComparison.Ordinal))).ToList();
        // A page of a log may end within a word.
        Assert.True(unseen.Count <= 3, $"Not found where they must be: {string.Join(", ", unseen)}");
    }

    private async Task<List<string>> Hits(string folder, Func<string, bool>? only)
    {
        var found = new List<string>();
        foreach (var file in Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
        {
            if (only?.Invoke(file) == false) continue;
            byte[] bytes;
            try
            {
                await using var input = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using var all = new MemoryStream();
                await input.CopyToAsync(all, Waiting.Cancellation);
                bytes = all.ToArray();
            }
            catch (IOException)
            {
                // A file of a server that runs, gone meanwhile.
                continue;
            }

            // All of them begin alike.
            if (bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Prefix)) < 0) continue;
            found.AddRange(_words.Where(word => bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(word)) >= 0).Select(word => $"{word} in {file}"));
        }

        return found;
    }

    /// <summary>Fails when a word stands in a text.</summary>
    public void ShouldNotBeSaid(string text, string where) => Assert.True(
        _words.Where(word => text.Contains(word, StringComparison.Ordinal)).ToList() is { Count: 0 }, $"{where} says {string.Join(", ", _words.Where(word => text.Contains(word, StringComparison.Ordinal)))}.");

    /// <summary>A word that is written somewhere else and is to be gone too.</summary>
    public string Word(string where)
    {
        var word = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{_words.Count}-{where}");
        _words.Add(word);
        return word;
    }

    /// <summary>How all of them begin.</summary>
    public string Prefix => $"canary-{run}-";

    private async Task<Receipt> Say(Caller caller, string path, object body, string? key = null)
    {
        var receipt = await caller.Write(path, body, Waiting.Cancellation, key);
        Positions.Add(receipt.Position);
        return receipt;
    }
}
