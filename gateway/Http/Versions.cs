using System.Globalization;

namespace Coordination.Gateway.Http;

/// <summary>Versions as entity tags: <c>"v17"</c>.</summary>
public static class Versions
{
    public static string TagOf(long version) => string.Create(CultureInfo.InvariantCulture, $"\"v{version}\"");

    /// <summary>Reads <c>If-Match</c>: a tag, the bare number, or <c>*</c> for any version (null).</summary>
    public static bool TryRead(string header, out long? version)
    {
        version = null;
        var text = header.Trim();
        if (text == "*") return true;
        if (text.Length >= 2 && text[0] == '"' && text[^1] == '"') text = text[1..^1];
        if (text.StartsWith('v')) text = text[1..];
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        version = number;
        return true;
    }

    /// <summary>
    /// The view with the tag for <c>If-Match</c>. It is always sent: names of others, what is late and what the caller may do change
    /// without a new version.
    /// </summary>
    public static Ok<T> Tagged<T>(HttpContext http, T view, long version)
    {
        http.Response.Headers.ETag = TagOf(version);
        return TypedResults.Ok(view);
    }
}
