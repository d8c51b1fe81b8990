using System.Text;
using static Coordination.Journal.Tests.Waiting;

namespace Coordination.Journal.Tests;

/// <summary>What every outbox owes its callers. One fresh store per test.</summary>
public abstract class OutboxConformance : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    protected IOutbox Outbox { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Outbox = await Open();

    public async ValueTask DisposeAsync()
    {
        await Close();
        await Remove();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the store of this test: a fresh one at first, afterwards what was closed.</summary>
    protected abstract Task<IOutbox> Open();

    protected abstract Task Close();

    protected abstract Task Remove();

    [Fact]
    public async Task What_was_put_comes_out_as_it_was_also_after_reopening()
    {
        Assert.Equal(3, await Outbox.Mark("letters", 3, Cancellation));
        Assert.True(await Outbox.Put("letters", 3, 9, [new(5, 0, "mail", "a-1", "plan/p", [1, 0, 255]), new(5, 1, "mail", "a-2", "plan/p", [])], Noon.AddTicks(10), Cancellation));
        await Close();
        Outbox = await Open();

        Assert.Equal(9, await Outbox.Mark("letters", 0, Cancellation));
        var taken = await Take(Noon + Minute, Noon + (2 * Minute));
        Assert.Equal(["letters/5/0", "letters/5/1"], taken.Select(row => row.Id));
        var (first, second) = (taken[0], taken[1]);
        Assert.Equal(("mail", "a-1", "plan/p"), (first.Channel, first.Recipient, first.Thread));
        Assert.Equal((Noon.AddTicks(10), Noon + (2 * Minute), 1, OutgoingState.Waiting), (first.Put, first.Due, first.Attempts, first.State));
        Assert.Equal(first.Put, first.Since);
        Assert.Equal([1, 0, 255], first.Data);
        Assert.Empty(second.Data);
        Assert.Null(first.Reason);
        Assert.True(first.Number < second.Number);
    }

    [Fact]
    public async Task Who_does_not_begin_where_the_mark_stands_writes_nothing()
    {
        Assert.False(await Outbox.Put("letters", 0, 5, [New(5)], Noon, Cancellation));
        await Outbox.Mark("letters", 0, Cancellation);
        await Outbox.Mark("others", 2, Cancellation);
        Assert.True(await Outbox.Put("letters", 0, 5, [New(5)], Noon, Cancellation));
        Assert.False(await Outbox.Put("letters", 0, 6, [New(6)], Noon, Cancellation));
        Assert.False(await Outbox.Put("letters", 6, 7, [New(7)], Noon, Cancellation));
        Assert.True(await Outbox.Put("others", 2, 6, [New(6)], Noon, Cancellation));
        Assert.Equal(["letters/5/0", "others/6/0"], (await Waits()).Select(row => row.Id));
        Assert.Equal((5, 6), (await Outbox.Mark("letters", 0, Cancellation), await Outbox.Mark("others", 0, Cancellation)));
    }

    [Fact]
    public async Task Of_many_who_begin_and_put_at_once_one_wins_each_time()
    {
        for (var after = 0; after < 5; after++)
        {
            var reactor = $"letters {after}";
            var marks = await Together(one => Outbox.Mark(reactor, after + one, Cancellation));
            var mark = marks[0];
            Assert.All(marks, other => Assert.Equal(mark, other));
            var won = await Together(one => Outbox.Put(reactor, mark, mark + 1, [New(mark + 1, recipient: $"by {one}")], Noon, Cancellation));
            Assert.Single(won, answer => answer);
            Assert.Equal($"by {Array.IndexOf(won, true)}", (await Waits())[^1].Recipient);
        }

        Assert.Equal(5, (await Waits()).Count);

        Task<T[]> Together<T>(Func<int, Task<T>> action) => Task.WhenAll(Enumerable.Range(0, 16).Select(one => Task.Run(() => action(one), Cancellation))).Until("16 at once");
    }

    [Fact]
    public async Task What_is_no_part_of_the_entries_is_refused()
    {
        await Outbox.Mark("letters", 3, Cancellation);
        foreach (var wrong in (NewOutgoing[][])[[New(3)], [New(8)], [New(5), New(5)], [New(5, recipient: "")]])
            await Assert.ThrowsAnyAsync<ArgumentException>(() => Outbox.Put("letters", 3, 7, wrong, Noon, Cancellation));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Outbox.Put("letters", 7, 6, [], Noon, Cancellation));
        Assert.Equal(3, await Outbox.Mark("letters", 0, Cancellation));
    }

