using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Coordination.Gateway.Http;

/// <summary>
/// Reads every text of every request: no markup, no control characters but line ends and tabs, nothing that turns the direction of
/// writing for what stands behind the text, or makes it look other than it is. One place, so that no field is forgotten.
/// </summary>
public sealed partial class PlainText : JsonConverter<string>
{
    public const string Refused = "Texts are plain: leave out markup such as <b> and invisible control characters, and end each isolate of direction.";

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is JsonTokenType.Null) return null;
        if (reader.TokenType is not JsonTokenType.String) throw new JsonException("A text is needed here.");
        var text = reader.GetString()!;
        return IsPlain(text) && text.Trim() != TextAttribute.Erased ? text : throw new JsonException(Refused);
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString()!;

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);

    public static bool IsPlain(string text) => !Markup().IsMatch(text) && !Invisible().IsMatch(text) && IsClosed(text);

    /// <summary>Whether each isolate of direction, which Arabic and Hebrew around Latin may need, ends in the paragraph that it begins in.</summary>
    private static bool IsClosed(string text)
    {
        var open = 0;
        foreach (var character in text)
        {
            if (character is '\u2066' or '\u2067' or '\u2068') open++;
            else if (character is '\u2069' && open > 0) open--;
            else if (open > 0 && character is '\n' or '\r' or '\u2029') return false;
        }

        return open == 0;
    }

    [GeneratedRegex("<[a-zA-Z!/?]|&(#|[a-zA-Z]+;)")]
    private static partial Regex Markup();

    // Bidirectional embeddings and overrides (not the isolates and marks that correct Arabic needs), and controls.
    [GeneratedRegex("[\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u009F\\u202A-\\u202E\\uFFFE\\uFFFF]")]
    private static partial Regex Invisible();
}

/// <summary>For what is not shown to anyone and may hold any character: a password.</summary>
public sealed class AnyText : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.String ? reader.GetString() : throw new JsonException("A text is needed here.");

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
