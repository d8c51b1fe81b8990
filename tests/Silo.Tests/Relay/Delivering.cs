using Coordination.Contracts.Messages;
using Coordination.Host.Reactors;
using Microsoft.Extensions.DependencyInjection;

namespace Coordination.Silo.Tests.Relay;

/// <summary>Inboxes whatever the bus does: messages are handed to the delivery as a broken bus would.</summary>
[Trait("On", "both")]
public sealed class Delivering : IAsyncLifetime
{
    private RunningSilo _silo = null!;
    private string _body = "";

    private InboxReactor Delivery => _silo.Services.GetRequiredService<InboxReactor>();

    public async ValueTask InitializeAsync()
    {
        _silo = await RunningSilo.Start();
        var plans = await _silo.Admit();
        _body = await _silo.Admit();
        await _silo.Inbox(_body).Give(_body, new Subscribe(SubscriptionSubject.Plans));
        for (var time = 0; time < 5; time++) await _silo.Draft(plans);
    }

    public async ValueTask DisposeAsync() => await _silo.DisposeAsync();

    [Fact]
    public async Task Repeats_change_nothing()
    {
        var before = await _silo.InboxOf(_body);
        var all = Recent(0);

        foreach (var message in (Changes[])[Changes.Of(all), Changes.Of(all[3..7]), Changes.Of(all[^1..])]) await Delivery.Take(message, Waiting.Cancellation);

        Assert.Equal(before, await _silo.InboxOf(_body));
        Assert.Equal(15, before.Count);
    }

    [Fact]
    public async Task What_was_lost_before_a_message_is_read_from_the_journal()
    {
        var before = await _silo.InboxOf(_body);
        await _silo.Store.Inboxes.Clear(Waiting.Cancellation);

        await Delivery.Take(Changes.Of(Recent(0)[^1..]), Waiting.Cancellation);

        Assert.Equal(before, await _silo.InboxOf(_body));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_000_000_000)]
    public async Task A_message_of_a_journal_that_was_there_before_delivers_nothing_of_its_own_and_holds_up_nothing(int beyond)
    {
        var before = await _silo.InboxOf(_body);
        var last = Recent(0)[^1];
        var stranger = last with { Position = last.Position + beyond, Recipients = [new(_body, Contracts.Subscriptions.InboxReason.Subscription)] };

        // With a hole before it, and seemingly without.
        await Delivery.Take(new() { Previous = stranger.Position - 1, Position = stranger.Position, Items = [stranger] }, Waiting.Cancellation).Until("it is taken in");
        await Delivery.Take(new() { Previous = last.Position, Position = stranger.Position, Items = [stranger] }, Waiting.Cancellation).Until("it is taken in");

        Assert.Equal(before, await _silo.InboxOf(_body));
        await _silo.Draft(await _silo.Admit());
        await _silo.Settle();
        Assert.Equal(before.Count + 3, (await _silo.InboxOf(_body)).Count);
    }

    [Fact]
    public async Task What_nobody_tells_of_is_delivered_all_the_same()
    {
        var before = await _silo.InboxOf(_body);

        await _silo.Store.Inboxes.Clear(Waiting.Cancellation);

        Assert.Equal(before, await _silo.InboxOf(_body));
    }

    [Fact]
    public async Task A_silo_that_is_asked_to_end_does_not_deliver_a_long_journal_first_and_gives_the_message_back_as_taken()
    {
        var before = await _silo.InboxOf(_body);
        await _silo.Store.Inboxes.Clear(Waiting.Cancellation);
        using var lifetime = new Ending();
        // Another that leads is at the same inboxes and never lets this one come to an end.
        using var delivery = ActivatorUtilities.CreateInstance<InboxReactor>(_silo.Services, new Overtaken(_silo.Store.Inboxes), lifetime);
        var taken = delivery.Take(Changes.Of(Recent(0)), Waiting.Cancellation);
        Assert.False(taken.IsCompleted);

        lifetime.StopApplication();
        await taken.Until("it gives up");

        Assert.Equal(before, await _silo.InboxOf(_body));
    }

    /// <summary>Inboxes at which somebody else has always been before.</summary>
    private sealed class Overtaken(IInboxes inboxes) : IInboxes
    {
        public ValueTask<long> DeliveredUpTo(CancellationToken cancellation) => ValueTask.FromResult(0L);

        public async Task<bool> Deliver(long after, long upTo, IReadOnlyCollection<NewDelivery> deliveries, CancellationToken cancellation)
        {
            await Task.Delay(5, cancellation);
            return false;
        }

        public Task Clear(CancellationToken cancellation) => inboxes.Clear(cancellation);

        public Task<IReadOnlyList<Delivery>> Read(string body, long? beforePosition, int limit, CancellationToken cancellation) => inboxes.Read(body, beforePosition, limit, cancellation);

        public Task<IReadOnlyList<Delivery>> ReadBatch(string body, string batch, CancellationToken cancellation) => inboxes.ReadBatch(body, batch, cancellation);

        public IAsyncEnumerable<(string Body, Delivery Delivery)> All(long position, CancellationToken cancellation) => inboxes.All(position, cancellation);

        public ValueTask<long> KeptAfter(CancellationToken cancellation) => inboxes.KeptAfter(cancellation);

        public Task<int> Forget(long upTo, CancellationToken cancellation) => inboxes.Forget(upTo, cancellation);
    }

    /// <summary>A silo that was asked to end when <see cref="StopApplication"/> is called.</summary>
    private sealed class Ending : Microsoft.Extensions.Hosting.IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public CancellationToken ApplicationStarted => CancellationToken.None;
        public CancellationToken ApplicationStopping => _stopping.Token;
        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => _stopping.Cancel();

        public void Dispose() => _stopping.Dispose();
    }

    [Fact]
    public async Task Another_silo_may_deliver_at_the_same_time()
    {
        var before = await _silo.InboxOf(_body);
        await _silo.Store.Inboxes.Clear(Waiting.Cancellation);
        using var other = ActivatorUtilities.CreateInstance<InboxReactor>(_silo.Services);
        var all = Recent(0);

        await Task.WhenAll(all.Chunk(2).SelectMany(pair => (Task[])[
            Task.Run(() => Delivery.Take(Changes.Of(pair), Waiting.Cancellation), Waiting.Cancellation),
            Task.Run(() => other.Take(Changes.Of(pair), Waiting.Cancellation), Waiting.Cancellation)])).Until("both have delivered");

        Assert.Equal(before, await _silo.InboxOf(_body));
    }

    [Fact]
    public async Task Messages_made_again_are_those_that_were_sent()
    {
        await _silo.Settle();
        var sent = Recent(0);
        var again = new List<Changed>();
        await foreach (var messages in _silo.Services.GetRequiredService<Folding>().Again(0, sent.Length, 4, Waiting.Cancellation)) again.AddRange(messages);

        Assert.Equal(sent.Select(Text), again.Select(Text));
        static string Text(Changed message) => System.Text.Json.JsonSerializer.Serialize(message, FactJson.Options);
    }

    private Changed[] Recent(long after) => [.. _silo.Services.GetRequiredService<Coordination.Host.Relay.Messages>().Told(after, 1_000)!.Select(told => told.Change)];
}
