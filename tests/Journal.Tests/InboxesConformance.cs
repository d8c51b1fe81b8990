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
    public async Task A_delivery_is_added_once_and_keeps_its_first_reason()
    {
        Assert.True(await Inboxes.Add("body-3", 5, "addressed", Cancellation));
        Assert.False(await Inboxes.Add("body-3", 5, "followed", Cancellation));
        Assert.True(await Inboxes.Add("body-4", 5, "followed", Cancellation));
        await Close();
        Inboxes = await Open();
        Assert.Equal([new(5, "addressed")], await Inboxes.Read("body-3", null, 10, Cancellation));
        Assert.Equal([new(5, "followed")], await Inboxes.Read("body-4", null, 10, Cancellation));
    }

    [Fact]
    public async Task A_delivery_added_by_many_at_once_is_added_once()
    {
        var added = await Task.WhenAll(Enumerable.Range(0, 64).Select(
            _ => Task.Run(() => Inboxes.Add("body-3", 5, "addressed", Cancellation), Cancellation))).Until("64 adders");
        Assert.Single(added, answer => answer);
    }

    [Fact]
    public async Task Deliveries_are_read_newest_first_page_by_page()
    {
        foreach (var position in (long[])[3, 9, 1, 7, 5])
            await Inboxes.Add("body-3", position, $"reason {position}", Cancellation);
        Assert.Equal([9, 7], (await Inboxes.Read("body-3", null, 2, Cancellation)).Select(delivery => delivery.Position));
        Assert.Equal([5, 3], (await Inboxes.Read("body-3", 7, 2, Cancellation)).Select(delivery => delivery.Position));
        Assert.Equal([new(1, "reason 1")], await Inboxes.Read("body-3", 3, 2, Cancellation));
        Assert.Empty(await Inboxes.Read("body-3", 1, 2, Cancellation));
        Assert.Empty(await Inboxes.Read("body-9", null, 2, Cancellation));
    }

    [Fact]
    public async Task Positions_are_read_oldest_first_after_a_position()
    {
        foreach (var position in (long[])[3, 9, 1, 7, 5])
            await Inboxes.Add("body-3", position, "addressed", Cancellation);
        Assert.Equal([1, 3, 5], await Inboxes.PositionsAfter("body-3", 0, 3, Cancellation));
        Assert.Equal([7, 9], await Inboxes.PositionsAfter("body-3", 5, 3, Cancellation));
        Assert.Empty(await Inboxes.PositionsAfter("body-3", 9, 3, Cancellation));
    }

    [Fact]
    public async Task How_far_was_delivered_never_goes_back()
    {
        Assert.Equal(0, await Inboxes.DeliveredUpTo(Cancellation));
        await Inboxes.MarkDelivered(5, Cancellation);
        await Inboxes.MarkDelivered(3, Cancellation);
        Assert.Equal(5, await Inboxes.DeliveredUpTo(Cancellation));
        await Task.WhenAll(Enumerable.Range(1, 64).Select(position => Inboxes.MarkDelivered(position, Cancellation))).Until("64 marks");
        Assert.Equal(64, await Inboxes.DeliveredUpTo(Cancellation));
        await Close();
        Inboxes = await Open();
        Assert.Equal(64, await Inboxes.DeliveredUpTo(Cancellation));
    }
}
