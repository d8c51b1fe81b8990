using System.Reflection;
using System.Text;
using Coordination.Contracts;
using Coordination.Contracts.Accounts;
using Coordination.Contracts.Feed;
using Coordination.Contracts.Groups;
using Coordination.Contracts.Messages;
using Coordination.Gateway.Http;
using Coordination.Gateway.Live;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans;

namespace Coordination.Gateway.Tests.Live;

/// <summary>The feed of one gateway against silos that lag, hang and are away.</summary>
public sealed class HolesAndLags : IDisposable
{
    private readonly Cluster _silos = new() { Head = 10 };
    private readonly Viewers _viewers;
    private readonly ReadYourWrites _writes = new();
    private readonly LiveFeed _feed;
    private readonly Window _window = new();

    private static Session SessionNamed(string id) => new(id, "", null, null, "", null, 0, TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow());

    public HolesAndLags()
    {
        var grains = new Grains(Fake.Of<IGrainFactory>((method, arguments) => _silos.Grain(method.GetGenericArguments()[0])));
        _viewers = new(grains, Options.Create(new GatewayOptions()), TimeProvider.System, NullLogger<Viewers>.Instance);
        _feed = new(grains, _viewers, _writes, NullLogger<LiveFeed>.Instance);
        _viewers.Add(new("one", "a-argentina", SessionNamed("session-1"), "argentina", [], _window, _window.Line, _window.Cut, 1_000, TimeProvider.System) { Topics = ["all"] });
    }

    public void Dispose()
    {
        _viewers.Remove("one");
        _feed.Dispose();
    }

    [Fact]
    public async Task Begins_where_the_silo_stands_and_tells_what_comes()
    {
        await _feed.Look();
        await Hear(11, 12);
        await Hear(13);
        await Heard(11, 12, 13);
        Assert.Equal((13, 13), (_feed.Position, _writes.Position));
    }

    [Fact]
    public async Task Before_it_knows_where_to_begin_it_tells_nothing()
    {
        _silos.IsAway = true;
        await Assert.ThrowsAsync<TimeoutException>(_feed.Look);
        await Hear(11);
        Assert.Equal(-1, _feed.Position);
        _silos.IsAway = false;
        _silos.Head = 12;
        await _feed.Look();
        await Hear(13);
        await Heard(13);
    }

    [Fact]
    public async Task Repeats_and_what_comes_too_late_are_dropped()
    {
        await _feed.Look();
        await Hear(11, 12);
        await Hear(11);
        await Hear(11, 12, 13);
        await Hear(12);
        await Heard(11, 12, 13);
    }

    [Fact]
    public async Task A_message_that_does_not_hold_what_it_says_moves_nothing()
    {
        await _feed.Look();
        var far = Changes.Of([Cluster.MessageAt(11)]) with { Position = 1_000_000_000_000 };
        foreach (var made in (Changes[])[far, far with { Items = [] }, Changes.Of([Cluster.MessageAt(1_000)]) with { Previous = 10 }]) await _feed.Hear(made);
        Assert.Equal(10, _feed.Position);
        await Hear(11);
        await Heard(11);
    }

    [Fact]
    public async Task A_hole_is_read_from_the_journal()
    {
        await _feed.Look();
        _silos.Head = 15;
        await Hear(14, 15);
        await Heard(11, 12, 13, 14, 15);
    }

    [Fact]
    public async Task Nothing_is_told_beyond_a_hole_that_no_silo_can_fill_yet()
    {
        await _feed.Look();
        // The silo that is asked has not heard of it itself.
        _silos.Head = 12;
        await _feed.Hear(Changes.Of([Cluster.MessageAt(14), Cluster.MessageAt(15)]));
        await Heard(11, 12);
        Assert.Equal(12, _feed.Position);
        _silos.Head = 15;
        await _feed.Look();
        await Heard(11, 12, 13, 14, 15);
    }

    [Fact]
    public async Task What_was_there_a_look_ago_and_has_not_been_told_is_read()
    {
        await _feed.Look();
        _silos.Head = 12;
        await _feed.Look();
        Assert.Equal(10, _feed.Position);
        await _feed.Look();
        await Heard(11, 12);
    }

