using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Coordination.Host.Views;

/// <summary>Names under which views are stored.</summary>
internal static class StoredViews
{
    public const string Bodies = "bodies";
    public const string Accounts = "accounts";
    public const string Plans = "plans";
    public const string Requests = "requests";
    public const string Groups = "groups";
    public const string Subscriptions = "subscriptions";
    public const string Feed = "feed";

    /// <summary>How far messages have been sent. A mark without items.</summary>
    public const string Relay = "relay";

    /// <summary>Hash of the entry at which the views stand: they belong to this journal and no other.</summary>
    public const string Journal = "journal";

    /// <summary>The views that are folded from the journal.</summary>
    public static readonly ImmutableArray<string> Names = [Bodies, Accounts, Plans, Requests, Groups, Subscriptions, Feed];

    /// <summary>The stored block of the feed that holds a position. Names sort as their numbers do.</summary>
    public static string BlockOf(long position) => BlockName((int)((position - 1) / TopicIndex.BlockSize));

    public static string BlockName(int number) => number.ToString("D9", CultureInfo.InvariantCulture);

    public static int NumberOf(string block) => int.Parse(block, CultureInfo.InvariantCulture);
}

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
