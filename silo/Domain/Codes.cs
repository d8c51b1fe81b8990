using System.Collections.Frozen;
using System.Text.Json;

namespace Coordination.Domain;

/// <summary>Members of enumerations as the journal and the API write them: in lower case, words joined by hyphens.</summary>
public static class Codes
{
    /// <exception cref="KeyNotFoundException">There is no such member.</exception>
    public static string Of<T>(T value) where T : struct, Enum => Names<T>.Known[value];

    private static class Names<T> where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> Known = Enum.GetValues<T>().ToFrozenDictionary(value => value, value => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()));
    }
}
