using System.Globalization;
using System.Text;

namespace Coordination.Contracts;

/// <summary>Short readable ids made from titles.</summary>
public static class Slug
{
    /// <summary>Lower-case ASCII words joined by hyphens, at most 60 characters; <paramref name="fallback"/> when nothing is left (as with most scripts other than Latin).</summary>
    public static string Of(string title, string fallback)
    {
        var slug = new StringBuilder(60);
        foreach (var letter in Whole(title).Normalize(NormalizationForm.FormD))
        {
            if (slug.Length >= 60) break;
            var lower = char.ToLowerInvariant(letter);
            if (char.IsAsciiLetterLower(lower) || char.IsAsciiDigit(lower)) slug.Append(lower);
            else if (Spelled(lower) is { } spelled) slug.Append(spelled);
            else if (CharUnicodeInfo.GetUnicodeCategory(letter) is not UnicodeCategory.NonSpacingMark && slug.Length > 0 && slug[^1] != '-') slug.Append('-');
        }

        var text = slug.ToString(0, Math.Min(60, slug.Length)).Trim('-');
        return text.Length == 0 ? fallback : text;
    }

    /// <summary>Letters that are Latin and do not come apart into one and an accent.</summary>
    private static string? Spelled(char letter) => letter switch
    {
        'œ' => "oe",
        'æ' => "ae",
        'ß' => "ss",
        'ø' => "o",
        'ł' => "l",
        'đ' or 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        _ => null,
    };

    /// <summary>Half a surrogate pair cannot be normalized; it becomes the replacement character.</summary>
    private static string Whole(string title) => string.Concat(title.EnumerateRunes());

    /// <summary>The slug, or the slug with the first number that makes it new.</summary>
    public static string Unique(string slug, Func<string, bool> taken)
    {
        if (!taken(slug)) return slug;
        for (var number = 2; ; number++)
        {
            var candidate = $"{slug}-{number.ToString(CultureInfo.InvariantCulture)}";
            if (!taken(candidate)) return candidate;
        }
    }
}
