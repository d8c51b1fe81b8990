using CsCheck;

namespace Coordination.Domain.Tests;

/// <summary>CsCheck reports what threw, with the seed to see it again.</summary>
[Trait("Full", "scale")]
public class EvolveNeverThrows
{
    private static readonly int Seeds = TestSize.Of(1_000, 50_000);
    private static readonly Gen<Fact[]> Facts = AnyFact.Gen.Array[0, 60];

    [Fact]
    public void Of_a_body() => Facts.Sample(facts => { Fold<BodyState>(facts); }, iter: Seeds);

    [Fact]
    public void Of_an_account() => Facts.Sample(facts =>
    {
        var account = Fold<AccountState>(facts.Prepend(new AccountOpened()))!;
        if (account is AccountState.Open open) Assert.Equal(open.Roles.Length, open.Roles.Select(role => role.Body).Distinct().Count());
        var world = new World();
        foreach (var fact in facts.OfType<AccountRoleFact>()) fact.ReasonIn(world);
    }, iter: 1_000);

    [Fact]
    public void Of_a_plan() => Facts.Sample(facts =>
    {
        var plan = Fold<PlanState>(facts.Prepend(Plans.PlanScenario.Drafted()))!;
        Assert.NotEmpty(plan.Parties);
        var world = new World();
        foreach (var fact in facts.OfType<PlanFact>())
        {
            Assert.All(fact.RecipientsIn(plan), recipient => Assert.True(plan.Parties.Contains(recipient.Body) || recipient.Body == (fact as ReportFact)?.Report.Body));
            fact.InterestIn(plan, world);
        }

        // What the rules look up in the state is there.
        Assert.All(plan.Milestones.Values, milestone => Assert.True(plan.Measures.ContainsKey(milestone.Measure)));
        Assert.All(plan.Reports.Values, open => Assert.True(plan.Milestones.ContainsKey(open.Report.Milestone)));
    }, iter: Seeds);

    [Fact]
    public void Of_a_request() => Facts.Sample(facts =>
    {
        var request = Fold<RequestState>(facts.Prepend(Requests.RequestScenario.Opened()))!;
        var world = new World();
        foreach (var fact in facts.OfType<RequestFact>())
        {
            Assert.NotEmpty(fact.RecipientsIn(request, world));
            Assert.NotEmpty(fact.Turn(null).Verb);
        }

        RequestFact.InterestIn(request, world);
        foreach (var actor in By.Everyone(world)) RequestRules.Verbs.Allowed(request, new(actor, default, world));
    }, iter: Seeds);

    [Fact]
    public void Of_a_group() => Facts.Sample(facts =>
    {
        var group = Fold<GroupState>(facts.Prepend(Groups.GroupScenario.Formed))!;
        group.ChairOn(new(2026, 6, 1));
        foreach (var fact in facts.OfType<GroupFact>()) Assert.All(fact.RecipientsIn(group, new(2026, 6, 1)), Assert.NotNull);
        GroupFact.InterestIn(group, new World());
    }, iter: Seeds);

    [Fact]
    public void Of_subscriptions() => Facts.Sample(facts => { Fold<SubscriptionsState>(facts); }, iter: Seeds);

    [Fact]
    public void Before_its_first_fact_a_thing_is_not_there() => AnyFact.Gen.Sample(fact =>
        (fact is BodyAdmitted) == (Fold<BodyState>([fact]) is not null)
        && (fact is AccountOpened) == (Fold<AccountState>([fact]) is not null)
        && (fact is PlanDrafted) == (Fold<PlanState>([fact]) is not null)
        && (fact is RequestOpened) == (Fold<RequestState>([fact]) is not null)
        && (fact is GroupFormed) == (Fold<GroupState>([fact]) is not null));

    /// <summary>Whom it is for and what it can be followed by is known of every fact, whatever is in it, and what it says is never empty of a value.</summary>
    private static TState? Fold<TState>(IEnumerable<Fact> facts) where TState : class
    {
        var (state, world) = ((TState?)null, new World());
        foreach (var fact in facts)
        {
            state = Fact.Evolve("it", state, fact);
            if (state is null || fact is not Fact<TState> own) continue;
            Assert.NotNull(own.AudienceIn(state));
            Assert.NotEmpty(own.TopicsIn("it", state, world));
            var said = new Said();
            own.Tell(said);
            Assert.All(said.Values.Values, Assert.NotNull);
        }

        return state;
    }

    [Fact]
    public void A_fact_read_back_is_the_fact_that_was_written() => AnyFact.Gen.Sample(fact =>
    {
        var (name, form) = FactJson.NameOf(fact);
        var stored = FactJson.Write(fact, "fr");
        var again = FactJson.Write(FactJson.Read(name, form, stored.Data, stored.Texts), "fr");
        return again.Data.SequenceEqual(stored.Data) && (again.Texts ?? []).SequenceEqual(stored.Texts ?? []);
    }, iter: Seeds);
}
