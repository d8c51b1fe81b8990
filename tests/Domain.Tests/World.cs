using Coordination.Contracts.Accounts;
using Coordination.Contracts.Bodies;

namespace Coordination.Domain.Tests;

/// <summary>A directory in memory, with the fictional bodies that the tests are about.</summary>
internal sealed class World : IDirectory
{
    public const string Arden = "arden-council", ArdenPolice = "arden-police", ArdenRapporteur = "arden-rapporteur";
    public const string Belmar = "belmar-council", BelmarRapporteur = "belmar-rapporteur";
    public const string Corvan = "corvan-council", Lagoon = "lagoon-council", Agency = "agency", Network = "g-network";

    public Dictionary<string, BodyInfo> Bodies { get; } = new();
    public Dictionary<string, HashSet<string>> Groups { get; } = new() { [Network] = [Arden, Belmar] };
    /// <summary>Measures by <c>plan/measure</c>, and the bodies that may see them.</summary>
    public Dictionary<string, string[]> Measures { get; } = new() { ["arden-plan/shelters"] = [Arden, ArdenPolice] };

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, TimeZoneInfo> Zones = new();

    public World()
    {
        Add(Arden, BodyKind.NationalBody, "XAA", "Europe/Vienna", "Europe", "Western Europe");
        Add(ArdenPolice, BodyKind.NationalBody, "XAA", "Europe/Vienna", "Europe", "Western Europe");
        Add(ArdenRapporteur, BodyKind.NationalRapporteur, "XAA", "Europe/Vienna", "Europe", "Western Europe");
        Add(Belmar, BodyKind.NationalBody, "XBB", "America/Bogota", "Americas", "Latin America and the Caribbean", "South America");
        Add(BelmarRapporteur, BodyKind.NationalRapporteur, "XBB", "America/Bogota", "Americas", "Latin America and the Caribbean", "South America");
        Add(Corvan, BodyKind.TaskForce, "XCC", "Asia/Kathmandu", "Asia", "Southern Asia");
        Add(Lagoon, BodyKind.NationalBody, "XDD", "Pacific/Apia", "Oceania", "Polynesia");
        Add(Agency, BodyKind.UnEntity, null, "UTC");
    }

    public BodyInfo Add(string id, BodyKind kind, string? state, string zone, string? region = null, string? subregion = null, string? intermediate = null) =>
        Bodies[id] = new(id, id, kind, state, region, subregion, intermediate, Zones.GetOrAdd(zone, TimeZoneInfo.FindSystemTimeZoneById), Exercise: true);

    public BodyInfo? Body(string id) => Bodies.GetValueOrDefault(id);

    public IReadOnlyCollection<string> MembersOf(string group) => Groups.GetValueOrDefault(group) ?? [];

    public IEnumerable<string> BodiesIn(string region) => Bodies.Values.Where(body => body.IsIn(region)).Select(body => body.Id);

    public IEnumerable<string> RapporteursOf(string state) =>
        Bodies.Values.Where(body => body.Kind is BodyKind.NationalRapporteur && body.State == state).Select(body => body.Id);

    /// <summary>By body, the accounts that coordinate it.</summary>
    public Dictionary<string, string[]> Coordinators { get; } = new();

    public IReadOnlyCollection<string> CoordinatorsOf(string body) => Coordinators.GetValueOrDefault(body) ?? [];

    /// <summary>By body, what it has open; nothing where it is not said.</summary>
    public Dictionary<string, OpenThings> Open { get; } = new();

    public OpenThings OpenOf(string body, DateTimeOffset now) => Open.GetValueOrDefault(body);

    public bool HasGroup(string id) => Groups.ContainsKey(id);

    public bool HasMeasure(string plan, string measure, Actor actor) =>
        Measures.TryGetValue($"{plan}/{measure}", out var bodies) && bodies.Contains(actor.Body);
}

/// <summary>Who acts in the tests.</summary>
internal static class By
{
    public static readonly Actor Administrator = new("administrator", null, Role.Administrator);
    public static readonly Actor Nobody = Actor.Nobody("somebody");
    public static readonly Actor Platform = Actor.Platform;

    public static Actor Coordinator(string body) => new("coordinator." + body, body, Role.Coordinator);
    public static Actor Contributor(string body) => new("contributor." + body, body, Role.Contributor);
    public static Actor Observer(string body) => new("observer." + body, body, Role.Observer);

    /// <summary>Everyone there is, in every role.</summary>
    public static IEnumerable<Actor> Everyone(World world) =>
        world.Bodies.Keys.SelectMany(body => new[] { Coordinator(body), Contributor(body), Observer(body) }).Append(Administrator).Append(Nobody).Append(Platform);
}
