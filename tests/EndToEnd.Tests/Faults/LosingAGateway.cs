using System.Diagnostics;
using Coordination.EndToEnd.Tests.Clusters;

namespace Coordination.EndToEnd.Tests.Faults;

/// <summary>Gateways are many and hold nothing: whoever was connected to one goes on at another.</summary>
[Collection(typeof(OnACluster))]
public sealed class LosingAGateway(RunningCluster running)
{
    private static readonly TimeSpan ForOthers = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Everyone entitled to a change sees it within a second.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private Cluster Cluster => running.Cluster;

    [Fact]
    public async Task Kill_9_of_a_gateway_under_load_loses_nothing_and_its_viewers_go_on_at_the_other_one()
    {
        await using var ordeal = await running.Begin("gateway-killed");
        var from = Stopwatch.GetTimestamp();
        // One after the other: wherever the viewers were, some of them were there.
        foreach (var index in (int[])[0, 1])
        {
            await Cluster.Gateways[index].Kill();
            await ordeal.Load.Continue(150, Patience);
            await Cluster.Up();
            await ordeal.Load.Continue(50, Patience);
        }

        var account = await ordeal.End(from, []);
        Assert.True(account.LinesLost >= ordeal.Viewers.Count, $"{account.LinesLost} lines were lost of {ordeal.Viewers.Count} viewers, though both gateways were killed.");
        running.Tell("kill -9 of each gateway", account, others: ForOthers);
    }

    [Fact]
    public async Task Deleting_the_queues_of_the_gateways_under_load_delays_viewers_and_loses_them_nothing()
    {
        await using var ordeal = await running.Begin("queue-deleted");
        var from = Stopwatch.GetTimestamp();
        var queues = await Cluster.QueuesOfGateways();
        Assert.Equal(Cluster.Gateways.Count, queues.Count);
        foreach (var queue in queues)
        {
            await Cluster.AskBroker("--vhost", "coordination", "delete_queue", queue);
            await ordeal.Load.Continue(150, Patience);
        }

        running.Tell("the gateways' queues are deleted", await ordeal.End(from, []), others: ForOthers);
    }

    [Fact]
    public async Task Viewers_who_read_a_kilobyte_a_second_delay_nobody_else()
    {
        const int Slow = 4;
        await using var ordeal = await running.Begin("slow-viewers");
        var slow = new List<SlowReader>();
        try
        {
            // Bodies that the load does not use otherwise; each on the gateway that the proxy chooses.
            foreach (var body in (string[])["sweden", "argentina", "canada", "valdoria"]) slow.Add(await SlowReader.Follow(Cluster.Address, running.Sessions.Callers[body]));
            Assert.Equal(Slow, slow.Count);
            var from = Stopwatch.GetTimestamp();
            var large = ordeal.Load.Flood(60);
            await ordeal.Load.Continue(1_500, Patience);
            await large;
            var during = ordeal.Load.Acknowledged.Where(one => one.Sent >= from).ToList();
            var account = await ordeal.End(from, []);
            foreach (var viewer in ordeal.Viewers)
            {
                var lags = viewer.Lags(during);
                Waiting.Say($"{viewer.Name}: {lags.Count} entries, median {lags[lags.Count / 2].TotalMilliseconds:0} ms, longest {lags[^1].TotalMilliseconds:0} ms after their acknowledgement");
                Assert.True(lags[lags.Count / 2] < Soon, $"{viewer.Name} was told {lags[lags.Count / 2]} after the acknowledgement, while others read slowly.");
            }

            Waiting.Say($"The slow ones read {string.Join(", ", slow.Select(one => $"{one.Read} bytes{(one.IsOpen ? "" : " and were sent away")}"))}.");
            running.Tell("viewers who read 1 kB/s", account, others: ForOthers);
        }
        finally
        {
            foreach (var one in slow) await one.DisposeAsync();
        }
    }
}
