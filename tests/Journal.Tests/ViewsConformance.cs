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

    private static readonly ViewKey Plans = new("plans", 7);
    private static readonly ViewKey Requests = new("requests", 7);
    private static readonly ViewKey NewerPlans = new("plans", 8);

    [Fact]
    public async Task A_view_that_was_never_saved_stands_at_the_beginning()
    {
        Assert.Empty(await Views.Marks(Cancellation));
        await ShouldBe(Plans, ViewMark.None);
        Assert.Equivalent(StoredView.None, await Views.Page(Plans, [new("", "~", 10)], Cancellation));
        Assert.Equivalent(StoredView.None, await Views.Find(Plans, ["a"], Cancellation));
        Assert.Empty(await Views.Marks(Cancellation));
    }

    [Fact]
    public async Task Items_come_back_in_the_order_of_ids_with_their_mark_also_after_reopening()
    {
        Assert.True(await Save(Change(Plans, ViewMark.None, 5, ("b", [2]), ("é", []), ("a", [1, 0, 255]), ("B", [3]))));
        await ShouldBeThere();
        await Close();
        Views = await Open();
        await ShouldBeThere();

        async Task ShouldBeThere()
        {
            await ShouldBe(Plans, At(5), ("B", [3]), ("a", [1, 0, 255]), ("b", [2]), ("é", []));
            Assert.Equal([KeyValuePair.Create(Plans, At(5))], await Views.Marks(Cancellation));
        }
    }

    [Fact]
    public async Task A_change_replaces_adds_and_takes_away_and_leaves_the_others()
    {
        await Save(Change(Plans, ViewMark.None, 5, ("a", [1]), ("b", [1]), ("c", [1])));
        Assert.True(await Save(Change(Plans, At(5), 8, ("b", [2]), ("d", [2])) with { Gone = ["c", "none"] }));
        await ShouldBe(Plans, At(8), ("a", [1]), ("b", [2]), ("d", [2]));
        Assert.Equal([5, 8, 8], (await Whole(Plans)).Items.Select(item => item.Position));
        // Nothing changed up to here, and that is known too.
        Assert.True(await Save(Change(Plans, At(8), 9)));
        await ShouldBe(Plans, At(9), ("a", [1]), ("b", [2]), ("d", [2]));
    }

    [Fact]
    public async Task Of_an_item_that_is_named_twice_the_last_word_counts()
    {
        Assert.True(await Save(Change(Plans, ViewMark.None, 5, ("a", [1]), ("b", [7]), ("a", [2]))));
        await ShouldBe(Plans, At(5), ("a", [2]), ("b", [7]));
    }

    [Fact]
    public async Task A_large_change_is_saved()
    {
        const int items = 3_000;
        Assert.True(await Save(new ViewChange(
            Plans, ViewMark.None, 5, [5], [.. Enumerable.Range(0, items).Select(id => new ViewItem($"{id:D5}", 5, new byte[500], new byte[32]))])));
        Assert.Equal(Enumerable.Range(0, items).Select(id => $"{id:D5}"), (await Whole(Plans)).Items.Select(item => item.Id));
        Assert.True(await Save(new ViewChange(Plans, At(5), 6, [6], [], [.. Enumerable.Range(1, items - 1).Select(id => $"{id:D5}")])));
        Assert.Equal(["00000"], (await Whole(Plans)).Items.Select(item => item.Id));
    }

    [Fact]
    public async Task Views_saved_together_are_saved_all_or_none()
    {
        Assert.True(await Save(Change(Plans, ViewMark.None, 5, ("a", [1])), Change(Requests, ViewMark.None, 4, ("a", [2]))));
        Assert.True(await Save(Change(Requests, At(4), 6, ("b", [3]))));
        Assert.False(await Save(Change(Plans, At(5), 9, ("a", [9])), Change(Requests, At(4), 9, ("a", [9]))));
        await ShouldBe(Plans, At(5), ("a", [1]));
        await ShouldBe(Requests, At(6), ("a", [2]), ("b", [3]));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 4, 4)]
    [InlineData(0, 6, 6)]
    [InlineData(0, 5, 6)]
    [InlineData(1, 5, 5)]
    public async Task A_change_that_begins_elsewhere_is_not_saved(long generation, long position, byte digest)
    {
        await Save(Change(Plans, ViewMark.None, 5, ("a", [1])));
        Assert.False(await Save(Change(Plans, new(generation, position, position == 0 ? [] : [digest]), 9, ("a", [9]))));
        await ShouldBe(Plans, At(5), ("a", [1]));
    }

    [Fact]
    public async Task Of_many_who_save_at_once_one_wins_each_time()
    {
        foreach (var from in Enumerable.Range(0, 5))
        {
            var mark = from == 0 ? ViewMark.None : At(from);
            var won = await Task.WhenAll(Enumerable.Range(0, 32).Select(saver => Task.Run(
                () => Save(Change(Plans, mark, from + 1, ("a", [(byte)saver])), Change(Requests, mark, from + 1, ("a", [(byte)saver]))),
                Cancellation))).Until("32 savers");
            Assert.Single(won, answer => answer);
            var winner = (byte)Array.IndexOf(won, true);
            await ShouldBe(Plans, At(from + 1), ("a", [winner]));
            await ShouldBe(Requests, At(from + 1), ("a", [winner]));
        }
    }

    [Fact]
    public async Task Another_form_is_another_view()
    {
        await Save(Change(Plans, ViewMark.None, 5, ("a", [1])));
        Assert.True(await Save(Change(NewerPlans, ViewMark.None, 9, ("a", [2]), ("b", [2]))));
        Assert.True(await Save(Change(Plans, At(5), 6, ("a", [3]))));
        await ShouldBe(Plans, At(6), ("a", [3]));
        await ShouldBe(NewerPlans, At(9), ("a", [2]), ("b", [2]));

        await Views.Forget(Plans, Cancellation);
        await ShouldBe(Plans, ViewMark.None);
        await ShouldBe(NewerPlans, At(9), ("a", [2]), ("b", [2]));
        Assert.Equal([NewerPlans], (await Views.Marks(Cancellation)).Keys);
        Assert.True(await Save(Change(Plans, ViewMark.None, 2, ("c", [1]))));
        await ShouldBe(Plans, At(2), ("c", [1]));
    }

    [Fact]
    public async Task A_dropped_view_is_empty_and_begins_anew_and_what_was_folded_before_comes_too_late()
    {
        await Save(Change(Plans, ViewMark.None, 5, ("a", [1])), Change(Requests, ViewMark.None, 5, ("a", [2])));
        Assert.True(await Views.Drop(Plans, cancellation: Cancellation));
        await ShouldBe(Plans, ViewMark.Begun(1));
        await ShouldBe(Requests, At(5), ("a", [2]));
        Assert.False(await Save(Change(Plans, At(5), 9, ("a", [9]))));
        Assert.False(await Save(Change(Plans, ViewMark.None, 9, ("a", [9]))));
        Assert.True(await Save(Change(Plans, ViewMark.Begun(1), 3, ("b", [3]))));
        await ShouldBe(Plans, At(3, 1), ("b", [3]));
        Assert.True(await Views.Drop(Plans, cancellation: Cancellation));
        await ShouldBe(Plans, ViewMark.Begun(2));
    }

    [Fact]
    public async Task Of_many_who_drop_one_generation_one_does()
    {
        await Save(Change(Plans, ViewMark.None, 5, ("a", [1])));
        var dropped = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Views.Drop(Plans, 0, Cancellation), Cancellation))).Until("16 who drop");
        Assert.Single(dropped, answer => answer);
        await ShouldBe(Plans, ViewMark.Begun(1));
        Assert.False(await Views.Drop(Plans, 3, Cancellation));
        Assert.False(await Views.Drop(Requests, 3, Cancellation));
        Assert.True(await Views.Drop(Plans, 1, Cancellation));
        await ShouldBe(Plans, ViewMark.Begun(2));
    }

    [Fact]
    public async Task A_view_can_be_dropped_before_it_was_ever_saved()
    {
        Assert.True(await Views.Drop(Plans, cancellation: Cancellation));
        Assert.True(await Views.Drop(Requests, 0, Cancellation));
        await ShouldBe(Plans, ViewMark.Begun(1));
        await ShouldBe(Requests, ViewMark.Begun(1));
    }

    [Fact]
    public async Task What_dropped_views_leave_behind_is_taken_away_in_pieces_and_nothing_else()
    {
        await Save(Change(Plans, ViewMark.None, 5, [.. Enumerable.Range(0, 25).Select(id => ($"{id:D2}", new byte[1]))]), Change(Requests, ViewMark.None, 5, ("a", [2])));
        await Save(Change(NewerPlans, ViewMark.None, 5, ("a", [1]), ("b", [1])));
        Assert.Equal(0, await Views.Tidy(10, Cancellation));
        await Views.Drop(Plans, cancellation: Cancellation);
        await Views.Forget(NewerPlans, Cancellation);
        await Save(Change(Plans, ViewMark.Begun(1), 3, ("00", [3])));

        var taken = new List<int>();
        while (await Views.Tidy(10, Cancellation) is > 0 and var some) taken.Add(some);

        Assert.Equal([10, 10, 7], taken);
        await ShouldBe(Plans, At(3, 1), ("00", [3]));
        await ShouldBe(Requests, At(5), ("a", [2]));
    }

    [Fact]
    public async Task Ranges_come_in_their_order_and_no_longer_than_wanted()
    {
        await Save(Change(Plans, ViewMark.None, 5, [.. from thing in (string[])["a|", "ab|", "b|"] from at in Enumerable.Range(1, 5) select ($"{thing}{at}", new[] { (byte)at })]));
        await Save(Change(Requests, ViewMark.None, 5, ("a|1", [9])));

        await ShouldRead(["a|1", "a|2", "a|3"], new ViewRange("a|", "a~", 3));
        await ShouldRead(["a|5", "a|4", "a|3"], new ViewRange("a|", "a~", 3, true));
        await ShouldRead(["a|3", "a|4"], new ViewRange("a|2", "a|5", 9));
        await ShouldRead(["ab|1", "ab|2", "ab|3", "ab|4", "ab|5", "a|1"], new ViewRange("", "~", 6));
        await ShouldRead(["b|5", "a|1", "a|2"], new ViewRange("b|4", "b~", 2), new ViewRange("a|", "a~", 2));
        await ShouldRead(["b|3", "b|2", "b|1", "b|4", "a|2"], new ViewRange("b|", "b|4", 9, true), new ViewRange("b|3", "b~", 1), new ViewRange("a|1", "a|3", 9, true));
        await ShouldRead([], new ViewRange("c", "d", 3), new ViewRange("b", "a", 3), new ViewRange("a|", "a~", 0));
        await ShouldRead([]);

        async Task ShouldRead(string[] ids, params ViewRange[] ranges)
        {
            var page = await Views.Page(Plans, ranges, Cancellation);
            Assert.Equal(At(5), page.Mark);
            Assert.Equal(ids, page.Items.Select(item => item.Id));
            Assert.All(page.Items, item => Assert.Equal((byte)(item.Id[^1] - '0'), Assert.Single(item.Data)));
        }
    }

    [Fact]
    public async Task A_walk_comes_past_every_item_once_in_the_order_of_ids()
    {
        await Save(Change(Plans, ViewMark.None, 5, [.. Enumerable.Range(0, 25).Select(id => ($"{id:D2}", new[] { (byte)id }))]), Change(Requests, ViewMark.None, 5, ("05", [9])));
        var (walked, after) = (new List<ViewItem>(), "");
        while (await Views.After(Plans, after, 10, Cancellation) is { Count: > 0 } some)
        {
            walked.AddRange(some);
            after = some[^1].Id;
        }
        Assert.Equal(Enumerable.Range(0, 25), walked.Select(item => (int)item.Data[0]));
        Assert.Empty(await Views.After(NewerPlans, "", 10, Cancellation));
    }

    [Fact]
    public async Task Items_are_found_by_their_ids()
    {
        await Save(Change(Plans, ViewMark.None, 5, ("a", [1]), ("b", [2]), ("B", [3])));
        var found = await Views.Find(Plans, ["b", "none", "B", "b"], Cancellation);
        Assert.Equal(At(5), found.Mark);
        Assert.Equal([("B", (byte)3), ("b", (byte)2)], found.Items.Select(item => (item.Id, item.Data[0])));
        Assert.Equal(At(5), (await Views.Find(Plans, [], Cancellation)).Mark);
        var digests = await Views.Digests(Plans, ["b", "none", "B", "b"], Cancellation);
        Assert.Equal([("B", (byte)3), ("b", (byte)2)], digests.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value[0])));
        Assert.Empty(await Views.Digests(Requests, ["b"], Cancellation));
    }

    [Fact]
    public async Task Who_reads_while_others_save_sees_items_and_mark_of_one_moment()
    {
        const int rounds = 40;
        var saving = Task.Run(async () =>
        {
            for (byte from = 0; from < rounds; from++)
                Assert.True(await Save(Change(Plans, from == 0 ? ViewMark.None : At(from), from + 1, ("a", [(byte)(from + 1)]), ("b", [(byte)(from + 1)]))));
        }, Cancellation);
        while (!saving.IsCompleted)
        {
            foreach (var view in (StoredView[])[
                await Whole(Plans), await Views.Find(Plans, ["b", "a"], Cancellation),
                await Views.Page(Plans, [new("", "b", 1), new("a", "c", 1, true)], Cancellation)])
            {
                Assert.All(view.Items, item => Assert.Equal((view.Mark.Position, view.Mark.Position, (byte)view.Mark.Position), (item.Data[0], item.Position, view.Mark.Digest[0])));
                Assert.Equal(view.Mark.Position == 0 ? 0 : 2, view.Items.Count);
            }
        }
        await saving.Until($"{rounds} saves");
    }

    [Fact]
    public async Task A_change_backwards_or_without_a_name_or_said_twice_is_refused()
    {
        await Save(Change(Plans, ViewMark.None, 5, ("a", [1])));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Save(Change(Plans, At(5), 4)));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Save(Change(new("", 1), ViewMark.None, 9)));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Save(Change(Plans, At(5), 9, ("", [1]))));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Save(Change(Plans, At(5), 9) with { Gone = [""] }));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Save(Change(Plans, At(5), 9), Change(Plans, At(5), 9)));
        await ShouldBe(Plans, At(5), ("a", [1]));
    }

    /// <summary>The mark that <see cref="Change"/> leaves at a position.</summary>
    private static ViewMark At(long position, long generation = 0) => new(generation, position, [(byte)position]);

    private static ViewChange Change(ViewKey view, ViewMark from, long position, params (string Id, byte[] Data)[] items) =>
        new(view, from, position, [(byte)position], [.. items.Select(item => new ViewItem(item.Id, position, item.Data, [.. item.Data, 1]))]);

    private Task<bool> Save(params ViewChange[] changes) => Views.Save(changes, Cancellation);

    private async Task<StoredView> Whole(ViewKey view) => (await Views.Read([view], Cancellation))[view];

    private async Task ShouldBe(ViewKey view, ViewMark mark, params (string Id, byte[] Data)[] items)
    {
        var stored = await Whole(view);
        Assert.Equal(mark, stored.Mark);
        Assert.Equal(items.Select(item => item.Id), stored.Items.Select(item => item.Id));
        Assert.Equal(items.Select(item => item.Data), stored.Items.Select(item => item.Data));
        Assert.Equal(items.Select(item => (byte[])[.. item.Data, 1]), stored.Items.Select(item => item.Digest));
    }
}
