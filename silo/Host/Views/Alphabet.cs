using System.Collections.Concurrent;
using System.Globalization;

namespace Coordination.Host.Views;

/// <summary>
/// The order of letters that readers of one language expect. Capitals, accents and widths decide only between texts that are the same without
/// them, unless the language counts them as letters, and numbers stand in the order of what they count: Plan 2 before Plan 10.
/// </summary>
public sealed class Alphabet : IComparer<string>
{
    private const CompareOptions Options = CompareOptions.NumericOrdering;

    private static readonly ConcurrentDictionary<string, Alphabet> Known = new(StringComparer.OrdinalIgnoreCase);

    private readonly CompareInfo _order;

    private Alphabet(CultureInfo culture) => (Name, _order) = (culture.Name, culture.CompareInfo);

    /// <summary>Of readers who say no language, or one of which no order is known.</summary>
    public static Alphabet Default { get; } = new(CultureInfo.GetCultureInfo("en"));

    /// <summary>Tag of its language; a part of cursors.</summary>
    public string Name { get; }

    /// <summary>Only the language counts, and the script and the place where they are given with it: as many as the data know, however many are asked for.</summary>
    public static Alphabet Of(string? language)
    {
        if (language is null) return Default;
        if (Known.TryGetValue(language, out var known)) return known;
        // A culture that the data do not name is made up from the tag, and would be kept.
        for (var tag = language; tag.Length > 0; tag = tag.LastIndexOf('-') is > 0 and var end ? tag[..end] : "")
        {
            try
            {
                var culture = CultureInfo.GetCultureInfo(tag, predefinedOnly: true);
                var found = new Alphabet(culture);
                return culture.Name.Equals(language, StringComparison.OrdinalIgnoreCase) ? Known.GetOrAdd(language, found) : found;
            }
            catch (CultureNotFoundException)
            {
                // The same without its last part may be known.
            }
        }

        return Default;
    }

    /// <summary>Which of two texts stands first. Compared as they are: a key of each, to compare by, would cost ten times as much as looking at their first letters.</summary>
    public int Compare(string? x, string? y) => ReferenceEquals(x, y) ? 0 : _order.Compare(x, y, Options);
}
