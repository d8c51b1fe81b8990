using System.Globalization;

namespace Coordination.Domain;

/// <summary>
/// What a fact's sentence says: values by the names that the catalogues of sentences use. Codes, days and numbers stand here as the API writes them,
/// and are worded in the reader's language by whoever reads.
/// </summary>
public sealed class Said
{
    /// <summary>Characters of a text that a sentence quotes, at most.</summary>
    private const int Excerpt = 200;

    private readonly Dictionary<string, string> _values = new(12, StringComparer.Ordinal);

    public Dictionary<string, string> Values => _values;

    /// <summary>Names a variant of the sentence, which the catalogues have beside it.</summary>
    public void Variant(string name) => _values["context"] = name;

    /// <summary>As it is: an id, a code of a standard, a name or title.</summary>
    public void Put(string name, string value) => _values[name] = value;

    public void Code<T>(string name, T value) where T : struct, Enum => _values[name] = EnumNames.NameOf(value);

    public void Day(string name, DateOnly day) => _values[name] = day.ToString("O", CultureInfo.InvariantCulture);

    public void Number(string name, long number) => _values[name] = number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The beginning of what somebody wrote; nothing when that is nothing.</summary>
    public void Text(string name, string? text)
    {
        if (text is not null) _values[name] = text.Length <= Excerpt ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[Excerpt - 1]) ? Excerpt - 1 : Excerpt), "…");
    }
}
