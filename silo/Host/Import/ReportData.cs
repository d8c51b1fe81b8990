using Coordination.Contracts.Bodies;
using Coordination.Contracts.Plans;

namespace Coordination.Host.Import;

// The files under deploy/data/a67170, as they are. What the report does not say is not there.

internal sealed record BodyData(
    string Id, BodyKind Kind, string Name, string? Acronym, string? State, string? M49, string? Region, string? Subregion, string? IntermediateRegion,
    string? Parent, string? ParentRelation, string[]? Members, ChairTerm[]? Chairs, int[]? Paragraphs, string? Note, string? TimeZone, bool Exercise,
    string? Category);

internal sealed record PlanData(
    string Id, string Body, string Title, Iteration? Iteration, PlanStatus Status, int[] Paragraphs, string? EvaluationBasis, MeasureData[] Measures);

internal sealed record MeasureData(string Id, string Title, Pillar Pillar, string? Status, int Paragraph);

internal sealed record FactData(string Id, string Body, string Kind, Pillar? Pillar, string? Status, string Summary, string Source, int Paragraph);

internal sealed record AgreementData(string Id, string Name, string Kind, string? Relation, string[] Parties, bool PartiesComplete, int[] Paragraphs);
