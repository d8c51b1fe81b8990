using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Coordination.Domain;

/// <summary>Texts that may be shown as links, such as evidence.</summary>
public static partial class Links
{
    /// <summary>What a browser or another program runs or opens by itself.</summary>
    private static readonly HashSet<string> Active = new(StringComparer.OrdinalIgnoreCase)
    {
        "about", "blob", "data", "file", "filesystem", "ftp", "intent", "jar", "javascript", "livescript", "vbscript", "view-source", "ws", "wss",
    };

    /// <summary>
    /// Why a text must not be taken, or null. It is a reference in words, or a <c>urn:</c>, or an address that begins with <c>https://</c> or
    /// <c>http://</c> and a plain host. Read as a browser reads it, and as a person does: without what neither of them sees.
    /// </summary>
    public static Refusal? Check(string pointer, string text)
    {
        var trimmed = text.Trim();
        var seen = Seen(trimmed);
        // A browser leaves line ends out of an address.
        var joined = seen.Replace("\n", "", StringComparison.Ordinal);
        // To a browser an address on another host.
        if (joined is ['/' or '\\', '/' or '\\', ..]) return Refused(pointer);
        if (Scheme().Match(joined) is not { Success: true } match) return null;
        var scheme = match.Groups["scheme"].Value;
        if (!IsWeb(scheme)) return Active.Contains(scheme) || joined.AsSpan(match.Length).StartsWith("//") ? Refused(pointer) : null;
        // Words after an address are words; nobody makes a link of both.
        if (seen.AsSpan().ContainsAny(' ', '\n')) return Address().IsMatch(seen.Split(' ', '\n')[0].TrimEnd(',', ';', '.')) ? null : Refused(pointer);
        return seen.Length == trimmed.Length && Address().IsMatch(seen) && Uri.TryCreate(seen, UriKind.Absolute, out _) ? null : Refused(pointer);
    }

    private static bool IsWeb(string scheme) => scheme.Equals("https", StringComparison.OrdinalIgnoreCase) || scheme.Equals("http", StringComparison.OrdinalIgnoreCase);

    private static Refusal Refused(string pointer) => Refusal.Invalid(
        pointer, "report.evidence-link", "A link to evidence begins with https:// and the name of a host, without a user, a password or invisible characters.");

    /// <summary>Without what is never shown. Joiners, which the scripts of Persian and India need, and line ends stay.</summary>
    private static string Seen(string text)
    {
        var seen = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            if (!IsHidden(rune)) seen.Append(rune);
        return seen.ToString();
    }

    private static bool IsHidden(Rune rune) => rune.Value is not ('\n' or 0x200C or 0x200D)
        && (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            || rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x3164 or 0xFFA0 or (>= 0x180B and <= 0x180F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF));

    [GeneratedRegex("^(?<scheme>[a-z][a-z0-9+.-]*):", RegexOptions.IgnoreCase)]
    private static partial Regex Scheme();

    /// <summary>A host of letters and digits, with nothing in it that looks like an end of it or names a user.</summary>
    [GeneratedRegex("^https?://[\\p{L}\\p{M}\\p{N}.:\\[\\]\u200C\u200D-]+([/?#][^\\s\\\\]*)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Address();
}
