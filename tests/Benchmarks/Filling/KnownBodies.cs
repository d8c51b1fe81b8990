using Coordination.Contracts;
using Coordination.Contracts.Bodies;
using Coordination.Domain;
using Coordination.Domain.Bodies;
using Coordination.Journal;

namespace Coordination.Benchmarks.Filling;

/// <summary>The bodies that a journal admits, for the facts that are put into it. Nothing is open, and nobody is in a group.</summary>
public sealed class KnownBodies : IDirectory
{
    private readonly Dictionary<string, BodyInfo> _bodies = new(StringComparer.Ordinal);

    public static async Task<KnownBodies> Of(IJournal journal)
    {
        var known = new KnownBodies();
        for (var position = 0L; await journal.ReadFrom(position, 1_000) is { Count: > 0 } some; position = some[^1].Position)
        {
            foreach (var entry in some.Where(entry => entry.Stream.StartsWith("body/", StringComparison.Ordinal)))
                if (FactJson.Read(entry.Fact, entry.Form, entry.Data, entry.Texts) is BodyAdmitted admitted) known.Add(admitted);
        }

        return known;
    }

    public void Add(BodyAdmitted it) => _bodies[it.Id] = new(it.Id, it.Name, it.Kind, it.State, it.Region, it.Subregion, it.IntermediateRegion, TimeZones.Of(it.TimeZone), it.Exercise);

    public BodyInfo? Body(string id) => _bodies.GetValueOrDefault(id);
    public IReadOnlyCollection<string> MembersOf(string group) => [];
    public IEnumerable<string> BodiesIn(string region) => _bodies.Values.Where(body => body.IsIn(region)).Select(body => body.Id);
    public IEnumerable<string> RapporteursOf(string state) => _bodies.Values.Where(body => body.Kind is BodyKind.NationalRapporteur && body.State == state).Select(body => body.Id);
    public IReadOnlyCollection<string> CoordinatorsOf(string body) => [];
    public OpenThings OpenOf(string body, DateTimeOffset now) => default;
    public bool HasGroup(string id) => false;
    public bool HasMeasure(string plan, string measure, Actor actor) => false;
}
