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
        Assert.True(await Inboxes.Deliver(0, 7, [new("body-3", 5, "addressed"), new("body-4", 5, "followed")], Cancellation));
        Assert.True(await Inboxes.Deliver(7, 9, [], Cancellation));
        await ShouldBeThere();
        await Close();
        Inboxes = await Open();
        await ShouldBeThere();

        async Task ShouldBeThere()
        {
            Assert.Equal(9, await Inboxes.DeliveredUpTo(Cancellation));
            Assert.Equal([new(5, "addressed")], await Inboxes.Read("body-3", null, 10, Cancellation));
            Assert.Equal([new(5, "followed")], await Inboxes.Read("body-4", null, 10, Cancellation));
        }
    }

    [Fact]
    public async Task A_delivery_keeps_its_first_reason()
    {
        Assert.True(await Inboxes.Deliver(0, 5, [new("body-3", 5, "addressed"), new("body-3", 5, "followed")], Cancellation));
        Assert.Equal([new(5, "addressed")], await Inboxes.Read("body-3", null, 10, Cancellation));
    }

    [Fact]
    public async Task Who_does_not_begin_where_deliveries_stand_writes_nothing()
    {
        Assert.True(await Inboxes.Deliver(0, 5, [new("body-3", 5, "addressed")], Cancellation));
        Assert.False(await Inboxes.Deliver(0, 6, [new("body-3", 6, "addressed")], Cancellation));
        Assert.False(await Inboxes.Deliver(6, 7, [new("body-3", 7, "addressed")], Cancellation));
        Assert.Equal(5, await Inboxes.DeliveredUpTo(Cancellation));
        Assert.Equal([5], await Inboxes.PositionsAfter("body-3", 0, 10, Cancellation));
    }

    [Fact]
    public async Task Of_many_who_deliver_at_once_one_wins_each_time()
    {
        for (var after = 0; after < 5; after++)
        {
            var won = await Task.WhenAll(Enumerable.Range(0, 32).Select(deliverer => Task.Run(
                () => Inboxes.Deliver(after, after + 1, [new("body-3", after + 1, $"by {deliverer}")], Cancellation), Cancellation))).Until("32 deliverers");
            var winner = Array.IndexOf(won, true);
            Assert.Single(won, answer => answer);
            Assert.Equal([new(after + 1, $"by {winner}")], await Inboxes.Read("body-3", null, 1, Cancellation));
        }
        Assert.Equal(5, await Inboxes.DeliveredUpTo(Cancellation));
    }

    [Fact]
    public async Task A_delivery_of_another_entry_is_refused()
    {
        foreach (var position in (long[])[3, 8])
            await Assert.ThrowsAnyAsync<ArgumentException>(() => Inboxes.Deliver(3, 7, [new("body-3", position, "addressed")], Cancellation));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Inboxes.Deliver(0, 7, [new("", 5, "addressed")], Cancellation));
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
        Assert.True(await Inboxes.Deliver(0, 2, [new("body-3", 1, "another reason")], Cancellation));
        Assert.Equal([new(1, "another reason")], await Inboxes.Read("body-3", null, 10, Cancellation));
    }

    [Fact]
    public async Task Deliveries_are_read_newest_first_page_by_page()
    {
        await Deliver("body-3", 1, 3, 5, 7, 9);
        Assert.Equal([9, 7], (await Inboxes.Read("body-3", null, 2, Cancellation)).Select(delivery => delivery.Position));
        Assert.Equal([5, 3], (await Inboxes.Read("body-3", 7, 2, Cancellation)).Select(delivery => delivery.Position));
        Assert.Equal([new(1, "reason 1")], await Inboxes.Read("body-3", 3, 2, Cancellation));
        Assert.Empty(await Inboxes.Read("body-3", 1, 2, Cancellation));
        Assert.Empty(await Inboxes.Read("body-9", null, 2, Cancellation));
    }

    [Fact]
    public async Task Positions_are_read_oldest_first_after_a_position()
    {
        await Deliver("body-3", 1, 3, 5, 7, 9);
        Assert.Equal([1, 3, 5], await Inboxes.PositionsAfter("body-3", 0, 3, Cancellation));
        Assert.Equal([7, 9], await Inboxes.PositionsAfter("body-3", 5, 3, Cancellation));
        Assert.Empty(await Inboxes.PositionsAfter("body-3", 9, 3, Cancellation));
    }

    [Fact]
    public async Task All_deliveries_are_read_body_by_body_up_to_a_position()
    {
        var deliveries = Enumerable.Range(1, 700).SelectMany(position => (NewDelivery[])[new("Z", position, "addressed"), new("a", position, "followed"), new("é b", position, "addressed")]).ToList();
        Assert.True(await Inboxes.Deliver(0, 700, deliveries, Cancellation));
        Assert.True(await Inboxes.Deliver(700, 701, [new("a", 701, "followed")], Cancellation));

        Assert.Equal(deliveries.OrderBy(delivery => delivery.Body, StringComparer.Ordinal).ThenBy(delivery => delivery.Position), await All(700));
        Assert.Equal([new("Z", 1, "addressed"), new("a", 1, "followed"), new("é b", 1, "addressed")], await All(1));
        Assert.Empty(await All(0));
        Assert.Equal(2101, (await All(long.MaxValue)).Count);
    }

    private async Task<List<NewDelivery>> All(long position)
    {
        var all = new List<NewDelivery>();
        await foreach (var delivery in Inboxes.All(position, Cancellation)) all.Add(delivery);
        return all;
    }

    /// <summary>Delivers to a fresh store, the last position first.</summary>
    private async Task Deliver(string body, params long[] positions) => Assert.True(await Inboxes.Deliver(
        0, positions.Max(), [.. positions.OrderDescending().Select(position => new NewDelivery(body, position, $"reason {position}"))], Cancellation));
}
