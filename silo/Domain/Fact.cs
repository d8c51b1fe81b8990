using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Coordination.Domain;

/// <summary>
/// Something that happened, as it stands in the journal for ever. Holds ids, never names of persons. Its stored form has a
/// name and a version given by hand (<see cref="FactNameAttribute"/>); renaming the class changes nothing that is stored.
/// </summary>
public abstract record Fact
{
    private protected Fact() { }
}

/// <summary>The name and form under which a fact is stored.</summary>
/// <param name="name">Noun and past participle, such as <c>plan.milestone-reported</c>. Never changes.</param>
/// <param name="form">From 1. A new form needs a lift from the old one and a sample of each.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class FactNameAttribute(string name, int form = 1) : Attribute
{
    public string Name { get; } = name;
    public int Form { get; } = form;
}

/// <summary>Turns facts into their stored form and back.</summary>
public static class FactJson
{
    /// <summary>How facts, audiences and snapshots are written: camelCase, kebab-case names, nothing that is null.</summary>
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.Strict,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    private static readonly FrozenDictionary<Type, FactNameAttribute> Names = typeof(Fact).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(Fact)) && !type.IsAbstract)
        .ToFrozenDictionary(
            type => type,
            type => type.GetCustomAttribute<FactNameAttribute>() ?? throw new InvalidOperationException($"{type} has no [FactName]."));

    private static readonly FrozenDictionary<string, Type> Types = Names.ToFrozenDictionary(pair => pair.Value.Name, pair => pair.Key);

    /// <summary>Every fact there is, with its stored name and current form.</summary>
    public static IEnumerable<(Type Type, string Name, int Form)> All => Names.Select(pair => (pair.Key, pair.Value.Name, pair.Value.Form));

    public static (string Name, int Form) NameOf(Fact fact) => (Names[fact.GetType()].Name, Names[fact.GetType()].Form);

    public static byte[] Write(Fact fact) => JsonSerializer.SerializeToUtf8Bytes(fact, fact.GetType(), Options);

    /// <summary>Reads a stored fact. Older forms are lifted here when there are any.</summary>
    /// <exception cref="UnknownFactException">A newer version of the platform has written it.</exception>
    /// <exception cref="JsonException">The data are not those of this fact.</exception>
    public static Fact Read(string name, int form, ReadOnlySpan<byte> data)
    {
        if (!Types.TryGetValue(name, out var type)) throw new UnknownFactException($"The fact '{name}' is unknown to this version of the platform.");
        if (form != Names[type].Form) throw new UnknownFactException($"The fact '{name}' has form {form}, and this version of the platform knows form {Names[type].Form}.");
        return (Fact?)JsonSerializer.Deserialize(data, type, Options) ?? throw new JsonException($"Fact '{name}' is null.");
    }
}

/// <summary>
/// The journal holds a fact, or a form of one, that this version of the platform does not know. During a rolling upgrade a newer
/// silo writes such facts while older silos still run.
/// </summary>
public sealed class UnknownFactException(string message) : Exception($"{message} A newer version has written it: update this process.");
