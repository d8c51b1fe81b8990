using Coordination.Domain.Plans;

namespace Coordination.Silo.Tests.Grains;

/// <summary>A plan with one milestone of the plan's own body and one that another leads, which reports on it.</summary>
[Trait("On", "both")]
[Collection(nameof(SharedSilo))]
public sealed class VersionsOfParts(SharedSilo shared)
{
    private readonly RunningSilo _silo = shared.Silo;

    [Fact]
    public async Task Of_two_who_saw_the_same_milestone_one_changes_it()
    {
        var (owner, _, plan) = await Plan();
        var seen = await _silo.EndOf($"plan/{plan}");
        var answers = await Task.WhenAll(Enumerable.Range(1, 8).Select(progress =>
            _silo.Plan(plan).Execute(Giving.By(owner, seen: seen), new ReportProgress("one", MilestoneStatus.InProgress, progress))));
        var done = Assert.Single(answers.OfType<Done>());
        Assert.All(answers.OfType<Refused>(), refused => Assert.Equal((RefusalReason.Stale, done.Version), (refused.Refusal.Reason, refused.Refusal.Version)));
    }

    [Fact]
    public async Task Whoever_changes_other_parts_refuses_nobody()
    {
        var (owner, lead, plan) = await Plan();
        var seen = await _silo.EndOf($"plan/{plan}");
        var report = await _silo.Plan(plan).Execute(Giving.By(lead, seen: seen), new ReportProgress("led", MilestoneStatus.InProgress, 10)).Done();
        await _silo.Plan(plan).Execute(Giving.By(owner, seen: report.Version), new ReturnReport(report.Id, "Which month?")).Done();
        foreach (var command in (PlanCommand[])
        [
            new ReportProgress("one", MilestoneStatus.InProgress, 20), new RescheduleMilestone("led", new(2031, 6, 1), "Tender."),
            new AddMilestone("of-lead", "later", "Later", new(2031, 7, 1)), new AddMeasure("more", Pillar.Awareness, "More"),
        ])
        {
            await _silo.Plan(plan).Execute(Giving.By(owner, seen: seen), command).Done();
        }
    }

    [Fact]
    public async Task A_report_that_was_handed_in_again_is_not_approved_by_whoever_saw_it_before()
    {
        var (owner, lead, plan) = await Plan();
        var first = await _silo.Plan(plan).Give(lead, new ReportProgress("led", MilestoneStatus.InProgress, 10));
        var returned = await _silo.Plan(plan).Execute(Giving.By(owner, seen: first.Version), new ReturnReport(first.Id, "Which month?")).Done();
        var second = await _silo.Plan(plan).Execute(Giving.By(lead, seen: returned.Version), new SubmitReport(first.Id, Progress: 15)).Done();

        var stale = await _silo.Plan(plan).Execute(Giving.By(owner, seen: first.Version), new ApproveReport(first.Id)).Refused();

        Assert.Equal((RefusalReason.Stale, second.Version), (stale.Reason, stale.Version));
        await _silo.Plan(plan).Execute(Giving.By(owner, seen: second.Version), new ApproveReport(first.Id)).Done();
    }

    [Fact]
    public async Task A_report_is_not_approved_by_whoever_has_not_seen_where_its_milestone_stands()
    {
        var (owner, lead, plan) = await Plan();
        var report = await _silo.Plan(plan).Give(lead, new ReportProgress("led", MilestoneStatus.InProgress, 10));
        var done = await _silo.Plan(plan).Give(owner, new ReportProgress("led", MilestoneStatus.Done));

        var stale = await _silo.Plan(plan).Execute(Giving.By(owner, seen: report.Version), new ApproveReport(report.Id)).Refused();

        Assert.Equal((RefusalReason.Stale, done.Version), (stale.Reason, stale.Version));
        await _silo.Plan(plan).Execute(Giving.By(owner, seen: done.Version), new ApproveReport(report.Id)).Done();
    }

