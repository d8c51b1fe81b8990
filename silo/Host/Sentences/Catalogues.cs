using System.Collections.Frozen;
using System.Text.Json;

namespace Coordination.Host.Sentences;

/// <summary>
/// The texts of each language, under names such as <c>feed:fact.plan.drafted</c>. They are the dashboard's own files (i18next's JSON), built into the
/// assembly from where they stand: there is no second copy.
/// </summary>
public sealed class Catalogues
{
    /// <summary>The language that every sentence has, and that stands in for a language or a sentence that is not there.</summary>
    public const string Fallback = "en";

    private const string Prefix = "locales/";

    private readonly FrozenDictionary<string, FrozenDictionary<string, string>> _texts;

    private Catalogues(IEnumerable<(string Language, string Name, string Text)> texts) => _texts = texts
        .GroupBy(text => text.Language, StringComparer.Ordinal)
        .ToFrozenDictionary(
            language => language.Key,
            language => language.ToFrozenDictionary(text => text.Name, text => text.Text, StringComparer.Ordinal),
            StringComparer.Ordinal);

    /// <summary>The catalogues of this version of the platform. Read once, when the first sentence is said.</summary>
    public static Catalogues Embedded => Read.Value;

    private static readonly Lazy<Catalogues> Read = new(() => new(Files()));

    /// <summary>Languages that have a catalogue.</summary>
    public IEnumerable<string> Languages => _texts.Keys;

    /// <summary>The names of a language's texts, each with the plural form or the context at its end.</summary>
    public IEnumerable<string> NamesIn(string language) => _texts[language].Keys;

    /// <summary>The text of one name in one language as it stands in the catalogue, or null.</summary>
    public string? Find(string language, string name) => _texts.TryGetValue(language, out var texts) ? texts.GetValueOrDefault(name) : null;

    /// <summary>These and others beside them.</summary>
    /// <param name="others">An object <c>{ language: { namespace: { … } } }</c>.</param>
    public Catalogues With(JsonElement others) => new(_texts
        .SelectMany(language => language.Value.Select(text => (language.Key, text.Key, text.Value)))
        .Concat(others.EnumerateObject().SelectMany(language => language.Value.EnumerateObject().SelectMany(file => Flat(language.Name, $"{file.Name}:", file.Value)))));

    private static IEnumerable<(string Language, string Name, string Text)> Files()
    {
        var assembly = typeof(Catalogues).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            // The folder's separator is that of the machine that built.
            var parts = name[Prefix.Length..].Split('/', '\\');
            foreach (var text in Flat(parts[0], $"{Path.GetFileNameWithoutExtension(parts[1])}:", JsonSerializer.Deserialize<JsonElement>(stream))) yield return text;
        }
    }

    private static IEnumerable<(string Language, string Name, string Text)> Flat(string language, string path, JsonElement texts) => texts.EnumerateObject().SelectMany(
        member => member.Value.ValueKind is JsonValueKind.Object
            ? Flat(language, $"{path}{member.Name}.", member.Value)
            : [(language, $"{path}{member.Name}", member.Value.GetString()!)]);
}
