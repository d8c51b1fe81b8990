using CsCheck;

namespace Coordination.Domain.Tests;

/// <summary>CsCheck reports what threw, with the seed to see it again.</summary>
[Trait("Full", "scale")]
public class EvolveNeverThrows
{
    private static readonly int Seeds = TestSize.Of(1_000, 50_000);
    private static readonly Gen<Fact[]> Facts = AnyFact.Gen.Array[0, 60];

    [Fact]
    public void Of_a_body() => Facts.Sample(facts => { _ = facts.Aggregate((BodyState?)null, BodyState.Evolve); }, iter: Seeds);

    [Fact]
    public void Of_an_account() => Facts.Sample(facts =>
    {
        var account = facts.Prepend(new AccountOpened()).Aggregate((AccountState?)null, AccountState.Evolve)!;
        if (account is AccountState.Open open) Assert.Equal(open.Roles.Length, open.Roles.Select(role => role.Body).Distinct().Count());
        foreach (var fact in facts) AccountRules.AudienceOf(fact);
    }, iter: 1_000);

    [Fact]
    public void Of_a_plan() => Facts.Sample(facts =>
    {
        var plan = facts.Prepend(Plans.PlanScenario.Drafted()).Aggregate((PlanState?)null, (state, fact) => PlanState.Evolve("p", state, fact))!;
        Assert.NotEmpty(plan.Parties);
        foreach (var fact in facts) PlanRules.AudienceOf(plan, fact);
        // What the rules look up in the state is there.
        Assert.All(plan.Milestones.Values, milestone => Assert.True(plan.Measures.ContainsKey(milestone.Measure)));
        Assert.All(plan.Reports.Values, open => Assert.True(plan.Milestones.ContainsKey(open.Report.Milestone)));
    }, iter: Seeds);

    [Fact]
    public void Of_a_request() => Facts.Sample(facts =>
    {
        var request = facts.Prepend(Requests.RequestScenario.Opened()).Aggregate((RequestState?)null, (state, fact) => RequestState.Evolve("q", state, fact))!;
        var world = new World();
        foreach (var actor in By.Everyone(world)) RequestRules.Verbs.Allowed(request, new(actor, default, world));
    }, iter: Seeds);

    [Fact]
    public void Of_a_group() => Facts.Sample(facts =>
    {
        var group = facts.Prepend(Groups.GroupScenario.Formed).Aggregate((GroupState?)null, (state, fact) => GroupState.Evolve("g", state, fact))!;
        group.ChairOn(new(2026, 6, 1));
    }, iter: Seeds);

    [Fact]
    public void Of_subscriptions() => Facts.Sample(facts => { _ = facts.Aggregate(SubscriptionsState.Empty, SubscriptionsState.Evolve); }, iter: Seeds);

    [Fact]
    public void Before_its_first_fact_a_thing_is_not_there() => AnyFact.Gen.Sample(fact =>
        (fact is BodyAdmitted) == (BodyState.Evolve(null, fact) is not null)
        && (fact is AccountOpened) == (AccountState.Evolve(null, fact) is not null)
        && (fact is PlanDrafted) == (PlanState.Evolve("p", null, fact) is not null)
        && (fact is RequestOpened) == (RequestState.Evolve("q", null, fact) is not null)
        && (fact is GroupFormed) == (GroupState.Evolve("g", null, fact) is not null));

    [Fact]
    public void A_fact_read_back_is_the_fact_that_was_written() => AnyFact.Gen.Sample(fact =>
    {
        var (name, form) = FactJson.NameOf(fact);
        var stored = FactJson.Write(fact, "fr");
        var again = FactJson.Write(FactJson.Read(name, form, stored.Data, stored.Texts), "fr");
        return again.Data.SequenceEqual(stored.Data) && (again.Texts ?? []).SequenceEqual(stored.Texts ?? []);
    }, iter: Seeds);
}
