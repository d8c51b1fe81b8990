using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Coordination.Domain.Accounts;
using Coordination.Domain.Bodies;
using Coordination.Domain.Groups;
using Coordination.Domain.Plans;
using Coordination.Domain.Requests;
using Coordination.Domain.Subscriptions;
using Coordination.Host.Sentences;

namespace Coordination.Silo.Tests.Sentences;

/// <summary>A sentence that is missing, or that nothing needs, fails here and not on a page.</summary>
public sealed partial class EveryFactHasASentence
{
    private const string Sentence = "feed:fact.";

    /// <summary>Facts that nobody is told of: of accounts themselves, of subscriptions and of what was read.</summary>
    private static readonly HashSet<string> Untold =
        [.. FactJson.All.Where(fact => fact.Type.IsSubclassOf(typeof(InboxFact)) || (fact.Type.IsSubclassOf(typeof(AccountFact)) && !fact.Type.IsSubclassOf(typeof(AccountRoleFact)))).Select(fact => fact.Name)];

    /// <summary>
    /// What each entry gives, and so what its sentence may hold: what the fact says, of a sample with everything in it, and what is known of the thing. All of it is there, unless
    /// it was erased or the views do not remember it.
    /// </summary>
    private static readonly Dictionary<string, HashSet<string>> Given = FactJson.All.ToDictionary(fact => fact.Name, fact =>
    {
        var sample = JsonNode.Parse(File.ReadAllText(Path.Combine(Samples, $"{fact.Name}.v{fact.Form}.json")))!;
        var read = FactJson.Read(fact.Name, fact.Form, JsonSerializer.SerializeToUtf8Bytes(sample["data"]), sample["texts"] is { } texts ? JsonSerializer.SerializeToUtf8Bytes(texts) : []);
        var said = new Said();
        read.Tell(said);
        return said.Values.Keys.Concat(Of(read)).Concat(["body", "bodyName"]).ToHashSet();
    });

    private static string Samples => Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(Import.LoadedSilo.Input))!, "tests", "Domain.Tests", "Samples");

    private static IEnumerable<string> Of(Fact fact) => fact switch
    {
        BodyFact => ["title", "state"],
        AccountRoleFact => ["title", "state", "account", "accountName"],
        PlanFact { } it => ["plan", "planTitle", "state", .. Of(it.About())],
        RequestAccepted => ["request", "subject", "to", "kind", "by", "byName"],
        RequestFact => ["request", "subject", "to", "kind"],
        GroupUpdateShared or GroupFormed => ["group", "groupName"],
        GroupFact => ["group", "groupName", "member", "memberName"],
        _ => [],
    };

    private static IEnumerable<string> Of(PlanPart part) =>
    [
        .. part.Measure is null && part.Milestone is null ? (string[])[] : ["measure", "pillar"],
        .. part.Milestone is null ? (string[])[] : ["milestone", "milestoneTitle"],
        .. part.Report is null ? (string[])[] : ["report"],
    ];

    public static TheoryData<string> Languages => [.. Catalogues.Embedded.Languages];

    [Theory, MemberData(nameof(Languages))]
    public void In_each_language(string language) =>
        Assert.Equal(
            FactJson.All.Select(fact => fact.Name).Where(name => !Untold.Contains(name)).Order(StringComparer.Ordinal),
            Sentences(language).Select(name => PluralForm().Replace(name, "")).Where(name => !name.Contains('_')).Select(FactOf).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void And_what_nobody_is_told_of_is_a_fact() => Assert.Subset(FactJson.All.Select(fact => fact.Name).ToHashSet(), Untold);

    [Theory, MemberData(nameof(Languages))]
    public void That_is_made_of_what_its_entry_gives(string language)
    {
        var sentences = Sentences(language);
        Assert.Empty(sentences.SelectMany(name => ValuesOf(language, name).Except(GivenTo(name)).Select(value => $"{name}: {value}")));
        // A form or a variant is only said when the entry gives what it is chosen by.
        Assert.DoesNotContain(sentences, name => PluralForm().IsMatch(name) && !GivenTo(name).Contains(Translator.Count));
        Assert.DoesNotContain(sentences, name => PluralForm().Replace(name, "").Contains('_') && !GivenTo(name).Contains(Translator.Context));
    }

    /// <summary>Values and how they are written; a form for none, one or two may leave the number out.</summary>
    [Theory, MemberData(nameof(Languages))]
    public void That_says_the_same_in_each(string language)
    {
        Assert.DoesNotContain(Sentences(language), name => !Holes(language, name).SequenceEqual(Holes(Catalogues.Fallback, InEnglish(name))));

        static string InEnglish(string name) => Catalogues.Embedded.Find(Catalogues.Fallback, name) is null ? $"{PluralForm().Replace(name, "")}_other" : name;

        static IEnumerable<string> Holes(string language, string name) =>
            Hole().Matches(Catalogues.Embedded.Find(language, name)!).Select(hole => hole.Groups["hole"].Value).Where(hole => hole != Translator.Count).Order(StringComparer.Ordinal);
    }

    /// <summary>The reader knows a part of what i18next knows. What it does not know would be read out as it stands.</summary>
    [Theory, MemberData(nameof(Languages))]
    public void That_the_silo_can_read(string language)
    {
        var texts = Catalogues.Embedded.NamesIn(language).Where(name => name.StartsWith("feed:", StringComparison.Ordinal) || name.StartsWith("words:", StringComparison.Ordinal))
            .Select(name => (Name: name, Text: Catalogues.Embedded.Find(language, name)!)).ToList();
        Assert.True(texts.Count > 150, $"Only {texts.Count} texts were found.");
        Assert.DoesNotContain(texts, text => text.Text.Contains("$t(", StringComparison.Ordinal));
        Assert.DoesNotContain(texts, text => Known().Replace(text.Text, "").IndexOfAny(['{', '}']) >= 0);
        // Each group of words that a sentence asks for is there.
        var groups = texts.SelectMany(text => Known().Matches(text.Text)).Select(hole => hole.Groups["of"].Value).Where(of => of.Length > 0).Distinct();
        Assert.DoesNotContain(groups, of => !texts.Any(text => text.Name.StartsWith($"words:{of}.", StringComparison.Ordinal)));
    }

    private static List<string> Sentences(string language) =>
        [.. Catalogues.Embedded.NamesIn(language).Where(name => name.StartsWith(Sentence, StringComparison.Ordinal))];

    private static IReadOnlySet<string> GivenTo(string sentence) => Given.GetValueOrDefault(FactOf(sentence), []);

    /// <summary>Plural forms and variants are of the fact that the name begins with.</summary>
    private static string FactOf(string sentence) => sentence[Sentence.Length..].Split('_')[0];

    private static IEnumerable<string> ValuesOf(string language, string name) =>
        Known().Matches(Catalogues.Embedded.Find(language, name)!).Select(hole => hole.Groups["value"].Value);

    [GeneratedRegex(@"\{\{(?<hole>[^{}]+)\}\}")]
    private static partial Regex Hole();

    [GeneratedRegex(@"\{\{(?<value>\w+)(, (day|word\(of: (?<of>\w+)\)))?\}\}")]
    private static partial Regex Known();

    [GeneratedRegex("_(zero|one|two|few|many|other)$")]
    private static partial Regex PluralForm();
}
