using System.Collections.Concurrent;
using Coordination.Contracts.Bodies;

namespace Coordination.Host.Views;

/// <summary>Every body as its page shows it, and the rapporteurs of each State.</summary>
public sealed class BodiesView : KeptView<BodyItem>
{
    private readonly ConcurrentDictionary<string, ImmutableArray<string>> _rapporteurs = new(StringComparer.Ordinal);

    public override string Name => "bodies";
    public override string Kind => "body";

    public ImmutableArray<string> RapporteursOf(string state) => _rapporteurs.GetValueOrDefault(state, []);

    protected override BodyItem? Evolve(string id, BodyItem? item, Entry entry, Fact fact) => BodyItem.Evolve(item, entry, fact);

    protected override void Index(string id, BodyItem? before, BodyItem item, DateTimeOffset at)
    {
        if (before is null && item.Admitted is { Kind: BodyKind.NationalRapporteur, State: { } state }) _rapporteurs[state] = RapporteursOf(state).Add(id);
    }
}