    [Fact]
    public async Task What_is_taken_is_nobody_elses_until_its_time_is_over()
    {
        await Put(New(1), New(2, recipient: "a-2"));
        Assert.Equal(2, (await Take(Noon, Noon + Minute)).Count);
        Assert.Empty(await Take(Noon + Minute - TimeSpan.FromMilliseconds(1), Noon + (9 * Minute)));
        Assert.Equal([2, 2], (await Take(Noon + Minute, Noon + (2 * Minute))).Select(row => row.Attempts));
    }

    [Fact]
    public async Task Of_many_who_take_at_once_each_row_goes_to_one()
    {
        await Put([.. Enumerable.Range(1, 200).Select(position => New(position, recipient: $"a-{position % 20}"))]);
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Take(Noon, Noon + Minute, 50), Cancellation))).Until("8 that take");
        var rows = taken.SelectMany(some => some).ToList();
        while (await Take(Noon, Noon + Minute, 50) is { Count: > 0 } more) rows.AddRange(more);
        Assert.Equal(200, rows.Count);
        Assert.Equal(200, rows.Select(row => row.Number).Distinct().Count());
        Assert.All(rows, row => Assert.Equal(1, row.Attempts));
    }

    [Fact]
    public async Task Nothing_overtakes_what_the_same_recipient_is_to_get_first()
    {
        await Put(New(1), New(2), New(3, recipient: "a-2"), New(4, channel: "hook"));
        var taken = await Take(Noon, Noon + Minute);
        Assert.Equal([1, 2, 3], taken.Select(row => row.Position));
        await Note(new Sending.Later(taken[0], Noon + (5 * Minute), "busy"), new Sending.Untried(taken[1]), new Sending.Done(taken[2]));

        Assert.Empty(await Take(Noon + (4 * Minute), Noon + (6 * Minute)));
        Assert.Equal([4], (await Outbox.Take("hook", Noon, Noon + Minute, 9, Cancellation)).Select(row => row.Position));

        taken = await Take(Noon + (5 * Minute), Noon + (6 * Minute));
        Assert.Equal([(1, 2, "busy"), (2, 1, null)], taken.Select(row => (row.Position, row.Attempts, row.Reason)));
        // Given up, it no longer stands in the way.
        await Note(new Sending.Never(taken[0], "unknown"), new Sending.Untried(taken[1]));
        Assert.Equal([2], (await Take(Noon + (5 * Minute), Noon + (6 * Minute))).Select(row => row.Position));
    }

    [Fact]
    public async Task What_is_retried_is_followed_only_by_what_is_due()
    {
        await Put(New(1), New(2), New(3));
        var taken = await Take(Noon, Noon + Minute);
        await Note(new Sending.Never(taken[0], "unknown"), new Sending.Later(taken[1], Noon + (5 * Minute), "busy"), new Sending.Untried(taken[2]));
        Assert.Equal(1, await Outbox.Retry(null, taken[0].Number, Noon + Minute, Cancellation));

        Assert.Equal([1], (await Take(Noon + Minute, Noon + (2 * Minute))).Select(row => row.Position));
        Assert.Equal([1, 2, 3], (await Take(Noon + (5 * Minute), Noon + (6 * Minute))).Select(row => row.Position));
    }

    [Fact]
    public async Task Of_a_batch_each_recipient_is_to_get_one_notice_over_a_channel_also_when_the_first_is_sent()
    {
        await Put(New(1) with { Batch = "b" }, New(2) with { Batch = "b" }, New(2, part: 1, recipient: "a-2") with { Batch = "b" }, New(3, channel: "hook") with { Batch = "b" }, New(4) with { Batch = "c" }, New(5));
        var taken = await Take(Noon, Noon + Minute);
        Assert.Equal([(1, "a-1"), (2, "a-2"), (4, "a-1"), (5, "a-1")], taken.Select(row => (row.Position, row.Recipient)));
        await Note([.. taken.Select(row => new Sending.Done(row))]);

        Assert.True(await Outbox.Put("letters", 9, 20, [New(12) with { Batch = "b" }, New(13, recipient: "a-3") with { Batch = "b" }], Noon, Cancellation));
        Assert.Equal(["hook", "mail"], (await Waits()).Select(row => row.Channel));
        Assert.Equal([13], (await Take(Noon, Noon + Minute)).Select(row => row.Position));
    }

    [Fact]
    public async Task Each_recipient_gets_no_more_at_once_than_is_asked_for()
    {
        await Put([.. Enumerable.Range(1, 9).Select(position => New(position, recipient: position == 5 ? "a-2" : "a-1"))]);
        Assert.Equal([1, 2, 5], (await Take(Noon, Noon + Minute, 2)).Select(row => row.Position));
    }

    [Fact]
    public async Task Whoever_took_too_long_decides_nothing_but_that_it_was_sent()
    {
        await Put(New(1), New(2, recipient: "a-2"), New(3, recipient: "a-3"), New(4, recipient: "a-4"));
        var slow = await Take(Noon, Noon + Minute);
        Assert.Equal(4, (await Take(Noon + Minute, Noon + (2 * Minute))).Count);

        await Note(new Sending.Later(slow[0], Noon, "late"), new Sending.Never(slow[1], "late"), new Sending.Untried(slow[2]), new Sending.Done(slow[3]));

        Assert.Equal([(1, 2), (2, 2), (3, 2)], (await Waits()).Select(row => (row.Position, row.Attempts)));
        var sent = Assert.Single(await Outbox.List(null, OutgoingState.Sent, 0, 9, Cancellation));
        Assert.Equal(4, sent.Position);
        Assert.Empty(sent.Data);
    }

    [Fact]
    public async Task What_is_given_up_is_listed_retried_or_dropped()
    {
        await Put(New(1), New(2, recipient: "a-2"), New(3, channel: "hook"), New(4, channel: "hook", recipient: "a-2"));
        foreach (var channel in (string[])["mail", "hook"])
            await Outbox.Note([.. (await Outbox.Take(channel, Noon, Noon + Minute, 9, Cancellation)).Select(row => new Sending.Never(row, $"no {channel}"))], Noon, Cancellation);

        var given = await Outbox.List(null, OutgoingState.GivenUp, 0, 9, Cancellation);
        Assert.Equal(["no mail", "no mail", "no hook", "no hook"], given.Select(row => row.Reason));
        Assert.Equal([3], (await Outbox.List("hook", OutgoingState.GivenUp, 0, 1, Cancellation)).Select(row => row.Position));
        Assert.Equal([4], (await Outbox.List("hook", OutgoingState.GivenUp, given[2].Number, 9, Cancellation)).Select(row => row.Position));

        Assert.Equal(1, await Outbox.Drop(null, given[0].Number, Cancellation));
        Assert.Equal(0, await Outbox.Drop("hook", given[1].Number, Cancellation));
        Assert.Equal(1, await Outbox.Retry(null, given[1].Number, Noon + Minute, Cancellation));
        Assert.Equal(2, await Outbox.Retry("hook", null, Noon + Minute, Cancellation));
        Assert.Equal(0, await Outbox.Retry("hook", null, Noon + Minute, Cancellation));

        Assert.Equal([(2, 0), (3, 0), (4, 0)], (await Waits()).Select(row => (row.Position, row.Attempts)));
        Assert.All(await Waits(), row => Assert.Equal((Noon, Noon + Minute), (row.Put, row.Since)));
        Assert.Equal([2], (await Take(Noon + Minute, Noon + (2 * Minute))).Select(row => row.Position));
    }

    [Fact]
    public async Task What_waits_for_a_later_attempt_is_retried_at_once_or_dropped_too_and_what_was_sent_is_neither()
    {
        await Put(New(1), New(2, recipient: "a-2"), New(3, recipient: "a-3"));
        var taken = await Take(Noon, Noon + Minute);
        await Note(new Sending.Later(taken[0], Noon + (60 * Minute), "busy"), new Sending.Later(taken[1], Noon + (60 * Minute), "busy"), new Sending.Done(taken[2]));

        Assert.Equal(1, await Outbox.Retry("mail", taken[0].Number, Noon + Minute, Cancellation));
        Assert.Equal(1, await Outbox.Drop("mail", taken[1].Number, Cancellation));
        Assert.Equal(0, await Outbox.Retry(null, taken[2].Number, Noon, Cancellation));
        Assert.Equal(0, await Outbox.Drop(null, taken[2].Number, Cancellation));

        Assert.Equal([1], (await Take(Noon + Minute, Noon + (2 * Minute))).Select(row => row.Position));
        Assert.Single(await Outbox.List(null, OutgoingState.Sent, 0, 9, Cancellation));
    }

    [Fact]
    public async Task How_much_waits_and_since_when_is_told_by_channel()
    {
        Assert.Empty(await Outbox.Backlogs(Cancellation));
        await Put(New(1, channel: "hook"), New(2), New(3, recipient: "a-2"));
        await Outbox.Put("letters", 9, 20, [New(12, recipient: "a-3")], Noon + Minute, Cancellation);
        var taken = await Take(Noon + Minute, Noon + (2 * Minute));
        await Note(new Sending.Done(taken[0]), new Sending.Never(taken[1], "unknown"));
        Assert.Equal([new("hook", 1, 0, Noon), new("mail", 1, 1, Noon + Minute)], await Outbox.Backlogs(Cancellation));

        await Note(new Sending.Done(taken[2]));
        Assert.Equal([new("hook", 1, 0, Noon), new("mail", 0, 1, null)], await Outbox.Backlogs(Cancellation));
    }

    [Fact]
    public async Task Receipts_and_what_was_given_up_are_forgotten_in_their_time_and_nothing_else()
    {
        await Put(New(1), New(2, recipient: "a-2"), New(3, recipient: "a-3"));
        var taken = await Take(Noon, Noon + Minute);
        await Note(new Sending.Done(taken[0]), new Sending.Never(taken[1], "unknown"), new Sending.Later(taken[2], Noon + (60 * Minute), "busy"));

        Assert.Equal(0, await Outbox.Forget(Noon, Noon, Cancellation));
        Assert.Equal(1, await Outbox.Forget(Noon + Minute, Noon, Cancellation));
        Assert.Empty(await Outbox.List(null, OutgoingState.Sent, 0, 9, Cancellation));
        Assert.Equal(1, await Outbox.Forget(Noon + Minute, Noon + Minute, Cancellation));
        Assert.Equal(0, await Outbox.Forget(DateTimeOffset.MaxValue, DateTimeOffset.MaxValue, Cancellation));
        Assert.Equal([3], (await Waits()).Select(row => row.Position));
    }

    /// <summary>Puts into a fresh store.</summary>
    private async Task Put(params NewOutgoing[] outgoing)
    {
        await Outbox.Mark("letters", 0, Cancellation);
        Assert.True(await Outbox.Put("letters", 0, Math.Max(9, outgoing.Max(one => one.Position)), outgoing, Noon, Cancellation));
    }

    private Task<IReadOnlyList<Outgoing>> Take(DateTimeOffset now, DateTimeOffset until, int limit = 9) => Outbox.Take("mail", now, until, limit, Cancellation);

    private Task Note(params Sending[] sendings) => Outbox.Note(sendings, Noon, Cancellation);

    private Task<IReadOnlyList<Outgoing>> Waits() => Outbox.List(null, OutgoingState.Waiting, 0, 1_000, Cancellation);

    private static NewOutgoing New(long position, int part = 0, string channel = "mail", string recipient = "a-1") =>
        new(position, part, channel, recipient, "plan/p", Encoding.UTF8.GetBytes("{}"));
}
