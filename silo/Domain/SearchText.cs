using System.Globalization;
using System.Text;

namespace Coordination.Domain;

/// <summary>
/// What a text is searched by: its words, folded. What people leave out or type otherwise makes no difference: accents, capitals, Unicode form,
/// blanks of all kinds, apostrophes and hyphens, soft hyphens and whatever else is not seen, digits of other scripts. Every search folds by this;
/// <c>web/src/i18n/fold.ts</c> is the same for what is on the screen, and both read the cases in <c>tests/Search/cases.json</c>.
/// </summary>
public static class SearchText
{
    /// <summary>UTF-16 units of a word that are looked at; longer ones are cut there, in texts and in queries.</summary>
    public const int LongestWord = 32;

    /// <summary>Words of a query that are looked at, which is more than anybody types.</summary>
    public const int MostWords = 12;

    /// <summary>Marks that say how a letter is spoken or stressed and are often not written: of Latin, Greek and Cyrillic, Hebrew, Arabic and Syriac. In other scripts a mark makes another letter.</summary>
    private static readonly (int First, int Last)[] Accents =
    [
        (0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05BD), (0x05BF, 0x05BF), (0x05C1, 0x05C2), (0x05C4, 0x05C5), (0x05C7, 0x05C7), (0x0610, 0x061A),
        (0x0640, 0x0640), (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06DC), (0x06DF, 0x06E4), (0x06E7, 0x06E8), (0x06EA, 0x06ED), (0x0711, 0x0711),
        (0x0730, 0x074A), (0x08CA, 0x08E1), (0x08E3, 0x08FF), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0x2DE0, 0x2DFF), (0xA66F, 0xA672),
        (0xA674, 0xA67D), (0xA69E, 0xA69F), (0xFE20, 0xFE2F),
    ];

    /// <summary>Scripts that put no blanks between words: Thai, Lao, Burmese, Khmer, kana, Bopomofo, ideographs. Any letter may begin a word.</summary>
    private static readonly (int First, int Last)[] Unspaced =
    [
        (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3021, 0x3029), (0x3040, 0x30FF), (0x3100, 0x312F), (0x31A0, 0x31BF),
        (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F), (0xF900, 0xFAFF), (0x20000, 0x3FFFF),
    ];

    /// <summary>
    /// The words by which a text is found, each once: those that stand in it; those that apostrophes, hyphens and points join, whole as well
    /// (<c>Côte d’Ivoire</c>: cote, d, ivoire, divoire); of a run without blanks one from each letter on.
    /// </summary>
    public static IReadOnlySet<string> WordsOf(params ReadOnlySpan<string?> texts)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in texts)
            if (text is not null) Read(text, words);
        return words;
    }

    /// <summary>
    /// The words of a query. A text is found when each of them, in whatever order, is a word of it or begins one; of words that signs join
    /// (<c>co-operation</c>) the whole without the signs stands for each of them.
    /// </summary>
    public static IReadOnlyList<QueryWord> QueryOf(string? query)
    {
        if (query is null) return [];
        var words = new List<QueryWord>();
        var chain = new List<string>();
        foreach (var part in PartsOf(query))
        {
            if (!part.IsJoined) Add();
            chain.Add(part.Word);
        }

        Add();
        return words;

        void Add()
        {
            var joined = chain.Count > 1 ? Cut(string.Concat(chain)) : null;
            foreach (var part in chain)
            {
                var word = new QueryWord(Cut(part), joined);
                if (words.Count < MostWords && !words.Contains(word)) words.Add(word);
            }

            chain.Clear();
        }
    }

    /// <summary>Whether a query's words find a text. No words find everything.</summary>
    public static bool Finds(IReadOnlyList<QueryWord> query, params ReadOnlySpan<string?> texts)
    {
        if (query.Count == 0) return true;
        var words = WordsOf(texts);
        foreach (var wanted in query)
        {
            if (words.Contains(wanted.Word)) continue;
            var isThere = false;
            foreach (var word in words)
                if (wanted.Begins(word)) isThere = true;
            if (!isThere) return false;
        }

        return true;
    }

    private static void Read(string text, HashSet<string> words)
    {
        var joined = new StringBuilder();
        var parts = 0;
        foreach (var (word, isUnspaced, isJoined) in PartsOf(text))
        {
            if (!isJoined) Join();
            joined.Append(word);
            parts++;
            words.Add(Cut(word));
            if (isUnspaced)
                for (var at = 1; at < word.Length; at++)
                    if (Rune.TryGetRuneAt(word, at, out var rune) && !IsMark(rune)) words.Add(Cut(word[at..]));
        }

        Join();

        void Join()
        {
            if (parts > 1) words.Add(Cut(joined.ToString()));
            joined.Clear();
            parts = 0;
        }
    }

    private static string Cut(string word) =>
        word.Length <= LongestWord ? word : word[..(char.IsHighSurrogate(word[LongestWord - 1]) ? LongestWord - 1 : LongestWord)];

    /// <summary>Runs of letters and digits, folded.</summary>
    private static IEnumerable<Part> PartsOf(string text)
    {
        var part = new StringBuilder();
        var (isUnspaced, isJoined) = (false, false);
        // What stands between the part before and the next one: nothing yet, one sign that joins, or more.
        var (between, isAfterPart) = (0, false);
        foreach (var rune in Decomposed(text).EnumerateRunes())
        {
            if (Ignorables.IsOne(rune) || IsIn(Accents, rune.Value)) continue;
            if (!IsOfWord(rune) || IsApostrophe(rune))
            {
                if (part.Length > 0)
                {
                    yield return new(part.ToString(), isUnspaced, isJoined);
                    part.Clear();
                    (between, isAfterPart) = (0, true);
                }

                between += Joins(rune) ? 1 : 2;
                continue;
            }

            var unspaced = part.Length > 0 && IsMark(rune) ? isUnspaced : IsIn(Unspaced, rune.Value);
            if (part.Length > 0 && unspaced != isUnspaced)
            {
                yield return new(part.ToString(), isUnspaced, isJoined);
                part.Clear();
                (between, isAfterPart) = (2, true);
            }

            if (part.Length == 0) (isUnspaced, isJoined) = (unspaced, isAfterPart && between == 1 && unspaced == isUnspaced);
            Fold(rune, part);
        }

        if (part.Length > 0) yield return new(part.ToString(), isUnspaced, isJoined);
    }

    /// <summary>Half a pair of UTF-16 and what is no character stand for nothing, and the framework normalizes no text with one.</summary>
    private static string Decomposed(string text)
    {
        if (Ascii.IsValid(text)) return text;
        var isWhole = true;
        foreach (var rune in text.EnumerateRunes()) isWhole &= rune != Rune.ReplacementChar && !IsNone(rune);
        if (!isWhole)
        {
            var whole = new StringBuilder(text.Length);
            foreach (var rune in text.EnumerateRunes()) whole.Append(IsNone(rune) ? "\uFFFD" : rune.ToString());
            text = whole.ToString();
        }

        return text.Normalize(NormalizationForm.FormKD);

        static bool IsNone(Rune rune) => (rune.Value & 0xFFFE) == 0xFFFE || rune.Value is >= 0xFDD0 and <= 0xFDEF;
    }

    private static void Fold(Rune rune, StringBuilder into)
    {
        if (rune.Value < 0x80)
        {
            into.Append(char.ToLowerInvariant((char)rune.Value));
            return;
        }

        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.DecimalDigitNumber)
        {
            into.Append((char)('0' + (int)Rune.GetNumericValue(rune)));
            return;
        }

        var lower = Rune.ToLowerInvariant(rune);
        if (Same(lower.Value) is { } same) into.Append(same);
        else into.Append(lower.ToString());
    }

    /// <summary>Letters that no decomposition leads back to those that people type for them.</summary>
    private static string? Same(int letter) => letter switch
    {
        'ł' => "l",
        'ø' => "o",
        'ß' => "ss",
        'ı' => "i",
        'æ' => "ae",
        'œ' => "oe",
        'đ' or 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ŧ' => "t",
        'ŋ' => "n",
        'ĸ' => "k",
        'ς' => "σ",
        // Arabic as it is written in Egypt, in Persian and in Urdu.
        'ى' or 'ی' or 'ې' => "ي",
        'ک' => "ك",
        'ة' or 'ہ' or 'ھ' or 'ە' => "ه",
        'ٱ' => "ا",
        _ => null,
    };

    private static bool IsOfWord(Rune rune) => rune.Value < 0x80
        ? char.IsAsciiLetterOrDigit((char)rune.Value)
        : Rune.IsLetter(rune) || Rune.IsNumber(rune) || IsMark(rune);

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    /// <summary>Apostrophes, hyphens and points within words. Those that count as letters (ʼ, ʻ) are none here either.</summary>
    private static bool Joins(Rune rune) => rune.Value is '\'' or '-' or '.' or '`' or 0xB7 or 0x2010 or 0x2011 or 0x2018 or 0x2019 or 0x201B or 0x2032 or 0x05F3 or 0x055A
        || IsApostrophe(rune);

    private static bool IsApostrophe(Rune rune) => rune.Value is 0x02B9 or 0x02BB or 0x02BC or 0x02BD or 0x02BE or 0x02BF;

    private static bool IsIn((int First, int Last)[] ranges, int value)
    {
        if (value < ranges[0].First) return false;
        foreach (var (first, last) in ranges)
            if (value <= last) return value >= first;
        return false;
    }

    /// <param name="IsUnspaced">Of a script without blanks.</param>
    /// <param name="IsJoined">Only a sign that joins stands between it and the part before.</param>
    private readonly record struct Part(string Word, bool IsUnspaced, bool IsJoined);
}

/// <summary>A word that a query asks for.</summary>
/// <param name="Joined">Of one that signs join with its neighbours, all of them as one word, which is as good as it.</param>
public readonly record struct QueryWord(string Word, string? Joined = null)
{
    /// <summary>Whether a text's word begins with it.</summary>
    public bool Begins(string word) =>
        word.StartsWith(Word, StringComparison.Ordinal) || (Joined is not null && word.StartsWith(Joined, StringComparison.Ordinal));
}
