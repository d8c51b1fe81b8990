using System.Diagnostics;
using Coordination.EndToEnd.Tests.Clusters;

namespace Coordination.EndToEnd.Tests.Faults;

/// <summary>One of two silos goes, in three ways. What it held goes on at the other one.</summary>
[Collection(typeof(OnACluster))]
[Trait("On", "cluster")]
[Trait("Full", "soak")]
public sealed class LosingASilo(RunningCluster running)
{
    private static readonly TimeSpan AfterAKill = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterAFreeze = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ForOthers = TimeSpan.FromSeconds(2);

    /// <summary>For what must come; how soon it came is measured apart.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>How often one of the silos is killed, one after the other: from the second on it is the one that leads.</summary>
    private static readonly int Kills = TestSize.Of(4, 20);

    private Cluster Cluster => running.Cluster;

    [Fact]
    public async Task Kill_9_of_a_silo_under_load_loses_nothing_and_its_plans_are_written_again_within_seconds()
    {
        await using var ordeal = await running.Begin("silo-killed");
        var victim = Cluster.Silos[0];
        var held = await running.HeldBy(victim, ordeal);
        var from = Stopwatch.GetTimestamp();
        await victim.Kill();
        await ordeal.Load.ContinueOnEach(held, Patience);
        await Cluster.Up();
        await ordeal.Load.Continue(200, Patience);
        running.Tell("kill -9 of a silo", await ordeal.End(from, held), AfterAKill, ForOthers);
    }

    [Fact]
    public async Task Kill_9_of_one_silo_after_the_other_leaves_everything_in_each_inbox_once()
    {
        await using var ordeal = await running.Begin("silos-killed");
        var from = Stopwatch.GetTimestamp();
        for (var kill = 0; kill < Kills; kill++)
        {
            await Cluster.Silos[kill % Cluster.Silos.Count].Kill();
            await ordeal.Load.Continue(30, Patience);
            await Cluster.Up();
            await ordeal.Load.Continue(30, Patience);
        }

        running.Tell($"{Kills} times kill -9 of a silo", await ordeal.End(from, []));
    }

    [Fact]
    public async Task A_silo_that_freezes_is_declared_dead_and_when_it_wakes_writes_nothing_more()
    {
        await using var ordeal = await running.Begin("silo-frozen");
        await using var writes = await HeadWrites.Watch(Cluster.Database);
        var victim = Cluster.Silos[1];
        var began = await writes.Now();
        await ordeal.Load.Continue(100, Patience);
        var held = await running.HeldBy(victim, ordeal);
        Assert.NotEmpty(await writes.By($"coordination {victim.Name}", began));

        var from = Stopwatch.GetTimestamp();
        await victim.Freeze();
        try
        {
            await ordeal.Load.ContinueOnEach(held, Patience);
        }
        catch
        {
            await victim.Wake();
            throw;
        }

        var waking = await writes.Now();
        await victim.Wake();
        // It learns that it was declared dead, and ends. Until then it has had all the time in the world to write.
        await Waiting.Until($"{victim.Name} notices that it was declared dead, and ends", Patience, () => Task.FromResult(victim.Runs ? "it runs" : null));
        await ordeal.Load.Continue(100, Patience);
        Assert.Empty(await writes.By($"coordination {victim.Name}", waking));
        await Cluster.Up();
        await ordeal.Load.Continue(100, Patience);
        running.Tell("a silo freezes and wakes", await ordeal.End(from, held), AfterAFreeze, AfterAFreeze);
    }

    [Fact]
    public async Task A_silo_that_is_cut_off_from_PostgreSQL_but_not_from_the_others_gives_up_what_it_holds()
    {
        await Cluster.Up();
        await using var line = new Line(Cluster.Postgres.Port);
        await Cluster.Silos[1].Kill();
        await Cluster.Up(new Dictionary<string, string> { ["COORDINATION_SILO_2_POSTGRES"] = line.Address });
        Assert.True(line.Connections > 0, "The silo does not use the line that is to be cut.");
        await using (var ordeal = await running.Begin("silo-cut-off"))
        {
            var victim = Cluster.Silos[1];
            var held = await running.HeldBy(victim, ordeal);
            var from = Stopwatch.GetTimestamp();
            line.Cut();
            await ordeal.Load.ContinueOnEach(held, Patience);
            line.Mend();
            await ordeal.Load.Continue(100, Patience);
            // It may have ended itself, or have come back by itself: either way it is whole in the end.
            await Cluster.Up();
            await ordeal.Load.Continue(100, Patience);
            running.Tell("a silo is cut off from PostgreSQL", await ordeal.End(from, held));
        }

        // Back to the direct line, before this one ends.
        await Cluster.Look();
        await Cluster.Silos[1].Kill();
        await Cluster.Up();
    }
}
