using System.Diagnostics;
using Coordination.EndToEnd.Tests.Clusters;
using RabbitMQ.Client;

namespace Coordination.EndToEnd.Tests.Faults;

/// <summary>The broker is away, or brings what nobody can read. Neither loses a thing.</summary>
[Collection(typeof(OnACluster))]
[Trait("On", "cluster")]
[Trait("Full", "soak")]
public sealed class LosingTheBroker(RunningCluster running)
{
    private static readonly TimeSpan Away = TestSize.Of(TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(30));
    private static readonly TimeSpan ForOthers = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private Cluster Cluster => running.Cluster;

    [Fact]
    public async Task Without_RabbitMQ_writes_go_on_and_viewers_and_inboxes_lose_nothing()
    {
        await using var ordeal = await running.Begin("broker-stopped");
        var from = Stopwatch.GetTimestamp();
        await Cluster.RabbitMq.Stop(Patience);
        await Task.Delay(Away, Waiting.Cancellation);
        await Cluster.Up();
        await ordeal.Load.Continue(200, Patience);
        running.Tell($"RabbitMQ is away for {Away.TotalSeconds} s", await ordeal.End(from, []), others: ForOthers);
    }

    [Fact]
    public async Task A_message_that_nobody_can_read_blocks_none_behind_it_and_waits_where_an_operator_sees_it()
    {
        await using var ordeal = await running.Begin("poison");
        var from = Stopwatch.GetTimestamp();
        var before = await Errors();
        var garbage = $"no message at all {Guid.NewGuid():N}";
        await Publish(garbage);
        await ordeal.Load.Continue(300, Patience);
        running.Tell("messages that nobody can read", await ordeal.End(from, []), others: ForOthers);

        // Three of garbage in front of the inboxes; what gateways cannot read they drop, the journal has it.
        await Waiting.Until("what could not be read waits in the error queue", Patience, async () =>
            await Errors() is var now && now >= before + 3 ? null : $"{before + 3 - now} of 3");
    }

    /// <summary>How many messages have been set aside.</summary>
    private async Task<int> Errors() => (await Cluster.AskBroker("--vhost", "coordination", "list_queues", "--no-table-headers", "name", "messages"))
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).Where(line => line[0].Contains("error", StringComparison.Ordinal) || line[0].Contains("skipped", StringComparison.Ordinal))
        .Sum(line => int.Parse(line[1], System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Garbage in front of the inboxes and of every gateway: bytes, JSON that is no message, and a message of a kind that nobody knows.</summary>
    private async Task Publish(string garbage)
    {
        await using var connection = await new ConnectionFactory { Uri = Cluster.Broker }.CreateConnectionAsync(Waiting.Cancellation);
        await using var channel = await connection.CreateChannelAsync(new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Waiting.Cancellation);
        List<string> gateways = [];
        // After a broker that was started again they come a little later.
        await Waiting.Until("every gateway reads its queue", Patience, async () =>
            (gateways = await Cluster.QueuesOfGateways()).Count == Cluster.Gateways.Count ? null : $"{gateways.Count} do");
        byte[][] bodies =
        [
            [0xFF, 0x00, 0x1E, .. System.Text.Encoding.UTF8.GetBytes(garbage)],
            System.Text.Encoding.UTF8.GetBytes($"{{\"what\":\"{garbage}\"}}"),
            System.Text.Encoding.UTF8.GetBytes($$$"""{"messageId":"{{{Guid.NewGuid()}}}","messageType":["urn:message:Coordination.Contracts.Messages:Changes"],"message":{"previous":"{{{garbage}}}","items":7}}"""),
        ];
        foreach (var queue in (string[])["inboxes", .. gateways])
            foreach (var body in bodies)
                await channel.BasicPublishAsync("", queue, mandatory: true, new BasicProperties { ContentType = "application/vnd.masstransit+json" }, body, Waiting.Cancellation);
    }
}
