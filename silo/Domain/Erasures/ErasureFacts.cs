using System.Text.Json.Serialization;

namespace Coordination.Domain.Erasures;

/// <summary>The texts of entries were erased: those who may see the entries are told what is missing, and why.</summary>
/// <param name="Positions">Of the entries, all for the same audience as this fact.</param>
/// <param name="Bodies">Bodies concerned: that wrote them, that they are about, that they were for by name. It belongs in their inboxes.</param>
[FactName("journal.texts-erased")]
public sealed record TextsErased(long[] Positions, string[] Bodies, [property: Text] string Reason) : Fact<ErasuresState>
{
    /// <summary>The one stream in which erasures stand.</summary>
    public const string Stream = "journal/erasures";

    /// <summary>Who may see the entries whose texts were erased. Known where it is decided; once it is written, its entry says it.</summary>
    [JsonIgnore]
    public Audience? For { get; init; }

    public override ErasuresState Evolve(string id, ErasuresState? state) => state ?? new();
    public override Audience AudienceIn(ErasuresState state) => For ?? throw new InvalidOperationException("For whom it is stands in its entry.");
    public override IEnumerable<string> TopicsIn(string id, ErasuresState state, IDirectory directory) => TopicsOf();

    public IEnumerable<string> TopicsOf() => Bodies.Select(body => $"body/{body}").Prepend(Stream);

    public override void Tell(Said said)
    {
        said.Number("count", Positions.Length);
        said.Put("positions", string.Join(' ', Positions));
        said.Text("reason", Reason);
    }
}

/// <summary>No erasure depends on an earlier one: there is nothing to remember.</summary>
public sealed record ErasuresState;
