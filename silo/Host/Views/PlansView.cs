using System.Collections.Concurrent;

namespace Coordination.Host.Views;

/// <summary>Every plan as its page shows it, and the plans of every body.</summary>
public sealed class PlansView : KeptView<PlanItem>
{
    private readonly ConcurrentDictionary<string, ImmutableList<string>> _of = new(StringComparer.Ordinal);
    private readonly Made _made = new();

    public override string Name => "plans";
    public override string Kind => "plan";

    /// <summary>Plans of one body.</summary>
    public IEnumerable<PlanItem> Of(string body) => _of.GetValueOrDefault(body, []).Select(id => Find(id)!);

    /// <summary>How many a body has open, or has drafted within the last day.</summary>
    public int OpenOf(string body, DateTimeOffset now) => _made.CountOf(body, now);

    protected override PlanItem? Evolve(string id, PlanItem? item, Entry entry, Fact fact) => PlanItem.Evolve(id, item, entry, fact);

    protected override void Index(string id, PlanItem? before, PlanItem item, DateTimeOffset at)
    {
        _made.Note(item.Drafted.Body, id, item.DraftedAt, !item.State.IsClosed, at);
        if (before is null) Note(_of, item.Drafted.Body, id);
    }
}
