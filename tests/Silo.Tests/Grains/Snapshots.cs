using System.Diagnostics;
using Coordination.Domain.Plans;

namespace Coordination.Silo.Tests.Grains;

[Collection(nameof(SharedSilo))]
public sealed class Snapshots(SharedSilo shared, ITestOutputHelper output)
{
    private const int Every = 100;
    private readonly RunningSilo _silo = shared.Silo;

    [Fact]
    public async Task A_grain_with_ten_thousand_facts_activates_like_one_with_a_hundred()
    {
        var body = await _silo.Admit();
        var small = await Grown(body, Every - 1);
        var large = await Grown(body, 10_000);
        // As far from its snapshot as a stream can be before the next one.
        await Grow(large, body, 10_000, 10_000 + Every - 1);

        var (few, quick) = await Fastest(small);
        var (many, slow) = await Fastest(large);

        output.WriteLine($"99 facts: {few} entries read, {quick.TotalMilliseconds:N2} ms; 10,099 facts: {many} entries read, {slow.TotalMilliseconds:N2} ms");
        Assert.Equal((Every - 1, Every - 1), (few, many));
        Assert.True(slow < quick * 5 + TimeSpan.FromMilliseconds(20), $"{slow} against {quick}");
        await _silo.Settle();
    }

    [Trait("On", "both")]
    [Fact]
    public async Task A_snapshot_is_kept_every_so_often_as_facts_come()
    {
        var body = await _silo.Admit();
        var plan = await _silo.Draft(body);
        var kept = _silo.Disk.NextSnapshot($"plan/{plan}");
        for (var number = 0; number < Every; number++) await _silo.Plan(plan).Give(body, new ReportProgress("one", MilestoneStatus.InProgress, number));

        await kept.Until("a snapshot is kept");

        var snapshot = await _silo.Disk.Journal.ReadSnapshot($"plan/{plan}", Waiting.Cancellation);
        Assert.Equal(Every, snapshot!.Version);
        await _silo.Plan(plan).Deactivate();
        _silo.Disk.EntriesRead($"plan/{plan}");
        Assert.Equal(Every + 4, await _silo.PlaceOf(await _silo.Plan(plan).Give(body, new ReportProgress("one", MilestoneStatus.Done))));
        Assert.Equal(3, _silo.Disk.EntriesRead($"plan/{plan}"));
    }

    [Theory]
    [InlineData(99, """{"state":{"id":"other"},"position":1}""")]
    [InlineData(1, "{")]
    [InlineData(1, "null")]
    [InlineData(1, "[]")]
    [InlineData(1, """{"state":null,"position":1}""")]
    [InlineData(1, """{"state":{"status":"no-such-status"},"position":1}""")]
    public async Task A_snapshot_of_another_form_or_that_cannot_be_read_costs_time_only(int form, string data)
    {
        var body = await _silo.Admit();
        var plan = await _silo.Draft(body);
        await _silo.Disk.Journal.SaveSnapshot($"plan/{plan}", new(3, form, System.Text.Encoding.UTF8.GetBytes(data)), Waiting.Cancellation);
        await _silo.Plan(plan).Deactivate();

        var done = await _silo.Plan(plan).Give(body, new ReportProgress("one", MilestoneStatus.Done));

        Assert.Equal(4, await _silo.PlaceOf(done));
    }

    private async Task<string> Grown(string body, int facts)
    {
        var plan = await _silo.Draft(body);
        await Grow(plan, body, 3, facts);
        await _silo.Plan(plan).Deactivate();
        var kept = _silo.Disk.NextSnapshot($"plan/{plan}");
        await Wake(plan);
        if (facts > Every) await kept.Until("loading so many facts keeps a snapshot");
        return plan;
    }

    private async Task Grow(string plan, string body, long version, long until)
    {
        while (version < until)
        {
            var count = (int)Math.Min(1_000, until - version);
            var first = version;
            var reports = Enumerable.Range(0, count).Select(number => (Fact)new MilestoneReported(
                new($"r{first + number}", "one", body, body, MilestoneStatus.InProgress, (int)((first + number) % 100), "Said in passing", [])));
            version = (await _silo.WriteBehind($"plan/{plan}", version, body, Audience.Community, [.. reports])).Version;
        }
    }

    private async Task<(int Read, TimeSpan Taken)> Fastest(string plan)
    {
        var best = TimeSpan.MaxValue;
        for (var time = 0; time < 7; time++)
        {
            await _silo.Plan(plan).Deactivate();
            _silo.Disk.EntriesRead($"plan/{plan}");
            var watch = Stopwatch.StartNew();
            await Wake(plan);
            if (watch.Elapsed < best) best = watch.Elapsed;
        }

        return (_silo.Disk.EntriesRead($"plan/{plan}"), best);
    }

    /// <summary>A command that is refused: it activates and changes nothing.</summary>
    private Task<Refusal> Wake(string plan) => _silo.Plan(plan).Execute(Giving.By("nobody"), new ChangePlanStatus(PlanStatus.Adopted)).Refused();
}