    [Fact]
    public async Task A_silo_that_is_behind_takes_nothing_back()
    {
        await _feed.Look();
        await Hear(11, 12, 13);
        _silos.Head = 5;
        for (var time = 0; time < 3; time++) await _feed.Look();
        await Hear(14);
        await Heard(11, 12, 13, 14);
        Assert.Equal((14, 14), (_feed.Position, _writes.Position));
    }

    [Fact]
    public async Task Silos_that_are_away_stop_nothing_and_lose_nothing()
    {
        await _feed.Look();
        _silos.IsAway = true;
        await Hear(13, 14);
        await Assert.ThrowsAsync<TimeoutException>(_feed.Look);
        await Hear(15);
        await Heard();
        _silos.IsAway = false;
        _silos.Head = 15;
        await Hear(16);
        await Heard(11, 12, 13, 14, 15, 16);
    }

    [Trait("Full", "soak")]
    [Fact]
    public async Task A_right_is_asked_about_beside_the_feed_and_in_doubt_its_viewer_is_cut_within_a_second()
    {
        _viewers.Add(new("two", "a-finland", SessionNamed("session-2"), "finland", [], new Window(), new Window().Line, () => { }, 1_000, TimeProvider.System) { Topics = ["all"] });
        await _feed.Look();
        _silos.Standing = _ => new TaskCompletionSource<Standing>().Task;
        _silos.Head = 12;
        var began = TimeProvider.System.GetTimestamp();
        await _feed.Hear(Changes.Of([Cluster.MessageAt(11) with { Right = new("a-argentina", "argentina") }, Cluster.MessageAt(12)]));
        Assert.Equal(12, _feed.Position);
        Assert.True(TimeProvider.System.GetElapsedTime(began) < Watch.Promptly / 2, "The feed waited for the silo.");
        await _window.Ended.WaitAsync(Watch.Promptly, TestContext.Current.CancellationToken);
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, Watch.Promptly);
        Assert.False(_window.SaidGoodbye);
        _viewers.Remove("two");
    }

    [Fact]
    public async Task A_right_that_was_taken_ends_its_viewer_however_late_a_silo_learns_of_it()
    {
        await _feed.Look();
        _silos.Standing = asker => Task.FromResult(asker.Seen < 11 ? Standing.Here : Standing.None);
        _silos.Head = 11;
        await _feed.Hear(Changes.Of([Cluster.MessageAt(11) with { Right = new("a-argentina", "argentina") }]));
        await _window.Ended.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        Assert.True(_window.SaidGoodbye);
        // What is asked here from now on is asked of silos that know of it.
        Assert.Equal(11, _writes.Rights);
    }

    [Fact]
    public async Task A_right_in_another_body_ends_nothing()
    {
        var other = new Window();
        _viewers.Add(new("two", "a-argentina", SessionNamed("session-2"), "chile", [], other, other.Line, other.Cut, 1_000, TimeProvider.System) { Topics = ["all"] });
        await _feed.Look();
        _silos.Head = 11;
        await _feed.Hear(Changes.Of([Cluster.MessageAt(11) with { Right = new("a-argentina", "chile") }]));
        await other.Ended.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        await Heard(11);
        Assert.False(_window.Ended.IsCompleted || _window.SaidGoodbye);
        _viewers.Remove("two");
    }

    /// <summary>A message comes of what the silos know.</summary>
    private Task Hear(params long[] positions)
    {
        _silos.Head = Math.Max(_silos.Head, positions.Max());
        return _feed.Hear(Changes.Of([.. positions.Select(Cluster.MessageAt)]));
    }

    [Fact]
    public async Task Of_what_was_given_in_one_go_a_viewer_has_one_notice()
    {
        foreach (var (position, batch) in ((long, string?)[])[(11, "b"), (12, "b"), (13, "c"), (14, "b"), (15, null), (16, null)])
            _viewers.Tell(Cluster.MessageAt(position) with { Recipients = [new("argentina", Contracts.Subscriptions.InboxReason.Request)], Batch = batch }, null);
        for (var wait = 0; _window.Notices.Count < 4 && wait < 200; wait++) await Task.Delay(10, TestContext.Current.CancellationToken);
        await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.Equal([11, 13, 15, 16], _window.Notices);
    }

    private async Task Heard(params long[] positions)
    {
        for (var wait = 0; _window.Heard.Count < positions.Length && wait < 200; wait++) await Task.Delay(10, TestContext.Current.CancellationToken);
        await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.Equal(positions, _window.Heard);
    }

    /// <summary>What all silos together answer.</summary>
    private sealed class Cluster
    {
        /// <summary>How far the silo that is asked knows the journal.</summary>
        public long Head { get; set; }

        public bool IsAway { get; set; }

        /// <summary>What an account may do, by what is asked.</summary>
        public Func<Asker, Task<Standing>> Standing { get; set; } = _ => Task.FromResult(Contracts.Accounts.Standing.None);

        public object Grain(Type type)
        {
            if (type == typeof(IFeedGrain)) return Fake.Of<IFeedGrain>((method, arguments) => (method.Name, IsAway) switch
            {
                (_, true) => method.ReturnType == typeof(Task<long>) ? Task.FromException<long>(new TimeoutException("Away.")) : Task.FromException<Told[]>(new TimeoutException("Away.")),
                (nameof(IFeedGrain.Position), _) => Task.FromResult(Head),
                (nameof(IFeedGrain.MessagesAfter), _) => Task.FromResult(Enumerable.Range(1, 20).Select(next => (long)arguments[0]! + next).Where(position => position <= Head).Select(ToldAt).ToArray()),
                _ => throw new NotSupportedException(method.Name),
            });
            if (type == typeof(IStandingGrain)) return Fake.Of<IStandingGrain>((method, arguments) => method.Name switch
            {
                nameof(IStandingGrain.Of) => Standing((Asker)arguments[0]!),
                _ => throw new NotSupportedException(method.Name),
            });
            throw new NotSupportedException(type.Name);
        }

        public static Changed MessageAt(long position) => new()
        {
            Position = position,
            At = TimeProvider.System.GetUtcNow(),
            Actor = "finland",
            Topics = ["group/one"],
            Mark = Mark.Public,
            Recipients = [],
            Stream = "group/one",
        };

        private static Told ToldAt(long position) => new(
            MessageAt(position),
            new()
            {
                Position = position,
                At = TimeProvider.System.GetUtcNow(),
                Type = "group.update-shared",
                Actor = "finland",
                Topics = ["group/one"],
                Mark = Mark.Public,
                Subject = new("group", "one"),
                Summary = "",
                Data = [],
                Exercise = false,
                Version = position,
            });
    }

    private sealed class Window : IViewerClient
    {
        private readonly TaskCompletionSource _ended = new();

        public Window() => Line = new(Heard);

        public List<long> Heard { get; } = [];

        public Line Line { get; }

        public bool SaidGoodbye { get; private set; }

        public Task Ended => _ended.Task;

        public void Cut() => _ended.TrySetResult();

        public Task Changed(FeedEntry entry) => throw new NotSupportedException("Changes come over the line, in the form that all viewers share.");

        public Task Position(long position) => Task.CompletedTask;

        public List<long> Notices { get; } = [];

        public Task Inbox(InboxNotice notice)
        {
            Notices.Add(notice.Position);
            return Task.CompletedTask;
        }

        public Task Here(Presence presence) => Task.CompletedTask;

        public Task CatchUp(long position) => Task.CompletedTask;

        public Task SignedOut()
        {
            SaidGoodbye = true;
            return Task.CompletedTask;
        }
    }

    /// <summary>A connection that reads what is written to it: one record after the other, however many are written at once.</summary>
    private sealed class Line(List<long> heard)
        : HubConnectionContext(new DefaultConnectionContext(), new() { KeepAliveInterval = TimeSpan.FromMinutes(1) }, NullLoggerFactory.Instance)
    {
        public override IHubProtocol Protocol { get; set; } = new JsonHubProtocol();

        public override ValueTask WriteAsync(SerializedHubMessage message, CancellationToken cancellationToken = default)
        {
            var records = Encoding.UTF8.GetString(message.GetSerializedMessage(Protocol).Span).Split('\u001e', StringSplitOptions.RemoveEmptyEntries);
            foreach (var record in records) heard.Add(JsonDocument.Parse(record).RootElement.GetProperty("arguments")[0].GetProperty("position").GetInt64());
            return default;
        }
    }
}

/// <summary>An interface of which a test says what each call answers.</summary>
public class Fake : DispatchProxy
{
    private Func<MethodInfo, object?[], object?> _answer = (_, _) => null;

    public static T Of<T>(Func<MethodInfo, object?[], object?> answer) where T : class
    {
        var proxy = Create<T, Fake>();
        ((Fake)(object)proxy)._answer = answer;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _answer(targetMethod!, args ?? []);
}
