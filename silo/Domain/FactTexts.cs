using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Coordination.Domain;

/// <summary>A fact as the journal keeps it.</summary>
/// <param name="Data">Its structure, UTF-8 JSON. Where a text stands, it has the text's number, from 0.</param>
/// <param name="Texts">
/// What people wrote freely, UTF-8 JSON: <c>{"language":"fr","texts":["…"]}</c>, in the order of their numbers; null when there is nothing.
/// </param>
public sealed record StoredFact(byte[] Data, byte[]? Texts);

/// <summary>
/// The texts of one fact while it is written or read. The converters that the serializer calls have no other way to be told than the
/// thread that they run on; it is theirs until this is disposed.
/// </summary>
internal sealed class FactTexts : IDisposable
{
    [ThreadStatic]
    private static FactTexts? _current;

    private readonly List<string> _texts = [];
    private bool _erased;

    /// <summary>Gives every member that is marked with <see cref="TextAttribute"/> a place aside.</summary>
    public static readonly IJsonTypeInfoResolver Aside = new DefaultJsonTypeInfoResolver
    {
        Modifiers =
        {
            static type =>
            {
                foreach (var member in type.Properties)
                {
                    if (member.AttributeProvider?.IsDefined(typeof(TextAttribute), inherit: true) == true)
                        member.CustomConverter = member.PropertyType == typeof(string[]) ? new Several() : new One();
                }
            },
        },
    };

    /// <summary>Begins to write one.</summary>
    public static FactTexts Collect() => _current = new();

    /// <summary>Begins to read one.</summary>
    /// <exception cref="JsonException">These are no texts.</exception>
    public static FactTexts Give(ReadOnlySpan<byte> stored)
    {
        var texts = new FactTexts { _erased = stored.IsEmpty };
        if (!stored.IsEmpty) texts._texts.AddRange(JsonSerializer.Deserialize<Stored>(stored, FactJson.Options)?.Texts ?? throw new JsonException("Texts are null."));
        return _current = texts;
    }

    /// <summary>What was collected; null when that is nothing.</summary>
    public byte[]? Write(string? language) =>
        _texts.Count == 0 ? null : JsonSerializer.SerializeToUtf8Bytes(new Stored(language, [.. _texts]), FactJson.Options);

    public void Dispose() => _current = null;

    private static int Put(string text)
    {
        var texts = _current ?? throw new InvalidOperationException("A fact is written by FactJson alone.");
        texts._texts.Add(text);
        return texts._texts.Count - 1;
    }

    private static string Take(ref Utf8JsonReader reader)
    {
        var texts = _current ?? throw new InvalidOperationException("A fact is read by FactJson alone.");
        if (reader.TokenType is not JsonTokenType.Number || !reader.TryGetInt32(out var number) || number < 0)
            throw new JsonException("The number of a text is expected here.");
        if (texts._erased) return TextAttribute.Erased;
        return number < texts._texts.Count ? texts._texts[number] : throw new JsonException($"There is no text {number}.");
    }

    private sealed record Stored(string? Language, string[] Texts);

    private sealed class One : JsonConverter<string>
    {
        public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Take(ref reader);

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteNumberValue(Put(value));
    }

    private sealed class Several : JsonConverter<string[]>
    {
        public override string[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType is not JsonTokenType.StartArray) throw new JsonException("The numbers of texts are expected here.");
            var read = new List<string>();
            while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray) read.Add(Take(ref reader));
            return [.. read];
        }

        public override void Write(Utf8JsonWriter writer, string[] value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            foreach (var text in value) writer.WriteNumberValue(Put(text));
            writer.WriteEndArray();
        }
    }
}
