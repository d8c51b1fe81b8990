using Coordination.Contracts.Feed;

namespace Coordination.Host.Views;

/// <summary>Entries as the facts that they hold.</summary>
internal static class EntryFacts
{
    /// <summary>The fact of an entry, with the texts that stand beside it.</summary>
    public static Fact ToFact(this Entry entry) => FactJson.Read(entry.Fact, entry.Form, entry.Data, entry.Texts, entry.Position);

    /// <summary>Kind and id that the name of a stream is made of, as in <c>plan/canada-1</c>.</summary>
    public static (string Kind, string Id) Split(string stream)
    {
        var slash = stream.IndexOf('/', StringComparison.Ordinal);
        return (stream[..slash], stream[(slash + 1)..]);
    }

    /// <summary>Id of what an entry is about.</summary>
    public static string Id(this Entry entry) => Split(entry.Stream).Id;

    /// <summary>The entry that a fact becomes.</summary>
    /// <param name="fact">The fact.</param>
    /// <param name="id">Of what it is about.</param>
    /// <param name="state">After it.</param>
    /// <param name="directory">Who else there is.</param>
    /// <param name="language">Language of its texts (BCP 47), or null when that is not known.</param>
    public static NewEntry ToEntry<TState>(this Fact<TState> fact, string id, TState state, IDirectory directory, string? language = null) where TState : class
    {
        var (name, form) = FactJson.NameOf(fact);
        var stored = FactJson.Write(fact, language);
        return new(name, form, [.. fact.TopicsIn(id, state, directory).Distinct()], FactJson.Write(fact.AudienceIn(state)), stored.Data, stored.Texts);
    }
}

/// <summary>Reads what is told of entries: their texts stand beside them, or beside earlier ones.</summary>
public sealed class FeedReader(FactReader reader, FeedEntryFormatter formatter)
{
    /// <summary>What to tell of each entry, in their order; null where nothing is told.</summary>
    public async Task<IReadOnlyList<FeedEntry?>> Read(IReadOnlyList<Entry> entries, CancellationToken cancellation = default)
    {
        var facts = await reader.Read(entries, cancellation);
        return [.. entries.Select((entry, index) => formatter.Tell(entry, facts[index]))];
    }
}
