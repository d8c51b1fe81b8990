using System.Text.Json;
using Coordination.Host.Sentences;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Coordination.Silo.Tests.Sentences;

/// <summary>
/// The silo and the dashboard say the same. <c>tests/Sentences/cases.json</c> is what i18next makes of each sentence of the feed, and of sentences that are made for this
/// alone, in six languages; <c>web/tests/sentences.test.ts</c> writes it, and fails when it is no longer so.
/// </summary>
public sealed class SaysWhatTheDashboardSays
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Sentences");

    private static readonly Catalogues Enlarged = Catalogues.Embedded.With(Read<JsonElement>("catalogues.json"));

    [Fact]
    public void Of_each_case()
    {
        var cases = Read<Case[]>("cases.json");
        var translator = new Translator(Enlarged, NullLogger<Translator>.Instance);
        var wrong = cases.Select(one => (one.Says, Said: translator.Say(one.Language, one.Name, one.Data), one)).Where(one => one.Says != one.Said)
            .Select(one => $"{one.one.Language} {one.one.Name} of {JsonSerializer.Serialize(one.one.Data)}: “{one.Said}” and not “{one.Says}”");
        Assert.Empty(wrong);
        Assert.True(cases.Length > 500, $"Only {cases.Length} cases were found.");
        Assert.Equal(["ar", "en", "es", "fr", "ru", "zh"], cases.Select(one => one.Language).Where(language => language.Length == 2 && language != "de").Distinct().Order());
    }

    [Fact]
    public void Every_sentence_of_the_feed_and_every_form_of_one_is_among_the_cases()
    {
        var all = Read<Case[]>("cases.json").ToLookup(one => one.Language);
        foreach (var language in Catalogues.Embedded.Languages)
        {
            var missed = Catalogues.Embedded.NamesIn(language).Where(name => name.StartsWith("feed:fact.", StringComparison.Ordinal))
                .Where(name => !all[language].Any(one => name == one.Name || name.StartsWith($"{one.Name}_", StringComparison.Ordinal)));
            Assert.Empty(missed);
        }
    }

    [Fact]
    public void A_sentence_that_no_catalogue_has_reads_as_its_name_and_is_logged_once()
    {
        var log = new Logged();
        var translator = new Translator(Catalogues.Embedded, log);
        Dictionary<string, string> data = new() { ["bodyName"] = "Ruritania" };
        Assert.Equal("Plan: something newer", translator.Say("en", "feed:fact.plan.something-newer", data));
        Assert.Equal("Plan: something newer", translator.Say("ar", "feed:fact.plan.something-newer", data));
        Assert.Equal(["No catalogue has the sentence feed:fact.plan.something-newer"], log.Lines);
        Assert.Equal("Something", translator.Say("en", "something", data));
        Assert.Equal("", translator.Say("", "", data));
        Assert.Equal(3, log.Lines.Count);
    }

    [Fact]
    public void An_unknown_language_is_told_in_English()
    {
        var translator = new Translator(Catalogues.Embedded, NullLogger<Translator>.Instance);
        Dictionary<string, string> data = new() { ["bodyName"] = "Ruritania", ["planTitle"] = "Plan" };
        Assert.All(["en", "en-ZA", "de", "", "x-klingon"], language => Assert.Equal("Ruritania opened the plan “Plan”", translator.Say(language, "feed:fact.plan.drafted", data)));
    }

    private static T Read<T>(string file) => JsonSerializer.Deserialize<T>(File.ReadAllText(Path.Combine(Folder, file)), JsonSerializerOptions.Web)!;

    private sealed record Case(string Language, string Name, Dictionary<string, string> Data, string Says);

    private sealed class Logged : ILogger<Translator>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Add(formatter(state, exception));
    }
}
