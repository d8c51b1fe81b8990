using Coordination.Domain.Plans;

namespace Coordination.Silo.Tests.Views;

/// <summary>A plan is read as its head and, page by page, as its parts.</summary>
[Collection(nameof(SharedSilo))]
public sealed class PartsOfAPlan(SharedSilo shared)
{
    private readonly RunningSilo _silo = shared.Silo;

    private IPlanViewsGrain Views => _silo.Grains.GetGrain<IPlanViewsGrain>(0);

    [Fact]
    public async Task The_head_counts_what_the_pages_hold()
    {
        var (owner, lead, plan) = await Plan();
        await _silo.Plan(plan).Give(owner, new ReportProgress("m3", MilestoneStatus.Done));
        await _silo.Plan(plan).Give(lead, new ReportProgress("m4", MilestoneStatus.InProgress, 10));
        await _silo.Settle();
        foreach (var asker in (Asker[])[new(owner), new(lead), new(await _silo.Admit())])
        {
            await _silo.Settle();
            var head = (await Views.Get(asker, plan))!;
            var measures = await All(paging => Views.Measures(asker, plan, null, paging));
            Assert.Equal(head.Measures, measures.Count);
            // In the plan's order.
            Assert.Equal(["home", "s0", "s1", "s2", "s3", "s4"], measures.Select(measure => measure.Id));
            foreach (var pillar in head.Pillars)
            {
                var own = await All(paging => Views.Measures(asker, plan, pillar.Pillar, paging));
                Assert.Equal(measures.Where(measure => measure.Pillar == pillar.Pillar), own, (one, other) => one.Id == other.Id);
                var milestones = await All(async paging => await Views.Milestones(asker, new(Plan: plan, Measures: [.. own.Select(measure => measure.Id)]), paging));
                Assert.Equal((pillar.Measures, pillar.Milestones.Total, pillar.ReportsToApprove), (own.Count, milestones.Count, milestones.Sum(milestone => milestone.ReportsToApprove)));
                Assert.Equal(pillar.Milestones.Done, milestones.Count(milestone => milestone.Status is MilestoneStatus.Done));
                foreach (var measure in own)
                {
                    var held = milestones.Where(milestone => milestone.Measure == measure.Id).ToList();
                    Assert.Equal((measure.Milestones.Total, measure.ReportsToApprove), (held.Count, held.Sum(milestone => milestone.ReportsToApprove)));
                    Assert.All(held, milestone => Assert.Equal(measure.Title, milestone.MeasureTitle));
                }
            }

            var all = await All(async paging => await Views.Milestones(asker, new(Plan: plan), paging));
            Assert.Equal((head.Milestones.Total, head.ReportsToApprove), (all.Count, all.Sum(milestone => milestone.ReportsToApprove)));
            Assert.Equal((head.Span!.From, head.Span.To), (all.Min(milestone => milestone.Due), all.Max(milestone => milestone.Due)));
            Assert.Equal(asker.Account == owner || asker.Account == lead ? 1 : 0, head.ReportsToApprove);
            var reported = all.Single(milestone => milestone.Id == "m3").Reported!;
            Assert.Equal(owner, reported.Body);
            Assert.Null(all.Single(milestone => milestone.Id == "m4").Reported);
        }
    }

    [Fact]
    public async Task Reports_are_read_newest_first_and_each_once()
    {
        var (owner, lead, plan) = await Plan();
        var made = new List<string>();
        for (var number = 0; number < 9; number++)
        {
            var by = number % 3 == 0 ? lead : owner;
            made.Insert(0, (await _silo.Plan(plan).Give(by, new ReportProgress("m0", MilestoneStatus.InProgress, number))).Id);
        }

        await _silo.Settle();
        Assert.Equal(made, (await All(paging => Views.Reports(new(owner), plan, "m0", paging))).Select(report => report.Id));
        // Those that wait are for who takes part.
        var outsider = await _silo.Admit();
        await _silo.Settle();
        Assert.Equal(made.Where((_, index) => (8 - index) % 3 != 0), (await All(paging => Views.Reports(new(outsider), plan, "m0", paging))).Select(report => report.Id));
        Assert.Null(await Views.Reports(new(owner), plan, "no-such", new()));
        Assert.Null(await Views.Milestone(new(owner), plan, "no-such"));
    }

    /// <summary>Six measures, of which another body leads five, with four milestones each.</summary>
    private async Task<(string Owner, string Lead, string Plan)> Plan()
    {
        var (owner, lead) = (await _silo.Admit(), await _silo.Admit());
        var plan = (await _silo.Plan(Giving.NewId("plan")).Give(owner, new DraftPlan(null, null, "With parts"))).Id;
        await _silo.Plan(plan).Give(owner, new AddMeasure("home", Pillar.Cooperation, "At home"));
        for (var measure = 0; measure < 5; measure++)
        {
            await _silo.Plan(plan).Give(owner, new AddMeasure($"s{measure}", measure % 2 == 0 ? Pillar.Awareness : Pillar.Training, $"Measure {measure}", lead));
            for (var number = 0; number < 4; number++)
                await _silo.Plan(plan).Give(owner, new AddMilestone($"s{measure}", $"m{measure * 4 + number}", $"Milestone {number}", new(2031, 1 + measure, 1 + number)));
        }

        return (owner, lead, plan);
    }

    private static async Task<List<T>> All<T>(Func<Paging, Task<Page<T>?>> list)
    {
        var items = new List<T>();
        string? cursor = null;
        do
        {
            var page = (await list(new(cursor, 3)))!;
            items.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        return items;
    }
}
