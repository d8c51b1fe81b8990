using System.Text.Json;
using System.Threading.Channels;
using Coordination.Contracts.Feed;
using Coordination.Contracts.Messages;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Coordination.Silo.Tests.Relay;

public sealed class Messages
{
    private static Changed[] All =>
    [
        Full(new BodyChanged { Revoked = "x.account", Position = 0, Previous = 0, At = default, Actor = "", Topics = [], Mark = default, Concerns = [] }),
        Full(new PlanChanged { Position = 0, Previous = 0, At = default, Actor = "", Topics = [], Mark = default, Concerns = [] }),
        Full(new RequestChanged { Position = 0, Previous = 0, At = default, Actor = "", Topics = [], Mark = default, Concerns = [] }),
        Full(new GroupChanged { Position = 0, Previous = 0, At = default, Actor = "", Topics = [], Mark = default, Concerns = [] }),
        Full(new SubscriptionChanged { Position = 0, Previous = 0, At = default, Actor = "", Topics = [], Mark = default, Concerns = [] }),
        new SubscriptionChanged { Position = 1, Previous = 0, At = new(2031, 1, 2, 3, 4, 5, TimeSpan.Zero), Actor = "a", Topics = [], Mark = Mark.Public, Concerns = [] },
    ];

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

        foreach (var sent in All)
        {
            await bus.Publish(sent, sent.GetType(), Waiting.Cancellation);
            var received = await Recipient.Came.Reader.ReadAsync(Waiting.Cancellation).AsTask().Until($"{sent.GetType().Name} comes");

            Assert.IsType(sent.GetType(), received);
            Assert.NotSame(sent, received);
            Assert.Equal(JsonSerializer.Serialize(sent, sent.GetType(), FactJson.Options), JsonSerializer.Serialize(received, received.GetType(), FactJson.Options));
        }

        await bus.StopAsync(Waiting.Cancellation);
    }

    private static Changed Full(Changed message) => message with
    {
        Form = 1,
        Position = 9_007_199_254_740_993,
        Previous = 9_007_199_254_740_992,
        At = new DateTimeOffset(2031, 1, 2, 3, 4, 5, TimeSpan.Zero).AddMicroseconds(123_456),
        Actor = "a.account",
        Body = "côte-d-ivoire",
        Topics = ["plan/one", "pillar/victim-protection"],
        Mark = Mark.Parties,
        Readers = ["one", "other"],
        Concerns = [new("one", InboxReason.Report), new("other", InboxReason.Subscription)],
        Entry = new()
        {
            Position = 9_007_199_254_740_993,
            At = new DateTimeOffset(2031, 1, 2, 3, 4, 5, TimeSpan.Zero).AddMicroseconds(123_456),
            Type = "plan.milestone-reported",
            Body = "côte-d-ivoire",
            Actor = "a.account",
            Topics = ["plan/one"],
            Mark = Mark.Named,
            Subject = new("plan", "one"),
            Summary = "“Один” & <b>两</b> \u2028 \0",
            Data = new() { ["bodyName"] = "Côte d’Ivoire", ["Title"] = "A", ["kebab-key"] = "B" },
            Exercise = true,
            Version = 17,
        },
    };

    private sealed class Recipient
        : IConsumer<BodyChanged>, IConsumer<PlanChanged>, IConsumer<RequestChanged>, IConsumer<GroupChanged>, IConsumer<SubscriptionChanged>
    {
        public static readonly Channel<Changed> Came = Channel.CreateUnbounded<Changed>();

        public Task Consume(ConsumeContext<BodyChanged> context) => Take(context.Message);
        public Task Consume(ConsumeContext<PlanChanged> context) => Take(context.Message);
        public Task Consume(ConsumeContext<RequestChanged> context) => Take(context.Message);
        public Task Consume(ConsumeContext<GroupChanged> context) => Take(context.Message);
        public Task Consume(ConsumeContext<SubscriptionChanged> context) => Take(context.Message);

        private static Task Take(Changed message) => Came.Writer.WriteAsync(message).AsTask();
    }
}
