using CsCheck;

namespace Coordination.Domain.Tests.Audiences;

using static World;

public class WhoMaySee
{
    private static readonly Audience Parties = new(Mark.Parties, [Arden], [Network], ["XBB"], "Asia");

    [Theory]
    [InlineData(Mark.Public)]
    [InlineData(Mark.Community)]
    public void Everyone_signed_in_sees_what_is_public_or_for_the_community(Mark mark)
    {
        var world = new World();
        var audience = new Audience(mark);
        Assert.Null(audience.Resolve(world));
        Assert.All(By.Everyone(world), viewer => Assert.True(audience.Admits(viewer, world)));
    }

    [Fact]
    public void Parties_are_the_bodies_groups_region_and_rapporteurs_of_the_States_involved()
    {
        var world = new World();
        string[] expected = [Arden, Belmar, BelmarRapporteur, Corvan];
        Assert.Equal(expected.Order(), Parties.Resolve(world)!.Order());
        foreach (var viewer in By.Everyone(world))
            Assert.Equal(viewer.IsPlatform || expected.Contains(viewer.Body), Parties.Admits(viewer, world));
    }

    [Fact]
    public void What_is_named_is_for_the_bodies_named_and_for_no_rapporteur_group_or_region()
    {
        var world = new World();
        var named = Parties with { Mark = Mark.Named };
        Assert.Equal([Arden], named.Resolve(world)!);
        foreach (var viewer in By.Everyone(world)) Assert.Equal(viewer.IsPlatform || viewer.Body == Arden, named.Admits(viewer, world));
    }

    [Fact]
    public void An_administrator_and_nobody_see_nothing_restricted()
    {
        var world = new World();
        foreach (var viewer in new[] { By.Administrator, By.Nobody })
            foreach (var audience in new[] { Parties, Audience.Named(Arden), new Audience(Mark.Parties), new Audience(Mark.Named) }) Assert.False(audience.Admits(viewer, world));
    }

    [Fact]
    public void Who_has_left_a_group_sees_no_more_of_it_and_who_joins_does()
    {
        var world = new World();
        var update = new GroupUpdateShared("u1", Arden, "Hello", Mark.Parties, null).AudienceIn(
            Fact.Evolve<GroupState>(Network, null, new GroupFormed("Network", [Arden, Belmar], [], null, null, true))!);
        Assert.True(update.Admits(By.Observer(Belmar), world));
        world.Groups[Network] = [Arden, Corvan];
        Assert.False(update.Admits(By.Coordinator(Belmar), world));
        Assert.True(update.Admits(By.Observer(Corvan), world));
        Assert.False(update.Admits(By.Coordinator(ArdenRapporteur), world));
        world.Groups.Remove(Network);
        Assert.Empty(update.Resolve(world)!);
    }

    [Theory]
    [InlineData(Mark.Parties, true)]
    [InlineData(Mark.Named, false)]
    public void A_request_is_seen_by_the_rapporteurs_of_the_States_of_its_parties_unless_named(Mark mark, bool seen)
    {
        var world = new World();
        var request = Requests.RequestScenario.Given(Requests.RequestScenario.Opened(mark)).State!;
        Assert.Equal(seen, request.Audience.Admits(By.Observer(ArdenRapporteur), world));
        Assert.Equal(seen, request.Audience.Admits(By.Observer(BelmarRapporteur), world));
        Assert.True(request.Audience.Admits(By.Observer(Corvan), world));
        Assert.False(request.Audience.Admits(By.Coordinator(Lagoon), world));
    }

    [Fact]
    public void A_plan_for_its_parties_is_seen_by_its_States_rapporteur_and_no_other()
    {
        var plan = Plans.PlanScenario.Plan();
        string[] expected = [Arden, ArdenPolice, Belmar, ArdenRapporteur];
        Assert.Equal(expected.Order(), plan.State!.Audience.Resolve(plan.World)!.Order());
    }

    private static readonly string[] Bodies = [Arden, ArdenPolice, ArdenRapporteur, Belmar, BelmarRapporteur, Corvan, Lagoon, Agency, "gone"];
    private static readonly string[] Groups = [Network, "others", "gone"];
    private static readonly string[] States = ["XAA", "XBB", "XCC", "XZZ"];
    private static readonly string[] Places = ["Asia", "142", "europe", "Latin America and the Caribbean", "Atlantis"];

    private static Gen<string[]> Some(string[] of) => Gen.Int[0, of.Length - 1].Select(index => of[index]).Array[0, 3];

    private static readonly Gen<Audience> Audiences = Gen.Select(
        Gen.Enum<Mark>(), Some(Bodies).Null(), Some(Groups).Null(), Some(States).Null(), Gen.Int[0, Places.Length - 1].Select(index => Places[index]).Null(),
        (mark, bodies, groups, states, region) => new Audience(mark, bodies, groups, states, region));

    [Fact]
    public void Admits_and_Resolve_are_the_same_rule() =>
        Gen.Select(Audiences, Some(Bodies), Some(Bodies), Gen.Int[0, Bodies.Length - 2]).Sample((audience, network, others, dropped) =>
        {
            var world = new World { Groups = { [Network] = [.. network], ["others"] = [.. others] } };
            world.Bodies.Remove(Bodies[dropped]);
            var resolved = audience.Resolve(world);
            foreach (var viewer in By.Everyone(new World()).Where(viewer => !viewer.IsPlatform))
                Assert.Equal(resolved is null || (viewer.Body is { } body && resolved.Contains(body)), audience.Admits(viewer, world));
            Assert.True(audience.Admits(By.Platform, world));
        }, iter: 2_000);
}
