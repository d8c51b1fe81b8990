using System.Globalization;
using Coordination.Contracts.Feed;

namespace Coordination.Silo.Tests.Views;

[Collection(nameof(SharedSilo))]
public sealed class Feed(SharedSilo shared)
{
    private readonly RunningSilo _silo = shared.Silo;
    private IFeedGrain Grain => _silo.Grains.GetGrain<IFeedGrain>(0);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task Pages_in_either_direction_hold_everything_once(int limit)
    {
        var (body, stranger) = (await _silo.Admit(), await _silo.Admit());
        var first = _silo.Disk.Journal.Position;
        var open = await _silo.Draft(body);
        var closed = await _silo.Draft(body, mark: Mark.Parties);
        var last = _silo.Disk.Journal.Position;

        foreach (var (viewer, count) in ((string, int)[])[(body, 6), (stranger, 3)])
        {
            foreach (var topics in (string[][])[[], [$"plan/{open}", $"plan/{closed}"]])
            {
                var forward = new List<long>();
                var position = first;
                for (var more = true; more;)
                {
                    var page = await Grain.After(new(viewer), position, topics, limit);
                    forward.AddRange(page.Items.Select(item => item.Position).Where(item => item <= last));
                    Assert.True(page.Position >= position && page.Items.Length <= limit);
                    Assert.All(page.Items, item => Assert.True(item.Position <= page.Position));
                    more = page.Next is not null;
                    position = page.Position;
                }

                var backward = new List<long>();
                for (long? before = last + 1; before > first + 1;)
                {
                    var page = await Grain.Before(new(viewer), before, topics, limit);
                    backward.AddRange(page.Items.Select(item => item.Position).Where(item => item > first));
                    before = page.Next is null ? null : long.Parse(page.Next, CultureInfo.InvariantCulture);
                }

                Assert.Equal(count, forward.Count);
                Assert.Equal(forward.Order(), forward);
                Assert.Equal(forward, Enumerable.Reverse(backward));
            }
        }
    }

    [Fact]
    public async Task Who_names_a_position_that_is_not_there_yet_is_called_back()
    {
        var body = await _silo.Admit();

        var page = await Grain.After(new(body), long.MaxValue, [], 10);

        Assert.Empty(page.Items);
        Assert.Null(page.Next);
        Assert.InRange(page.Position, 1, _silo.Disk.Journal.Position);
    }

    [Fact]
    public async Task Who_waits_for_a_position_that_never_comes_keeps_nobody_else_waiting()
    {
        var body = await _silo.Admit();
        await _silo.Settle();
        var bodies = _silo.Grains.GetGrain<IBodyViewsGrain>(0);

        var waiting = Enumerable.Range(0, 16).Select(_ => (Task)bodies.Get(new(body, long.MaxValue), body))
            .Concat(Enumerable.Range(0, 16).Select(_ => (Task)Grain.After(new(body, long.MaxValue), 0, [], 1)))
            .Concat(Enumerable.Range(0, 16).Select(_ => (Task)_silo.Inbox(body).Read(new(body, long.MaxValue), new())))
            .ToList();
        await bodies.Get(new(body), body);
        await Grain.After(new(body), 0, [], 1);
        await _silo.Inbox(body).Read(new(body), new());
        Assert.DoesNotContain(waiting, task => task.IsCompleted);
        await Task.WhenAll(waiting).Until("waiting is bounded");
    }

    [Fact]
    public async Task Messages_for_a_gateway_that_missed_some_are_those_of_the_journal()
    {
        var body = await _silo.Admit();
        var first = _silo.Disk.Journal.Position;
        await _silo.Draft(body);
        await _silo.Settle();

        var messages = await Grain.MessagesAfter(first, first + 3, 500);

        Assert.Equal([first + 1, first + 2, first + 3], messages.Select(told => told.Change.Position));
        Assert.Equal((true, null), await Grain.Verify(new(body)) is var chain ? (chain.Ok, chain.BrokenAt) : default);
    }
}
