using Coordination.Domain.Plans;

namespace Coordination.Host.Views;

/// <summary>
/// What happened to one thing, read from the journal: no view keeps it. Positions come from the feed's index, facts with their texts from the entries; a
/// text that was erased reads as erased.
/// </summary>
public sealed class Histories(FeedIndex index, IJournal journal, FactReader facts)
{
    /// <summary>Entries of a topic that are read at once, however few of them are wanted: some are of other kinds.</summary>
    private const int Fewest = 32;

    /// <summary>Facts of some kind in a topic, newest first, each with the texts that stand beside its own entry.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="before">Only those below this position.</param>
    /// <param name="limit">Most of them.</param>
    /// <param name="admits">Whether entries for an audience are looked at.</param>
    /// <param name="wanted">Which facts; null for all of the kind.</param>
    /// <param name="after">Only those above this position.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<List<Happening<T>>> Before<T>(string topic, long before, int limit, Func<Audience, bool> admits, Func<T, bool>? wanted = null, long after = 0, CancellationToken cancellation = default) where T : Fact
    {
        var found = new List<Happening<T>>();
        while (before > after + 1 && found.Count < limit)
        {
            var (positions, reached) = await index.Before([topic], before, Math.Max(limit - found.Count, Fewest), admits);
            var entries = await journal.ReadAt(positions, cancellation);
            for (var number = entries.Count - 1; number >= 0 && found.Count < limit; number--)
                if (entries[number].Position > after && entries[number].ToFact() is T fact && wanted?.Invoke(fact) != false) found.Add(new(entries[number], fact));
            before = reached;
        }

        return found;
    }

    /// <summary>All that happened to a thing up to a position, oldest first. Only of what cannot grow for ever.</summary>
    public async Task<List<Happening<T>>> Of<T>(string stream, long upTo, CancellationToken cancellation = default) where T : Fact
    {
        var found = new List<Happening<T>>();
        await foreach (var entry in journal.ReadStream(stream, 0, cancellation))
        {
            if (entry.Position > upTo) break;
            if (entry.ToFact() is T fact) found.Add(new(entry, fact));
        }

        return found;
    }

    /// <summary>The facts at some positions, by position.</summary>
    public Task<IReadOnlyDictionary<long, Fact>> At(IReadOnlyCollection<long> positions, CancellationToken cancellation = default) => facts.At(positions, cancellation);

    /// <summary>Reads a page: whoever waits in front of it is told before long that the database is away.</summary>
    /// <exception cref="JournalUnavailableException">It did not answer within <see cref="IViewStore.Moment"/>.</exception>
    public static async Task<T> Briefly<T>(Func<CancellationToken, Task<T>> read)
    {
        using var limit = new CancellationTokenSource(IViewStore.Moment, TimeProvider.System);
        try
        {
            return await read(limit.Token).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new JournalUnavailableException("The database does not answer.");
        }
    }
}

/// <summary>A fact and the entry that it stands in.</summary>
public sealed record Happening<T>(Entry Entry, T Fact) where T : Fact;

/// <summary>Reads facts with all their texts, some of which stand beside earlier entries.</summary>
public sealed class FactReader(IJournal journal)
{
    /// <summary>The facts that may name earlier ones, with their forms: one of a newer version is not read before it is its turn.</summary>
    private static readonly Dictionary<string, int> Referring = FactJson.All.Where(static fact => fact.Type.IsAssignableTo(typeof(ReportFact))).ToDictionary(static fact => fact.Name, static fact => fact.Form);

    /// <summary>The facts of entries, in their order.</summary>
    public async Task<IReadOnlyList<Fact>> Read(IReadOnlyList<Entry> entries, CancellationToken cancellation = default)
    {
        var read = entries.Select(entry => entry.ToFact()).ToList();
        var earlier = await At([.. read.SelectMany(fact => fact.RefersTo()).Distinct()], cancellation);
        return earlier.Count == 0 ? read : read.ConvertAll(fact => With(fact, earlier));
    }

    /// <summary>What entries name of earlier ones, by position.</summary>
    public Task<IReadOnlyDictionary<long, Fact>> Earlier(IEnumerable<Entry> entries, CancellationToken cancellation = default) =>
        At([.. entries.Where(entry => Referring.TryGetValue(entry.Fact, out var form) && entry.Form <= form).SelectMany(entry => entry.ToFact().RefersTo()).Distinct()], cancellation);

    /// <inheritdoc cref="Histories.At"/>
    public async Task<IReadOnlyDictionary<long, Fact>> At(IReadOnlyCollection<long> positions, CancellationToken cancellation = default) =>
        positions.Count == 0 ? ImmutableDictionary<long, Fact>.Empty : (await journal.ReadAt(positions, cancellation)).ToDictionary(entry => entry.Position, entry => entry.ToFact());

    /// <summary>A fact with the texts that earlier ones say.</summary>
    public static Fact With(Fact fact, IReadOnlyDictionary<long, Fact> earlier) =>
        fact is ReportFact one && !one.RefersTo().IsEmpty ? one with { Report = With(one.Report, earlier) } : fact;

    /// <inheritdoc cref="With(Fact, IReadOnlyDictionary{long, Fact})"/>
    public static Report With(Report report, IReadOnlyDictionary<long, Fact> earlier) => report.With(position => (earlier.GetValueOrDefault(position) as ReportFact)?.Report);
}
