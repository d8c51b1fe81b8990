using Coordination.Domain.Requests;

namespace Coordination.Silo.Tests.Relay;

[Collection(nameof(SharedSilo))]
public sealed class Inboxes(SharedSilo shared) : IDisposable
{
    private readonly RunningSilo _silo = shared.Silo;

    public void Dispose() => _silo.Disk.Fails = _ => false;

    [Fact]
    public async Task A_request_reaches_those_addressed_and_its_turns_reach_the_other_side()
    {
        var (one, other, third) = (await _silo.Admit(), await _silo.Admit(), await _silo.Admit());
        var request = Giving.NewId("request");
        var opened = await _silo.Request(request).Give(one, new OpenRequest([other], null, RequestKind.Information, "Please"));
        var asked = await _silo.Request(request).Give(other, new AskClarification("Which?"));

        Assert.Equal([(opened.Position, InboxReason.Request)], Of(await _silo.InboxOf(other)));
        Assert.Equal([(asked.Position, InboxReason.Request)], Of(await _silo.InboxOf(one)));
        Assert.Empty(await _silo.InboxOf(third));
    }

    [Fact]
    public async Task An_open_call_reaches_the_bodies_of_its_region_and_an_answer_only_those_who_take_part()
    {
        var (asking, inside, also) = (await _silo.Admit(region: "Oceania"), await _silo.Admit(region: "Oceania"), await _silo.Admit(region: "Oceania"));
        var outside = await _silo.Admit(region: "Africa");
        var request = Giving.NewId("request");
        var opened = await _silo.Request(request).Give(asking, new OpenRequest(null, "009", RequestKind.Training, "Who can?"));
        await _silo.Request(request).Give(inside, new AskClarification("When?"));

        Assert.Equal([(opened.Position, InboxReason.Request)], Of(await _silo.InboxOf(inside)));
        Assert.Equal([(opened.Position, InboxReason.Request)], Of(await _silo.InboxOf(also)));
        Assert.Empty(await _silo.InboxOf(outside));
    }

    [Trait("On", "both")]
    [Fact]
    public async Task A_group_update_reaches_the_members_of_that_moment()
    {
        var (chair, member, left) = (await _silo.Admit(), await _silo.Admit(), await _silo.Admit());
        var group = Giving.NewId("g");
        var formed = await _silo.Group(group).Give(chair, new FormGroup(group, "A group", [member, left]));
        var (first, second) = (await _silo.Group(group).Give(member, new JoinGroup()), await _silo.Group(group).Give(left, new JoinGroup()));
        var removed = await _silo.Group(group).Give(chair, new RemoveMember(left));
        var shared = await _silo.Group(group).Give(member, new ShareUpdate("News"));

        // Each was invited after the group was formed; the chair is told who came.
        Assert.Equal([(formed.Position - 1, InboxReason.Group)], Of(await _silo.InboxOf(member)));
        Assert.Equal([(first.Position, InboxReason.Group), (second.Position, InboxReason.Group), (shared.Position, InboxReason.Group)], Of(await _silo.InboxOf(chair)));
        Assert.Equal([(formed.Position, InboxReason.Group), (removed.Position, InboxReason.Group)], Of(await _silo.InboxOf(left)));
    }

    [Fact]
    public async Task An_update_does_not_reach_who_is_only_invited()
    {
        var (chair, invited) = (await _silo.Admit(), await _silo.Admit());
        var group = Giving.NewId("g");
        var formed = await _silo.Group(group).Give(chair, new FormGroup(group, "A group", [invited]));
        await _silo.Group(group).Give(chair, new ShareUpdate("Among ourselves"));
        var declined = await _silo.Group(group).Give(invited, new RemoveMember(invited));
        await _silo.Group(group).Give(chair, new ShareUpdate("Still among ourselves"));

        Assert.Equal([(formed.Position, InboxReason.Group)], Of(await _silo.InboxOf(invited)));
        Assert.Equal([(declined.Position, InboxReason.Group)], Of(await _silo.InboxOf(chair)));
    }

