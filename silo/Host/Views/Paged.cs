using System.Text;

namespace Coordination.Host.Views;

/// <summary>Cuts an ordered list into pages by the key of the last item shown, so that a page stays right while things come and go.</summary>
internal static class Paged
{
    public const int Most = 500;

    /// <param name="ordered">In rising order of <paramref name="key"/> (ordinal).</param>
    public static Page<TView> By<TItem, TView>(IEnumerable<TItem> ordered, Func<TItem, string> key, Paging paging, Func<TItem, TView> view)
    {
        var limit = Math.Clamp(paging.Limit, 1, Most);
        var after = Decode(paging.After);
        var page = ordered.Where(item => after is null || string.CompareOrdinal(key(item), after) > 0).Take(limit + 1).ToList();
        var next = page.Count > limit ? Encode(key(page[limit - 1])) : null;
        return new([.. page.Take(limit).Select(view)], next);
    }

    internal static string Encode(string key) => Convert.ToBase64String(Encoding.UTF8.GetBytes(key)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>
    /// Looks at the cursor's form alone: what it names may be gone, and whether it was ever there is not for a cursor to tell.
    /// </summary>
    internal static string? Decode(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor)) return null;
        var text = cursor.Replace('-', '+').Replace('_', '/');
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), bytes, out var count)) throw new UnreadableCursorException();
        var key = Encoding.UTF8.GetString(bytes, 0, count);
        // Keys are made of ids, dates and numbers.
        return key.All(character => character is >= ' ' and <= '~') && Encode(key) == cursor ? key : throw new UnreadableCursorException();
    }
}
