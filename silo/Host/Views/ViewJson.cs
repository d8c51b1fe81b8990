using System.Text.Json;
using System.Text.Json.Serialization;

namespace Coordination.Host.Views;

/// <summary>Stored items as JSON: the same item is always the same bytes, whatever order its sets and dictionaries happen to have.</summary>
internal static class ViewJson
{
    // An item of another form is noticed: a member too many or too few cannot be read.
    private static readonly JsonSerializerOptions Options = new(FactJson.Options)
    {
        Converters = { new Zones(), new SortedSets(), new SortedDictionaries() },
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    public static byte[] Write(object item) => JsonSerializer.SerializeToUtf8Bytes(item, item.GetType(), Options);

    /// <exception cref="JsonException">It was written in another form.</exception>
    public static T Read<T>(byte[] data) where T : class => JsonSerializer.Deserialize<T>(data, Options) ?? throw new JsonException("A stored item is null.");

    private sealed class Zones : JsonConverter<TimeZoneInfo>
    {
        public override TimeZoneInfo Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TimeZoneInfo.TryFindSystemTimeZoneById(reader.GetString()!, out var zone) ? zone : TimeZoneInfo.Utc;

        public override void Write(Utf8JsonWriter writer, TimeZoneInfo value, JsonSerializerOptions options) => writer.WriteStringValue(value.Id);
    }

    private sealed class SortedSets : JsonConverter<ImmutableHashSet<string>>
    {
        public override ImmutableHashSet<string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            [.. JsonSerializer.Deserialize<string[]>(ref reader, options)!];

        public override void Write(Utf8JsonWriter writer, ImmutableHashSet<string> value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            foreach (var item in value.Order(StringComparer.Ordinal)) writer.WriteStringValue(item);
            writer.WriteEndArray();
        }
    }

    private sealed class SortedDictionaries : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) => typeToConvert.IsGenericType
            && typeToConvert.GetGenericTypeDefinition() == typeof(ImmutableDictionary<,>) && typeToConvert.GetGenericArguments()[0] == typeof(string);

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(Sorted<>).MakeGenericType(typeToConvert.GetGenericArguments()[1]))!;

        private sealed class Sorted<T> : JsonConverter<ImmutableDictionary<string, T>>
        {
            public override ImmutableDictionary<string, T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
                JsonSerializer.Deserialize<Dictionary<string, T>>(ref reader, options)!.ToImmutableDictionary();

            public override void Write(Utf8JsonWriter writer, ImmutableDictionary<string, T> value, JsonSerializerOptions options)
            {
                writer.WriteStartObject();
                foreach (var (key, item) in value.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(key);
                    JsonSerializer.Serialize(writer, item, options);
                }

                writer.WriteEndObject();
            }
        }
    }
}
