using System.Collections.Concurrent;
using Coordination.Domain.Plans;
using Coordination.Host.Grains;

namespace Coordination.Host.Views;

/// <summary>Every plan as its page shows it, and the plans of every body. It is stored part by part: its head, each measure, each milestone with the reports on it that are open.</summary>
public sealed class PlansView : KeptView<PlanItem>
{
    private static readonly int FormOfParts = SnapshotForm.Of(typeof(PlanParts));
    private readonly ConcurrentDictionary<string, ImmutableList<string>> _of = new(StringComparer.Ordinal);
    private readonly Made _made = new();

    public override string Name => "plans";
    public override int Form => FormOfParts;
    public override string Kind => "plan";

    /// <summary>Plans of one body.</summary>
    public IEnumerable<PlanItem> Of(string body) => _of.GetValueOrDefault(body, []).Select(id => Find(id)!);

    /// <summary>How many a body has open, or has drafted within the last day.</summary>
    public int OpenOf(string body, DateTimeOffset now) => _made.CountOf(body, now);

    internal override bool Shows(Fact fact) => fact is PlanDrafted or MeasureAdded or MilestoneAdded;

    protected override PlanItem? Evolve(string id, PlanItem? item, Entry entry, Fact fact) => PlanItem.Evolve(id, item, entry, fact);

    protected override void Index(string id, PlanItem? before, PlanItem item, DateTimeOffset at)
    {
        _made.Note(item.Drafted.Body, id, item.DraftedAt, !item.State.IsClosed, at);
        if (before is null) Note(_of, item.Drafted.Body, id);
    }

    protected override string ItemOf(string part) => PlanParts.PlanOf(part);

    protected override IEnumerable<string> PartsOf(string id, PlanItem item) => PlanParts.Of(id, item);

    protected override IEnumerable<string> ChangedParts(string id, PlanItem? before, PlanItem item, Fact fact) => PlanParts.Changed(id, before, item, fact);

    protected override object PartOf(string part, PlanItem item) => PlanParts.Take(part, item);

    protected override PlanItem Join(string id, IReadOnlyList<ViewItem> parts) => PlanParts.Join(id, parts);
}
