using Coordination.Contracts.Bodies;

namespace Coordination.Domain.Tests.Bodies;

using static World;

public class ChangingABody
{
    private static readonly Given<BodyState?, BodyCommand> Body = BodyScenario.Given(BodyScenario.Admitted);
    private static readonly ChangeProfile Change = new(" Council ", null, "Act 7", "Pacific/Apia", [new("Shelters", "Office 2")]);
    private static readonly ReportedFact Reported = new("f1", "mechanism", Pillar.Cooperation, "in-place", "Meets monthly.", new("A/67/170", [20]));
    private static readonly PartyTo Agreement = new("accord", "Accord", "regional", "party", [Arden], false, new("A/67/170", [21]));

    [Fact]
    public void Its_coordinator_changes_the_profile_once() =>
        Body.When(Change, By.Coordinator(Arden)).Then(new BodyProfileChanged("Council", null, "Act 7", "Pacific/Apia", [new("Shelters", "Office 2")]))
            // What was written is not remembered where it is decided.
            .When(Change, By.Coordinator(Arden)).Then(new BodyProfileChanged("Council", null, "Act 7", "Pacific/Apia", [new("Shelters", "Office 2")]))
            .When(Change with { LegalBasis = null, FocalPoints = null }, By.Coordinator(Arden)).ThenNothing()
            .When(new ChangeProfile(null, null, null, null, null), By.Coordinator(Arden)).ThenNothing()
            .When(new ChangeProfile(null, null, null, null, null, 30), By.Coordinator(Arden)).Then(new BodyProfileChanged(null, null, null, null, null, 30))
            .When(new ChangeProfile(null, null, null, null, null, 30), By.Coordinator(Arden)).ThenNothing()
            .When(new ChangeProfile(null, null, null, "Nowhere", null), By.Coordinator(Arden)).ThenInvalid("#/timeZone", "body.time-zone-unknown");

    public static TheoryData<ChangeProfile, string, string> Bad() => new()
    {
        { Change with { Name = " " }, "#/name", "text.empty" },
        { Change with { Name = "\u200B\u2067" }, "#/name", "text.empty" },
        { Change with { Name = "Council\nof Arden" }, "#/name", "text.not-one-line" },
        { Change with { Acronym = "C\u2067A" }, "#/acronym", "text.not-one-line" },
        { Change with { FocalPoints = [new("Data", "Office"), new("\u200B", "Office")] }, "#/focalPoints/1/subject", "text.length" },
        { Change with { FocalPoints = [new("Data", "Office\n2")] }, "#/focalPoints/0/office", "text.not-one-line" },
    };

    [Theory, MemberData(nameof(Bad))]
    public void Bad_content_is_pointed_at(ChangeProfile command, string pointer, string code) =>
        Body.When(command, By.Coordinator(Arden)).ThenInvalid(pointer, code);

    [Fact]
    public void What_a_document_reports_is_recorded_once_by_an_administrator() =>
        Body.When(new RecordFact(Reported), By.Administrator).Then(new BodyFactRecorded(Reported))
            .When(new RecordFact(Reported), By.Platform).ThenNothing()
            .When(new RecordAgreement(Agreement), By.Administrator).Then(new BodyAgreementRecorded(Agreement))
            .When(new RecordAgreement(Agreement), By.Administrator).ThenNothing();

    [Fact]
    public void Nobody_else_changes_anything()
    {
        Actor[] others = [By.Contributor(Arden), By.Observer(Arden), By.Coordinator(Belmar), By.Coordinator(ArdenRapporteur), By.Nobody];
        foreach (var actor in others)
        {
            Body.When(Change, actor).ThenForbidden("body.coordinator-only");
            foreach (var command in new BodyCommand[] { new RecordFact(Reported), new RecordAgreement(Agreement) })
                Body.When(command, actor).ThenForbidden("body.administrator-only");
        }

        Body.When(Change, By.Administrator).ThenForbidden("body.coordinator-only");
        Body.When(new RecordFact(Reported), By.Coordinator(Arden)).ThenForbidden("body.administrator-only");
    }

    [Fact]
    public void What_is_not_there_is_not_changed()
    {
        foreach (var command in new BodyCommand[] { Change, new RecordFact(Reported), new RecordAgreement(Agreement) })
            BodyScenario.Given().When(command, By.Administrator).ThenNotFound("body.not-found");
    }

    [Fact]
    public void What_is_said_of_a_body_is_for_everyone() => Assert.Equal(Audience.Public, new BodyFactRecorded(Reported).AudienceIn(BodyScenario.Given().And(BodyScenario.Admitted).State!));

    [Fact]
    public void Focal_points_are_looked_at_one_by_one()
    {
        foreach (var (point, pointer) in new (FocalPoint?, string)[]
        {
            (null, "#/focalPoints/1/subject"), (new(null!, "Office"), "#/focalPoints/1/subject"), (new(" ", "Office"), "#/focalPoints/1/subject"),
            (new(new('x', 101), "Office"), "#/focalPoints/1/subject"), (new("Shelters", null!), "#/focalPoints/1/office"), (new("Shelters", new('x', 201)), "#/focalPoints/1/office"),
        })
            Body.When(new ChangeProfile(null, null, null, null, [new("Shelters", "Office"), point!]), By.Coordinator(Arden)).ThenInvalid(pointer, "text.length");
    }
}
