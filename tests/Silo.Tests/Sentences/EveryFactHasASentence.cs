using System.Text.RegularExpressions;
using Coordination.Host.Sentences;

namespace Coordination.Silo.Tests.Sentences;

/// <summary>A sentence that is missing, or that nothing needs, fails here and not on a page.</summary>
public sealed partial class EveryFactHasASentence
{
    private const string Sentence = "feed:fact.";

    /// <summary>Facts that nobody is told of: of accounts themselves, of subscriptions and of what was read.</summary>
    private static readonly HashSet<string> Untold =
    [
        "account.accepted", "account.erased", "account.named", "account.opened", "account.reset-by-operator", "inbox.read", "subscription.ended", "subscription.made",
    ];

    /// <summary>What each entry gives, and so what its sentence may hold: always there, unless it was erased or the views do not remember it.</summary>
    private static readonly Dictionary<string, string[]> Given = new()
    {
        ["account.reset-agreed"] = [.. Body, .. Account],
        ["account.reset-asked"] = [.. Body, .. Account],
        ["account.reset-dropped"] = [.. Body, .. Account],
        ["account.role-left"] = [.. Body, .. Account, Translator.Context],
        ["account.role-taken"] = [.. Body, .. Account, "role", Translator.Context],
        ["body.admitted"] = Body,
        ["body.agreement-recorded"] = [.. Body, "text"],
        ["body.fact-recorded"] = [.. Body, "text"],
        ["body.profile-changed"] = Body,
        ["group.chair-appointed"] = [.. Group, .. Member],
        ["group.formed"] = Group,
        ["group.invitation-declined"] = [.. Group, .. Member],
        ["group.invitation-withdrawn"] = [.. Group, .. Member],
        ["group.member-added"] = [.. Group, .. Member],
        ["group.member-invited"] = [.. Group, .. Member],
        ["group.member-removed"] = [.. Group, .. Member],
        ["group.update-shared"] = [.. Group, "text", "update"],
        ["journal.texts-erased"] = [Translator.Count, "positions", "reason"],
        ["plan.drafted"] = Plan,
        ["plan.measure-added"] = [.. Plan, .. Measure, "title"],
        ["plan.milestone-added"] = [.. Plan, .. Milestone, "date"],
        ["plan.milestone-reported"] = [.. Plan, .. Report],
        ["plan.milestone-rescheduled"] = [.. Plan, .. Milestone, "date", "reason"],
        ["plan.report-approved"] = [.. Plan, .. Report],
        ["plan.report-drafted"] = [.. Plan, .. Report],
        ["plan.report-returned"] = [.. Plan, .. Report, "reason"],
        ["plan.report-submitted"] = [.. Plan, .. Report],
        ["plan.status-changed"] = [.. Plan, "status"],
        ["request.accepted"] = Request,
        ["request.answered"] = [.. Request, "text"],
        ["request.clarification-answered"] = [.. Request, "text"],
        ["request.clarification-asked"] = [.. Request, "text"],
        ["request.confirmed"] = Request,
        ["request.date-proposed"] = [.. Request, "date"],
        ["request.declined"] = [.. Request, "ground"],
        ["request.expired"] = Request,
        ["request.opened"] = Request,
        ["request.withdrawn"] = Request,
    };

    /// <summary>The body that acts stands in each entry; without one it is the platform.</summary>
    private static string[] Acting => ["body", "bodyName"];
    private static string[] Body => [.. Acting, "title", "state"];
    private static string[] Account => ["account", "accountName"];
    private static string[] Plan => [.. Acting, "plan", "planTitle", "state"];
    private static string[] Measure => ["measure", "pillar"];
    private static string[] Milestone => [.. Measure, "milestone", "milestoneTitle"];
    private static string[] Report => [.. Milestone, "report", "status", "progress", "text"];
    private static string[] Request => [.. Acting, "request", "subject", "to", "kind"];
    private static string[] Group => [.. Acting, "group", "groupName"];
    private static string[] Member => ["member", "memberName"];

    public static TheoryData<string> Languages => [.. Catalogues.Embedded.Languages];

    [Theory, MemberData(nameof(Languages))]
    public void In_each_language(string language) =>
        Assert.Equal(
            FactJson.All.Select(fact => fact.Name).Where(name => !Untold.Contains(name)).Order(StringComparer.Ordinal),
            Sentences(language).Select(name => PluralForm().Replace(name, "")).Where(name => !name.Contains('_')).Select(Fact).Distinct().Order(StringComparer.Ordinal));

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

    private static string[] GivenTo(string sentence) => Given.GetValueOrDefault(Fact(sentence), []);

    /// <summary>Plural forms and variants are of the fact that the name begins with.</summary>
    private static string Fact(string sentence) => sentence[Sentence.Length..].Split('_')[0];

    private static IEnumerable<string> ValuesOf(string language, string name) =>
        Known().Matches(Catalogues.Embedded.Find(language, name)!).Select(hole => hole.Groups["value"].Value);

    [GeneratedRegex(@"\{\{(?<hole>[^{}]+)\}\}")]
    private static partial Regex Hole();

    [GeneratedRegex(@"\{\{(?<value>\w+)(, (day|word\(of: (?<of>\w+)\)))?\}\}")]
    private static partial Regex Known();

    [GeneratedRegex("_(zero|one|two|few|many|other)$")]
    private static partial Regex PluralForm();
}
