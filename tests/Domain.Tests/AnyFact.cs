using System.Reflection;
using CsCheck;

namespace Coordination.Domain.Tests;

/// <summary>Facts of every kind with anything in them that their types allow, however little sense it makes.</summary>
internal static class AnyFact
{
    private static readonly string[] Words =
        ["arden-council", "belmar-council", "shelters", "first-shelter", "r1", "r2", "r", "", "u1", "s1", "2026", "2026-02-30", "2026-06-01", "Asia", "network", "é"];

    private static readonly Due[] Dues =
    [
        new DateOnly(2026, 9, 30), new Due.Within(DateOnly.MinValue, Precision.Day), new Due.Within(DateOnly.MaxValue, Precision.Year), new Due.Within(new(2024, 2, 1), Precision.Month),
        new Due.Within(new(2026, 12, 1), Precision.Quarter), new Due.Within(new(2026, 6, 30), Precision.Half), new Due.Ongoing(), new Due.Ongoing(new(2028, 12, 31)),
        new Due.Recurring(3), new Due.Recurring(12, new(2028, 12, 31)), new Due.AfterAdoption(3),
    ];

    private static readonly Type[] Types = [.. FactJson.All.Select(fact => fact.Type).OrderBy(type => type.Name, StringComparer.Ordinal)];
    private static readonly NullabilityInfoContext Nullability = new();

    public static Gen<Fact> Gen { get; } = CsCheck.Gen.Int[0, int.MaxValue - 1].Select(seed =>
    {
        var random = new Random(seed);
        return (Fact)Make(Types[random.Next(Types.Length)], random);
    });

    private static object Make(Type type, Random random)
    {
        var constructor = type.GetConstructors().MaxBy(candidate => candidate.GetParameters().Length)!;
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter => Value(parameter, random))]);
    }

    private static object? Value(ParameterInfo parameter, Random random)
    {
        bool nullable;
        lock (Nullability) nullable = Nullability.Create(parameter).WriteState is NullabilityState.Nullable;
        return nullable && random.Next(3) == 0 ? null : Value(Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType, random);
    }

    private static object Value(Type type, Random random)
    {
        if (type == typeof(string)) return Words[random.Next(Words.Length)];
        if (type == typeof(int)) return random.Next(-1, 102);
        if (type == typeof(long)) return random.NextInt64(-1, 100);
        if (type == typeof(bool)) return random.Next(2) == 0;
        if (type == typeof(DateOnly)) return DateOnly.FromDayNumber(random.Next(DateOnly.MaxValue.DayNumber + 1));
        if (type == typeof(DateTimeOffset)) return new DateTimeOffset(random.NextInt64(DateTime.MaxValue.Ticks), TimeSpan.Zero);
        if (type == typeof(Due)) return Dues[random.Next(Dues.Length)];
        if (type.IsEnum) return Enum.GetValues(type).GetValue(random.Next(Enum.GetValues(type).Length))!;
        if (!type.IsArray) return Make(type, random);
        var array = Array.CreateInstance(type.GetElementType()!, random.Next(3));
        for (var index = 0; index < array.Length; index++) array.SetValue(Value(type.GetElementType()!, random), index);
        return array;
    }
}
