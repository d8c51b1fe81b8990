using System.Diagnostics;
using Coordination.EndToEnd.Tests.Clusters;
using RabbitMQ.Client;

namespace Coordination.EndToEnd.Tests.Faults;

/// <summary>The broker is away, or brings what nobody can read. Neither loses a thing.</summary>
[Collection(typeof(OnACluster))]
public sealed class LosingTheBroker(RunningCluster running)
{
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ForOthers = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private Cluster Cluster => running.Cluster;

    [Fact]
    public async Task Without_RabbitMQ_for_30_seconds_writes_go_on_and_viewers_and_inboxes_lose_nothing()
    {
        await using var ordeal = await running.Begin("broker-stopped");
        var from = Stopwatch.GetTimestamp();
        await Cluster.RabbitMq.Stop(Patience);
        await Task.Delay(Away, Waiting.Cancellation);
        await Cluster.Up();
        await ordeal.Load.Continue(200, Patience);
        running.Tell("RabbitMQ is away for 30 s", await ordeal.End(from, []), others: ForOthers);
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

        var shown = "";
        await Waiting.Until("the operators' list shows one more message in error", Patience, async () =>
        {
            shown = await Errors();
            return shown != before && shown.Contains("inboxes", StringComparison.Ordinal) ? null : shown;
        });
        Waiting.Say($"errors list: {shown}");
    }

    private async Task<string> Errors()
    {
        var (code, output, errors) = await Cluster.Operate("errors", "list");
        return code == 0 ? output : throw new InvalidOperationException($"errors list ended with {code}: {output} {errors}");
    }

    /// <summary>Garbage in front of the inboxes and of every gateway: bytes, JSON that is no message, and a message of a kind that nobody knows.</summary>
    private async Task Publish(string garbage)
    {
        await using var connection = await new ConnectionFactory { Uri = Cluster.Broker }.CreateConnectionAsync(Waiting.Cancellation);
        await using var channel = await connection.CreateChannelAsync(new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Waiting.Cancellation);
        var queues = (await Cluster.AskBroker("--vhost", "coordination", "list_queues", "--no-table-headers", "name"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(queue => queue == "inboxes" || queue.StartsWith("gateway-", StringComparison.Ordinal)).ToList();
        Assert.Equal(1 + Cluster.Gateways.Count, queues.Count);
        byte[][] bodies =
        [
            [0xFF, 0x00, 0x1E, .. System.Text.Encoding.UTF8.GetBytes(garbage)],
            System.Text.Encoding.UTF8.GetBytes($"{{\"what\":\"{garbage}\"}}"),
            System.Text.Encoding.UTF8.GetBytes($$$"""{"messageId":"{{{Guid.NewGuid()}}}","messageType":["urn:message:Coordination.Contracts.Messages:Changes"],"message":{"previous":"{{{garbage}}}","items":7}}"""),
        ];
        foreach (var queue in queues)
            foreach (var body in bodies)
                await channel.BasicPublishAsync("", queue, mandatory: true, new BasicProperties { ContentType = "application/vnd.masstransit+json" }, body, Waiting.Cancellation);
    }
}
