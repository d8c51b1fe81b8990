using Coordination.Contracts.Erasures;
using Coordination.Domain.Erasures;
using Coordination.Host.Grains;
using Coordination.Host.Views;
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
