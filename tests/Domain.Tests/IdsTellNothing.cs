using System.Text.RegularExpressions;
using Coordination.Contracts.Bodies;
using Coordination.Contracts.Groups;
using Coordination.Contracts.Plans;
using Coordination.Contracts.Subscriptions;
using Coordination.Domain.Tests.Groups;
using Coordination.Domain.Tests.Plans;

namespace Coordination.Domain.Tests;

using static World;

/// <summary>What the platform names, it names so that the name tells of nothing else: however much is hidden beside it, others get the same ids.</summary>
public sealed partial class IdsTellNothing
{
    private const int Hidden = 40;

    [Fact]
    public void Drafts_that_only_their_body_sees_move_no_id_that_others_are_given()
    {
        var without = PlanScenario.Plan(Mark.Public, PlanStatus.UnderImplementation);
        var with = without.And(Enumerable.Range(0, Hidden).Select(number => new ReportDrafted(PlanScenario.Report($"r-{number}"))));
        Assert.Equal(Hidden, with.State!.Reports.Count);
        var commands = (PlanCommand[])[
            new AddMeasure(null, Pillar.Training, "Training"), new AddMilestone("hotline", null, "Posters", PlanScenario.Due), new ReportProgress("hotline-open", MilestoneStatus.Done),
            new ReportProgress("hotline-open", MilestoneStatus.InProgress, 10, Draft: true)];

        Assert.All(commands[..3], command => AssertSame(without.When(command, By.Coordinator(Arden)).Decision, with.When(command, By.Coordinator(Arden)).Decision));
        Assert.All(commands[2..], command => AssertSame(without.When(command, By.Contributor(Belmar)).Decision, with.When(command, By.Contributor(Belmar)).Decision));
    }

    [Fact]
    public void Updates_among_the_members_move_no_id_of_what_is_shared_with_all()
    {
        var without = GroupScenario.Given(GroupScenario.Formed);
        var with = without.And(Enumerable.Range(0, Hidden).Select(number => new GroupUpdateShared($"u-{number}", Arden, "Among ourselves", Mark.Parties, null)));
        var command = new ShareUpdate("For all to see", Mark.Public);

        AssertSame(without.When(command, By.Coordinator(Belmar)).Decision, with.When(command, By.Coordinator(Belmar)).Decision);
    }

    [Fact]
    public void What_is_made_without_a_name_gets_one_that_counts_nothing()
    {
        var plan = PlanScenario.Plan(Mark.Public, PlanStatus.UnderImplementation);
        var group = GroupScenario.Given(GroupScenario.Formed);
        var subscriptions = SubscriptionRules.Decide(Arden, SubscriptionsState.Empty(Arden), new Subscribe(SubscriptionSubject.Plans), new(By.Coordinator(Arden), default, new World(), "key"));
        var made = (string?[])[
            Answer(plan.When(new AddMeasure(null, Pillar.Training, "Training"), By.Coordinator(Arden)).Decision),
            Answer(plan.When(new AddMilestone("hotline", null, "Posters", PlanScenario.Due), By.Coordinator(Arden)).Decision),
            Answer(plan.When(new ReportProgress("hotline-open", MilestoneStatus.Done), By.Contributor(Belmar)).Decision),
            Answer(plan.When(new ReportProgress("hotline-open", MilestoneStatus.Done, Draft: true), By.Contributor(Belmar)).Decision),
            Answer(group.When(new ShareUpdate("News"), By.Coordinator(Arden)).Decision),
            Answer(subscriptions),
        ];

        Assert.All(made, id => Assert.Matches(Random(), id));
        Assert.Equal(made.Length, made.Distinct().Count());

        static string? Answer(Decision decision) => Assert.Single(decision.Facts) switch
        {
            PlanFact fact => fact.Answer(),
            GroupUpdateShared fact => fact.Id,
            Subscribed fact => fact.Id,
            var other => other.ToString(),
        };
    }

    private static void AssertSame(Decision one, Decision other)
    {
        Assert.Null(one.Refusal);
        Assert.NotEmpty(one.Facts);
        Assert.Equal(Text(one), Text(other));
    }

    private static string[] Text(Decision decision) => [.. decision.Facts.Select(fact => FactJson.Write(fact) is var stored
        ? $"{FactJson.NameOf(fact).Name} {System.Text.Encoding.UTF8.GetString(stored.Data)} {System.Text.Encoding.UTF8.GetString(stored.Texts ?? [])}" : "")];

    [GeneratedRegex("^[a-z]-[a-km-np-z2-9]{8}$")]
    private static partial Regex Random();
}
