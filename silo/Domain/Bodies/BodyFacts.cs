using Coordination.Contracts.Bodies;

namespace Coordination.Domain.Bodies;

[FactName("body.admitted")]
public sealed record BodyAdmitted(
    string Id, BodyKind Kind, string Name, string? Acronym, string? State, string? M49, string? Region, string? Subregion, string? IntermediateRegion,
    string? Parent, [property: Text] string? ParentRelation, string? TimeZone, [property: Text] string? Note, string[] Members, ChairTerm[] Chairs, Source? Source, bool Exercise,
    [property: Text] string? Category = null) : Fact;

/// <summary>What is null has not changed.</summary>
[FactName("body.profile-changed")]
public sealed record BodyProfileChanged(string? Name, string? Acronym, [property: Text] string? LegalBasis, string? TimeZone, FocalPoint[]? FocalPoints, int? IdleMinutes = null) : Fact;

[FactName("body.fact-recorded")]
public sealed record BodyFactRecorded(ReportedFact Reported) : Fact;

[FactName("body.agreement-recorded")]
public sealed record BodyAgreementRecorded(PartyTo Agreement) : Fact;
