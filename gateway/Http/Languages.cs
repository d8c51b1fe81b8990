using System.Text.RegularExpressions;
using Microsoft.Net.Http.Headers;

namespace Coordination.Gateway.Http;

/// <summary>In which language the caller reads, as it says in <c>Accept-Language</c>: whose alphabet names are sorted by.</summary>
public static partial class Languages
{
    /// <summary>Languages of a header that are looked at.</summary>
    private const int Most = 20;

    /// <summary>The tag that the caller likes best; null when it says none that can be read, or any.</summary>
    public static string? Of(HttpRequest request) =>
        StringWithQualityHeaderValue.TryParseList([.. request.Headers.AcceptLanguage.OfType<string>()], out var languages)
            ? languages.Take(Most).Where(language => language.Quality is not 0 && Tag().IsMatch(language.Value.AsSpan())).OrderByDescending(language => language.Quality ?? 1).FirstOrDefault()?.Value.ToString()
            : null;

    [GeneratedRegex("^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}\\z")]
    private static partial Regex Tag();
}

/// <summary>Marks a list that is sorted by the reader's alphabet.</summary>
public sealed class SortsByAlphabet;
