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

    public static TheoryData<string> Languages =>
        [.. Directory.EnumerateDirectories(Path.Combine(Repository.Root, "web", "src", "i18n", "locales")).Select(folder => Path.GetFileName(folder)!)];

    [Theory, MemberData(nameof(Languages))]
    public void In_each_language(string language)
    {
        var codes = Codes();
        Assert.True(codes.Count > 150, $"Only {codes.Count} codes were found.");
        Assert.Equal(codes, Sentences(language));
    }

    /// <summary>
    /// Taken from the text of the programs, since a code stands where it is used: every literal of the form of a code that names no fact. So a new
    /// one is here by itself.
    /// </summary>
    private static SortedSet<string> Codes()
    {
        var facts = FactJson.All.Select(fact => fact.Name).ToHashSet(StringComparer.Ordinal);
        var found = Sources.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .SelectMany(file => Literal().Matches(File.ReadAllText(file)))
            .Select(literal => literal.Groups["code"].Value)
            .Where(code => !facts.Contains(code) && !NoCode().IsMatch(code));
        return new(found, StringComparer.Ordinal);
    }

    private static SortedSet<string> Sentences(string language)
    {
        using var catalogue = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "web", "src", "i18n", "locales", language, "problems.json")));
        var codes = catalogue.RootElement.EnumerateObject()
            .SelectMany(noun => noun.Value.EnumerateObject().Where(code => code.Value.GetString()!.Trim().Length > 0).Select(code => $"{noun.Name}.{code.Name}"));
        return new(codes, StringComparer.Ordinal);
    }
}
