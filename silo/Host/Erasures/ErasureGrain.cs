using Coordination.Contracts.Erasures;
using Coordination.Domain.Erasures;
using Coordination.Host.Grains;
using Coordination.Host.Views;
using System.Text.Json;

namespace Coordination.Host.Erasures;

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
        try
        {
            // Only who may is told whether there is an entry.
            var entries = ErasureRules.Check(command, world.Who(header.Account, header.Body)) is null
                ? await ErasableEntries.Of(journal, world, command.Positions)
                : new Dictionary<long, Erasable>();
            return await Execute(header, (_, situation) =>
            {
                var (decision, audiences) = ErasureRules.Decide(command, entries, situation.Actor);
                _audiences.Clear();
                for (var index = 0; index < audiences.Length; index++)
                    _audiences[decision.Facts[index]] = JsonSerializer.Deserialize<Audience>(audiences[index], FactJson.Options)!;
                return decision;
            });
        }
        catch (UnknownFactException)
        {
            return OlderVersion;
        }
    }

    protected override ErasuresState Evolve(ErasuresState? state, Fact fact) => state ?? new();

    protected override Audience AudienceOf(ErasuresState state, Fact fact) => _audiences[fact];

    protected override IEnumerable<string> TopicsOf(ErasuresState state, Fact fact) => TopicsOf((TextsErased)fact);

    protected override IReadOnlyList<long>? ErasedBy(ImmutableArray<Fact> facts) => [.. facts.OfType<TextsErased>().SelectMany(fact => fact.Positions)];

    internal static IEnumerable<string> TopicsOf(TextsErased fact) => fact.Bodies.Select(body => $"body/{body}").Prepend(Name);
}

/// <summary>No erasure depends on an earlier one: there is nothing to remember.</summary>
public sealed record ErasuresState;
