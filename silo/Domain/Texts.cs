using System.Diagnostics.CodeAnalysis;
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

    /// <summary>A name, title or subject: needed, and on one line.</summary>
    public static Refusal? Title(string pointer, string? text) => Needed(pointer, text) ?? OneLine(pointer, text);

    /// <summary>A text that stands among others on one line: it ends there, and turns the direction of none of them.</summary>
    public static Refusal? OneLine(string pointer, string? text) => text is not null && Breaking().IsMatch(text)
        ? Refusal.Invalid(pointer, "text.not-one-line", "This text stands on one line: leave out line ends and characters that turn the direction of writing.")
        : null;

    private static bool IsVisible(Rune rune) =>
        (Rune.IsLetter(rune) || Rune.IsNumber(rune) || Rune.IsPunctuation(rune) || Rune.IsSymbol(rune))
        // Fillers of Hangul and the blank of Braille.
        && rune.Value is not (0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800);

    // Line ends; embeddings, overrides and isolates of direction (not the marks that correct Arabic and Hebrew need).
    [GeneratedRegex("[\\u000A-\\u000D\\u0085\\u2028\\u2029\\u202A-\\u202E\\u2066-\\u2069]")]
    private static partial Regex Breaking();
}
