using System.Collections.Frozen;

namespace Coordination.Domain;

/// <summary>The regions of the United Nations standard M49, by name and code, and the fictional one of the exercise.</summary>
public static class Regions
{
    /// <summary>Code, name and the region it is part of; parents come first. Source: UN Statistics Division, M49.</summary>
    public static readonly ImmutableArray<(string Code, string Name, string? Parent)> All =
    [
        ("002", "Africa", null), ("019", "Americas", null), ("142", "Asia", null), ("150", "Europe", null), ("009", "Oceania", null),
        ("015", "Northern Africa", "002"), ("202", "Sub-Saharan Africa", "002"),
        ("014", "Eastern Africa", "202"), ("017", "Middle Africa", "202"), ("018", "Southern Africa", "202"), ("011", "Western Africa", "202"),
        ("419", "Latin America and the Caribbean", "019"), ("021", "Northern America", "019"),
        ("029", "Caribbean", "419"), ("013", "Central America", "419"), ("005", "South America", "419"),
        ("143", "Central Asia", "142"), ("030", "Eastern Asia", "142"), ("035", "South-eastern Asia", "142"), ("034", "Southern Asia", "142"),
        ("145", "Western Asia", "142"),
        ("151", "Eastern Europe", "150"), ("154", "Northern Europe", "150"), ("039", "Southern Europe", "150"), ("155", "Western Europe", "150"),
        ("053", "Australia and New Zealand", "009"), ("054", "Melanesia", "009"), ("057", "Micronesia", "009"), ("061", "Polynesia", "009"),
        ("X01", "Meridia", null),
    ];

    private static readonly FrozenDictionary<string, string?> Parents = All.ToFrozenDictionary(
        region => region.Name, region => region.Parent is null ? null : All.First(parent => parent.Code == region.Parent).Name);

    private static readonly FrozenDictionary<string, ImmutableArray<string>> Overlaps = All.ToFrozenDictionary(
        region => region.Name, region => All.Select(other => other.Name).Where(other => Overlap(region.Name, other)).ToImmutableArray());

    private static readonly FrozenDictionary<string, string> Names = All
        .SelectMany(region => new[] { (Key: region.Code, region.Name), (Key: region.Name, region.Name) })
        .ToFrozenDictionary(pair => pair.Key, pair => pair.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The name of a region given by name or code, or null when there is none.</summary>
    public static string? NameOf(string nameOrCode) => Names.GetValueOrDefault(nameOrCode.Trim());

    /// <summary>Whether two regions, by name, are the same or one is part of the other.</summary>
    public static bool Overlap(string one, string other) => IsPartOf(one, other) || IsPartOf(other, one);

    /// <summary>The names of all regions that <see cref="Overlap"/> a region, by name, itself among them; none when there is no such region.</summary>
    public static ImmutableArray<string> Overlapping(string region) => Overlaps.GetValueOrDefault(region, []);

    private static bool IsPartOf(string? region, string whole)
    {
        while (region is not null && region != whole) region = Parents.GetValueOrDefault(region);
        return region is not null;
    }
}