    [Fact]
    public async Task What_was_delivered_and_closed_since_is_no_longer_in_the_inbox()
    {
        var (chair, member) = (await _silo.Admit(), await _silo.Admit());
        var group = Giving.NewId("g");
        await _silo.Group(group).Give(chair, new FormGroup(group, "A group", [member]));
        await _silo.Group(group).Give(member, new JoinGroup());
        var shared = await _silo.Group(group).Give(chair, new ShareUpdate("Among ourselves"));
        Assert.Contains(shared.Position, await _silo.InboxOf(member));

        await _silo.Group(group).Give(chair, new RemoveMember(member));

        Assert.DoesNotContain(shared.Position, await _silo.InboxOf(member));
    }

    [Fact]
    public async Task A_report_reaches_who_approves_it_and_what_became_of_it_who_made_it()
    {
        var (owner, lead, stranger) = (await _silo.Admit(), await _silo.Admit(), await _silo.Admit());
        var plan = await _silo.Draft(owner, lead: lead);
        var submitted = await _silo.Plan(plan).Give(lead, new ReportProgress("one", MilestoneStatus.InProgress, 40));
        var drafted = await _silo.Plan(plan).Give(lead, new ReportProgress("one", MilestoneStatus.InProgress, 50, Draft: true));
        var approved = await _silo.Plan(plan).Give(owner, new ApproveReport(submitted.Id));
        var moved = await _silo.Plan(plan).Give(owner, new RescheduleMilestone("one", new(2032, 1, 1), "Later"));

        Assert.Equal([(submitted.Position, InboxReason.Report)], Of(await _silo.InboxOf(owner)));
        var inbox = await _silo.InboxOf(lead);
        Assert.Equal((InboxReason.Report, InboxReason.Measure), (inbox[approved.Position], inbox[moved.Position]));
        Assert.Equal(4, inbox.Count);
        Assert.DoesNotContain(drafted.Position, inbox);
        Assert.Empty(await _silo.InboxOf(stranger));
    }

    public static TheoryData<string, Subscribe, bool> Wishes => new()
    {
        { "any request", new(SubscriptionSubject.Requests), true },
        { "region by name", new(SubscriptionSubject.Requests, Regions: ["Eastern Asia"]), true },
        { "region by code", new(SubscriptionSubject.Requests, Regions: ["030"]), true },
        { "another region", new(SubscriptionSubject.Requests, Regions: ["Caribbean"]), false },
        { "State", new(SubscriptionSubject.Requests, States: ["XKA"]), true },
        { "another State", new(SubscriptionSubject.Requests, States: ["XKB"]), false },
        { "kind", new(SubscriptionSubject.Requests, Kinds: [RequestKind.Training, RequestKind.JointActivity]), true },
        { "another kind", new(SubscriptionSubject.Requests, Kinds: [RequestKind.Funding]), false },
        { "pillar", new(SubscriptionSubject.Requests, Pillars: [Pillar.Awareness]), true },
        { "another pillar", new(SubscriptionSubject.Requests, Pillars: [Pillar.Training]), false },
        { "urgency", new(SubscriptionSubject.Requests, Urgencies: [Urgency.Urgent]), true },
        { "another urgency", new(SubscriptionSubject.Requests, Urgencies: [Urgency.Immediate]), false },
        { "plans", new(SubscriptionSubject.Plans), false },
        { "groups", new(SubscriptionSubject.Groups), false },
    };

    [Theory]
    [MemberData(nameof(Wishes))]
    public async Task A_subscriber_gets_what_it_wants_and_may_see(string wish, Subscribe subscribe, bool matches)
    {
        var (asking, asked, subscriber) = (await _silo.Admit(state: "XKA", region: "Asia", kind: BodyKind.State), await _silo.Admit(), await _silo.Admit());
        var eastern = await _silo.Admit(state: "XKA", region: "Asia", subregion: "Eastern Asia");
        await _silo.Inbox(subscriber).Give(subscriber, subscribe);
        await _silo.Settle();
        var wide = await _silo.Request(Giving.NewId("request")).Give(eastern, new OpenRequest(
            [asked], null, RequestKind.JointActivity, "For all to see", Pillar: Pillar.Awareness, Mark: Mark.Community, Urgency: Urgency.Urgent));
        var narrow = await _silo.Request(Giving.NewId("request")).Give(eastern, new OpenRequest(
            [asked], null, RequestKind.JointActivity, "For those asked", Pillar: Pillar.Awareness, Mark: Mark.Parties, Urgency: Urgency.Urgent));

        var inbox = await _silo.InboxOf(subscriber);

        Assert.True(matches == inbox.ContainsKey(wide.Position), wish);
        if (matches) Assert.Equal(InboxReason.Subscription, inbox[wide.Position]);
        Assert.DoesNotContain(narrow.Position, inbox);
        Assert.DoesNotContain(wide.Position, await _silo.InboxOf(asking));
    }

