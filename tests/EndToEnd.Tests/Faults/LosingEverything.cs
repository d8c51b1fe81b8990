using System.Diagnostics;

namespace Coordination.EndToEnd.Tests.Faults;

[Collection(typeof(OnACluster))]
[Trait("On", "cluster")]
[Trait("Full", "soak")]
public sealed class LosingEverything(RunningCluster running)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task When_everything_ends_at_once_and_starts_again_nothing_is_lost_and_nobody_signs_in_again()
    {
        await using var ordeal = await running.Begin("power-cut");
        var from = Stopwatch.GetTimestamp();
        await running.Cluster.Down(kill: true);
        await running.Cluster.Up();
        await ordeal.Load.ContinueOnEach([.. ordeal.Plans.Select(plan => plan.Stream)], Patience);
        var account = await ordeal.End(from, []);
        Assert.True(account.LinesLost >= ordeal.Viewers.Count, $"Only {account.LinesLost} lines were lost.");
        running.Tell("everything is killed at once", account);
    }
}
