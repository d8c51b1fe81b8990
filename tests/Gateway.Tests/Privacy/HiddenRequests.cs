using System.Globalization;

namespace Coordination.Gateway.Tests.Privacy;

/// <summary>
/// Finland's requests that are not for everyone, each with a word in it that stands nowhere else.
/// </summary>
public sealed class HiddenRequests(RunningNode running) : IAsyncLifetime
{
    /// <summary>What everyone can see of one hidden request: nothing. What it is known by: id, position and its word.</summary>
    public sealed record Hidden(string Id, long Position, string Word)
    {
        public string[] Traces => [Id, Word];
    }

    public static readonly string[] Outsiders = ["sweden", "administrator", "sweden-national-rapporteur", "ruritania"];

    private readonly Dictionary<string, Hidden> _hidden = [];

    public Node Node => running.Node;

    public Hidden this[string which] => _hidden[which];

    public IEnumerable<Hidden> All => _hidden.Values;

    public async ValueTask InitializeAsync()
    {
        foreach (var outsider in Outsiders)
        {
            var person = await Node.As(outsider);
            // A subscription that would match every one of them, if it were asked first.
            if (outsider != "administrator") (await person.Post("/subscriptions", new { about = "requests" }, match: null)).Done();
        }

        _hidden["parties"] = await Open(new { to = (string[])["argentina"], kind = "information", mark = "parties", pillar = "training", text = "Only between us." });
        _hidden["named"] = await Open(new { to = (string[])["argentina"], kind = "funding", mark = "named", pillar = "awareness", text = "Only between us." });
        _hidden["call"] = await Open(new { region = "Africa", kind = "training", mark = "parties", pillar = "cooperation", text = "Only in the region." });
        _hidden["measured"] = await Open(new
        {
            to = (string[])["argentina"],
            kind = "information",
            mark = "parties",
            measure = await Measure(),
        });
        foreach (var (_, hidden) in _hidden.Where(pair => pair.Key != "call"))
        {
            var argentina = await Node.As("argentina");
            (await argentina.Post($"/requests/{hidden.Id}/ask", new { text = $"What does {hidden.Word} mean?" })).Done();
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Every number about Finland and Argentina and the groups of bodies that they are in.</summary>
    /// <param name="seen">Position that all of them are to know.</param>
    public static async Task<string> Counts(Person person, long seen)
    {
        var counts = new StringBuilder();
        foreach (var path in (string[])["/bodies/finland", "/bodies/argentina", "/bodies/nigeria"])
            counts.AppendLine(CultureInfo.InvariantCulture, $"{path} {(await person.Get($"{path}?seen={seen}")).Json.GetProperty("status").GetProperty("openRequests")}");
        foreach (var body in (await person.Get($"/bodies?limit=500&seen={seen}")).Items)
            counts.AppendLine(CultureInfo.InvariantCulture, $"{body.GetProperty("id")} {body.GetProperty("status").GetProperty("openRequests")}");
        counts.AppendLine(CultureInfo.InvariantCulture, $"requests {(await person.Get($"/requests?limit=500&seen={seen}")).Items.Length}");
        if (person.Account != "administrator")
            counts.AppendLine(CultureInfo.InvariantCulture, $"unread {(await person.Get($"/inbox?seen={seen}")).Json.GetProperty("unread")}");
        return counts.ToString();
    }

    private async Task<string> Measure()
    {
        var finland = await Node.As("finland");
        var plan = (await finland.Post("/plans", new { title = "A plan with a measure", mark = "community" }, match: null)).Id;
        var measure = (await finland.Post($"/plans/{plan}/measures", new { pillar = "training", title = "The measure it serves" })).Id;
        return $"{plan}/{measure}";
    }

    public async Task<Hidden> Open(object request)
    {
        var word = $"Secret{Guid.NewGuid():N}";
        var body = JsonSerializer.SerializeToNode(request)!.AsObject();
        body["subject"] = $"About {word}";
        var receipt = await (await Node.As("finland")).Post("/requests", body, match: null);
        return new(receipt.Id, receipt.Position, word);
    }
}