    [Fact]
    public async Task An_ended_subscription_brings_nothing_more()
    {
        var (asking, asked, subscriber) = (await _silo.Admit(), await _silo.Admit(), await _silo.Admit());
        var made = await _silo.Inbox(subscriber).Give(subscriber, new Subscribe(SubscriptionSubject.Plans));
        await _silo.Settle();
        var plan = await _silo.Draft(asking);
        await _silo.Inbox(subscriber).Give(subscriber, new Unsubscribe(made.Id));
        await _silo.Settle();
        var more = await _silo.Plan(plan).Give(asking, new AddMeasure("n", Pillar.Training, "Another", Supporting: [asked]));

        Assert.Equal(3, (await _silo.InboxOf(subscriber)).Count);
        Assert.Equal([(more.Position, InboxReason.Measure)], Of(await _silo.InboxOf(asked)));
    }

    [Trait("On", "both")]
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(500)]
    [InlineData(0)]
    [InlineData(-7)]
    public async Task Pages_of_an_inbox_hold_everything_once_though_some_of_it_is_hidden(int limit)
    {
        var (owner, body) = (await _silo.Admit(), await _silo.Admit());
        for (var time = 0; time < 3; time++)
        {
            await _silo.Draft(owner, mark: Mark.Parties);
            await _silo.Draft(owner);
            await _silo.Draft(owner, mark: Mark.Parties);
        }

        await _silo.Settle();
        var last = _silo.Disk.Journal.Position;
        var reason = nameof(InboxReason.Subscription);
        // Behind the platform's back. The last is of a journal that never had it: must neither be shown nor be walked for ever.
        await _silo.Put([.. Enumerable.Range(0, 27).Select(back => new NewDelivery(body, last - back, reason, "plan/p")), new(body, last + 1_000_000, reason, "plan/p")]);

        var found = new List<long>();
        string? cursor = null;
        do
        {
            var page = await _silo.Inbox(body).Read(new(body), new(cursor, limit)).Until("the page");
            Assert.InRange(page.Items.Length, 0, Math.Max(1, limit));
            found.AddRange(page.Items.Select(item => item.Position));
            cursor = page.Next;
        }
        while (cursor is not null);

        Assert.Equal(9, found.Count);
        Assert.Equal(found.OrderDescending().Distinct(), found);
    }

    [Trait("On", "both")]
    [Fact]
    public async Task The_read_mark_counts_what_comes_after_it_and_nobody_else_reads_the_inbox()
    {
        var (owner, body) = (await _silo.Admit(), await _silo.Admit());
        await _silo.Inbox(body).Give(body, new Subscribe(SubscriptionSubject.Plans, States: ["XRM"]));
        var state = await _silo.Admit(state: "XRM");
        await _silo.Settle();
        await _silo.Draft(state);
        await _silo.Settle();
        var all = await _silo.Inbox(body).Read(new(body), new());
        await _silo.Inbox(body).Give(body, new ReadInbox(all.Items[1].Position));

        var read = await _silo.Inbox(body).Read(new(body), new());

        Assert.Equal((3, 1), (all.Unread, read.Unread));
        Assert.Equal([false, true, true], read.Items.Select(item => item.Read));
        Assert.Empty((await _silo.Inbox(body).Read(new(owner), new())).Items);
    }

    [Fact]
    public async Task What_a_failing_disk_does_not_take_in_is_delivered_when_it_works_again()
    {
        var (one, other) = (await _silo.Admit(), await _silo.Admit());
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _silo.Disk.Fails = access => access is "Deliver" && failed.TrySetResult() | true;
        var opened = await _silo.Request(Giving.NewId("request")).Give(one, new OpenRequest([other], null, RequestKind.Information, "Please"));
        await failed.Task.Until("the disk has failed");
        _silo.Disk.Fails = _ => false;

        Assert.Equal([(opened.Position, InboxReason.Request)], Of(await _silo.InboxOf(other)));
    }

    private static (long, InboxReason)[] Of(Dictionary<long, InboxReason> inbox) => [.. inbox.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value))];
}
