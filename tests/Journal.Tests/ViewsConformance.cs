using static Coordination.Journal.Tests.Waiting;

namespace Coordination.Journal.Tests;

/// <summary>What every store of views owes its callers. One fresh store per test.</summary>
public abstract class ViewsConformance : IAsyncLifetime
{
    protected IViewStore Views { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Views = await Open();

    public async ValueTask DisposeAsync()
    {
        await Close();
        await Remove();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the store of this test: a fresh one at first, afterwards what was closed.</summary>
    protected abstract Task<IViewStore> Open();

    protected abstract Task Close();

    protected abstract Task Remove();

    [Fact]
    public async Task A_view_that_was_never_saved_stands_at_the_beginning()
    {
        Assert.Empty(await Views.Marks(Cancellation));
        await ShouldBe("plans", ViewMark.None);
    }

    [Fact]
    public async Task Items_come_back_in_the_order_of_ids_with_their_mark_also_after_reopening()
    {
        Assert.True(await Save(5, Change("plans", ViewMark.None, ("b", [2]), ("é", []), ("a", [1, 0, 255]), ("B", [3]))));
        await ShouldBeThere();
        await Close();
        Views = await Open();
        await ShouldBeThere();

        async Task ShouldBeThere()
        {
            await ShouldBe("plans", new(0, 5), ("B", [3]), ("a", [1, 0, 255]), ("b", [2]), ("é", []));
            Assert.Equal([KeyValuePair.Create("plans", new ViewMark(0, 5))], await Views.Marks(Cancellation));
        }
    }

    [Fact]
    public async Task A_change_replaces_and_adds_and_leaves_the_others()
    {
        await Save(5, Change("plans", ViewMark.None, ("a", [1]), ("b", [1])));
        Assert.True(await Save(8, Change("plans", new(0, 5), ("b", [2]), ("c", [2]))));
        await ShouldBe("plans", new(0, 8), ("a", [1]), ("b", [2]), ("c", [2]));
        // Nothing changed up to here, and that is known too.
        Assert.True(await Save(9, Change("plans", new(0, 8))));
        await ShouldBe("plans", new(0, 9), ("a", [1]), ("b", [2]), ("c", [2]));
    }

    [Fact]
    public async Task Of_an_item_that_is_named_twice_the_last_word_counts()
    {
        Assert.True(await Save(5, Change("plans", ViewMark.None, ("a", [1]), ("b", [7]), ("a", [2]))));
        await ShouldBe("plans", new(0, 5), ("a", [2]), ("b", [7]));
    }

    [Fact]
    public async Task A_large_change_is_saved()
    {
        const int items = 3_000;
        Assert.True(await Save(5, new ViewChange(
            "plans", ViewMark.None, [.. Enumerable.Range(0, items).Select(id => new ViewItem($"{id:D5}", new byte[500]))])));
        Assert.Equal(Enumerable.Range(0, items).Select(id => $"{id:D5}"), (await Views.Read("plans", Cancellation)).Items.Select(item => item.Id));
    }

    [Fact]
    public async Task Views_saved_together_are_saved_all_or_none()
    {
        Assert.True(await Save(5, Change("plans", ViewMark.None, ("a", [1])), Change("requests", ViewMark.None, ("a", [2]))));
        Assert.True(await Save(6, Change("requests", new(0, 5), ("b", [3]))));
        Assert.False(await Save(9, Change("plans", new(0, 5), ("a", [9])), Change("requests", new(0, 5), ("a", [9]))));
        await ShouldBe("plans", new(0, 5), ("a", [1]));
        await ShouldBe("requests", new(0, 6), ("a", [2]), ("b", [3]));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 4)]
    [InlineData(0, 6)]
    [InlineData(1, 5)]
    public async Task A_change_that_begins_elsewhere_is_not_saved(long generation, long position)
    {
        await Save(5, Change("plans", ViewMark.None, ("a", [1])));
        Assert.False(await Save(9, Change("plans", new(generation, position), ("a", [9]))));
        await ShouldBe("plans", new(0, 5), ("a", [1]));
    }

    [Fact]
    public async Task Of_many_who_save_at_once_one_wins_each_time()
    {
        foreach (var from in Enumerable.Range(0, 5))
        {
            var won = await Task.WhenAll(Enumerable.Range(0, 32).Select(saver => Task.Run(
                () => Save(from + 1, Change("plans", new(0, from), ("a", [(byte)saver])), Change("requests", new(0, from), ("a", [(byte)saver]))),
                Cancellation))).Until("32 savers");
            Assert.Single(won, answer => answer);
            var winner = (byte)Array.IndexOf(won, true);
            await ShouldBe("plans", new(0, from + 1), ("a", [winner]));
            await ShouldBe("requests", new(0, from + 1), ("a", [winner]));
        }
    }

    [Fact]
    public async Task A_dropped_view_is_empty_and_begins_anew_and_what_was_folded_before_comes_too_late()
    {
        await Save(5, Change("plans", ViewMark.None, ("a", [1])), Change("requests", ViewMark.None, ("a", [2])));
        await Views.Drop("plans", Cancellation);
        await ShouldBe("plans", new(1, 0));
        await ShouldBe("requests", new(0, 5), ("a", [2]));
        Assert.False(await Save(9, Change("plans", new(0, 5), ("a", [9]))));
        Assert.False(await Save(9, Change("plans", ViewMark.None, ("a", [9]))));
        Assert.True(await Save(3, Change("plans", new(1, 0), ("b", [3]))));
        await ShouldBe("plans", new(1, 3), ("b", [3]));
        await Views.Drop("plans", Cancellation);
        await ShouldBe("plans", new(2, 0));
    }

    [Fact]
    public async Task A_view_can_be_dropped_before_it_was_ever_saved()
    {
        await Views.Drop("plans", Cancellation);
        await ShouldBe("plans", new(1, 0));
    }

    [Fact]
    public async Task Who_reads_while_others_save_sees_items_and_mark_of_one_moment()
    {
        const int rounds = 40;
        var saving = Task.Run(async () =>
        {
            for (byte from = 0; from < rounds; from++)
                Assert.True(await Save(from + 1, Change("plans", new(0, from), ("a", [(byte)(from + 1)]), ("b", [(byte)(from + 1)]))));
        }, Cancellation);
        while (!saving.IsCompleted)
        {
            var view = await Views.Read("plans", Cancellation);
            Assert.All(view.Items, item => Assert.Equal(view.Mark.Position, item.Data[0]));
            Assert.Equal(view.Mark.Position == 0 ? 0 : 2, view.Items.Count);
        }
        await saving.Until($"{rounds} saves");
    }

    [Fact]
    public async Task A_change_backwards_or_without_a_name_is_refused()
    {
        await Save(5, Change("plans", ViewMark.None, ("a", [1])));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Save(4, Change("plans", new(0, 5))));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Save(9, Change("", ViewMark.None)));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Save(9, Change("plans", new(0, 5), ("", [1]))));
        await ShouldBe("plans", new(0, 5), ("a", [1]));
    }

    private static ViewChange Change(string view, ViewMark from, params (string Id, byte[] Data)[] items) =>
        new(view, from, [.. items.Select(item => new ViewItem(item.Id, item.Data))]);

    private Task<bool> Save(long position, params ViewChange[] changes) => Views.Save(position, changes, Cancellation);

    private async Task ShouldBe(string view, ViewMark mark, params (string Id, byte[] Data)[] items)
    {
        var stored = await Views.Read(view, Cancellation);
        Assert.Equal(mark, stored.Mark);
        Assert.Equal(items.Select(item => item.Id), stored.Items.Select(item => item.Id));
        Assert.Equal(items.Select(item => item.Data), stored.Items.Select(item => item.Data));
    }
}
