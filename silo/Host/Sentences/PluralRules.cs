using System.Globalization;

namespace Coordination.Host.Sentences;

/// <summary>
/// Which form of a sentence a number asks for: the cardinal plural rules of CLDR for the six languages of the United Nations, with the answers of a
/// browser's <c>Intl.PluralRules</c>. Of another language each number takes <c>other</c>.
/// </summary>
public static class PluralRules
{
    /// <summary>The most places behind the point that <c>Intl.PluralRules</c> looks at.</summary>
    private const int Places = 3;

    private const int Million = 1_000_000;

    /// <summary>The category of a number: <c>zero</c>, <c>one</c>, <c>two</c>, <c>few</c>, <c>many</c> or <c>other</c>.</summary>
    /// <param name="language">A language tag (BCP 47); only the language in it counts.</param>
    /// <param name="number">Its sign does not count, nor do zeros at the end of its fraction.</param>
    public static string Select(string language, decimal number)
    {
        ArgumentNullException.ThrowIfNull(language);
        var n = Math.Round(Math.Abs(number), Places, MidpointRounding.AwayFromZero);
        var isWhole = decimal.IsInteger(n);
        return language.Split('-')[0] switch
        {
            "en" => n == 1 ? "one" : "other",
            "fr" => n < 2 ? "one" : Millions() ?? "other",
            "es" => n == 1 ? "one" : Millions() ?? "other",
            "ru" when isWhole => Russian(n % 10, n % 100),
            "ar" when isWhole => Arabic(n, n % 100),
            _ => "other",
        };

        string? Millions() => isWhole && n != 0 && n % Million == 0 ? "many" : null;
    }

    private static string Russian(decimal last, decimal lastTwo) => (last, lastTwo) switch
    {
        (1, not 11) => "one",
        ( >= 2 and <= 4, not (>= 12 and <= 14)) => "few",
        _ => "many",
    };

    private static string Arabic(decimal n, decimal lastTwo) => (n, lastTwo) switch
    {
        (0, _) => "zero",
        (1, _) => "one",
        (2, _) => "two",
        (_, >= 3 and <= 10) => "few",
        (_, >= 11) => "many",
        _ => "other",
    };

    /// <summary>A number as a sentence shows it and reckons with it, or null when the text is none.</summary>
    internal static decimal? Number(string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;
}
