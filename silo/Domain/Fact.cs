using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Coordination.Domain;

/// <summary>
/// Something that happened, as it stands in the journal for ever. Holds ids, never names of persons; what people write freely is marked
/// with <see cref="TextAttribute"/> and stored beside it. Its stored form has a
/// name and a version given by hand (<see cref="FactNameAttribute"/>); renaming the class changes nothing that is stored.
/// </summary>
public abstract record Fact
{
    private protected Fact() { }

    /// <summary>Where it stands in the journal; 0 as long as it is only decided.</summary>
    [JsonIgnore]
    public long EntryPosition { get; init; }

    /// <summary>
    /// Adds what its sentence says to what is known of the thing: codes, days, numbers and excerpts of texts. The catalogues have the sentence under
    /// the fact's own name.
    /// </summary>
    public abstract void Tell(Said said);

    /// <summary>Positions of the earlier entries at which texts of it stand, which is stored once.</summary>
    public virtual ImmutableArray<long> RefersTo() => [];

    /// <summary>What becomes of a thing. Never fails; a fact of another noun changes nothing.</summary>
    public static TState? Evolve<TState>(string id, TState? state, Fact fact) where TState : class => fact is Fact<TState> own ? own.Evolve(id, state) : state;
}

/// <summary>
/// A fact about things of one kind. What becomes of the thing, who may see the fact and what it can be followed by stand beside it; the facts of a
/// noun are a closed set, and the noun says in its base what else each of them owes.
/// </summary>
/// <typeparam name="TState">What the rules know of such a thing.</typeparam>
public abstract record Fact<TState> : Fact where TState : class
{
    private protected Fact() { }

    /// <summary>The thing after it; null as long as there is none. What does not fit leaves it as it was.</summary>
    /// <param name="id">Of the thing.</param>
    /// <param name="state">Before; null when there was none.</param>
    public abstract TState? Evolve(string id, TState? state);

    /// <summary>Who may see it.</summary>
    /// <param name="state">The thing after it.</param>
    public abstract Audience AudienceIn(TState state);

    /// <summary>What it can be followed by, some perhaps twice.</summary>
    /// <param name="id">Of the thing.</param>
    /// <param name="state">The thing after it.</param>
    /// <param name="directory">Who else there is.</param>
    public abstract IEnumerable<string> TopicsIn(string id, TState state, IDirectory directory);

    /// <summary>Id that its command is answered with: of what was made or changed. Null stands for the thing itself.</summary>
    public virtual string? Answer() => null;
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

/// <summary>
/// Marks how a form of a fact that is written no more is read: a static method of the fact that changes its data into those of the next form. Texts stand
/// in the data as their numbers.
/// </summary>
/// <param name="from">The form that it takes.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LiftAttribute(int from) : Attribute
{
    public int From { get; } = from;
}

/// <summary>Turns facts into their stored form and back.</summary>
public static class FactJson
{
    /// <summary>How facts, audiences and snapshots are written: camelCase, kebab-case names, nothing that is null.</summary>
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        NumberHandling = JsonNumberHandling.Strict,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    /// <summary>As <see cref="Options"/>, with each text in a place of its own beside the fact.</summary>
    private static readonly JsonSerializerOptions WithoutTexts = new(Options) { TypeInfoResolver = FactTexts.Aside };

