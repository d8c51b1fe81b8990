using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Coordination.Domain.Plans;

/// <summary>
/// When something of a plan is due, as precisely as the plan says it and no more: a closed set. It is stored as one text, after ISO 8601 where that has
/// a form: <c>2026-09-30</c>, <c>2026-09</c>, <c>2026-Q3</c>, <c>2026-H2</c>, <c>2026</c>; <c>ongoing</c> or <c>ongoing/2028-12-31</c>; <c>R/P3M</c> or
/// <c>R/P3M/2028-12-31</c> for every three months; <c>adoption+P3M</c>.
/// </summary>
[JsonConverter(typeof(AsText))]
public abstract partial record Due
{
    private Due() { }

    /// <summary>The last day on which it is not late; null for what is never late.</summary>
    public abstract DateOnly? LastDay { get; }

    /// <summary>The stored text.</summary>
    public abstract string Text { get; }

    public sealed override string ToString() => Text;

    /// <summary>On a day.</summary>
    public static Due On(DateOnly day) => new Within(day, Precision.Day);

    public static implicit operator Due(DateOnly day) => On(day);

    /// <summary>Within a part of the calendar: a day, a month, a quarter, half a year or a year. It is late when all of it has passed.</summary>
    /// <param name="Any">Any day of it.</param>
    public sealed record Within(DateOnly Any, Precision Precision) : Due
    {
        public DateOnly FirstDay => Precision is Precision.Day ? Any : new(Any.Year, FirstMonth, 1);

        public override DateOnly? LastDay => Precision is Precision.Day ? Any : new DateOnly(Any.Year, FirstMonth + Months - 1, DateTime.DaysInMonth(Any.Year, FirstMonth + Months - 1));

        public override string Text => Precision switch
        {
            Precision.Day => Any.ToString("O", CultureInfo.InvariantCulture),
            Precision.Month => Any.ToString("yyyy-MM", CultureInfo.InvariantCulture),
            Precision.Quarter => string.Create(CultureInfo.InvariantCulture, $"{Any.Year:D4}-Q{(FirstMonth + 2) / 3}"),
            Precision.Half => string.Create(CultureInfo.InvariantCulture, $"{Any.Year:D4}-H{(FirstMonth + 5) / 6}"),
            _ => Any.ToString("yyyy", CultureInfo.InvariantCulture),
        };

        /// <summary>The same part of the calendar, whichever of its days was given.</summary>
        public bool Equals(Within? other) => other is not null && Precision == other.Precision && FirstDay == other.FirstDay;

        public override int GetHashCode() => HashCode.Combine(FirstDay, Precision);

        private int Months => Precision switch { Precision.Month => 1, Precision.Quarter => 3, Precision.Half => 6, _ => 12 };

        private int FirstMonth => (Any.Month - 1) / Months * Months + 1;
    }

    /// <summary>All the time, to the end or until a day. It is never late; a report is owed each period.</summary>
    public sealed record Ongoing(DateOnly? Until = null) : Due
    {
        public override DateOnly? LastDay => null;
        public override string Text => Until is { } until ? string.Create(CultureInfo.InvariantCulture, $"ongoing/{until:O}") : "ongoing";
    }

    /// <summary>Again and again. Each occurrence is reported and can be late; it as a whole is not.</summary>
    /// <param name="Months">From one occurrence to the next, 1 to 120.</param>
    public sealed record Recurring(int Months, DateOnly? Until = null) : Due
    {
        public override DateOnly? LastDay => null;
        public override string Text => string.Create(CultureInfo.InvariantCulture, $"R/P{Months}M") + (Until is { } until ? string.Create(CultureInfo.InvariantCulture, $"/{until:O}") : "");
    }

    /// <summary>Some months after the plan is adopted. Before that it has no day.</summary>
    /// <param name="Months">1 to 120.</param>
    public sealed record AfterAdoption(int Months) : Due
    {
        public override DateOnly? LastDay => null;
        public override string Text => string.Create(CultureInfo.InvariantCulture, $"adoption+P{Months}M");
    }

    /// <summary>Reads the stored text.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Due? due)
    {
        due = text is null ? null : Parse(text);
        return due is not null;
    }

    private static Due? Parse(string text)
    {
        if (Day(text) is { } day) return On(day);
        var match = Form().Match(text);
        if (!match.Success) return null;
        string Part(string name) => match.Groups[name].Value;
        var months = match.Groups["months"].Success ? int.Parse(Part("months"), CultureInfo.InvariantCulture) : 0;
        var until = match.Groups["until"].Success ? Day(Part("until")) : null;
        if ((match.Groups["until"].Success && until is null) || (match.Groups["months"].Success && months is < 1 or > 120)) return null;
        if (match.Groups["ongoing"].Success) return new Ongoing(until);
        if (match.Groups["again"].Success) return new Recurring(months, until);
        if (match.Groups["after"].Success) return new AfterAdoption(months);
        var year = int.Parse(Part("year"), CultureInfo.InvariantCulture);
        if (year == 0) return null;
        return (Part("unit"), match.Groups["number"].Success ? int.Parse(Part("number"), CultureInfo.InvariantCulture) : (int?)null) switch
        {
            ("", null) => new Within(new(year, 1, 1), Precision.Year),
            ("", >= 1 and <= 12 and var month) => new Within(new(year, month, 1), Precision.Month),
            ("Q", >= 1 and <= 4 and var quarter) => new Within(new(year, quarter * 3 - 2, 1), Precision.Quarter),
            ("H", >= 1 and <= 2 and var half) => new Within(new(year, half * 6 - 5, 1), Precision.Half),
            _ => null,
        };
    }

    private static DateOnly? Day(string text) => DateOnly.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    [GeneratedRegex("^(?:(?<year>[0-9]{4})(?:-(?:(?<number>[0-9]{2})|(?<unit>[QH])(?<number>[0-9])))?|(?<ongoing>ongoing)(?:/(?<until>.+))?|(?<again>R)/P(?<months>[0-9]{1,3})M(?:/(?<until>.+))?|(?<after>adoption)\\+P(?<months>[0-9]{1,3})M)\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    private sealed class AsText : JsonConverter<Due>
    {
        public override Due Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TryParse(reader.GetString(), out var due) ? due : throw new JsonException("This is no date that something can be due by.");

        public override void Write(Utf8JsonWriter writer, Due value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
    }
}

/// <summary>How precisely a date is stated.</summary>
public enum Precision { Day, Month, Quarter, Half, Year }
