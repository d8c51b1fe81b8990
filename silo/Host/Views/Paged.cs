using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Coordination.Host.Views;

/// <summary>
/// Orders a list and cuts it into pages by where the last item shown stood (keyset paging): what was there all the time is shown exactly once,
/// whatever comes, goes or moves meanwhile. One that moves itself may be met at its new place, at both, or not at all.
/// </summary>
internal static class Paged
{
    public const int Most = 500;

    /// <param name="found">What the list holds for this reader, in any order: what may not be seen or was not asked for is not among it.</param>
    /// <param name="filter">What was asked for; a cursor is of this list, sort, alphabet and filter.</param>
    public static Page<TView> By<TItem, TSort, TView>(IEnumerable<TItem> found, Order<TItem, TSort> order, object? filter, Paging paging, Func<TItem, TView> view)
        where TSort : struct, Enum
    {
        var limit = Math.Clamp(paging.Limit, 1, Most);
        var by = order.By(paging.Sort);
        var alphabet = Alphabet.Of(paging.Language);
        var scope = ScopeOf(order.List, by.Tag, by.Text is null ? null : alphabet.Name, SearchText.QueryOf(paging.Query), filter);
        var compare = new Places(by.Falls, by.Number is not null, alphabet);
        var after = Read(paging.After, scope);
        // The last of those that are kept stands on top.
        var kept = new PriorityQueue<TItem, Place>(Comparer<Place>.Create((one, other) => compare.Compare(other, one)));
        Place? last = null;
        var total = 0;
        foreach (var item in found)
        {
            total++;
            var (id, part) = order.Id(item);
            var place = new Place(by.Number?.Invoke(item) ?? 0, by.Text?.Invoke(item) ?? "", id, part);
            if (after is { } start && compare.Compare(place, start) <= 0) continue;
            if (kept.Count <= limit) kept.Enqueue(item, place);
            else if (compare.Compare(place, last!.Value) < 0) kept.EnqueueDequeue(item, place);
            else continue;
            if (kept.Count > limit && kept.TryPeek(out _, out var top)) last = top;
        }

        var rows = new (TItem Item, Place Place)[kept.Count];
        for (var index = rows.Length - 1; index >= 0; index--)
        {
            kept.TryDequeue(out var item, out var place);
            rows[index] = (item!, place);
        }

        var next = rows.Length > limit ? Write(scope, rows[limit - 1].Place) : null;
        return new([.. rows.Take(limit).Select(row => view(row.Item))], next, total);
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
        return Encode(key) == cursor ? key : throw new UnreadableCursorException();
    }

    private static string Write(string scope, Place place) =>
        Encode(string.Create(CultureInfo.InvariantCulture, $"{scope}\n{place.Number}\n{place.Id}\n{place.Part}\n{place.Text}"));

    private static Place? Read(string? cursor, string scope)
    {
        if (Decode(cursor) is not { } key) return null;
        return key.Split('\n', 5) is [var of, var number, var id, var part, var text] && of == scope
            && long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var read) && read.ToString(CultureInfo.InvariantCulture) == number
            ? new(read, text, id, part)
            : throw new UnreadableCursorException();
    }

    /// <summary>Tells one list from another, in few letters. All of it is what the reader has said.</summary>
    private static string ScopeOf(string list, string sort, string? alphabet, IReadOnlyList<QueryWord> query, object? filter)
    {
        var said = JsonSerializer.SerializeToUtf8Bytes(new object?[] { list, sort, alphabet, query, filter });
        return Convert.ToHexStringLower(SHA256.HashData(said).AsSpan(0, 8));
    }

    /// <summary>Where an item stands: a number, then a text in the reader's alphabet, then its id.</summary>
    private readonly record struct Place(long Number, string Text, string Id, string Part);

    private sealed class Places(bool falls, bool byNumber, Alphabet alphabet)
    {
        public int Compare(Place one, Place other)
        {
            var order = one.Number.CompareTo(other.Number);
            if (order != 0) return falls ? -order : order;
            order = alphabet.Compare(one.Text, other.Text);
            // What stands at the same number is in the order of the alphabet both ways.
            if (order != 0) return falls && !byNumber ? -order : order;
            order = string.CompareOrdinal(one.Id, other.Id);
            return order != 0 ? order : string.CompareOrdinal(one.Part, other.Part);
        }
    }
}

/// <summary>The sorts that a list offers.</summary>
/// <param name="list">Its name, so that no other takes its cursors.</param>
/// <param name="usual">The sort of those who say none, with a minus in front when it falls.</param>
/// <param name="id">Tells items apart that stand at the same place. Never changes.</param>
internal sealed class Order<TItem, TSort>(string list, string usual, Func<TItem, (string Id, string Part)> id, params (TSort Name, Func<TItem, long>? Number, Func<TItem, string>? Text)[] sorts)
    where TSort : struct, Enum
{
    public string List => list;

    public Func<TItem, (string Id, string Part)> Id => id;

    /// <param name="sort">As it is written in a query, such as <c>-due</c>.</param>
    public Sorted By(string? sort)
    {
        sort ??= usual;
        var falls = sort.StartsWith('-');
        var name = EnumNames.Parse<TSort>(falls ? sort[1..] : sort) ?? throw new ArgumentException($"The list of {list} has no sort {sort}.", nameof(sort));
        var (_, number, text) = sorts.Single(one => EqualityComparer<TSort>.Default.Equals(one.Name, name));
        return new(number, text, falls, (falls ? "-" : "") + EnumNames.NameOf(name));
    }

    internal sealed record Sorted(Func<TItem, long>? Number, Func<TItem, string>? Text, bool Falls, string Tag);
}
