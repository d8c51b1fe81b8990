using Coordination.Contracts.Erasures;
using Coordination.Domain.Erasures;
using Coordination.Host.Grains;
using Coordination.Host.Views;
using System.Runtime.CompilerServices;
using System.Text;

namespace Coordination.Host.Erasures;

/// <summary>Looks up the entries whose texts are to be erased.</summary>
internal static class ErasableEntries
{
    /// <summary>The entries at these positions and those that they refer to, by position. Unknown positions are left out.</summary>
    public static async Task<IReadOnlyDictionary<long, Erasable>> Of(IJournal journal, World world, IReadOnlyCollection<long> positions, CancellationToken cancellation = default)
    {
        var entries = (await journal.ReadAt([.. positions.Distinct()], cancellation)).ToDictionary(entry => entry.Position, entry => Of(world, entry));
        var further = entries.Values.SelectMany(entry => entry.RefersTo).Where(position => !entries.ContainsKey(position)).Distinct().ToList();
        foreach (var entry in await journal.ReadAt(further, cancellation)) entries.Add(entry.Position, Of(world, entry));
        return entries;
    }

    private static Erasable Of(World world, Entry entry)
    {
        var bodies = FeedEntryFormatter.AudienceOf(entry).Bodies ?? [];
        return new(
            entry.Position, Encoding.UTF8.GetString(entry.Audience),
            [.. bodies.Append(entry.Body).Append(OwnerOf(world, entry.Stream)).OfType<string>().Distinct()], entry.Texts is not null, EntryFacts.RefersTo(entry.ToFact()));
    }

    /// <summary>The body that a stream is about; null when it is about none in particular.</summary>
    private static string? OwnerOf(World world, string stream)
    {
        var id = stream[(stream.IndexOf('/', StringComparison.Ordinal) + 1)..];
        return stream[..^id.Length] switch
        {
            "body/" => id,
            "plan/" => world.Plan(id)?.State.Body,
            "request/" => world.Request(id)?.State.From,
            _ => null,
        };
    }
}

/// <summary>Erases texts without a platform that runs: for the operator's tool.</summary>
public sealed class Erasing(IJournal journal, World world, TimeProvider time)
{
    /// <summary>Erases the texts of entries and those of earlier entries that they refer to.</summary>
    /// <returns>Which were erased; empty when there is nothing (more) to erase.</returns>
    /// <exception cref="ArgumentException">What is wrong with the positions or the reason, in words.</exception>
    public async Task<IReadOnlyList<long>> Erase(IReadOnlyCollection<long> positions, string reason, CancellationToken cancellation)
    {
        while (true)
        {
            var entries = await ErasableEntries.Of(journal, world, positions, cancellation);
            var (decision, audiences) = ErasureRules.Decide(new([.. positions], reason), entries, Actor.Platform);
            if (decision.Refusal is { } refusal) throw new ArgumentException(refusal.Detail, nameof(positions));
            if (decision.Facts.Length == 0) return [];
            var facts = decision.Facts.Cast<TextsErased>().ToList();
            var erased = facts.SelectMany(fact => fact.Positions).ToArray();
            var version = 0L;
            await foreach (var entry in journal.ReadStream(ErasureGrain.Name, 0, cancellation)) version = entry.Version;
            var outcome = await journal.Append(
                new(ErasureGrain.Name, version, null, null, time.GetUtcNow(), Actor.Platform.Account, null, [.. facts.Select((fact, index) => Entry(fact, audiences[index]))], Erases: erased),
                cancellation);
            // A platform that runs may erase at the same moment.
            if (outcome is AppendOutcome.Appended) return erased;
        }
    }

