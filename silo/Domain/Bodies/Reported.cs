using Coordination.Contracts.Bodies;

namespace Coordination.Domain.Bodies;

/// <summary>Something a document reports of a body.</summary>
/// <param name="Kind">measure, mechanism, finding.</param>
/// <param name="Status">As the document has it: in-place, in-progress, planned, commitment …</param>
public sealed record Statement(string Id, string Kind, Pillar? Pillar, string? Status, [property: Text] string Summary, Citation Source)
{
    public static implicit operator Statement(ReportedFact said) => new(said.Id, said.Kind, said.Pillar, said.Status, said.Summary, said.Source);

    public static implicit operator ReportedFact(Statement kept) => new(kept.Id, kept.Kind, kept.Pillar, kept.Status, kept.Summary, kept.Source);
}

/// <summary>An agreement seen from one of its parties.</summary>
/// <param name="Relation">party, participant, signatory …</param>
/// <param name="PartiesComplete">Whether the list of parties is the whole list.</param>
public sealed record Accession(string Id, [property: Text] string Name, string Kind, string? Relation, string[] Parties, bool PartiesComplete, Citation Source)
{
    public static implicit operator Accession(PartyTo said) => new(said.Id, said.Name, said.Kind, said.Relation, said.Parties, said.PartiesComplete, said.Source);

    public static implicit operator PartyTo(Accession kept) => new(kept.Id, kept.Name, kept.Kind, kept.Relation, kept.Parties, kept.PartiesComplete, kept.Source);
}

/// <summary>An office to turn to. It names no persons.</summary>
/// <param name="Subject">What it answers for.</param>
public sealed record Contact([property: Text] string Subject, [property: Text] string Office)
{
    public static implicit operator Contact(FocalPoint said) => new(said.Subject, said.Office);

    public static implicit operator FocalPoint(Contact kept) => new(kept.Subject, kept.Office);
}
