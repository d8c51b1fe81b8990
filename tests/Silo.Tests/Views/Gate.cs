using Microsoft.Extensions.Time.Testing;

namespace Coordination.Silo.Tests.Views;

public sealed class Gate
{
    private readonly FakeTimeProvider _time = new();
    private readonly PositionWaiter _reached = new();

    [Fact]
    public async Task Who_waits_goes_on_when_the_position_is_reached_and_not_before()
    {
        var seven = _reached.WaitFor(7, TimeSpan.FromSeconds(2), _time, Waiting.Cancellation);
        var eight = _reached.WaitFor(8, TimeSpan.FromSeconds(2), _time, Waiting.Cancellation);

        _reached.Advance(6);
        _reached.Advance(7);
        await seven.Until("7 is reached");

        Assert.False(eight.IsCompleted);
        _reached.Advance(8);
        await eight.Until("8 is reached");
        await _reached.WaitFor(8, TimeSpan.Zero, _time, Waiting.Cancellation).Until("what is reached needs no waiting");
    }

    [Fact]
    public async Task Nobody_waits_longer_than_allowed()
    {
        var never = _reached.WaitFor(long.MaxValue, TimeSpan.FromSeconds(2), _time, Waiting.Cancellation);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(never.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(1));

        await never.Until("the time is over");
        var next = _reached.WaitFor(1, TimeSpan.FromSeconds(2), _time, Waiting.Cancellation);
        _reached.Advance(1);
        await next.Until("who gave up leaves nothing behind");
    }

    [Fact]
    public async Task A_wait_can_be_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var waiting = _reached.WaitFor(1, TimeSpan.FromSeconds(2), _time, cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Until("it is cancelled"));
    }

    [Fact]
    public async Task No_wake_up_is_lost_however_many_wait()
    {
        const int Last = 20_000;
        var readers = Enumerable.Range(0, 16).Select(reader => Task.Run(async () =>
        {
            for (var position = reader + 1L; position <= Last; position = Math.Max(position, _reached.Position) + 1)
                await _reached.WaitFor(position, Timeout.InfiniteTimeSpan, TimeProvider.System, Waiting.Cancellation);
        }, Waiting.Cancellation)).ToList();
        await Task.Run(async () =>
        {
            for (var position = 1; position <= Last; position++)
            {
                _reached.Advance(position);
                if (position % 64 == 0) await Task.Yield();
            }
        }, Waiting.Cancellation);

        await Task.WhenAll(readers).Until("every reader comes to the end");
    }
}

public sealed class Topics
{
    private static readonly Func<Audience, bool> Anyone = _ => true;
    private readonly FeedTail _index = new(0);

    public Topics()
    {
        for (var position = 1; position <= 20; position++)
            _index.Add(position % 2 == 0 ? ["even", "all"] : ["odd", "all"], position, position % 5 == 0 ? Audience.Named("arden") : Audience.Public);
    }

    [Theory]
    [InlineData(0, 3, new long[] { 2, 4, 6 })]
    [InlineData(4, 3, new long[] { 6, 8, 10 })]
    [InlineData(5, 2, new long[] { 6, 8 })]
    [InlineData(18, 5, new long[] { 20 })]
    [InlineData(20, 5, new long[] { })]
    public void What_comes_after_is_rising(long after, int limit, long[] expected) => Assert.Equal(expected, _index.After(["even"], after, limit, Anyone));

    [Theory]
    [InlineData(21, 3, new long[] { 20, 18, 16 })]
    [InlineData(20, 2, new long[] { 18, 16 })]
    [InlineData(19, 2, new long[] { 18, 16 })]
    [InlineData(3, 5, new long[] { 2 })]
    [InlineData(2, 5, new long[] { })]
    public void What_comes_before_is_falling(long before, int limit, long[] expected) => Assert.Equal(expected, _index.Before(["even"], before, limit, Anyone));

    [Fact]
    public void Several_topics_are_one_list_without_repeats()
    {
        Assert.Equal([1, 2, 3, 4], _index.After(["even", "odd", "all", "none"], 0, 4, Anyone));
        Assert.Equal([20, 19, 18], _index.Before(["even", "odd", "all", "none"], 21, 3, Anyone));
        Assert.Empty(_index.After(["none"], 0, 4, Anyone));
    }

    [Fact]
    public void Without_topics_it_is_everything_and_what_is_for_others_is_passed_over()
    {
        Assert.Equal([1, 2, 3, 4, 6, 7], _index.After([], 0, 6, audience => audience.Mark is Mark.Public));
        Assert.Equal([19, 18, 17, 16, 14], _index.Before([], long.MaxValue, 5, audience => audience.Mark is Mark.Public));
        Assert.Equal([5, 15], _index.After(["odd"], 0, 9, audience => audience.Mark is Mark.Named));
        Assert.Equal([20, 10], _index.Before(["even", "none"], 21, 9, audience => audience.Mark is Mark.Named));
    }

    [Fact]
    public void It_looks_on_past_many_that_are_for_others()
    {
        var index = new FeedTail(0);
        for (var position = 1; position <= 3_000; position++) index.Add(["one"], position, position is 1 or 3_000 ? Audience.Public : Audience.Named("arden"));
        Assert.Equal([3_000], index.After(["one"], 1, 2, audience => audience.Mark is Mark.Public));
        Assert.Equal([3_000, 1], index.Before([], long.MaxValue, 5, audience => audience.Mark is Mark.Public));
    }
}
