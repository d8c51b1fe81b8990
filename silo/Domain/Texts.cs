using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Coordination.Domain;

/// <summary>What texts must be, besides plain, which the gateway sees to.</summary>
public static partial class Texts
{
    /// <summary>
    /// Nothing in it can be seen: spaces, marks of direction and joiners, accents without a letter, and the fillers, which
    /// count as letters and show none. Joiners between letters, which Persian and many scripts of India need, do no harm.
    /// </summary>
    public static bool IsEmpty([NotNullWhen(false)] string? text) => text is null || !text.EnumerateRunes().Any(IsVisible);

    /// <summary>Without the space around it; null when there is nothing to see.</summary>
    public static string? Trimmed(string? text) => IsEmpty(text) ? null : text.Trim();

    /// <summary>A text that is needed, of any number of lines.</summary>
    public static Refusal? Needed(string pointer, string? text) =>
        IsEmpty(text) ? Refusal.Invalid(pointer, "text.empty", "A text that can be seen is needed here.") : null;

    /// <summary>A title or subject: needed, on one line, and without characters that hide in it.</summary>
    public static Refusal? Title(string pointer, string? text) => Needed(pointer, text) ?? OneLine(pointer, text) ?? Shown(pointer, text, IsOfWriting);

    /// <summary>A name, by which somebody is known: as <see cref="Title"/>, and nothing in it is unseen. Two that look the same are the same.</summary>
    public static Refusal? Name(string pointer, string? text) => Needed(pointer, text) ?? Sign(pointer, text);

    /// <summary>A name that may be left out.</summary>
    public static Refusal? Sign(string pointer, string? text) => OneLine(pointer, text) ?? Shown(pointer, text, (_, _, _) => false);

    /// <summary>A text that stands among others on one line: it ends there, and turns the direction of none of them.</summary>
    public static Refusal? OneLine(string pointer, string? text) => text is not null && Breaking().IsMatch(text)
        ? Refusal.Invalid(pointer, "text.not-one-line", "This text stands on one line: leave out line ends and characters that turn the direction of writing.")
        : null;

    /// <param name="isNeeded">Whether an unseen character is needed where it stands, between the ones before and after.</param>
    private static Refusal? Shown(string pointer, string? text, Func<Rune, Rune?, Rune?, bool> isNeeded)
    {
        if (text is null) return null;
        var (before, unseen) = ((Rune?)null, ((Rune Rune, Rune? Before)?)null);
        foreach (var rune in text.EnumerateRunes().Select(rune => (Rune?)rune).Append(null))
        {
            if (unseen is { } one && !isNeeded(one.Rune, one.Before, rune))
                return Refusal.Invalid(pointer, "text.hidden-characters", "Leave out characters that show nothing, such as zero-width spaces and marks of direction.");
            unseen = rune is { } next && Ignorables.IsOne(next) ? (next, before) : null;
            before = rune;
        }

        return null;
    }

    /// <summary>
    /// What writing needs of the unseen: soft hyphens, marks of direction around Latin in Arabic and Hebrew, joiners within words of Persian
    /// and scripts of India, variants of letters of Mongolian, and what makes a picture of several signs.
    /// </summary>
    private static bool IsOfWriting(Rune rune, Rune? before, Rune? after) => rune.Value switch
    {
        0x00AD or 0x200E or 0x200F or 0x061C => true,
        0x200C or 0x200D => Joins(before) && Joins(after),
        >= 0xFE00 and <= 0xFE0F or >= 0x180B and <= 0x180F => before is { } varied && IsVisible(varied),
        _ => false,
    };

    private static bool Joins(Rune? rune) => rune is { } one && (one.Value == 0xFE0F || Rune.GetUnicodeCategory(one) is UnicodeCategory.OtherSymbol or UnicodeCategory.ModifierSymbol
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark || Rune.IsLetter(one));

    private static bool IsVisible(Rune rune) =>
        (Rune.IsLetter(rune) || Rune.IsNumber(rune) || Rune.IsPunctuation(rune) || Rune.IsSymbol(rune))
        // Fillers of Hangul and the blank of Braille.
        && rune.Value is not (0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800);

    // Line ends; embeddings, overrides and isolates of direction (not the marks that correct Arabic and Hebrew need).
    [GeneratedRegex("[\\u000A-\\u000D\\u0085\\u2028\\u2029\\u202A-\\u202E\\u2066-\\u2069]")]
    private static partial Regex Breaking();
}
