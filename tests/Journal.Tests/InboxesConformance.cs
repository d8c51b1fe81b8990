using static Coordination.Journal.Tests.Waiting;

namespace Coordination.Journal.Tests;

/// <summary>What every store of inboxes owes its callers. One fresh store per test.</summary>
public abstract class InboxesConformance : IAsyncLifetime
{
    protected IInboxes Inboxes { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Inboxes = await Open();

    public async ValueTask DisposeAsync()
    {
        await Close();
        await Remove();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the store of this test: a fresh one at first, afterwards what was closed.</summary>
    protected abstract Task<IInboxes> Open();

    protected abstract Task Close();

    protected abstract Task Remove();

    [Fact]
    public async Task What_was_delivered_is_there_also_after_reopening()
    {
        Assert.Equal(0, await Inboxes.DeliveredUpTo(Cancellation));
        Assert.True(await Inboxes.Deliver(0, 7, [new("body-3", 5, "addressed", "plan/p"), new("body-4", 5, "followed", "plan/p")], Cancellation));
        Assert.True(await Inboxes.Deliver(7, 9, [], Cancellation));
        await ShouldBeThere();
        await Close();
        Inboxes = await Open();
        await ShouldBeThere();

        async Task ShouldBeThere()
        {
            Assert.Equal(9, await Inboxes.DeliveredUpTo(Cancellation));
            Assert.Equal([new(5, "addressed", "plan/p")], await Inboxes.Read("body-3", null, 10, Cancellation));
            Assert.Equal([new(5, "followed", "plan/p")], await Inboxes.Read("body-4", null, 10, Cancellation));
        }
    }

    [Fact]
    public async Task A_delivery_keeps_its_first_reason()
    {
        Assert.True(await Inboxes.Deliver(0, 5, [new("body-3", 5, "addressed", "plan/p"), new("body-3", 5, "followed", "plan/p")], Cancellation));
        Assert.Equal([new(5, "addressed", "plan/p")], await Inboxes.Read("body-3", null, 10, Cancellation));
    }

    [Fact]
    public async Task Who_does_not_begin_where_deliveries_stand_writes_nothing()
    {
        Assert.True(await Inboxes.Deliver(0, 5, [new("body-3", 5, "addressed", "plan/p")], Cancellation));
        Assert.False(await Inboxes.Deliver(0, 6, [new("body-3", 6, "addressed", "plan/p")], Cancellation));
        Assert.False(await Inboxes.Deliver(6, 7, [new("body-3", 7, "addressed", "plan/p")], Cancellation));
        Assert.Equal(5, await Inboxes.DeliveredUpTo(Cancellation));
        Assert.Equal([5], await Positions());
    }

    [Fact]
    public async Task Of_many_who_deliver_at_once_one_wins_each_time()
    {
        for (var after = 0; after < 5; after++)
        {
            var won = await Task.WhenAll(Enumerable.Range(0, 32).Select(deliverer => Task.Run(
                () => Inboxes.Deliver(after, after + 1, [new("body-3", after + 1, $"by {deliverer}", "plan/p")], Cancellation), Cancellation))).Until("32 deliverers");
            var winner = Array.IndexOf(won, true);
            Assert.Single(won, answer => answer);
            Assert.Equal([new(after + 1, $"by {winner}", "plan/p")], await Inboxes.Read("body-3", null, 1, Cancellation));
        }
        Assert.Equal(5, await Inboxes.DeliveredUpTo(Cancellation));
    }

    [Fact]
    public async Task A_delivery_of_another_entry_is_refused()
    {
        foreach (var position in (long[])[3, 8])
            await Assert.ThrowsAnyAsync<ArgumentException>(() => Inboxes.Deliver(3, 7, [new("body-3", position, "addressed", "plan/p")], Cancellation));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Inboxes.Deliver(0, 7, [new("", 5, "addressed", "plan/p")], Cancellation));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Inboxes.Deliver(7, 6, [], Cancellation));
        Assert.Equal(0, await Inboxes.DeliveredUpTo(Cancellation));
    }

    [Fact]
    public async Task Cleared_inboxes_are_filled_anew()
    {
        await Deliver("body-3", 1, 3, 5);
        await Inboxes.Clear(Cancellation);
        Assert.Equal(0, await Inboxes.DeliveredUpTo(Cancellation));
        Assert.Empty(await Inboxes.Read("body-3", null, 10, Cancellation));
        Assert.True(await Inboxes.Deliver(0, 2, [new("body-3", 1, "another reason", "plan/p")], Cancellation));
        Assert.Equal([new(1, "another reason", "plan/p")], await Inboxes.Read("body-3", null, 10, Cancellation));
    }

    [Fact]
    public async Task Deliveries_are_read_newest_first_page_by_page()
    {
        await Deliver("body-3", 1, 3, 5, 7, 9);
        Assert.Equal([9, 7], (await Inboxes.Read("body-3", null, 2, Cancellation)).Select(delivery => delivery.Position));
        Assert.Equal([5, 3], (await Inboxes.Read("body-3", 7, 2, Cancellation)).Select(delivery => delivery.Position));
        Assert.Equal([new(1, "reason 1", "plan/p")], await Inboxes.Read("body-3", 3, 2, Cancellation));
        Assert.Empty(await Inboxes.Read("body-3", 1, 2, Cancellation));
        Assert.Empty(await Inboxes.Read("body-9", null, 2, Cancellation));
    }

