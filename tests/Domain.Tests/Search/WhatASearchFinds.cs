using System.Text;
using System.Text.Json;

namespace Coordination.Domain.Tests.Search;

/// <summary>One folding for every search. The dashboard reads the same cases (web/tests/fold.test.ts).</summary>
public class WhatASearchFinds
{
    /// <summary>Of many scripts: with accents and without, joined and parted, right to left, without blanks.</summary>
    private static readonly string[] Letters =
    [
        "a", "B", "é", "ö", "ß", "ł", "Ø", "ı", "İ", "đ", "æ", "ﬁ", "ñ", "ǆ", "я", "Ё", "й", "ґ", "Σ", "ς", "ώ", "أ", "ة", "ى", "ـ", "َ", "ّ", "ی", "ک", "٣", "۷", "७", "9", "ऋ", "की", "त्र", "ก", "ำ", "ไ",
        "中", "国", "々", "が", "ｶ", "ー", "한", "국", "ệ", "Ư", "\u00AD", "\u200D", "\u200B", "\u0301", "\u0323", "K", "½", "Ⅳ", "𝐀", "𠀀",
    ];

    private static readonly string[] Between = [" ", "\u00A0", "\u3000", "\u2028", "\t", ", ", " – ", "-", "’", "'", "ʼ", ".", "/", "·", "、", "؛ "];

    [Fact]
    public void Every_case_is_as_the_table_says()
    {
        using var table = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "Search", "cases.json")));
        var wrong = new List<string>();
        var count = 0;
        foreach (var one in table.RootElement.GetProperty("cases").EnumerateArray())
        {
            var (text, query, found) = (one.GetProperty("text").GetString()!, one.GetProperty("query").GetString()!, one.GetProperty("found").GetBoolean());
            count++;
            if (SearchText.Finds(SearchText.QueryOf(query), text) != found)
                wrong.Add($"'{query}' {(found ? "must" : "must not")} find '{text}': {string.Join(' ', SearchText.QueryOf(query))} in {string.Join(' ', SearchText.WordsOf(text))}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(count > 150, $"Only {count} cases.");
    }

    /// <summary>Every name of the data that come with the platform, by itself and as people type it who have no time, or other keys.</summary>
    [Fact]
    public void Every_name_of_the_data_is_found_however_it_is_typed()
    {
        var names = NamesOfTheData().Distinct().ToList();
        foreach (var name in names)
        {
            foreach (var typed in (string[])[
                name, name.ToUpperInvariant(), name.ToLowerInvariant(), name.Normalize(NormalizationForm.FormD), name.Normalize(NormalizationForm.FormKC),
                string.Join(' ', name.Split(' ').Reverse()), name.Replace(' ', '\u00A0'), name.Replace('\'', '’'), Bare(name), name[..Math.Min(name.Length, 4)]])
                Assert.True(SearchText.Finds(SearchText.QueryOf(typed), name), $"'{typed}' does not find '{name}'.");
        }

        Assert.True(names.Count > 300, $"Only {names.Count} names.");

        static string Bare(string text) => string.Concat(text.Normalize(NormalizationForm.FormD).Where(letter => char.GetUnicodeCategory(letter) is not System.Globalization.UnicodeCategory.NonSpacingMark));
    }

    [Fact]
    public void Forms_capitals_and_what_is_not_seen_make_no_difference()
    {
        var random = new Random(13);
        for (var round = 0; round < 3_000; round++)
        {
            var text = Any(random);
            var words = SearchText.WordsOf(text);
            Same(words, text.Normalize(NormalizationForm.FormD));
            Same(words, text.Normalize(NormalizationForm.FormC));
            Same(words, text.Normalize(NormalizationForm.FormKC));
            Same(words, text.ToLowerInvariant());
            Same(words, string.Concat(text.EnumerateRunes().Select(rune => rune + "\u00AD")));
            Same(words, text.Replace(' ', '\u2007') + "  ");

            void Same(IReadOnlySet<string> expected, string other) =>
                Assert.True(expected.SetEquals(SearchText.WordsOf(other)), $"{Codes(text)}\n{Codes(other)}\n{string.Join('|', expected)}\n{string.Join('|', SearchText.WordsOf(other))}");
        }
    }

    [Fact]
    public void Words_in_any_order_and_beginnings_of_words_find_a_text()
    {
        var random = new Random(31);
        for (var round = 0; round < 3_000; round++)
        {
            var text = Any(random);
            var query = SearchText.WordsOf(text).OrderBy(_ => random.Next()).Take(SearchText.MostWords).Select(word => word[..random.Next(1, word.Length + 1)]).Where(word => !char.IsHighSurrogate(word[^1]));
            Assert.True(SearchText.Finds(SearchText.QueryOf(string.Join(' ', query)), text), Codes(text));
            Assert.True(SearchText.Finds(SearchText.QueryOf(text), text), Codes(text));
            Assert.False(SearchText.Finds(SearchText.QueryOf(text + " qqqq"), text) && SearchText.QueryOf(text).Count < SearchText.MostWords, Codes(text));
        }
    }

    [Theory]
    [InlineData("\ud800")]
    [InlineData("a\udc00\ud800b")]
    [InlineData("\uffff\ufffe\0")]
    [InlineData("\u0301")]
    public void Nothing_that_can_be_sent_breaks_it(string text)
    {
        _ = SearchText.WordsOf(text);
        _ = SearchText.QueryOf(text);
        Assert.All(SearchText.WordsOf(new string('x', 5_000) + " " + new string('中', 5_000)), word => Assert.True(word.Length <= SearchText.LongestWord));
    }

    private static string Any(Random random)
    {
        var text = new StringBuilder();
        for (var word = random.Next(1, 5); word > 0; word--)
        {
            for (var letter = random.Next(1, 7); letter > 0; letter--) text.Append(Letters[random.Next(Letters.Length)]);
            text.Append(Between[random.Next(Between.Length)]);
        }

        return text.ToString();
    }

    private static string Codes(string text) => $"{text} ({string.Join(' ', text.EnumerateRunes().Select(rune => $"{rune.Value:X4}"))})";

    private static IEnumerable<string> NamesOfTheData()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "deploy", "data"), "*.json", SearchOption.AllDirectories))
        {
            using var data = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (var name in In(data.RootElement).ToList()) yield return name;
        }

        static IEnumerable<string> In(JsonElement element)
        {
            if (element.ValueKind is JsonValueKind.Array)
                foreach (var one in element.EnumerateArray())
                    foreach (var name in In(one)) yield return name;
            if (element.ValueKind is not JsonValueKind.Object) yield break;
            foreach (var member in element.EnumerateObject())
            {
                if (member.Value.ValueKind is JsonValueKind.String && member.Name is "name" or "title" or "acronym" or "subject") yield return member.Value.GetString()!;
                else
                    foreach (var name in In(member.Value)) yield return name;
            }
        }
    }
}