    private static readonly FrozenDictionary<Type, FactNameAttribute> Names = typeof(Fact).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(Fact)) && !type.IsAbstract)
        .ToFrozenDictionary(
            type => type,
            type => type.GetCustomAttribute<FactNameAttribute>() ?? throw new InvalidOperationException($"{type} has no [FactName]."));

    private static readonly FrozenDictionary<string, Type> Types = Names.ToFrozenDictionary(pair => pair.Value.Name, pair => pair.Key);

    /// <summary>By fact, how each form is lifted to the next one, from the first on. A fact without one of them stops the start.</summary>
    private static readonly FrozenDictionary<Type, Action<JsonObject>[]> Lifts = Names.Where(pair => pair.Value.Form > 1).ToFrozenDictionary(
        pair => pair.Key,
        pair =>
        {
            var lifts = pair.Key.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                .Select(method => (method, method.GetCustomAttribute<LiftAttribute>()?.From)).Where(lift => lift.From is not null).OrderBy(lift => lift.From).ToList();
            return lifts.Select(lift => lift.From!.Value).SequenceEqual(Enumerable.Range(1, pair.Value.Form - 1))
                ? lifts.Select(lift => lift.method.CreateDelegate<Action<JsonObject>>()).ToArray()
                : throw new InvalidOperationException($"{pair.Key} has form {pair.Value.Form} and no [Lift] from each form before it.");
        });

    /// <summary>Every fact there is, with its stored name and current form.</summary>
    public static IEnumerable<(Type Type, string Name, int Form)> All => Names.Select(pair => (pair.Key, pair.Value.Name, pair.Value.Form));

    public static (string Name, int Form) NameOf(Fact fact) => (Names[fact.GetType()].Name, Names[fact.GetType()].Form);

    /// <summary>The stored form of an audience.</summary>
    public static byte[] Write(Audience audience) => JsonSerializer.SerializeToUtf8Bytes(audience, Options);

    /// <exception cref="JsonException">It is none.</exception>
    public static Audience ReadAudience(ReadOnlySpan<byte> stored) => JsonSerializer.Deserialize<Audience>(stored, Options) ?? throw new JsonException("The audience is null.");

    /// <inheritdoc cref="ReadAudience(ReadOnlySpan{byte})"/>
    public static Audience ReadAudience(string stored) => JsonSerializer.Deserialize<Audience>(stored, Options) ?? throw new JsonException("The audience is null.");

    /// <summary>The stored form of a fact.</summary>
    /// <param name="fact">The fact.</param>
    /// <param name="language">Language that its texts are in (BCP 47), or null when that is not known.</param>
    public static StoredFact Write(Fact fact, string? language = null)
    {
        using var texts = FactTexts.Collect();
        var data = JsonSerializer.SerializeToUtf8Bytes(fact, fact.GetType(), WithoutTexts);
        return new(data, texts.Write(language));
    }

    /// <summary>Reads a stored fact; older forms are lifted.</summary>
    /// <param name="name">Under which it is stored.</param>
    /// <param name="form">In which it is stored.</param>
    /// <param name="data">Its structure.</param>
    /// <param name="texts">Its texts; empty when there are none or they were erased, and then each reads <see cref="TextAttribute.Erased"/>.</param>
    /// <param name="position">Where it stands in the journal.</param>
    /// <exception cref="UnknownFactException">A newer version of the platform has written it.</exception>
    /// <exception cref="JsonException">The data are not those of this fact.</exception>
    public static Fact Read(string name, int form, ReadOnlySpan<byte> data, ReadOnlySpan<byte> texts, long position = 0)
    {
        if (!Types.TryGetValue(name, out var type)) throw new UnknownFactException($"The fact '{name}' is unknown to this version of the platform.");
        if (form < 1 || form > Names[type].Form) throw new UnknownFactException($"The fact '{name}' has form {form}, and this version of the platform knows form {Names[type].Form}.");
        if (form < Names[type].Form) data = Lift(type, form, data);
        using var _ = FactTexts.Give(texts);
        return ((Fact?)JsonSerializer.Deserialize(data, type, WithoutTexts) ?? throw new JsonException($"Fact '{name}' is null.")) with { EntryPosition = position };
    }

    private static byte[] Lift(Type type, int form, ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data);
        var lifted = JsonNode.Parse(ref reader) as JsonObject ?? throw new JsonException($"{type.Name} is no object.");
        foreach (var lift in Lifts[type].AsSpan(form - 1)) lift(lifted);
        return JsonSerializer.SerializeToUtf8Bytes(lifted);
    }
}

/// <summary>
/// The journal holds a fact, or a form of one, that this version of the platform does not know. During a rolling upgrade a newer
/// silo writes such facts while older silos still run.
/// </summary>
public sealed class UnknownFactException(string message) : Exception($"{message} A newer version has written it: update this process.");
