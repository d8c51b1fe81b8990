using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Coordination.Domain.Requests;
using Coordination.Host.Reactors;
using Microsoft.Extensions.DependencyInjection;

namespace Coordination.Silo.Tests.Reactors;

/// <summary>Reactors and channels as a silo runs them.</summary>
[Trait("On", "both")]
public sealed class RunningReactors
{
    [Fact]
    public async Task What_follows_from_an_entry_is_sent_once_and_goes_on_after_a_restart_where_it_was()
    {
        var post = new Post();
        await using var first = await RunningSilo.Start();
        var (one, other) = (await first.Admit("one"), await first.Admit("other"));
        await Open(first, one, other);
        // A reactor that is new does not tell of what was before it.
        var folder = await first.Stop();
        await using var second = await Start(post, folder);
        var opened = await Open(second, one, other);
        Assert.Equal($"letters/{opened}/0 to other", await post.Next());

        folder = await second.Stop();
        await using var third = await Start(post, folder);
        var again = await Open(third, one, other);
        Assert.Equal($"letters/{again}/0 to other", await post.Next());
        Assert.Equal(2, post.Sent.Count);
    }

    [Fact]
    public async Task A_command_that_follows_is_given_once_by_the_platform_and_names_the_reactor_and_the_entry()
    {
        var post = new Post { Withdraws = true };
        await using var silo = await Start(post);
        var (one, other) = (await silo.Admit(), await silo.Admit());
        var opened = await Open(silo, one, other);
        await post.Next();

        var entries = await silo.Disk.Journal.ReadFrom(opened, 9, Waiting.Cancellation);
        var withdrawn = Assert.Single(entries, entry => entry.Fact == "request.withdrawn");
        Assert.Equal(("reactor:letters", opened, Actor.Platform.Account), (withdrawn.Via, withdrawn.Cause, withdrawn.Actor));
    }

    [Fact]
    public async Task What_cannot_be_sent_is_listed_until_it_is_retried()
    {
        var post = new Post { Says = new Sent.Never("Unknown.") };
        await using var silo = await Start(post);
        var (one, other) = (await silo.Admit(), await silo.Admit());
        var opened = await Open(silo, one, other);
        await post.Next();
        var outbox = silo.Store.Outbox;
        IReadOnlyList<Outgoing> given;
        while ((given = await outbox.List("mail", OutgoingState.GivenUp, 0, 9, Waiting.Cancellation)).Count == 0) await Task.Delay(10, Waiting.Cancellation);
        Assert.Equal((opened, "Unknown."), (given[0].Position, given[0].Reason));

        post.Says = new Sent.Arrived();
        Assert.Equal(1, await outbox.Retry(null, null, TimeProvider.System.GetUtcNow(), Waiting.Cancellation));

        Assert.Equal($"letters/{opened}/0 to {other}", await post.Next());
    }

    [Fact]
    public async Task One_that_fails_stops_alone_and_goes_on_where_it_stopped()
    {
        var post = new Post { Fails = true };
        await using var silo = await Start(post, others: services => services.AddReactor<Copies>());
        var (one, other) = (await silo.Admit(), await silo.Admit());
        var opened = await Open(silo, one, other);

        // The other reactor, and the inboxes.
        Assert.Equal($"copies/{opened}/0 to {other}", await post.Next());
        Assert.Equal([opened], (await silo.InboxOf(other)).Keys);
        post.Fails = false;
        Assert.Equal($"letters/{opened}/0 to {other}", await post.Next());
    }

