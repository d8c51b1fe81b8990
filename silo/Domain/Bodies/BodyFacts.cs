using Coordination.Contracts.Accounts;
using Coordination.Contracts.Bodies;

namespace Coordination.Domain.Bodies;

[FactName("body.admitted")]
public sealed record BodyAdmitted(
    string Id, BodyKind Kind, string Name, string? Acronym, string? State, string? M49, string? Region, string? Subregion, string? IntermediateRegion,
    string? Parent, string? ParentRelation, string? TimeZone, string? Note, string[] Members, ChairTerm[] Chairs, Source? Source, bool Exercise,
    string? Category = null) : Fact;

/// <summary>What is null has not changed.</summary>
[FactName("body.profile-changed")]
public sealed record BodyProfileChanged(string? Name, string? Acronym, string? LegalBasis, string? TimeZone, FocalPoint[]? FocalPoints) : Fact;

/// <param name="ByAdministrator">True when it came from outside the body; then it is told to everyone signed in.</param>
[FactName("body.role-granted")]
public sealed record BodyRoleGranted(string Account, Role Role, bool? ByAdministrator = null) : Fact;

/// <param name="ByAdministrator">True when it came from outside the body; then it is told to everyone signed in.</param>
[FactName("body.role-revoked")]
public sealed record BodyRoleRevoked(string Account, bool? ByAdministrator = null) : Fact;

[FactName("body.fact-recorded")]
public sealed record BodyFactRecorded(ReportedFact Reported) : Fact;

[FactName("body.agreement-recorded")]
public sealed record BodyAgreementRecorded(PartyTo Agreement) : Fact;