    [Fact]
    public async Task What_is_hidden_refuses_nobody_and_has_versions_of_its_own()
    {
        var (owner, lead, plan) = await Plan();
        var seen = await _silo.EndOf($"plan/{plan}");
        var draft = await _silo.Plan(plan).Give(lead, new ReportProgress("led", MilestoneStatus.InProgress, 10, Draft: true));
        Assert.Equal(draft.Position, draft.Version);
        var handedIn = await _silo.Plan(plan).Execute(Giving.By(lead, seen: draft.Version), new SubmitReport(draft.Id)).Done();
        await _silo.Plan(plan).Execute(Giving.By(owner, seen: handedIn.Version), new ReturnReport(draft.Id, "Which month?")).Done();
        Assert.Equal(seen, await Told(plan));
        // It cannot be told from a plan in which nothing happened: the version between the two is none.
        var none = await _silo.Plan(plan).Execute(Giving.By(owner, seen: handedIn.Version), new ChangePlanStatus(PlanStatus.Adopted)).Refused();
        Assert.Equal((RefusalReason.Stale, await HeadOf(plan)), (none.Reason, none.Version));
        // And what changes nothing names no hidden entry.
        var nothing = await _silo.Plan(plan).Execute(Giving.By(owner, seen: seen), new ChangePlanStatus(PlanStatus.Drafting)).Done();
        Assert.Equal(await HeadOf(plan), nothing.Version);
        await _silo.Plan(plan).Execute(Giving.By(owner, seen: seen), new ChangePlanStatus(PlanStatus.Adopted, seen)).Done();
    }

    [Fact]
    public async Task Two_bodies_that_report_on_different_milestones_never_collide()
    {
        const int Trials = 1_000;
        var (owner, lead, plan) = await Plan();
        var (one, led) = (await Version(owner, plan, "one"), await Version(lead, plan, "led"));
        for (var trial = 0; trial < Trials; trial++)
        {
            var own = _silo.Plan(plan).Execute(Giving.By(owner, seen: one), new ReportProgress("one", MilestoneStatus.InProgress, trial % 100)).Done();
            var other = _silo.Plan(plan).Execute(Giving.By(lead, seen: led), new ReportProgress("led", MilestoneStatus.InProgress, trial % 100)).Done();
            (one, led) = ((await own).Version, (await other).Version);
            // So that its body never has too many that wait.
            led = (await _silo.Plan(plan).Execute(Giving.By(owner, seen: led), new ApproveReport((await other).Id)).Done()).Version;
        }
    }

    [Fact]
    public async Task Of_two_bodies_that_report_on_the_same_milestone_the_second_is_told_whichever_it_is()
    {
        const int Trials = 100;
        var (owner, lead, plan) = await Plan();
        var firsts = new HashSet<string>();
        for (var trial = 0; trial < Trials; trial++)
        {
            var seen = await Version(owner, plan, "led");
            Assert.Equal(seen, await Version(lead, plan, "led"));
            string[] bodies = trial % 2 == 0 ? [owner, lead] : [lead, owner];
            var answers = await Task.WhenAll(bodies.Select(body => _silo.Plan(plan).Execute(Giving.By(body, seen: seen), new ReportProgress("led", MilestoneStatus.InProgress, trial % 100))));
            var done = Assert.Single(answers.OfType<Done>());
            var refusal = Assert.Single(answers.OfType<Refused>()).Refusal;
            Assert.Equal((RefusalReason.Stale, "version.stale", done.Version), (refusal.Reason, refusal.Code, refusal.Version));
            // It looks again, sees what the other said, and decides.
            var first = bodies[Array.IndexOf(answers, done)];
            firsts.Add(first);
            var second = first == owner ? lead : owner;
            Assert.Equal(done.Version, await Version(second, plan, "led"));
            Assert.Contains((await Views.Reports(new(second), plan, "led", new()))!.Items, report => report.Id == done.Id);
            await _silo.Plan(plan).Execute(Giving.By(second, seen: done.Version), new ReportProgress("led", MilestoneStatus.InProgress, trial % 100)).Done();
            foreach (var waiting in (await Views.Reports(new(owner), plan, "led", new(Limit: 2)))!.Items.Where(report => report.State is ReportState.Submitted))
                await _silo.Plan(plan).Give(owner, new ApproveReport(waiting.Id));
        }

        Assert.Equal(2, firsts.Count);
    }

