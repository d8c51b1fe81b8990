using Coordination.Contracts.Requests;

namespace Coordination.Domain.Tests.Requests;

using static World;

public class OpeningARequest
{
    private static readonly OpenRequest Ask = new([Belmar, Corvan], null, RequestKind.Information, " Routes by sea ", NeededBy: RequestScenario.Due);

    [Fact]
    public void A_coordinator_asks_named_bodies() =>
        RequestScenario.Given().When(Ask, By.Coordinator(Arden)).Then(RequestScenario.Opened());

    [Fact]
    public void A_body_named_twice_is_asked_once() =>
        RequestScenario.Given().When(Ask with { To = [Belmar, Corvan, Belmar] }, By.Coordinator(Arden)).Then(RequestScenario.Opened());

    [Fact]
    public void An_open_call_keeps_the_name_of_the_region_given_by_code() =>
        RequestScenario.Given().When(Ask with { To = [], Region = "005" }, By.Coordinator(Arden)).Then(RequestScenario.Opened(region: "South America"));

    [Fact]
    public void Everything_that_was_said_is_kept() =>
        RequestScenario.Given()
            .When(
                new OpenRequest([Agency], null, RequestKind.Funding, "Shelters", " For two years. ", Pillar.VictimProtection, Mark.Community, Urgency.Immediate, null, "accord", "arden-plan/shelters"),
                By.Coordinator(Arden))
            .Then(new RequestOpened(
                Arden, [Agency], null, RequestKind.Funding, "Shelters", "For two years.", Pillar.VictimProtection, Mark.Community, Urgency.Immediate, null, null,
                ["XAA"], "accord", "arden-plan/shelters", true));

    [Fact]
    public void An_id_is_opened_once() =>
        RequestScenario.Given(RequestScenario.Opened()).When(Ask, By.Coordinator(Arden)).ThenConflict("request.already-exists");

    [Fact]
    public void Nobody_but_a_coordinator_opens_one()
    {
        foreach (var actor in new[] { By.Contributor(Arden), By.Observer(Arden), By.Administrator, By.Nobody, By.Platform })
            RequestScenario.Given().When(Ask, actor).ThenForbidden("request.coordinator-only");
        RequestScenario.Given().When(Ask, By.Coordinator("a-body-that-is-not-there")).ThenForbidden("request.coordinator-only");
    }

    public static TheoryData<OpenRequest, string, string> Bad() => new()
    {
        { Ask with { To = null }, "#/to", "request.nobody-addressed" },
        { Ask with { To = [], Region = " " }, "#/to", "request.nobody-addressed" },
        { Ask with { Region = "Asia" }, "#/region", "request.addressed-twice" },
        { Ask with { To = [Belmar, Arden] }, "#/to/1", "request.to-itself" },
        { Ask with { To = [Belmar, "nowhere"] }, "#/to/1", "body.not-found" },
        { Ask with { To = [Belmar, Belmar, "nowhere"] }, "#/to/2", "body.not-found" },
        { Ask with { To = [Belmar, null!] }, "#/to/1", "body.not-found" },
        { Ask with { To = null, Region = "Atlantis" }, "#/region", "region.unknown" },
        { Ask with { To = null, Region = "Asia", Mark = Mark.Named }, "#/mark", "request.named-needs-bodies" },
        { Ask with { NeededBy = new(2026, 3, 1) }, "#/neededBy", "date.past" },
        { Ask with { NeededBy = new(2101, 1, 1) }, "#/neededBy", "date.out-of-bounds" },
        { Ask with { Subject = "\u200B" }, "#/subject", "text.empty" },
        { Ask with { Subject = "Routes\nby sea" }, "#/subject", "text.not-one-line" },
        { Ask with { Measure = "arden-plan" }, "#/measure", "plan.measure-not-found" },
        { Ask with { Measure = "arden-plan/shelters/more" }, "#/measure", "plan.measure-not-found" },
        { Ask with { Measure = "arden-plan/no-such" }, "#/measure", "plan.measure-not-found" },
    };

    [Theory, MemberData(nameof(Bad))]
    public void Bad_content_is_pointed_at(OpenRequest command, string pointer, string code) =>
        RequestScenario.Given().When(command, By.Coordinator(Arden)).ThenInvalid(pointer, code);

    [Fact]
    public void A_measure_that_the_asker_may_not_see_is_not_there()
    {
        var ask = Ask with { To = [Belmar] };
        var hidden = RequestScenario.Given().When(ask with { Measure = "arden-plan/shelters" }, By.Coordinator(Corvan));
        var absent = RequestScenario.Given().When(ask with { Measure = "arden-plan/no-such" }, By.Coordinator(Corvan));
        hidden.ThenInvalid("#/measure", "plan.measure-not-found");
        Assert.Equal(absent.Decision.Refusal!.Detail, hidden.Decision.Refusal!.Detail);
    }

    [Fact]
    public void Today_is_early_enough_and_is_the_day_it_is_at_the_asking_body()
    {
        // At 03:00 in UTC it is still the day before in Bogotá.
        var night = new DateTimeOffset(2026, 3, 2, 3, 0, 0, TimeSpan.Zero);
        var ask = new OpenRequest([Arden], null, RequestKind.Training, "A course", NeededBy: new(2026, 3, 1));
        Assert.Null(RequestScenario.Given().When(ask, By.Coordinator(Belmar), night).Decision.Refusal);
        RequestScenario.Given().When(ask, By.Coordinator(Belmar), night.AddHours(2)).ThenInvalid("#/neededBy", "date.past");
    }

    [Fact]
    public void The_last_day_of_the_bounds_can_be_asked_for()
    {
        var decision = RequestScenario.Given().When(Ask with { NeededBy = new(2100, 12, 31) }, By.Coordinator(Arden)).Decision;
        Assert.Equal(new DateOnly(2100, 12, 31), Assert.IsType<RequestOpened>(Assert.Single(decision.Facts)).NeededBy);
    }
}
