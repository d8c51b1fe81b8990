using System.Collections.Frozen;

namespace Coordination.Domain;

/// <summary>
/// Time zones by the names of the IANA database, and by no others that a system happens to know: neither offsets, nor names of Windows, nor
/// files that lie among the zones. The list is our own, so that every machine gives the same answer; browsers offer names that are in it.
/// </summary>
public static class TimeZones
{
    /// <summary>Each name with the one that it stands for, which is mostly itself.</summary>
    private static readonly Lazy<FrozenDictionary<string, string>> Names = new(Read);

    public static bool IsOne(string name) => Names.Value.ContainsKey(name);

    /// <summary>The zone; UTC when none is stated. Systems that do not keep older names know it by the one of today.</summary>
    public static TimeZoneInfo Of(string? name) =>
        name is null ? TimeZoneInfo.Utc
        : TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone
        : Names.Value.TryGetValue(name, out var today) && TimeZoneInfo.TryFindSystemTimeZoneById(today, out var same) ? same
        : TimeZoneInfo.Utc;

    private static FrozenDictionary<string, string> Read()
    {
        using var reader = new StreamReader(typeof(TimeZones).Assembly.GetManifestResourceStream("time-zones")!);
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            var names = line.Split(' ');
            read.Add(names[0], names[^1]);
        }

        return read.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
