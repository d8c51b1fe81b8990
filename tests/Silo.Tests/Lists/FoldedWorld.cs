using Coordination.Contracts.Accounts;
using Coordination.Domain.Bodies;
using Coordination.Domain.Groups;
using Coordination.Domain.Plans;
using Coordination.Domain.Requests;
using Coordination.Host.Accounts;
using Microsoft.Extensions.Time.Testing;

namespace Coordination.Silo.Tests.Lists;

/// <summary>Views of a journal that is made up entry by entry, without a store, a silo or a rule: as many and as odd as a test needs.</summary>
internal sealed class FoldedWorld
{
    /// <summary>Who sees what everyone sees, and administers nothing.</summary>
    public static readonly Actor Reader = new("a-reader", "reader", Role.Observer);

    private readonly Dictionary<string, long> _versions = new(StringComparer.Ordinal);
    private long _position;

    public FoldedWorld(bool searched = true)
    {
        Time = new(new DateTimeOffset(2026, 6, 15, 12, 0, 0, TimeSpan.Zero));
        World = new(new Names(), Time) { IsSearched = searched };
        var pages = new PlanPages(World);
        Plans = new(World, pages);
    }

    public FakeTimeProvider Time { get; }
    public World World { get; }
    public PlanLists Plans { get; }

    public void Body(string id, string name, string? acronym = null, string? state = null, BodyKind kind = BodyKind.State) =>
        Happens($"body/{id}", new BodyAdmitted(id, kind, name, acronym, state, null, "Europe", null, null, null, null, null, null, [], [], null, false));

    public Entry Plan(string id, string body, string title, Mark mark = Mark.Community, string? code = null) =>
        Happens($"plan/{id}", new PlanDrafted(body, null, title, null, null, PlanStatus.UnderImplementation, mark, null, null, false, code));

    public void Measure(string plan, string id, string title, Pillar pillar = Pillar.Training) => Happens($"plan/{plan}", new MeasureAdded(id, pillar, title, [], null, null));

    public void Milestone(string plan, string measure, string id, string title, DateOnly due) => Happens($"plan/{plan}", new MilestoneAdded(measure, id, title, due, due));

    public void Reported(string plan, string milestone, string body, MilestoneStatus status) =>
        Happens($"plan/{plan}", new MilestoneReported(new("r-" + (_position + 1), milestone, body, "somebody", status, status is MilestoneStatus.Done ? 100 : 10, null, null)));

    public void Request(string id, string from, string to, string subject, Mark mark = Mark.Community) =>
        Happens($"request/{id}", new RequestOpened(from, [to], null, RequestKind.Information, subject, null, null, mark, Urgency.Routine, null, null, [], null, null, false));

    public void Group(string id, string name) => Happens($"group/{id}", new GroupFormed(name, [], [], null, null, false));

    /// <summary>The entry is folded at once.</summary>
    public Entry Happens(string stream, Fact fact)
    {
        var (name, form) = FactJson.NameOf(fact);
        var stored = FactJson.Write(fact);
        var version = _versions[stream] = _versions.GetValueOrDefault(stream) + 1;
        var entry = new Entry(++_position, [], stream, version, name, form, Time.GetUtcNow(), "somebody", null, [], FactJson.Write(Audience.Community), stored.Data, null, null, null, "test", null, [], stored.Texts);
        World.Apply(entry);
        return entry;
    }
}
