using Coordination.Contracts.Accounts;

namespace Coordination.Contracts.Bodies;

[GenerateSerializer, Alias("BodyKind")]
public enum BodyKind
{
    /// <summary>A State's government, for which its coordination mechanism speaks.</summary>
    State,
    NationalBody,
    TaskForce,
    SubnationalBody,
    NationalRapporteur,
    UnEntity,
    RegionalOrganization,
    IntergovernmentalOrganization,
    InterAgencyGroup,
    WorkingGroup,
    TreatyBody,
    SpecialProcedure,
    TrustFund,
    Partner,
}

/// <summary>What can be told a body to do, or told about it: a closed set.</summary>
[GenerateSerializer, Immutable, Alias("BodyCommand")]
public abstract record BodyCommand;

/// <summary>Takes a body into the platform. Only an administrator may.</summary>
/// <param name="Id">Short readable slug, which looks like no other body's or group's, or null to have one made.</param>
/// <param name="Name">As no other body is called: names that are taken for one another are one name.</param>
/// <param name="State">ISO 3166-1 alpha-3; XAA to XZZ for the States of an exercise.</param>
/// <param name="TimeZone">Name of the IANA database; UTC when not stated.</param>
/// <param name="Category">What the source calls it beyond its kind, such as <c>reporting-state</c> or <c>regional-commission</c>.</param>
[GenerateSerializer, Immutable, Alias("AdmitBody")]
public sealed record AdmitBody(
    [property: StringLength(80), Form("^[a-z0-9]+(-[a-z0-9]+)*$")] string? Id,
    [property: Required] BodyKind? Kind,
    [property: Required, StringLength(300, MinimumLength = 1)] string Name,
    [property: StringLength(40)] string? Acronym = null,
    [property: Form("^[A-Z]{3}$")] string? State = null,
    [property: Form("^[0-9]{3}$")] string? M49 = null,
    [property: StringLength(100)] string? Region = null,
    [property: StringLength(100)] string? Subregion = null,
    [property: StringLength(100)] string? IntermediateRegion = null,
    string? Parent = null,
    [property: StringLength(100)] string? ParentRelation = null,
    [property: StringLength(100)] string? TimeZone = null,
    [property: StringLength(2000)] string? Note = null,
    [property: MaxLength(500)] string[]? Members = null,
    [property: MaxLength(100)] ChairTerm[]? Chairs = null,
    Source? Source = null,
    bool Exercise = false,
    [property: StringLength(100)] string? Category = null) : BodyCommand;

/// <summary>Changes what a body says of itself. Its coordinator may. What is null stays as it is.</summary>
/// <param name="IdleMinutes">After how many minutes a session for this body ends that its person does not use.</param>
[GenerateSerializer, Immutable, Alias("ChangeProfile")]
public sealed record ChangeProfile(
    [property: StringLength(300, MinimumLength = 1)] string? Name,
    [property: StringLength(40)] string? Acronym,
    [property: StringLength(2000)] string? LegalBasis,
    [property: StringLength(100)] string? TimeZone,
    [property: MaxLength(50)] FocalPoint[]? FocalPoints,
    [property: Range(SessionTimes.ShortestIdle, SessionTimes.LongestIdle)] int? IdleMinutes = null) : BodyCommand;

/// <summary>Notes on a body's page what a document reports of it. An administrator may.</summary>
[GenerateSerializer, Immutable, Alias("RecordFact")]
public sealed record RecordFact(ReportedFact Fact) : BodyCommand;

/// <summary>Notes on a body's page an agreement that it is a party to. An administrator may.</summary>
[GenerateSerializer, Immutable, Alias("RecordAgreement")]
public sealed record RecordAgreement(PartyTo Agreement) : BodyCommand;

/// <param name="Subject">What this person or office answers for; no names of persons.</param>
/// <param name="Office">The office to turn to.</param>
[GenerateSerializer, Immutable, Alias("FocalPoint")]
public sealed record FocalPoint(
    [property: Text, Required, StringLength(100, MinimumLength = 1)] string Subject,
    [property: Text, Required, StringLength(200, MinimumLength = 1)] string Office);

/// <summary>A body in the chair. Dates are years, months or days as far as they are known.</summary>
/// <param name="AsAt">The day on which the source says that it holds the chair, when it says no more.</param>
[GenerateSerializer, Immutable, Alias("ChairTerm")]
public sealed record ChairTerm(
    [property: Required] string Body,
    [property: Form("^[0-9]{4}(-[0-9]{2}){0,2}$")] string? From,
    [property: Form("^[0-9]{4}(-[0-9]{2}){0,2}$")] string? To,
    [property: Form("^[0-9]{4}(-[0-9]{2}){0,2}$")] string? AsAt = null);

