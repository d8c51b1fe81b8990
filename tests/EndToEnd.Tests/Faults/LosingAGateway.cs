using System.Diagnostics;
using Coordination.EndToEnd.Tests.Clusters;

namespace Coordination.EndToEnd.Tests.Faults;

/// <summary>Gateways are many and hold nothing: whoever was connected to one goes on at another.</summary>
[Collection(typeof(OnACluster))]
[Trait("On", "cluster")]
[Trait("Full", "soak")]
public sealed class LosingAGateway(RunningCluster running)
{
    private static readonly TimeSpan ForOthers = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Everyone entitled to a change sees it within a second.</summary>
    private static readonly TimeSpan Soon = TestSize.Of(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1));

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

    [Trait("Only", "soak")]
    [Fact]
    public async Task Viewers_who_read_a_kilobyte_a_second_delay_nobody_else()
    {
        // More than fits between a gateway and a slow viewer.
        const int Most = 6_000;
        await using var ordeal = await running.Begin("slow-viewers");
        var slow = new List<(string Body, Member Gateway, SlowReader Reader)>();
        try
        {
            // Bodies that nobody else watches for, so that what a gateway says of them is said of these.
            foreach (var gateway in Cluster.Gateways)
            {
                foreach (var body in (string[])["ruritania", "finland"])
                    slow.Add((body, gateway, await SlowReader.Follow(new($"http://127.0.0.1:{gateway.Port}"), running.Sessions.Callers[body])));
            }

            // Until each has let its gateway wait for so long that it was sent to the feed, or sent away.
            var from = Stopwatch.GetTimestamp();
            await ordeal.Load.Flood(Most, () => slow.All(one => GivenUp(one)));
            Waiting.Say($"The slow ones after {Stopwatch.GetElapsedTime(from).TotalSeconds:0.0} s: {string.Join(", ", slow.Select(one => $"{one.Body} read {one.Reader.Read} bytes while up to {one.Reader.MostUnsent} waited{(one.Reader.IsOpen ? "" : ", and was sent away")}"))}.");
            await ordeal.Load.Continue(500, Patience);
            var during = ordeal.Load.Acknowledged.Where(one => one.Sent >= from).ToList();
            var account = await ordeal.End(from, []);
            foreach (var viewer in ordeal.Viewers)
            {
                var lags = viewer.Lags(during);
                Waiting.Say($"{viewer.Name}: {lags.Count} entries, median {lags[lags.Count / 2].TotalMilliseconds:0} ms, longest {lags[^1].TotalMilliseconds:0} ms after their acknowledgement");
                Assert.True(lags[lags.Count / 2] < Soon, $"{viewer.Name} was told {lags[lags.Count / 2]} after the acknowledgement, while others read slowly.");
            }

            // Otherwise they have kept no gateway waiting, and nothing is shown.
            Assert.All(slow, one => Assert.True(one.Reader.MostUnsent >= Pipe, $"No more than {one.Reader.MostUnsent} bytes waited for {one.Body} at a time."));
            Assert.All(slow, one => Assert.True(GivenUp(one), $"The gateway never waited long for {one.Body}."));
            running.Tell("viewers who read 1 kB/s", account, others: ForOthers);
        }
        finally
        {
            foreach (var one in slow) await one.Reader.DisposeAsync();
        }

        bool GivenUp((string Body, Member Gateway, SlowReader Reader) one) =>
            !one.Reader.IsOpen || Cluster.LogOf(one.Gateway).Any(line => line.Contains($"A viewer of {one.Body} was too slow", StringComparison.Ordinal));
    }
}
