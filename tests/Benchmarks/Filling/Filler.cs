using Coordination.Contracts;
using Coordination.Domain;
using Coordination.Domain.Plans;
using Coordination.Journal;

namespace Coordination.Benchmarks.Filling;

/// <summary>
/// Hands facts to a journal in a fixed order, many at a time, so that a journal is filled at the pace of its writer and comes out the same each
/// time: only salts, and with them the hashes, are random. No command stands behind them, so there are no receipts.
/// </summary>
public sealed class Filler(IJournal journal, IDirectory directory, long entries)
{
    /// <summary>Appends on their way.</summary>
    private const int Pending = 64;

    /// <summary>Entries are as far apart as on a busy platform: ten million of them are fifteen months.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(4);
    private static readonly DateTimeOffset Since = new(2025, 6, 2, 6, 0, 0, TimeSpan.Zero);

    private readonly Queue<Task<AppendOutcome>> _pending = new();

    /// <summary>Entries in the journal when all that was handed over is written.</summary>
    public long Entries { get; private set; } = entries;

    /// <summary>Adds facts to a stream that is at a version. They are for whom they say they are, and under their own topics.</summary>
    /// <returns>The thing after them.</returns>
    public async Task<TState> Add<TState>(string stream, long version, TState? state, string body, IReadOnlyList<Fact<TState>> facts) where TState : class
    {
        var id = stream[(stream.IndexOf('/', StringComparison.Ordinal) + 1)..];
        var added = new List<NewEntry>(facts.Count);
        foreach (var fact in facts)
        {
            state = Fact.Evolve(id, state, fact)!;
            added.Add(Entry(fact, [.. fact.TopicsIn(id, state, directory).Distinct()], FactJson.Write(fact.AudienceIn(state))));
        }

        await Add(stream, version, body, added);
        return state!;
    }

    /// <summary>Adds entries to a stream that is at a version.</summary>
    public async Task Add(string stream, long version, string body, IReadOnlyList<NewEntry> added)
    {
        if (_pending.Count == Pending) await Confirm(_pending.Dequeue());
        _pending.Enqueue(journal.Append(new(stream, version, null, null, Since + Entries * Apart, body, body, added, Via: "web")).AsTask());
        Entries += added.Count;
    }

    /// <summary>What a report on a milestone can be followed by.</summary>
    public string[] TopicsOf(string plan, PlanState state, string milestone) => [
        .. new MilestoneReported(new("", milestone, "", "", default, 0, null, [])).TopicsIn(plan, state, directory).Distinct(),
    ];

    /// <summary>Completes when all of it is written.</summary>
    public async Task Finish()
    {
        while (_pending.TryDequeue(out var append)) await Confirm(append);
    }

    public static NewEntry Entry(Fact fact, string[] topics, byte[] audience)
    {
        var (name, form) = FactJson.NameOf(fact);
        var stored = FactJson.Write(fact, "en");
        return new(name, form, topics, audience, stored.Data, stored.Texts);
    }

    private static async Task Confirm(Task<AppendOutcome> append)
    {
        if (await append is not AppendOutcome.Appended and var other) throw new InvalidOperationException($"The journal did not take what it was filled with: {other}");
    }
}
