using Coordination.Contracts.Bodies;

namespace Coordination.Domain.Tests.Bodies;

using static World;

public class AdmittingABody
{
    private static readonly AdmitBody Admit = new(
        null, BodyKind.NationalBody, " Council of Arden ", State: "XAA", Region: "150", Subregion: "155", TimeZone: "Europe/Vienna", Exercise: true);

    [Fact]
    public void An_administrator_admits_a_body_once() =>
        BodyScenario.Given().When(Admit, By.Administrator).Then(BodyScenario.Admitted)
            .When(Admit, By.Administrator).ThenConflict("body.already-admitted");

    [Fact]
    public void Nobody_else_admits_one()
    {
        foreach (var actor in new[] { By.Coordinator(Arden), By.Contributor(Arden), By.Observer(Arden), By.Coordinator(ArdenRapporteur), By.Nobody })
            BodyScenario.Given().When(Admit, actor).ThenForbidden("body.administrator-only");
    }

    public static TheoryData<AdmitBody, string, string> Bad() => new()
    {
        { Admit with { Name = "\u200B\u2067" }, "#/name", "text.empty" },
        { Admit with { Name = "Council\u202Eof Arden" }, "#/name", "text.not-one-line" },
        { Admit with { Acronym = "C\nA" }, "#/acronym", "text.not-one-line" },
        { Admit with { Region = "Atlantis" }, "#/region", "region.unknown" },
        { Admit with { Subregion = "999" }, "#/subregion", "region.unknown" },
        { Admit with { IntermediateRegion = "" }, "#/intermediateRegion", "region.unknown" },
        { Admit with { TimeZone = "Europe/Nowhere" }, "#/timeZone", "body.time-zone-unknown" },
        { Admit with { TimeZone = "" }, "#/timeZone", "body.time-zone-unknown" },
        { Admit with { TimeZone = "../../etc/passwd" }, "#/timeZone", "body.time-zone-unknown" },
        { Admit with { TimeZone = "W. Europe Standard Time" }, "#/timeZone", "body.time-zone-unknown" },
        { Admit with { TimeZone = "europe/vienna" }, "#/timeZone", "body.time-zone-unknown" },
        { Admit with { TimeZone = "+02:00" }, "#/timeZone", "body.time-zone-unknown" },
        { Admit with { Chairs = [new(Arden, "2011", null), new(Arden, "2011-02-29", null)] }, "#/chairs/1", "date.does-not-exist" },
        { Admit with { Chairs = [null!] }, "#/chairs/0/body", "body.not-found" },
        { Admit with { Chairs = [new(null!, "2011", null)] }, "#/chairs/0/body", "body.not-found" },
        { Admit with { Chairs = [new(Arden, "2011", null), new("nowhere", "2011", null)] }, "#/chairs/1/body", "body.not-found" },
        { Admit with { Members = [Arden, null!] }, "#/members/1", "body.not-found" },
        { Admit with { Members = ["nowhere"] }, "#/members/0", "body.not-found" },
        { Admit with { Parent = "nowhere" }, "#/parent", "body.not-found" },
        { Admit with { Chairs = [new(Arden, "2011", null), new(Arden, "2011", "2101-01")] }, "#/chairs/1", "date.out-of-bounds" },
    };

    [Fact]
    public void It_does_not_get_a_page_on_which_a_group_would_stand()
    {
        var world = new World { Groups = { ["others"] = [] } };
        Assert.Equal("body.id-of-a-group", BodyRules.Decide("others", null, Admit, new(By.Administrator, default, world, "command")).Refusal?.Code);
        Assert.Null(BodyRules.Decide("others", null, Admit, new(By.Platform, default, world, "command")).Refusal);
    }

    [Fact]
    public void It_does_not_get_an_id_that_is_for_groups()
    {
        foreach (var id in (string[])["g-7f3kq2xw", "g-network", "administrator"])
            Assert.Equal("body.id-reserved", BodyRules.Decide(id, null, Admit, new(By.Administrator, default, new World(), "command")).Refusal?.Code);
    }

    [Theory]
    [InlineData("Council\u200Bof Arden")]
    [InlineData("Council of Arden\u200E")]
    [InlineData("شورا\u200Cی ملی")]
    [InlineData("Coun\u00ADcil")]
    [InlineData("Council\uFE0F")]
    [InlineData("Council\U000E0041")]
    public void Nothing_hides_in_its_name_or_acronym(string hiding)
    {
        BodyScenario.Given().When(Admit with { Name = hiding }, By.Administrator).ThenInvalid("#/name", "text.hidden-characters");
        BodyScenario.Given().When(Admit with { Acronym = hiding }, By.Administrator).ThenInvalid("#/acronym", "text.hidden-characters");
    }

    [Theory, MemberData(nameof(Bad))]
    public void Bad_content_is_pointed_at(AdmitBody command, string pointer, string code) =>
        BodyScenario.Given().When(command, By.Administrator).ThenInvalid(pointer, code);
}