/// <summary>Something a document reports of a body.</summary>
/// <param name="Kind">measure, mechanism, finding.</param>
/// <param name="Status">As the document has it: in-place, in-progress, planned, commitment …</param>
[GenerateSerializer, Immutable, Alias("ReportedFact")]
public sealed record ReportedFact(string Id, string Kind, Pillar? Pillar, string? Status, [property: Text] string Summary, Source Source);

/// <summary>An agreement seen from one of its parties.</summary>
/// <param name="Relation">party, participant, signatory …</param>
/// <param name="PartiesComplete">Whether the list of parties is the whole list.</param>
[GenerateSerializer, Immutable, Alias("PartyTo")]
public sealed record PartyTo(string Id, [property: Text] string Name, string Kind, string? Relation, string[] Parties, bool PartiesComplete, Source Source);

/// <summary>A body in a list.</summary>
[GenerateSerializer, Immutable, Alias("BodyView")]
public record BodyView
{
    [Id(0)] public required string Id { get; init; }
    [Id(1)] public required BodyKind Kind { get; init; }
    [Id(2)] public required string Name { get; init; }
    [Id(3)] public string? Acronym { get; init; }
    /// <summary>ISO 3166-1 alpha-3.</summary>
    [Id(4)] public string? State { get; init; }
    /// <summary>Name of the M49 region.</summary>
    [Id(5)] public string? Region { get; init; }
    [Id(6)] public string? Subregion { get; init; }
    [Id(7)] public string? M49 { get; init; }
    [Id(8)] public string? Parent { get; init; }
    [Id(9)] public required bool Exercise { get; init; }
    /// <summary>Position of the last change of the body itself, for <c>If-Match</c>. Roles do not move it.</summary>
    [Id(10)] public required long Version { get; init; }
    [Id(11)] public required BodyStatus Status { get; init; }
    /// <summary>What the source calls it beyond its kind, such as <c>reporting-state</c>.</summary>
    [Id(12)] public string? Category { get; init; }
    /// <summary>How many coordinators it has; told to administrators and to the body itself, null to others.</summary>
    [Id(13)] public int? Coordinators { get; init; }
}

/// <summary>What is going on at a body, as far as the asker may see it.</summary>
/// <param name="Online">Someone of the body is signed in and connected.</param>
[GenerateSerializer, Immutable, Alias("BodyStatus")]
public sealed record BodyStatus(int Plans, MilestoneCounts Milestones, int OpenRequests, bool Online);

/// <summary>Milestones by what they are now. Late and at-risk ones are counted there and nowhere else.</summary>
[GenerateSerializer, Immutable, Alias("MilestoneCounts")]
public sealed record MilestoneCounts(int Total, int Done, int InProgress, int Planned, int AtRisk, int Late, int Cancelled);

/// <summary>A body's page.</summary>
[GenerateSerializer, Immutable, Alias("BodyDetail")]
public sealed record BodyDetail : BodyView
{
    [Id(0)] public string? IntermediateRegion { get; init; }
    [Id(1)] public string? ParentRelation { get; init; }
    [Id(2)] public string? LegalBasis { get; init; }
    /// <summary>IANA name, or null: not stated, reckoned in UTC.</summary>
    [Id(3)] public string? TimeZone { get; init; }
    [Id(4)] public string? Note { get; init; }
    [Id(5)] public Source? Source { get; init; }
    [Id(6)] public required BodyName[] Members { get; init; }
    [Id(7)] public required BodyName[] Children { get; init; }
    [Id(8)] public required ChairTerm[] Chairs { get; init; }
    [Id(9)] public required FocalPoint[] FocalPoints { get; init; }
    [Id(10)] public required ReportedFact[] Facts { get; init; }
    [Id(11)] public required PartyTo[] Agreements { get; init; }
    /// <summary>Accounts with a role here; shown to the body's own people and to administrators.</summary>
    [Id(12)] public required Person[] People { get; init; }
    /// <summary>What the asker may do here: <c>change-profile</c>, <c>grant-role</c>.</summary>
    [Id(13)] public required string[] Verbs { get; init; }
    /// <summary>What accounts without a role here (any more) have left open for the body; shown to its own people.</summary>
    [Id(14)] public required LeftOpen[] LeftOpen { get; init; }
    /// <summary>Minutes after which an unused session for this body ends; shown to its own people and to administrators.</summary>
    [Id(15)] public int? IdleMinutes { get; init; }
}

