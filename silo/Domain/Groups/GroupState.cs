using System.Globalization;
using Coordination.Contracts.Bodies;

namespace Coordination.Domain.Groups;

/// <summary>
/// A group as its rules need it; null stands for one that was never formed. Holds the mark of each update, and no texts.
/// </summary>
/// <param name="Invited">Bodies that have not answered yet, each with the one that invited it; null for an administrator.</param>
/// <param name="Invitations">By body, how often it was invited since it last belonged to the group.</param>
/// <param name="Version">Where the last fact about the group itself stands: invitations and updates leave it as it is.</param>
public sealed record GroupState(
    string Id, ImmutableHashSet<string> Members, ImmutableDictionary<string, string?> Invited, ImmutableDictionary<string, int> Invitations, ImmutableArray<Term> Chairs, bool Exercise, SharedUpdates Updates,
    long Version)
{
    /// <summary>Who is in the chair on a day, or null.</summary>
    public string? ChairOn(DateOnly day) => ChairTerms.On(Chairs, day, Members.Contains);

    /// <summary>For those who only read it.</summary>
    public GroupState WithoutUpdates() => Updates.Count == 0 ? this : this with { Updates = SharedUpdates.None };

    public Mark? MarkOf(string update) => Updates.MarkOf(update);
}

/// <summary>A body in the chair. Dates are years, months or days as far as they are known.</summary>
/// <param name="AsAt">The day on which the source says that it holds the chair, when it says no more.</param>
public sealed record Term(string Body, string? From, string? To, string? AsAt = null)
{
    public static implicit operator Term(ChairTerm said) => new(said.Body, said.From, said.To, said.AsAt);

    public ChairTerm ToContract() => new(Body, From, To, AsAt);
}

/// <summary>Terms of a rotating chair. One with a date that does not exist covers no day.</summary>
public static class ChairTerms
{
    /// <summary>
    /// The body in the chair on a day: of the terms that cover it, the one appointed last. A term whose source gives only a
    /// day on which it held ("as at") is taken to last until another is appointed.
    /// </summary>
    public static string? On(IReadOnlyList<Term> terms, DateOnly day, Func<string, bool> isMember)
    {
        for (var index = terms.Count - 1; index >= 0; index--)
        {
            var term = terms[index];
            if (isMember(term.Body) && First(term.From ?? term.AsAt) <= day && day <= Last(term.To)) return term.Body;
        }

        return null;
    }

    /// <summary>Adds a term; the one that runs at its beginning ends the day before.</summary>
    public static ImmutableArray<Term> Appoint(ImmutableArray<Term> terms, Term term)
    {
        var from = First(term.From);
        return
        [
            .. terms.Select(earlier => First(earlier.From ?? earlier.AsAt) < from && from <= Last(earlier.To)
                ? earlier with { To = from.AddDays(-1).ToString("O", CultureInfo.InvariantCulture) }
                : earlier),
            term,
        ];
    }

    private static DateOnly First(string? date) => date?.Length switch
    {
        null => DateOnly.MinValue,
        _ when !IsDate(date) => DateOnly.MaxValue,
        4 => new(Year(date), 1, 1),
        7 => new(Year(date), Month(date), 1),
        _ => DateOnly.ParseExact(date, "O", CultureInfo.InvariantCulture),
    };

    private static DateOnly Last(string? date) => date?.Length switch
    {
        null => DateOnly.MaxValue,
        _ when !IsDate(date) => DateOnly.MinValue,
        4 => new(Year(date), 12, 31),
        7 => new(Year(date), Month(date), DateTime.DaysInMonth(Year(date), Month(date))),
        _ => DateOnly.ParseExact(date, "O", CultureInfo.InvariantCulture),
    };

    /// <summary>Whether a date is a year, a month or a day that exists.</summary>
    public static bool IsDate(string? date) => date is null
        || (date.Length == 4 && int.TryParse(date, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is > 0)
        || DateOnly.TryParseExact(date, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
        || DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static int Year(string date) => int.Parse(date.AsSpan(0, 4), CultureInfo.InvariantCulture);

    private static int Month(string date) => int.Parse(date.AsSpan(5, 2), CultureInfo.InvariantCulture);
}