    [Fact]
    public async Task All_deliveries_are_read_body_by_body_up_to_a_position()
    {
        var deliveries = Enumerable.Range(1, 700).SelectMany(position => (NewDelivery[])[new("Z", position, "addressed", "plan/p"), new("a", position, "followed", "plan/p"), new("é b", position, "addressed", "plan/p")]).ToList();
        Assert.True(await Inboxes.Deliver(0, 700, deliveries, Cancellation));
        Assert.True(await Inboxes.Deliver(700, 701, [new("a", 701, "followed", "plan/p")], Cancellation));

        Assert.Equal(
            deliveries.OrderBy(delivery => delivery.Body, StringComparer.Ordinal).ThenBy(delivery => delivery.Position).Select(one => (one.Body, new Delivery(one.Position, one.Reason, "plan/p"))),
            await All(700));
        Assert.Equal([("Z", new(1, "addressed", "plan/p")), ("a", new(1, "followed", "plan/p")), ("é b", new(1, "addressed", "plan/p"))], await All(1));
        Assert.Empty(await All(0));
        Assert.Equal(2101, (await All(long.MaxValue)).Count);
    }

    [Fact]
    public async Task A_batch_is_one_item_for_each_reader_which_lies_where_the_last_of_it_does()
    {
        Assert.True(await Inboxes.Deliver(0, 4, [
            new("body-3", 2, "report", "plan/two", "b"), new("body-3", 1, "addressed", "plan/one", "b"), new("body-4", 2, "report", "plan/two", "b"),
            new("body-3", 3, "addressed", "plan/one"), new("body-3", 4, "addressed", "plan/one", "another")], Cancellation));
        Assert.Equal([4, 3, 2], await Positions());
        await Close();
        Inboxes = await Open();
        Assert.True(await Inboxes.Deliver(4, 9, [
            new("body-3", 8, "report", "plan/three", "b"), new("body-3", 9, "report", "plan/three", "b"), new("body-4", 9, "report", "plan/three", "b"),
            new("body-5", 9, "report", "plan/three", "b")], Cancellation));

        Assert.Equal([new(9, "report", "plan/three", "b"), new(4, "addressed", "plan/one", "another"), new(3, "addressed", "plan/one")], await Inboxes.Read("body-3", null, 10, Cancellation));
        // A page further on it does not come a second time.
        Assert.Equal([4], (await Inboxes.Read("body-3", 9, 1, Cancellation)).Select(one => one.Position));
        Assert.Equal([3], (await Inboxes.Read("body-3", 4, 10, Cancellation)).Select(one => one.Position));
        Assert.Equal([9, 8, 2, 1], (await Inboxes.ReadBatch("body-3", "b", Cancellation)).Select(one => one.Position));
        Assert.Equal([new(9, "report", "plan/three", "b"), new(2, "report", "plan/two", "b")], await Inboxes.ReadBatch("body-4", "b", Cancellation));
        Assert.Empty(await Inboxes.ReadBatch("body-4", "another", Cancellation));
        Assert.Equal([9], (await Inboxes.Read("body-5", null, 10, Cancellation)).Select(one => one.Position));
        Assert.Equal([1, 2, 3, 4, 8, 9], (await All(long.MaxValue)).Where(one => one.Body == "body-3").Select(one => one.Delivery.Position));
    }

    [Fact]
    public async Task Of_a_batch_what_is_young_stays_when_what_is_old_is_forgotten()
    {
        NewDelivery[] batch = [new("body-3", 2, "report", "plan/p", "b"), new("body-3", 5, "report", "plan/p", "b"), new("body-3", 7, "report", "plan/p", "b")];
        Assert.True(await Inboxes.Deliver(0, 9, batch, Cancellation));
        Assert.Equal(1, await Inboxes.Forget(4, Cancellation));
        Assert.Equal([7, 5], (await Inboxes.ReadBatch("body-3", "b", Cancellation)).Select(one => one.Position));
        await Inboxes.Clear(Cancellation);
        Assert.True(await Inboxes.Deliver(0, 9, batch, Cancellation));
        Assert.Equal([7, 5], (await Inboxes.ReadBatch("body-3", "b", Cancellation)).Select(one => one.Position));
    }

    [Fact]
    public async Task What_is_forgotten_stays_forgotten_also_when_inboxes_are_filled_anew()
    {
        await Deliver("body-3", 1, 3, 5, 7, 9);
        Assert.Equal(0, await Inboxes.KeptAfter(Cancellation));

        Assert.Equal(2, await Inboxes.Forget(4, Cancellation));
        // Never back.
        Assert.Equal(0, await Inboxes.Forget(2, Cancellation));

        Assert.Equal(4, await Inboxes.KeptAfter(Cancellation));
        Assert.Equal([9, 7, 5], await Positions());
        Assert.Equal(9, await Inboxes.DeliveredUpTo(Cancellation));
        await Inboxes.Clear(Cancellation);
        await Deliver("body-3", 1, 3, 5, 7, 9);
        Assert.Equal([5, 7, 9], (await All(long.MaxValue)).Select(one => one.Delivery.Position));
        Assert.Equal([9, 7, 5], await Positions());
    }

    private async Task<IEnumerable<long>> Positions() => (await Inboxes.Read("body-3", null, 10, Cancellation)).Select(delivery => delivery.Position);

    private async Task<List<(string Body, Delivery Delivery)>> All(long position)
    {
        var all = new List<(string, Delivery)>();
        await foreach (var delivery in Inboxes.All(position, Cancellation)) all.Add(delivery);
        return all;
    }

    /// <summary>Delivers to a fresh store, the last position first.</summary>
    private async Task Deliver(string body, params long[] positions) => Assert.True(await Inboxes.Deliver(
        0, positions.Max(), [.. positions.OrderDescending().Select(position => new NewDelivery(body, position, $"reason {position}", "plan/p"))], Cancellation));
}
