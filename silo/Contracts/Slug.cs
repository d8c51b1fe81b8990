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
        foreach (var rune in title.Normalize(NormalizationForm.FormD))
        {
            if (slug.Length == 60) break;
            var lower = char.ToLowerInvariant(rune);
            if (char.IsAsciiLetterLower(lower) || char.IsAsciiDigit(lower)) slug.Append(lower);
            else if (CharUnicodeInfo.GetUnicodeCategory(rune) is not UnicodeCategory.NonSpacingMark && slug.Length > 0 && slug[^1] != '-') slug.Append('-');
        }

        var text = slug.ToString().Trim('-');
        return text.Length == 0 ? fallback : text;
    }

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