    [Fact]
    public async Task A_status_is_not_changed_over_parts_that_have_changed_since_the_caller_looked()
    {
        var (owner, lead, plan) = await Plan();
        var head = (await Views.Get(new(owner), plan))!;
        await _silo.Plan(plan).Give(lead, new ReportProgress("led", MilestoneStatus.InProgress, 10, Draft: true));
        await _silo.Plan(plan).Give(lead, new ReportProgress("led", MilestoneStatus.InProgress, 10));
        var reported = await _silo.Plan(plan).Give(owner, new ReportProgress("one", MilestoneStatus.Done));

        var stale = await _silo.Plan(plan).Execute(Giving.By(owner, seen: head.Version), new ChangePlanStatus(PlanStatus.Adopted, head.Changed)).Refused();

        Assert.Equal((RefusalReason.Stale, "plan.parts-changed", head.Version), (stale.Reason, stale.Code, stale.Version));
        // The draft and the report that waits are parts of their own and have changed nothing else.
        Assert.Equal([new("milestone", "one", reported.Version)], stale.Changed ?? []);
        await _silo.Plan(plan).Execute(Giving.By(owner, seen: head.Version), new ChangePlanStatus(PlanStatus.Adopted, reported.Version)).Done();
        // Whoever does not say how far they have looked minds the head alone.
        await _silo.Plan(plan).Give(owner, new ReportProgress("one", MilestoneStatus.InProgress, 90));
        await _silo.Plan(plan).Execute(Giving.By(owner, seen: await HeadOf(plan)), new ChangePlanStatus(PlanStatus.UnderImplementation)).Done();
    }

    [Fact]
    public async Task What_a_reader_may_not_see_moves_no_version_and_no_count_of_any_part()
    {
        var (owner, lead, plan) = await Plan();
        var outsider = await _silo.Admit();
        await _silo.Settle();
        var before = await Read(outsider);
        var draft = await _silo.Plan(plan).Give(lead, new ReportProgress("led", MilestoneStatus.Done, Draft: true));
        await _silo.Plan(plan).Give(lead, new SubmitReport(draft.Id));
        await _silo.Settle();
        Assert.Equal(before, await Read(outsider));
        Assert.Equal((1, draft.Id), ((await Views.Milestone(new(lead), plan, "led"))!.ReportsToApprove, Assert.Single((await Views.Reports(new(lead), plan, "led", new()))!.Items).Id));
        await _silo.Plan(plan).Give(owner, new ReturnReport(draft.Id, "Which month?"));
        await _silo.Plan(plan).Give(lead, new SubmitReport(draft.Id, Progress: 100));
        await _silo.Settle();
        Assert.Equal(before, await Read(outsider));
        await _silo.Plan(plan).Give(owner, new ApproveReport(draft.Id));
        await _silo.Settle();
        Assert.NotEqual(before, await Read(outsider));

        async Task<string> Read(string body)
        {
            var asker = new Asker(body);
            return System.Text.Json.JsonSerializer.Serialize(new object?[]
            {
                await Views.Get(asker, plan), await Views.Measures(asker, plan, null, new()), await Views.Milestones(asker, new(Plan: plan), new()),
                await Views.Milestone(asker, plan, "led"), await Views.Reports(asker, plan, "led", new()), (await Views.List(asker, new(Body: owner), new())).Items,
            });
        }
    }

    [Fact]
    public async Task A_repeated_command_answers_the_same_version_whatever_came_since()
    {
        var (owner, lead, plan) = await Plan();
        var (drafting, sharing) = (Giving.By(lead), Giving.By(lead));
        var draft = await _silo.Plan(plan).Execute(drafting, new ReportProgress("led", MilestoneStatus.InProgress, 10, Draft: true)).Done();
        var report = await _silo.Plan(plan).Execute(sharing, new SubmitReport(draft.Id)).Done();
        await _silo.Plan(plan).Give(owner, new ChangePlanStatus(PlanStatus.Adopted));
        await _silo.Plan(plan).Deactivate();

        Assert.Equal(draft with { Repeated = true }, await _silo.Plan(plan).Execute(drafting, new ReportProgress("led", MilestoneStatus.InProgress, 10, Draft: true)).Done());
        Assert.Equal(report with { Repeated = true }, await _silo.Plan(plan).Execute(sharing, new SubmitReport(draft.Id)).Done());
    }

