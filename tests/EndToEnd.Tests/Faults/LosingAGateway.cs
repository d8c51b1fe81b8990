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

    /// <summary>Bytes that wait on a gateway's side of a connection that is full.</summary>
    private const int Pipe = 64 * 1_024;

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
        // More than fits between a gateway and a slow viewer's queue that is full.
        const int Most = 4_000;
        await using var ordeal = await running.Begin("slow-viewers");
        var slow = new List<(string Body, Member Gateway, SlowReader Reader)>();
        try
        {
            foreach (var (index, body) in ((string[])["sweden", "argentina", "canada", "valdoria"]).Index())
            {
                var gateway = Cluster.Gateways[index % Cluster.Gateways.Count];
                slow.Add((body, gateway, await SlowReader.Follow(new($"http://127.0.0.1:{gateway.Port}"), running.Sessions.Callers[body])));
            }

            // Until each has made its gateway wait, and so long that more than its queue holds had to wait there.
            var from = Stopwatch.GetTimestamp();
            var before = slow.ToDictionary(one => one.Body, SentBack);
            await ordeal.Load.Flood(Most, () => slow.All(one => SentBack(one) > before[one.Body]));
            var filled = Stopwatch.GetElapsedTime(from);
            await ordeal.Load.Continue(500, Patience);
            var unsent = slow.Select(one => one.Reader.Unsent).ToArray();
            var open = slow.Count(one => one.Reader.IsOpen);
            Waiting.Say($"The slow ones read {string.Join(", ", slow.Select((one, index) => $"{one.Reader.Read} bytes with {unsent[index]} before them"))}; all queues were full after {filled.TotalSeconds:0.0} s.");
            var during = ordeal.Load.Acknowledged.Where(one => one.Sent >= from).ToList();
            var account = await ordeal.End(from, []);
            foreach (var viewer in ordeal.Viewers)
            {
                var lags = viewer.Lags(during);
                Waiting.Say($"{viewer.Name}: {lags.Count} entries, median {lags[lags.Count / 2].TotalMilliseconds:0} ms, longest {lags[^1].TotalMilliseconds:0} ms after their acknowledgement");
                Assert.True(lags[lags.Count / 2] < Soon, $"{viewer.Name} was told {lags[lags.Count / 2]} after the acknowledgement, while others read slowly.");
            }

            // Otherwise they have kept no gateway waiting, and nothing is shown.
            Assert.All(slow, one => Assert.True(SentBack(one) > before[one.Body], $"The queue of {one.Body} was never full."));
            Assert.All(unsent, bytes => Assert.True(bytes >= Pipe, $"Only {bytes} bytes waited before a slow viewer."));
            Assert.Equal(slow.Count, open);
            running.Tell("viewers who read 1 kB/s", account, others: ForOthers);
        }
        finally
        {
            foreach (var one in slow) await one.Reader.DisposeAsync();
        }

        int SentBack((string Body, Member Gateway, SlowReader Reader) one) =>
            Cluster.LogOf(one.Gateway).Count(line => line.Contains($"A viewer of {one.Body} was too slow", StringComparison.Ordinal));
    }
}