[GenerateSerializer, Immutable, Alias("BodyName")]
public sealed record BodyName(string Id, string Name);

/// <summary>An account with a role in a body.</summary>
/// <param name="Account">Its id.</param>
/// <param name="Name">How the person is shown.</param>
/// <param name="IsInvited">Nobody has taken up the account yet.</param>
/// <param name="Reset">Another password that is asked for it.</param>
[GenerateSerializer, Immutable, Alias("Person")]
public sealed record Person(string Account, string? SignInName, string? Name, Role Role, bool IsInvited, ResetView? Reset = null);

/// <summary>What can be left open.</summary>
[GenerateSerializer, Alias("LeftOpenKind")]
public enum LeftOpenKind
{
    /// <summary>A report that has not taken effect: a draft, one that waits for approval, one that was returned.</summary>
    Report,
    /// <summary>A request that the body made and that is not over.</summary>
    Request,
    /// <summary>A request that the body took on and has not answered.</summary>
    Answer,
    /// <summary>A clarification that the body asked for and has not got.</summary>
    Clarification,
    /// <summary>Another date that the body proposed and nobody has agreed to.</summary>
    Proposal,
}

/// <summary>Something that an account left open when it left the body. It stays with the body.</summary>
/// <param name="Subject">The plan or request.</param>
/// <param name="Part">Of a report the milestone.</param>
/// <param name="Title">Of the milestone or request.</param>
/// <param name="Since">When the account did what is open since.</param>
/// <param name="Name">How the former member is shown; null when the account was erased.</param>
[GenerateSerializer, Immutable, Alias("LeftOpen")]
public sealed record LeftOpen(
    LeftOpenKind Kind, Feed.Subject Subject, string? Part, string Title, DateTimeOffset Since, string Account, string? Name);

/// <summary>What bodies can be sorted by: their names, kinds, or how many milestones of their plans are late.</summary>
public enum BodySort { Name, Kind, Late }

/// <param name="WithoutCoordinator">Only bodies without a coordinator (true) or only others (false). For administrators.</param>
/// <param name="Ids">Only those with one of these ids; null for all.</param>
[GenerateSerializer, Immutable, Alias("BodyFilter")]
public sealed record BodyFilter(
    BodyKind? Kind = null, string? Region = null, string? State = null, bool? WithoutCoordinator = null, bool? Exercise = null, string[]? Ids = null);

/// <summary>A region of M49 (or of an exercise) by code and name.</summary>
[GenerateSerializer, Immutable, Alias("RegionView")]
public sealed record RegionView(string Code, string Name, string? Parent, int Bodies);

/// <summary>How the milestones of a State's plans stand, field by field, as far as the asker may see them.</summary>
/// <param name="State">The State's body.</param>
/// <param name="Code">ISO 3166-1 alpha-3, by which the milestones are listed.</param>
/// <param name="Pillars">Those with milestones, in their order.</param>
[GenerateSerializer, Immutable, Alias("StateProgress")]
public sealed record StateProgress(BodyName State, string? Code, PillarProgress[] Pillars);

[GenerateSerializer, Immutable, Alias("PillarProgress")]
public sealed record PillarProgress(Pillar Pillar, MilestoneCounts Milestones);

/// <summary>Decides for one body, by its id.</summary>
[Alias("IBodyGrain")]
public interface IBodyGrain : IGrainWithStringKey
{
    [Alias("Execute")]
    Task<Outcome> Execute(CommandHeader header, BodyCommand command);
}

[Alias("IBodyViewsGrain")]
public interface IBodyViewsGrain : IGrainWithIntegerKey
{
    /// <summary>Null when the filter asks for what the asker may not know.</summary>
    [Alias("List")]
    Task<Page<BodyView>?> List(Asker asker, BodyFilter filter, Paging paging);

    [Alias("Get")]
    Task<BodyDetail?> Get(Asker asker, string id);

    /// <summary>Regions, parents before children: those with at least one body, or all.</summary>
    [Alias("Regions")]
    Task<RegionView[]> Regions(Asker asker, bool all = false);

    /// <summary>States of a region that have milestones, by the asker's alphabet; null when there is no such region.</summary>
    [Alias("Progress")]
    Task<StateProgress[]?> Progress(Asker asker, string region, string? language);
}
