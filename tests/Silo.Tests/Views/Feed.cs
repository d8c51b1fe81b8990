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
    public async Task Nobody_waits_for_a_position_that_the_journal_does_not_have()
    {
        await using var silo = await RunningSilo.Start(configure: options => options.SeenWithin = TimeSpan.FromMinutes(1));
        var body = await silo.Admit();
        var plan = await silo.Draft(body);
        var asker = new Asker(body, long.MaxValue);
        var grains = silo.Grains;

        // Each would be held for a minute.
        await Task.WhenAll(
            grains.GetGrain<IBodyViewsGrain>(0).Get(asker, body), grains.GetGrain<IBodyViewsGrain>(0).List(asker, new(), new()), grains.GetGrain<IBodyViewsGrain>(0).Regions(asker),
            grains.GetGrain<IPlanViewsGrain>(0).Get(asker, plan), grains.GetGrain<IPlanViewsGrain>(0).List(asker, new(), new()), grains.GetGrain<IPlanViewsGrain>(0).Milestones(asker, new(), new()),
            grains.GetGrain<IPlanViewsGrain>(0).Measures(asker, plan, null, new()), grains.GetGrain<IPlanViewsGrain>(0).Milestone(asker, plan, "one"), grains.GetGrain<IPlanViewsGrain>(0).Reports(asker, plan, "one", new()),
            grains.GetGrain<IRequestViewsGrain>(0).Get(asker, "none"), grains.GetGrain<IRequestViewsGrain>(0).List(asker, new(), new()),
            grains.GetGrain<IGroupViewsGrain>(0).Get(asker, "none"), grains.GetGrain<IGroupViewsGrain>(0).List(asker, new()), grains.GetGrain<IGroupViewsGrain>(0).Updates(asker, "none", new()),
            grains.GetGrain<ISubscriptionViewsGrain>(0).List(asker, new()), silo.Inbox(body).Read(asker, new()), grains.GetGrain<IVisibilityGrain>(0).MaySee(asker, new("plan", "none")),
            grains.GetGrain<IFeedGrain>(0).After(asker, 0, [], 1), grains.GetGrain<IFeedGrain>(0).Before(asker, null, [], 1), grains.GetGrain<IFeedGrain>(0).Entries(asker, 0, 1)).Until("all answers");
    }

    [Fact]
    public async Task Reads_wait_for_the_views_side_by_side_and_not_for_ever()
    {
        var body = await _silo.Admit();
        await _silo.Settle();
        var bodies = _silo.Grains.GetGrain<IBodyViewsGrain>(0);
        _silo.Disk.Fails = access => access == "ReadFrom";
        try
        {
            await _silo.Draft(body);
            var waiting = Enumerable.Range(0, 16).Select(_ => (Task)bodies.Get(new(body), body))
                .Concat(Enumerable.Range(0, 16).Select(_ => (Task)_silo.Inbox(body).Read(new(body), new())))
                .ToList();
            await Task.Delay(TimeSpan.FromMilliseconds(500), Waiting.Cancellation);
            Assert.DoesNotContain(waiting, task => task.IsCompleted);
            // One after the other it would take more than a minute.
            await Task.WhenAll(waiting).Until("waiting is bounded");
        }
        finally
        {
            _silo.Disk.Fails = _ => false;
        }

        await _silo.Settle();
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
        Assert.Equal((true, null), await Grain.Verify(new(body), Waiting.Cancellation) is var chain ? (chain.Ok, chain.BrokenAt) : default);
    }
}
