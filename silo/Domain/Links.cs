using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Coordination.Domain;

/// <summary>Texts that may be shown as links, such as evidence.</summary>
public static partial class Links
{
    /// <summary>
    /// Why a text must not be taken, or null. It is a reference in words, or an address that begins with <c>https://</c> or <c>http://</c>, or
    /// a <c>urn:</c>. Read as a browser reads it, and as a person does: without what neither of them sees.
    /// </summary>
    public static Refusal? Check(string pointer, string text)
    {
        var trimmed = text.Trim();
        var seen = Seen(trimmed);
        // To a browser an address on another host.
        if (seen.StartsWith("//", StringComparison.Ordinal)) return Refused(pointer);
        if (!WithScheme().IsMatch(seen)) return null;
        if (seen.Length != trimmed.Length || seen.Contains('\\', StringComparison.Ordinal) || Rootless().IsMatch(seen)) return Refused(pointer);
        // Words before a colon are no address.
        if (!Uri.TryCreate(seen, UriKind.Absolute, out var link)) return Web().IsMatch(seen) ? Refused(pointer) : null;
        if (link.Scheme is not ("https" or "http" or "urn")) return Refused(pointer);
        return link.UserInfo.Length == 0 ? null
            : Refusal.Invalid(pointer, "report.evidence-link", "A link names no user and no password: leave out what stands before the @.");
    }

    private static Refusal Refused(string pointer) =>
        Refusal.Invalid(pointer, "report.evidence-link", "A link to evidence begins with https:// and holds no invisible characters.");

    /// <summary>Without controls and what is never shown.</summary>
    private static string Seen(string text)
    {
        var seen = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format)) seen.Append(rune);
        return seen.ToString();
    }

    [GeneratedRegex("^[a-z][a-z0-9+.-]*:", RegexOptions.IgnoreCase)]
    private static partial Regex WithScheme();

    [GeneratedRegex("^https?:", RegexOptions.IgnoreCase)]
    private static partial Regex Web();

    /// <summary>A browser adds what is missing: <c>https:host</c> is an address to it.</summary>
    [GeneratedRegex("^https?:(?!//[^/])", RegexOptions.IgnoreCase)]
    private static partial Regex Rootless();
}
