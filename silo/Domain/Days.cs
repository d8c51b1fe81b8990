using System.Globalization;

namespace Coordination.Domain;

/// <summary>
/// The days that can be worked with. One in the year 206 or 9999 is a slip of the keyboard, and whoever draws a plan in time
/// would draw all the centuries up to it.
/// </summary>
public static class Days
{
    /// <summary>Bounds are whole years, so that a date of which only the year is known is either within or without.</summary>
    private const int FirstYear = 1990, LastYear = 2100;

    public static Refusal? OutOfBounds(string pointer, DateOnly? day) => OutOfBounds(pointer, day?.Year);

    /// <summary>A year, a month or a day that exists (<see cref="Groups.ChairTerms.IsDate"/>).</summary>
    public static Refusal? OutOfBounds(string pointer, string? date) =>
        OutOfBounds(pointer, date is null ? null : int.Parse(date.AsSpan(0, 4), CultureInfo.InvariantCulture));

    private static Refusal? OutOfBounds(string pointer, int? year) => year is < FirstYear or > LastYear
        ? Refusal.Invalid(pointer, "date.out-of-bounds", "The date is too far off. Give one from 1990-01-01 to 2100-12-31.")
        : null;
}