    [Fact]
    public async Task A_cancellation_that_nobody_asked_for_is_a_failure_like_any_other_and_after_one_that_is_over_the_next_waits_no_longer()
    {
        var post = new Post();
        await using var silo = await Start(post);
        var (one, other) = (await silo.Admit(), await silo.Admit());
        var tries = new ConcurrentQueue<object?>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, all) =>
        {
            if (instrument.Name == "resilience.polly.strategy.attempt.duration") all.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            var told = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value);
            if (told["pipeline.name"] is Pipelines.Reactor && told["attempt.handled"] is true) tries.Enqueue(told["attempt.number"]);
        });
        listener.Start();

        for (var time = 0; time < 2; time++)
        {
            post.Failures.Enqueue(new TaskCanceledException());
            var opened = await Open(silo, one, other);
            Assert.Equal($"letters/{opened}/0 to {other}", await post.Next());
        }

        Assert.Equal([0, 0], tries);
    }

    [Fact]
    public async Task What_was_closed_to_its_recipient_before_it_could_be_sent_is_not_sent()
    {
        var post = new Post();
        await using var silo = await Start(post);
        var (chair, member) = (await silo.Admit(), await silo.Admit());
        await silo.Settle();
        var account = Assert.Single(silo.World.CoordinatorsOf(member));
        var group = Giving.NewId("g");
        await silo.Group(group).Give(chair, new FormGroup(group, "A group", [member]));
        await silo.Group(group).Give(member, new JoinGroup());
        var shared = (await silo.Group(group).Give(chair, new ShareUpdate("Among ourselves"))).Position;
        await silo.Settle();
        var outbox = silo.Store.Outbox;

        await Put("before");
        Assert.Equal([$"before/{shared}/0 to {member}", $"before/{shared}/1 to {account}"], new[] { await post.Next(), await post.Next() }.Order());
        await silo.Group(group).Give(chair, new RemoveMember(member));
        await silo.Settle();
        await Put("after");

        var given = await GivenUp().Until("both are given up");
        Assert.All(given, row => Assert.Equal(("after", "It has been closed to the recipient since."), (row.Reactor, row.Reason)));
        Assert.Equal(2, post.Sent.Count);

        async Task<IReadOnlyList<Outgoing>> GivenUp()
        {
            while (true)
            {
                if (await outbox.List("mail", OutgoingState.GivenUp, 0, 9, Waiting.Cancellation) is { Count: 2 } both) return both;
                Assert.Equal(2, post.Sent.Count);
                await Task.Delay(10, Waiting.Cancellation);
            }
        }

        async Task Put(string reactor)
        {
            await outbox.Mark(reactor, shared - 1, Waiting.Cancellation);
            Assert.True(await outbox.Put(
                reactor, shared - 1, shared, [new(shared, 0, "mail", member, $"group/{group}", []), new(shared, 1, "mail", account, $"group/{group}", [])],
                TimeProvider.System.GetUtcNow(), Waiting.Cancellation));
        }
    }

    [Fact]
    public async Task Two_of_one_name_are_refused_at_the_start() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => Start(new(), others: services => services.AddReactor<Letters>()));

    [Fact]
    public async Task What_was_given_in_one_go_is_one_item_with_the_number_of_entries_and_unread_again_when_more_comes_also_after_a_restart()
    {
        await using var silo = await RunningSilo.Start();
        var (one, other) = (await silo.Admit("one"), await silo.Admit("other"));
        var last = 0L;
        for (var time = 0; time < 4; time++) last = await Open(silo, one, other, "a batch");
        var alone = await Open(silo, one, other);
        await silo.Settle();
        Assert.Equal([(alone, 1, false), (last, 4, false)], Of(await silo.Inbox(other).Read(new(other), new())));
        await silo.Inbox(other).Give(other, new ReadInbox(alone));
        await silo.Settle();
        Assert.Equal([(alone, 1, true), (last, 4, true)], Of(await silo.Inbox(other).Read(new(other), new())));

        await using var again = await RunningSilo.Start(await silo.Stop());
        last = await Open(again, one, other, "a batch");
        await again.Settle();

        var inbox = await again.Inbox(other).Read(new(other), new());
        Assert.Equal([(last, 5, false), (alone, 1, true)], Of(inbox));
        Assert.Equal((1, 0), (inbox.Unread, (await again.Inbox(one).Read(new(one), new())).Items.Length));
        var folding = again.Services.GetRequiredService<Folding>();
        Assert.Equal(
            (await folding.Digest(again.World.Position, 0, null, Waiting.Cancellation)).Inboxes,
            (await (await again.Digests()).With(again.Store.Inboxes, Waiting.Cancellation)).Inboxes);

        static (long, int, bool)[] Of(Inbox inbox) => [.. inbox.Items.Select(item => (item.Position, item.Entries, item.Read))];
    }

    [Fact]
    public async Task Of_what_was_given_in_one_go_a_body_is_shown_and_told_the_number_of_what_it_may_see_whichever_that_is()
    {
        await using var silo = await RunningSilo.Start();
        var (one, other) = (await silo.Admit(), await silo.Admit());
        var shown = new List<long>();
        var group = Giving.NewId("g");
        await silo.Group(group).Give(one, new FormGroup(group, "A group", [other]));
        await silo.Group(group).Give(other, new JoinGroup());
        await Share();
        shown.Add(await Open(silo, one, other, "a batch"));
        await Share();
        shown.Add(await Open(silo, one, other, "a batch"));
        await Share();
        await silo.Settle();
        Assert.Contains(5, (await silo.Inbox(other).Read(new(other), new())).Items.Select(item => item.Entries));

        await silo.Group(group).Give(one, new RemoveMember(other));
        await silo.Settle();

        var item = Assert.Single((await silo.Inbox(other).Read(new(other), new())).Items, item => item.Entries > 1);
        Assert.Equal((shown[1], 2), (item.Position, item.Entries));

        async Task Share() => Assert.IsType<Done>(await silo.Group(group).Execute(Giving.By(one) with { Batch = "a batch" }, new ShareUpdate("Among ourselves")));
    }

    private static Task<RunningSilo> Start(Post post, DataFolder? folder = null, Action<IServiceCollection>? others = null) => RunningSilo.Start(folder, add: services =>
    {
        services.AddSingleton(post).AddReactor<Letters>().AddChannel<Mail>();
        others?.Invoke(services);
    });

    private static async Task<long> Open(RunningSilo silo, string from, string to, string? batch = null)
    {
        var request = Giving.NewId("request");
        var done = await silo.Request(request).Execute(Giving.By(from) with { Batch = batch }, new OpenRequest([to], null, RequestKind.Information, "Please"));
        return Assert.IsType<Done>(done).Position;
    }

    /// <summary>What the test knows of what was sent.</summary>
    private sealed class Post
    {
        private readonly Channel<string> _came = Channel.CreateUnbounded<string>();

        public ConcurrentQueue<string> Sent { get; } = [];
        public Sent Says { get; set; } = new Sent.Arrived();
        public bool Withdraws { get; init; }
        public bool Fails { get; set; }
        public ConcurrentQueue<Exception> Failures { get; } = [];

        public Sent Take(Outgoing outgoing)
        {
            Sent.Enqueue($"{outgoing.Id} to {outgoing.Recipient}");
            _came.Writer.TryWrite($"{outgoing.Id} to {outgoing.Recipient}");
            return Says;
        }

        public Task<string> Next() => _came.Reader.ReadAsync(Waiting.Cancellation).AsTask().Until("something is sent");
    }

    private sealed class Letters(Post post) : IReactor
    {
        public string Name => "letters";

        public IEnumerable<Reaction> React(Happening happening, World world)
        {
            if (happening.Fact is not RequestOpened) yield break;
            if (post.Fails) throw new InvalidOperationException("Told to fail.");
            if (post.Failures.TryDequeue(out var failure)) throw failure;
            foreach (var recipient in happening.Change.Recipients) yield return new Reaction.Deliver("mail", recipient.Body, []);
            if (post.Withdraws) yield return new Reaction.Give((grains, header) => grains.GetGrain<IRequestGrain>(happening.Entry.Stream["request/".Length..]).Execute(header, new WithdrawRequest()));
        }
    }

    private sealed class Copies : IReactor
    {
        public string Name => "copies";

        public IEnumerable<Reaction> React(Happening happening, World world) =>
            happening.Fact is RequestOpened ? happening.Change.Recipients.Select(recipient => new Reaction.Deliver("mail", recipient.Body, [])) : [];
    }

    private sealed class Mail(Post post) : IChannel
    {
        public string Name => "mail";

        public Task<Sent> Send(Outgoing outgoing, CancellationToken cancellation) => Task.FromResult(post.Take(outgoing));
    }
}
