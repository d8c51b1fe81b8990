using Coordination.Contracts.Bodies;
using Coordination.Contracts.Requests;
using CsCheck;

namespace Coordination.Domain.Tests.Requests;

using static World;

public class Expiring
{
    [Theory]
    [InlineData("UTC", "2026-03-10", "2026-03-11T00:00:00Z")]
    [InlineData("America/Bogota", "2026-03-10", "2026-03-11T05:00:00Z")]
    [InlineData("Asia/Kathmandu", "2026-03-10", "2026-03-10T18:15:00Z")]
    [InlineData("Europe/Vienna", "2026-03-28", "2026-03-28T23:00:00Z")]
    [InlineData("Europe/Vienna", "2026-03-29", "2026-03-29T22:00:00Z")]
    [InlineData("Europe/Vienna", "2026-10-25", "2026-10-25T23:00:00Z")]
    [InlineData("Pacific/Apia", "2026-03-10", "2026-03-10T11:00:00Z")]
    // The 30th was left out there in 2011.
    [InlineData("Pacific/Apia", "2011-12-29", "2011-12-30T10:00:00Z")]
    // Clocks go from 24:00 to 01:00, so the day ends where the next one begins, at 01:00.
    [InlineData("America/Santiago", "2026-09-05", "2026-09-06T04:00:00Z")]
    // Clocks go from 24:00 back to 23:00 of the same day.
    [InlineData("America/Santiago", "2026-04-04", "2026-04-05T04:00:00Z")]
    [InlineData("America/Asuncion", "2023-09-30", "2023-10-01T04:00:00Z")]
    // Clocks go from 01:00 back to 00:00: midnight comes twice and the first one ends the day.
    [InlineData("America/Havana", "2026-10-31", "2026-11-01T04:00:00Z")]
    [InlineData("Atlantic/Azores", "2026-10-24", "2026-10-25T00:00:00Z")]
    public void A_day_ends_at_the_first_moment_of_the_next_one_there(string zone, string day, string end)
    {
        var body = new World().Add("there", BodyKind.NationalBody, "XAA", zone);
        Assert.Equal(DateTimeOffset.Parse(end, null), body.EndOf(DateOnly.Parse(day, null)));
    }

    [Fact]
    public void Everywhere_and_every_day_it_is_that_day_until_the_end_and_a_later_one_from_then_on()
    {
        var zones = TimeZoneInfo.GetSystemTimeZones().Where(zone => zone.Id.Contains('/', StringComparison.Ordinal)).ToArray();
        Gen.Select(Gen.Int[0, zones.Length - 1], Gen.Int[0, 365 * 12]).Sample(
            (zone, days) =>
            {
                var body = new World().Bodies[Arden] with { TimeZone = zones[zone] };
                var day = new DateOnly(2025, 1, 1).AddDays(days);
                var end = body.EndOf(day);
                Assert.True(body.Today(end) > day, $"{zones[zone].Id} {day:O}: not over at {end:O}");
                Assert.True(body.Today(end.AddTicks(-1)) <= day, $"{zones[zone].Id} {day:O}: over before {end:O}");
            },
            iter: 20_000);
    }

    [Theory]
    [InlineData("America/Bogota")]
    [InlineData("Asia/Kathmandu")]
    [InlineData("Europe/Vienna")]
    [InlineData("Pacific/Apia")]
    [InlineData("America/Santiago")]
    public void The_clock_ends_a_request_after_the_end_of_the_day_at_the_asking_body_and_not_before(string zone)
    {
        var world = new World();
        var body = world.Add(Arden, BodyKind.NationalBody, "XAA", zone);
        var open = RequestScenario.In(world);
        var opened = open.When(new OpenRequest([Belmar], null, RequestKind.Training, "A course", NeededBy: RequestScenario.Due), By.Coordinator(Arden)).Decision.Facts;
        var end = body.EndOf(RequestScenario.Due);

        open.And(opened)
            .When(new Rang(RequestState.Expiry), By.Platform, end.AddTicks(-1)).ThenNothing()
            .When(new Rang(RequestState.Expiry), By.Platform, end).Then(new RequestExpired())
            .When(new Rang(RequestState.Expiry), By.Platform, end.AddDays(1)).ThenNothing();
    }

    [Fact]
    public void Without_a_date_it_never_expires() =>
        RequestScenario.Given(RequestScenario.Opened() with { NeededBy = null, ExpiresAt = null })
            .When(new Rang(RequestState.Expiry), By.Platform, DateTimeOffset.MaxValue).ThenNothing();

    [Fact]
    public void It_waits_for_its_clock_while_it_is_open_and_again_when_it_is_open_again()
    {
        var opened = RequestScenario.Given(RequestScenario.Opened());
        var end = RequestScenario.Opened().ExpiresAt!.Value;
        var later = end.AddDays(9);
        var accepted = opened.And(new RequestAccepted(Belmar, null, null, later));

        Assert.Equal([new Wake("expiry", end, 1)], opened.State!.Wakes());
        Assert.Empty(accepted.State!.Wakes());
        Assert.Equal([new Wake("expiry", later, 2)], accepted.And(new RequestDeclined(Belmar, DeclineGround.NoCapacity, null)).State!.Wakes());
        foreach (var (name, facts) in RequestScenario.States.Where(state => state.Key is not ("open" or "proposed" or "clarifying")))
            Assert.True(!RequestScenario.Given(facts).State!.Wakes().Any(), name);
    }

    [Fact]
    public void A_clock_of_another_name_means_nothing_to_it() =>
        RequestScenario.Given(RequestScenario.Opened()).When(new Rang("another"), By.Platform, DateTimeOffset.MaxValue).ThenNothing();
}