    [Fact]
    public async Task Versions_are_the_same_from_a_snapshot_from_the_journal_and_in_the_views()
    {
        const int Every = 100;
        var (owner, lead, plan) = await Plan();
        var report = await _silo.Plan(plan).Give(lead, new ReportProgress("led", MilestoneStatus.InProgress, 10));
        var kept = _silo.Disk.NextSnapshot($"plan/{plan}");
        for (var number = 0; number < Every; number++) await _silo.Plan(plan).Give(owner, new ReportProgress("one", MilestoneStatus.InProgress, number));
        await kept.Until("a snapshot is kept");
        var latest = await _silo.Plan(plan).Give(owner, new ReportProgress("one", MilestoneStatus.InProgress, 1));
        await _silo.Plan(plan).Give(lead, new ReportProgress("led", MilestoneStatus.InProgress, 20, Draft: true));

        // As it was folded fact by fact, from the snapshot, and from the first fact on.
        foreach (var how in (string[])["folded", "from the snapshot", "from the journal"])
        {
            if (how is not "folded") await _silo.Plan(plan).Deactivate();
            if (how is "from the journal") await _silo.Disk.Journal.SaveSnapshot($"plan/{plan}", new(await _silo.Disk.Journal.ReadStream($"plan/{plan}", 0, Waiting.Cancellation).CountAsync(Waiting.Cancellation), 99, []), Waiting.Cancellation);
            var head = await _silo.Plan(plan).Execute(Giving.By(owner, seen: 1), new ChangePlanStatus(PlanStatus.Adopted)).Refused();
            var part = await _silo.Plan(plan).Execute(Giving.By(owner, seen: latest.Version - 1), new ReportProgress("one", MilestoneStatus.Done)).Refused();
            // Of a plan that went on since, whatever is not older than the report will do.
            var before = await _silo.Plan(plan).Execute(Giving.By(owner, seen: report.Version - 1), new ReturnReport(report.Id, "Which month?")).Refused();
            Assert.Equal([(RefusalReason.Stale, await HeadOf(plan)), (RefusalReason.Stale, latest.Version), (RefusalReason.Stale, report.Version)], [.. ((Refusal[])[head, part, before]).Select(refusal => (refusal.Reason, refusal.Version))]);
        }

        Assert.Equal(latest.Version, await Told(plan));
        Assert.Equal(report.Version, _silo.World.Plan(plan)!.State.Reports[report.Id].Version);
        await _silo.Plan(plan).Execute(Giving.By(owner, seen: report.Version), new ReturnReport(report.Id, "Which month?")).Done();
    }

    /// <summary>Where the last change of the plan or of any part stands, as everybody is told.</summary>
    private async Task<long> Told(string plan)
    {
        await _silo.Settle();
        return (await Views.Get(new(Actor.AdministratorAccount), plan))!.Changed;
    }

    private IPlanViewsGrain Views => _silo.Grains.GetGrain<IPlanViewsGrain>(0);

    private async Task<long> HeadOf(string plan) => (await Views.Get(new(Actor.AdministratorAccount), plan))!.Version;

    /// <summary>The version of a milestone that a body is told.</summary>
    private async Task<long> Version(string body, string plan, string milestone)
    {
        await _silo.Settle();
        return (await Views.Milestone(new(body), plan, milestone))!.Version;
    }

    private async Task<(string Owner, string Lead, string Plan)> Plan()
    {
        var (owner, lead) = (await _silo.Admit(), await _silo.Admit());
        var plan = await _silo.Draft(owner);
        await _silo.Plan(plan).Give(owner, new AddMeasure("of-lead", Pillar.Awareness, "Led by another", lead));
        await _silo.Plan(plan).Give(owner, new AddMilestone("of-lead", "led", "Led by another", new(2031, 5, 1)));
        return (owner, lead, plan);
    }
}
