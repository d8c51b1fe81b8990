using Coordination.Contracts.Erasures;
using Coordination.Domain.Erasures;
using Coordination.Host.Grains;
using Coordination.Host.Views;

namespace Coordination.Host.Erasures;

/// <summary>Erases texts from the journal, on behalf of an administrator.</summary>
public sealed class ErasureGrain(Deciding deciding, IJournal journal, World world) : JournaledGrain<ErasuresState>(deciding), IErasureGrain
{
    protected override string Kind => "journal";
    protected override string Id => "erasures";

    public async Task<Outcome> Execute(CommandHeader header, EraseTexts command)
    {
        try
        {
            // Only who may is told whether there is an entry.
            var entries = ErasureRules.Check(command, world.Who(header.Account, header.Body)) is null
                ? await ErasableEntries.Of(journal, world, command.Positions)
                : new Dictionary<long, Erasable>();
            return await Execute(header, (_, situation) => ErasureRules.Decide(command, entries, situation.Actor));
        }
        catch (UnknownFactException)
        {
            return OlderVersion;
        }
    }

    protected override IReadOnlyList<long>? ErasedBy(ImmutableArray<Fact> facts) => [.. facts.OfType<TextsErased>().SelectMany(fact => fact.Positions)];
}
