using System.Text.Json;
using System.Threading.Channels;
using Coordination.Contracts.Feed;
using Coordination.Contracts.Messages;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Coordination.Silo.Tests.Relay;

public sealed class Messages
{
    [Fact]
    public async Task Every_message_comes_through_the_bus_as_it_went_in()
    {
        await using var services = new ServiceCollection().AddLogging().AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddConsumer<Recipient>();
            bus.UsingInMemory((context, memory) => memory.ConfigureEndpoints(context));
        }).BuildServiceProvider();
        LogContext.ConfigureCurrentLogContext(services.GetRequiredService<Microsoft.Extensions.Logging.ILoggerFactory>());
        var bus = services.GetRequiredService<IBusControl>();
        await bus.StartAsync(Waiting.Cancellation);

        foreach (var sent in (Changes[])[Changes.Of([Full, Least]), Changes.Of([Least])])
        {
            await bus.Publish(sent, Waiting.Cancellation);
            var received = await Recipient.Came.Reader.ReadAsync(Waiting.Cancellation).AsTask().Until("the message comes");

            Assert.NotSame(sent, received);
            Assert.Equal(JsonSerializer.Serialize(sent, FactJson.Options), JsonSerializer.Serialize(received, FactJson.Options));
        }

        await bus.StopAsync(Waiting.Cancellation);
    }

    [Fact]
    public void A_message_names_the_position_before_its_first_change()
    {
        var message = Changes.Of([Least with { Position = 7 }, Least with { Position = 8 }]);

        Assert.Equal((6, 8), (message.Previous, message.Position));
        Assert.Throws<ArgumentException>(() => Changes.Of([]));
    }

    private static Changed Least => new() { Position = 1, At = new(2031, 1, 2, 3, 4, 5, TimeSpan.Zero), Actor = "a", Topics = [], Mark = Mark.Public, Recipients = [], Stream = "plan/one" };

    private static Changed Full => Least with
    {
        Position = 9_007_199_254_740_993,
        At = new DateTimeOffset(2031, 1, 2, 3, 4, 5, TimeSpan.Zero).AddMicroseconds(123_456),
        Actor = "a.account",
        Body = "côte-d-ivoire",
        Topics = ["plan/one", "pillar/victim-protection"],
        Mark = Mark.Parties,
        Readers = ["one", "other"],
        Right = new("a-7f3kq2xw", "one"),
        Regrouped = "group-7",
        Batch = "exercise",
        Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        Recipients = [new("one", InboxReason.Report), new("other", InboxReason.Subscription)],
    };

    private sealed class Recipient : IConsumer<Changes>
    {
        public static readonly Channel<Changes> Came = Channel.CreateUnbounded<Changes>();

        public Task Consume(ConsumeContext<Changes> context) => Came.Writer.WriteAsync(context.Message).AsTask();
    }
}
