using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Coordination.Domain.Tests;

/// <summary>Whatever the platform refuses, and whatever is wrong with a field, the dashboard says in the language of its reader.</summary>
public sealed partial class EveryRefusalHasWords
{
    private static readonly string[] Sources = ["silo/Contracts", "silo/Domain", "silo/Host", "gateway"];

    /// <summary>Names that look like codes and are none: of measures, traces, cookies and files.</summary>
    [GeneratedRegex("^(coordination|gateway|inboxes|relay|viewer)\\.|\\.(json|html)$")]
    private static partial Regex NoCode();

    [GeneratedRegex("(?<![\\w/.])\"(?<code>[a-z]+(-[a-z]+)*\\.[a-z0-9]+(-[a-z0-9]+)*)\"")]
    private static partial Regex Literal();

    [GeneratedRegex(@"(Refusal(Reason)?\.(?<kind>NotFound|Forbidden|Conflict|Taken|TooMany|Invalid|Stale|KeyReused|Unavailable)\b|\bStatus(?<status>[0-9]{3})|(?<kind>FieldError|Refuse)\(|\b(?<status>[0-9]{3}) => ?$)", RegexOptions.RightToLeft)]
    private static partial Regex Marker();

    public static TheoryData<string> Languages =>
        [.. Directory.EnumerateDirectories(Path.Combine(Repository.Root, "web", "src", "i18n", "locales")).Select(folder => Path.GetFileName(folder)!)];

    [Theory, MemberData(nameof(Languages))]
    public void In_each_language(string language)
    {
        var codes = Codes();
        Assert.True(codes.Count > 150, $"Only {codes.Count} codes were found.");
        Assert.Equal(codes, Sentences(language));
    }

    /// <summary>What the page of each problem says of its status. <c>UPDATE_PROBLEMS=1</c> writes it down anew.</summary>
    [Fact]
    public void With_its_status()
    {
        var file = Path.Combine(Repository.Root, "web", "src", "problems", "statuses.json");
        var statuses = Statuses();
        if (Environment.GetEnvironmentVariable("UPDATE_PROBLEMS") is "1")
            File.WriteAllText(file, $"{{\n{string.Join(",\n", statuses.Select(one => $"  \"{one.Key}\": [{string.Join(", ", one.Value)}]"))}\n}}\n");
        Assert.Equal([409], statuses["plan.closed"]);
        Assert.Equal([400, 404], statuses["body.not-found"]);
        Assert.Equal([405], statuses["path.verb-unknown"]);
        Assert.Equal([429], statuses["account.too-many-writes"]);
        Assert.Equal([400], statuses["password.short"]);
        Assert.Equal(statuses, JsonSerializer.Deserialize<SortedDictionary<string, int[]>>(File.ReadAllText(file)));
    }

    /// <summary>
    /// Taken from the text of the programs, since a code stands where it is used: every literal of the form of a code that names no fact. So a new
    /// one is here by itself.
    /// </summary>
    private static SortedSet<string> Codes() => new(Uses().Select(use => use.Code), StringComparer.Ordinal);

    /// <summary>Each place where a code stands, with what its statement says before it.</summary>
    private static IEnumerable<(string Code, string Before)> Uses()
    {
        var facts = FactJson.All.Select(fact => fact.Name).ToHashSet(StringComparer.Ordinal);
        return
            from folder in Sources
            from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            let text = File.ReadAllText(file)
            from literal in Literal().Matches(text)
            let code = literal.Groups["code"].Value
            where !facts.Contains(code) && !NoCode().IsMatch(code)
            select (code, text[..literal.Index].Split(';')[^1]);
    }

    /// <summary>
    /// Read from what a statement says last before the code: which kind of refusal it is, or with which status it is answered. Where nothing is said,
    /// something is wrong with a field.
    /// </summary>
    private static SortedDictionary<string, int[]> Statuses() => new(
        Uses().Select(use => (use.Code, Said: Marker().Match(use.Before)))
            .GroupBy(use => use.Code, use => use.Said, StringComparer.Ordinal)
            .ToDictionary(uses => uses.Key, uses => uses.Where(said => said.Success).Select(StatusOf).DefaultIfEmpty(400).Distinct().Order().ToArray()),
        StringComparer.Ordinal);

    private static int StatusOf(Match said) =>
        said.Groups["status"] is { Success: true } status ? int.Parse(status.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : said.Groups["kind"].Value switch
        {
            "NotFound" => 404,
            "Forbidden" => 403,
            "Conflict" or "Taken" => 409,
            "Stale" => 412,
            "KeyReused" => 422,
            "TooMany" or "Refuse" => 429,
            "Unavailable" => 503,
            _ => 400,
        };

    private static SortedSet<string> Sentences(string language)
    {
        using var catalogue = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "web", "src", "i18n", "locales", language, "problems.json")));
        var codes = catalogue.RootElement.EnumerateObject()
            .SelectMany(noun => noun.Value.EnumerateObject().Where(code => code.Value.GetString()!.Trim().Length > 0).Select(code => $"{noun.Name}.{code.Name}"));
        return new(codes, StringComparer.Ordinal);
    }
}
