using System.Collections.Frozen;
using System.Text.Json;

namespace Coordination.Contracts;

/// <summary>
/// Names of enumerations' members wherever they are no part of a JSON document (queries, topics, the security log, the interface's description):
/// those that <see cref="JsonNamingPolicy.KebabCaseLower"/> gives there too, such as <c>under-implementation</c>. The framework knows them in JSON alone.
/// </summary>
public static class EnumNames
{
    public static string NameOf<T>(T value) where T : struct, Enum => Of<T>.Names[value];

    /// <summary>The member of this name, in whatever capitals, or null.</summary>
    public static T? Parse<T>(string name) where T : struct, Enum => Of<T>.Values.TryGetValue(name, out var value) ? value : null;

    public static string[] All(Type type) => [.. Enum.GetNames(type).Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];

    private static class Of<T> where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> Names = Enum.GetValues<T>().ToFrozenDictionary(value => value, value => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()));
        public static readonly FrozenDictionary<string, T> Values = Names.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.OrdinalIgnoreCase);
    }
}