    /// <summary>Every entry whose texts were erased, oldest erasure first.</summary>
    public static async IAsyncEnumerable<ErasedEntry> List(IJournal journal, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var entry in journal.ReadStream(ErasureGrain.Name, 0, cancellation))
        {
            var reason = ((TextsErased)entry.ToFact()).Reason;
            foreach (var erased in await journal.ReadAt(Erasure.PositionsOf(entry), cancellation)) yield return new(erased.Position, Convert.ToHexStringLower(erased.Hash), reason);
        }
    }

    /// <summary>Erases again, in a journal from an older backup, what the list names, as far as the journal holds it.</summary>
    /// <returns>How many entries have lost their texts now.</returns>
    public async Task<int> Apply(IReadOnlyList<ErasedEntry> list, CancellationToken cancellation)
    {
        var count = 0;
        foreach (var same in list.GroupBy(erased => erased.Reason, StringComparer.Ordinal))
        {
            foreach (var chunk in same.Chunk(EraseTexts.Most))
            {
                var hashes = chunk.DistinctBy(erased => erased.Position).ToDictionary(erased => erased.Position, erased => erased.Hash);
                // A place that another entry has taken since is not the one that is meant.
                var there = (await journal.ReadAt(hashes.Keys, cancellation))
                    .Where(entry => entry.Texts is not null && Convert.ToHexStringLower(entry.Hash) == hashes[entry.Position]).Select(entry => entry.Position).ToList();
                if (there.Count > 0) count += (await Erase(there, same.Key, cancellation)).Count;
            }
        }

        return count;
    }

    private static NewEntry Entry(TextsErased fact, string audience)
    {
        var (name, form) = FactJson.NameOf(fact);
        var stored = FactJson.Write(fact);
        return new(name, form, [.. ErasureGrain.TopicsOf(fact)], Encoding.UTF8.GetBytes(audience), stored.Data, stored.Texts);
    }
}

/// <summary>An entry whose texts were erased.</summary>
/// <param name="Hash">Its hash, lower-case hexadecimal, so that it is known in another copy of the journal.</param>
/// <param name="Reason">Why.</param>
public sealed record ErasedEntry(long Position, string Hash, string Reason);

/// <summary>What is remembered of erasures to decide on the next: nothing but that there were some.</summary>
public sealed record ErasuresState(long Erased);

/// <summary>Erases texts from the journal, on behalf of an administrator.</summary>
public sealed class ErasureGrain(Deciding deciding, IJournal journal, World world) : JournaledGrain<ErasuresState>(deciding), IErasureGrain
{
    /// <summary>The one stream in which erasures stand.</summary>
    public const string Name = "journal/erasures";

    /// <summary>For whom the facts of the command at hand are.</summary>
    private readonly Dictionary<Fact, Audience> _audiences = new(ReferenceEqualityComparer.Instance);

    protected override string Kind => "journal";
    protected override int Form => 1;
    protected override string Id => "erasures";

    public async Task<Outcome> Execute(CommandHeader header, EraseTexts command)
    {
        // Only who may is told whether there is an entry.
        var entries = ErasureRules.Check(command, world.Who(header.Account, header.Body)) is null
            ? await ErasableEntries.Of(journal, world, command.Positions)
            : new Dictionary<long, Erasable>();
        return await Execute(header, (_, situation) =>
        {
            var (decision, audiences) = ErasureRules.Decide(command, entries, situation.Actor);
            _audiences.Clear();
            for (var index = 0; index < audiences.Length; index++) _audiences[decision.Facts[index]] = Read(audiences[index]);
            return decision;
        });
    }

    protected override ErasuresState Evolve(ErasuresState? state, Fact fact) => new((state?.Erased ?? 0) + ((fact as TextsErased)?.Positions.Length ?? 0));

    protected override Audience AudienceOf(ErasuresState state, Fact fact) => _audiences[fact];

    protected override IEnumerable<string> TopicsOf(ErasuresState state, Fact fact) => TopicsOf((TextsErased)fact);

    protected override IReadOnlyList<long>? ErasedBy(ImmutableArray<Fact> facts) => [.. facts.OfType<TextsErased>().SelectMany(fact => fact.Positions)];

    internal static IEnumerable<string> TopicsOf(TextsErased fact) => fact.Bodies.Select(body => $"body/{body}").Prepend("journal/erasures");

    private static Audience Read(string audience) => System.Text.Json.JsonSerializer.Deserialize<Audience>(audience, FactJson.Options)!;
}
