using System.Diagnostics;
using System.Globalization;
using Coordination.EndToEnd.Tests.Clusters;
using Coordination.EndToEnd.Tests.Faults;

namespace Coordination.EndToEnd.Tests.Soak;

/// <summary>A machine that is busy with other things makes a silo slow, and one that is only slow is not given up.</summary>
[Collection(typeof(OnACluster))]
[Trait("On", "cluster")]
[Trait("Full", "soak")]
[Trait("Only", "soak")]
public sealed class BusyMachine(RunningCluster running)
{
    /// <summary>Minutes for which it is kept busy; 10 when not given.</summary>
    private const string Minutes = "COORDINATION_TEST_SOAK_MINUTES";

    /// <summary>Less of the processors' time than this was no load.</summary>
    private const double Full = 0.97;

    private static readonly TimeSpan ForOthers = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private Cluster Cluster => running.Cluster;

    [Fact]
    public async Task While_every_processor_is_busy_no_silo_is_declared_dead_and_writes_go_on()
    {
        var minutes = double.Parse(Environment.GetEnvironmentVariable(Minutes) ?? "10", CultureInfo.InvariantCulture);
        await using var ordeal = await running.Begin("busy");
        var (before, pids, missed) = (await Membership.Of(Cluster), Pids(), Missed());
        var (from, slowest) = (Stopwatch.GetTimestamp(), TimeSpan.Zero);
        var loads = new List<double>();
        double used;
        using (var busy = new BusyProcessors())
        {
            do
            {
                var began = Stopwatch.GetTimestamp();
                await ordeal.Load.ContinueOnEach([.. ordeal.Plans.Select(plan => plan.Stream)], Patience);
                if (Stopwatch.GetElapsedTime(began) is var took && took > slowest) slowest = took;
                var now = await Membership.Of(Cluster);
                Assert.True(now.Version == before.Version, $"The members changed after {Stopwatch.GetElapsedTime(from)}:\n{string.Join('\n', now.Members)}");
                loads.Add(BusyProcessors.LoadAverage);
                await Task.Delay(TimeSpan.FromSeconds(1), Waiting.Cancellation);
            }
            while (Stopwatch.GetElapsedTime(from) < TimeSpan.FromMinutes(minutes));

            used = busy.Used;
        }

        Assert.True(used >= Full, $"Only {used:P1} of the processors' time was used: there was no load.");
        var writes = ordeal.Load.Acknowledged.Count(one => one.Done >= from);
        var account = await ordeal.End(from, []);
        var after = await Membership.Of(Cluster);
        await Cluster.Look();
        await Tell(string.Create(CultureInfo.InvariantCulture, $"""
            {minutes} minutes, {Environment.ProcessorCount} processors, {used:P1} of their time used, load average {loads.Average():0.0} (at most {loads.Max():0.0})
            {writes} writes, {writes / Stopwatch.GetElapsedTime(from).TotalSeconds:0} a second; longest {account.LongestOther.TotalSeconds:0.0} s; each plan was written to within {slowest.TotalSeconds:0.0} s
            {Missed() - missed} probes were not answered in time
            """));
        Assert.Equal(pids, Pids());
        Assert.Equal(before.Version, after.Version);
        Assert.Equal(before.Members, after.Members);
        running.Tell($"{minutes.ToString(CultureInfo.InvariantCulture)} minutes of busy processors", account, others: ForOthers);
    }

    /// <summary>Into the folder of results too: what is said by a test that passes is not shown elsewhere.</summary>
    private static async Task Tell(string figures)
    {
        Waiting.Say(figures);
        var folder = Directory.CreateDirectory(Path.Combine(Tools.Repository, "artifacts", "tests"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "soak.txt"), $"{figures}\n");
    }

    private (string Name, int? Pid)[] Pids() => [.. Cluster.Silos.Concat(Cluster.Gateways).Select(one => (one.Name, one.Pid))];

    /// <summary>Probes of one silo that another one waited for in vain, as the silos have logged them.</summary>
    private int Missed() => Cluster.Silos.Sum(silo => Cluster.LogOf(silo).Count(line => line.Contains("Did not get response for probe", StringComparison.Ordinal) || line.Contains("during the probe. Treating as inconclusive", StringComparison.Ordinal)));
}
