using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Coordination.Host.Sentences;

/// <summary>
/// Says a sentence of the catalogues with its data, in the words that the dashboard says it in. Code names the sentence and gives its data, and is never
/// the place of words.
/// </summary>
/// <remarks>
/// <para>Written here, and not the package I18Next.Net: what the catalogues use of i18next's JSON v4 is this file, and <c>tests/Sentences</c> holds it to i18next itself.</para>
/// <para>
/// A sentence may hold: values, <c>{{subject}}</c>; values that are codes, whose words stand in the catalogue <c>words</c>, <c>{{status, word(of: planStatus)}}</c>;
/// days, <c>{{date, day}}</c>, as <c>words:date</c> writes them. Of its forms the one is said that the value <c>count</c> asks for (<c>_one</c>, <c>_few</c> …), and of its variants
/// the one that the value <c>context</c> names (<c>_administrator</c>). A value that is not given reads as <c>feed:missing</c> says. No value is read for holes
/// of its own: what people write is never taken for a part of a sentence.
/// </para>
/// </remarks>
public sealed partial class Translator(Catalogues catalogues, ILogger<Translator> logger)
{
    /// <summary>The value that the form of a sentence depends on; a number in digits.</summary>
    public const string Count = "count";

    /// <summary>The value that names the variant of a sentence.</summary>
    public const string Context = "context";

    private readonly ConcurrentDictionary<string, Piece[]> _pieces = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _unknown = new(StringComparer.Ordinal);

    /// <summary>Says a sentence. It never fails: one that no catalogue has reads as its name does, and is logged once.</summary>
    /// <param name="language">A language tag (BCP 47), such as <c>ar</c> or <c>zh-Hans</c>.</param>
    /// <param name="name">Namespace and key, such as <c>feed:fact.plan.drafted</c>.</param>
    /// <param name="data">What it is made of. More than it needs does no harm.</param>
    public string Say(string language, string name, IReadOnlyDictionary<string, string> data)
    {
        ArgumentNullException.ThrowIfNull(language);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(data);
        var count = data.TryGetValue(Count, out var digits) ? PluralRules.Number(digits) : null;
        var text = Names(language).Select(one => Find(one, name, count, data.GetValueOrDefault(Context))).FirstOrDefault(found => found is not null);
        if (text is null)
        {
            if (_unknown.TryAdd(name, true)) UnknownSentence(name);
            return Readable(name);
        }

        var said = new StringBuilder();
        foreach (var piece in PiecesOf(text)) said.Append(piece.Name is null ? piece.Text : Write(piece, language, count, data));
        return said.ToString();
    }

    private Piece[] PiecesOf(string text) => _pieces.GetOrAdd(text, Piece.Read);

    /// <summary>The languages that are asked, one after the other: the tag, what is left of it without its last part, and so on; then English.</summary>
    private static IEnumerable<string> Names(string language)
    {
        for (var tag = language; tag.Length > 0; tag = tag[..Math.Max(tag.LastIndexOf('-'), 0)]) yield return tag;
        yield return Catalogues.Fallback;
    }

    private string? Find(string language, string name, decimal? count, string? context) =>
        (context is { Length: > 0 } ? FindForm(language, $"{name}_{context}", count) : null) ?? FindForm(language, name, count);

    /// <summary>A catalogue may have a sentence for none at all in any language.</summary>
    private string? FindForm(string language, string name, decimal? count) =>
        (count is 0 ? catalogues.Find(language, $"{name}_zero") : null)
        ?? (count is { } number ? catalogues.Find(language, $"{name}_{PluralRules.Select(language, number)}") : null)
        ?? catalogues.Find(language, name);

    private string Write(Piece piece, string language, decimal? count, IReadOnlyDictionary<string, string> data)
    {
        if (piece.Name == Count && count is { } number) return number.ToString("0.############################", CultureInfo.InvariantCulture);
        var value = data.GetValueOrDefault(piece.Name!) is { } given
            ? piece.Format switch
            {
                "day" => Day(language, given),
                "word" => Text(language, $"words:{piece.Of}.{given}") ?? given,
                _ => given,
            }
            : Text(language, $"feed:missing.{piece.Name}") ?? Text(language, "feed:missing.other") ?? "";
        return IsRightToLeft(language) ? Isolated(value) : value;
    }

    private string Day(string language, string value)
    {
        if (!DateOnly.TryParseExact(value, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            || Text(language, "words:date.day") is not { } text) return value;
        var said = new StringBuilder();
        foreach (var piece in PiecesOf(text))
        {
            said.Append(piece.Name switch
            {
                null => piece.Text,
                "day" => day.Day.ToString(CultureInfo.InvariantCulture),
                "month" => Text(language, string.Create(CultureInfo.InvariantCulture, $"words:date.month.{day.Month}")),
                _ => day.Year.ToString(CultureInfo.InvariantCulture),
            });
        }

        return said.ToString();
    }

    private string? Text(string language, string name) => Names(language).Select(one => catalogues.Find(one, name)).FirstOrDefault(found => found is not null);

    private static bool IsRightToLeft(string language) => language.Split('-')[0] == "ar";

    /// <summary>A name in another script must not turn the sentence round (Unicode's first strong isolate).</summary>
    private static string Isolated(string value) => $"\u2068{value}\u2069";

    /// <summary><c>Plan: status changed</c> of <c>feed:fact.plan.status-changed</c>.</summary>
    private static string Readable(string name)
    {
        var words = string.Join(": ", name[(name.LastIndexOf(':') + 1)..].Split('.').TakeLast(2)).Replace('-', ' ');
        return words is "" ? name : $"{words[..1].ToUpperInvariant()}{words[1..]}";
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "No catalogue has the sentence {Name}")]
    private partial void UnknownSentence(string name);

    /// <param name="Text">What stands there as it is; empty for a value.</param>
    /// <param name="Name">The value's name.</param>
    /// <param name="Format">How it is written, or nothing.</param>
    /// <param name="Of">The group of words that a code belongs to.</param>
    private sealed partial record Piece(string Text, string? Name = null, string? Format = null, string? Of = null)
    {
        [GeneratedRegex(@"\{\{\s*(?<name>\w+)\s*(,\s*(?<format>\w+)\s*(\(of:\s*(?<of>\w+)\))?\s*)?\}\}")]
        private static partial Regex Hole();

        public static Piece[] Read(string text)
        {
            var (pieces, at) = (new List<Piece>(), 0);
            foreach (Match hole in Hole().Matches(text))
            {
                pieces.Add(new(text[at..hole.Index]));
                pieces.Add(new("", hole.Groups["name"].Value, hole.Groups["format"].Value, hole.Groups["of"].Value));
                at = hole.Index + hole.Length;
            }

            pieces.Add(new(text[at..]));
            return [.. pieces];
        }
    }
}
