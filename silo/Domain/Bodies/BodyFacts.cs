using Coordination.Contracts.Bodies;
using Coordination.Domain.Groups;

namespace Coordination.Domain.Bodies;

/// <summary>A fact about a body. Bodies and what is reported of them are for everyone, and in nobody's inbox.</summary>
public abstract record BodyFact : Fact<BodyState>
{
    private protected BodyFact() { }

    public sealed override BodyState? Evolve(string id, BodyState? state) => state is null ? (this as BodyAdmitted)?.Begin() : Evolve(state);

    protected abstract BodyState Evolve(BodyState body);

    public sealed override Audience AudienceIn(BodyState state) => Audience.Public;

    public sealed override IEnumerable<string> TopicsIn(string id, BodyState state, IDirectory directory) => Topics.OfBody(directory, id, (this as BodyAdmitted)?.State);
}

[FactName("body.admitted")]
public sealed record BodyAdmitted(
    string Id, BodyKind Kind, string Name, string? Acronym, string? State, string? M49, string? Region, string? Subregion, string? IntermediateRegion,
    string? Parent, [property: Text] string? ParentRelation, string? TimeZone, [property: Text] string? Note, string[] Members, Term[] Chairs, Citation? Source, bool Exercise,
    [property: Text] string? Category = null) : BodyFact
{
    public BodyState Begin() => new(Id, Name, Acronym, TimeZone, []);

    public override void Tell(Said said) { }
    protected override BodyState Evolve(BodyState body) => body;
}

/// <summary>What is null has not changed.</summary>
[FactName("body.profile-changed")]
public sealed record BodyProfileChanged(string? Name, string? Acronym, [property: Text] string? LegalBasis, string? TimeZone, Contact[]? FocalPoints, int? IdleMinutes = null) : BodyFact
{
    public override void Tell(Said said) { }

    protected override BodyState Evolve(BodyState body) => body with
    {
        Name = Name ?? body.Name,
        Acronym = Acronym ?? body.Acronym,
        TimeZone = TimeZone ?? body.TimeZone,
        IdleMinutes = IdleMinutes ?? body.IdleMinutes,
    };
}

[FactName("body.fact-recorded")]
public sealed record BodyFactRecorded(Statement Reported) : BodyFact
{
    public override void Tell(Said said) => said.Put("text", Reported.Summary);
    protected override BodyState Evolve(BodyState body) => body with { Recorded = body.Recorded.Add("fact/" + Reported.Id) };
}

[FactName("body.agreement-recorded")]
public sealed record BodyAgreementRecorded(Accession Agreement) : BodyFact
{
    public override void Tell(Said said) => said.Put("text", Agreement.Name);
    protected override BodyState Evolve(BodyState body) => body with { Recorded = body.Recorded.Add("agreement/" + Agreement.Id) };
}
