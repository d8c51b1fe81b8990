using Coordination.Contracts.Feed;

namespace Coordination.Silo.Tests.Views;

/// <summary>What happened to a milestone, a request or a group is read from the journal, page by page.</summary>
[Trait("On", "both")]
[Collection(nameof(SharedSilo))]
public sealed class Histories(SharedSilo shared) : IDisposable
{
    private readonly RunningSilo _silo = shared.Silo;

    public void Dispose() => _silo.Disk.Fails = _ => false;

    private IPlanViewsGrain Plans => _silo.Grains.GetGrain<IPlanViewsGrain>(0);
    private IRequestViewsGrain Requests => _silo.Grains.GetGrain<IRequestViewsGrain>(0);
    private IGroupViewsGrain Groups => _silo.Grains.GetGrain<IGroupViewsGrain>(0);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(50)]
    public async Task Reports_come_newest_first_each_once_with_their_texts_and_to_whom_they_are_for(int limit)
    {
        var (owner, lead, plan) = await Plan();
        for (var progress = 1; progress <= 4; progress++) await _silo.Plan(plan).Give(owner, new ReportProgress("one", MilestoneStatus.InProgress, progress, $"Note {progress}"));
        var approved = await _silo.Plan(plan).Give(lead, new ReportProgress("one", MilestoneStatus.InProgress, 5, "Note 5", ["Annex 5"], Draft: true));
        await _silo.Plan(plan).Give(lead, new SubmitReport(approved.Id, Progress: 6));
        await _silo.Plan(plan).Give(owner, new ApproveReport(approved.Id));
        await _silo.Plan(plan).Give(lead, new ReportProgress("one", MilestoneStatus.InProgress, 7, "Note 7"));
        var returned = await _silo.Plan(plan).Give(lead, new ReportProgress("one", MilestoneStatus.InProgress, 8, "Note 8"));
        await _silo.Plan(plan).Give(owner, new ReturnReport(returned.Id, "Which month?"));
        var draft = await _silo.Plan(plan).Give(lead, new ReportProgress("one", MilestoneStatus.InProgress, 9, "Note 9", Draft: true));

        var own = await Reports(lead, plan, draft.Position, limit);
        Assert.Equal([9, 8, 7, 6, 4, 3, 2, 1], own.Select(report => report.Progress));
        Assert.Equal(["Note 9", "Note 8", "Note 7", "Note 5", "Note 4", "Note 3", "Note 2", "Note 1"], own.Select(report => report.Note));
        Assert.Equal(
            [ReportState.Draft, ReportState.Returned, ReportState.Submitted, .. Enumerable.Repeat(ReportState.Approved, 5)],
            own.Select(report => report.State));
        Assert.Equal(("Which month?", "Annex 5"), (own[1].ReturnedBecause, Assert.Single(own[3].Evidence)));
        Assert.Equal([8, 7, 6, 4, 3, 2, 1], (await Reports(owner, plan, draft.Position, limit)).Select(report => report.Progress));
        Assert.Equal([6, 4, 3, 2, 1], (await Reports(await _silo.Admit(), plan, draft.Position, limit)).Select(report => report.Progress));
    }

    [Fact]
    public async Task What_takes_effect_between_two_pages_is_shown_once()
    {
        var (owner, lead, plan) = await Plan();
        await _silo.Plan(plan).Give(owner, new ReportProgress("one", MilestoneStatus.InProgress, 1));
        var older = await _silo.Plan(plan).Give(lead, new ReportProgress("one", MilestoneStatus.InProgress, 2));
        await _silo.Plan(plan).Give(owner, new ReportProgress("one", MilestoneStatus.InProgress, 3));
        var newer = await _silo.Plan(plan).Give(lead, new ReportProgress("one", MilestoneStatus.InProgress, 4));
        var first = (await Plans.Reports(new(owner, newer.Position), plan, "one", new(Limit: 1)))!;
        Assert.Equal(newer.Id, Assert.Single(first.Items).Id);

        // One of them was shown, the other was not; and another comes that was not there.
        await _silo.Plan(plan).Give(owner, new ApproveReport(newer.Id));
        var done = await _silo.Plan(plan).Give(owner, new ApproveReport(older.Id));
        await _silo.Plan(plan).Give(owner, new ReportProgress("one", MilestoneStatus.InProgress, 5));
        var rest = new List<ReportView>();
        for (var after = first.Next; after is not null;)
        {
            var page = (await Plans.Reports(new(owner, done.Position), plan, "one", new(Limit: 1, After: after)))!;
            rest.Add(Assert.Single(page.Items));
            after = page.Next;
        }

        Assert.Equal([1, 2, 3], rest.Select(report => report.Progress).Order());
        Assert.Equal([5, 2, 4, 3, 1], (await Reports(owner, plan, _silo.Disk.Journal.Position, 2)).Select(report => report.Progress));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("1|2")]
    [InlineData("1|three|")]
    [InlineData("-1|2|")]
    [InlineData("1|2|r-one|3")]
    public async Task A_cursor_that_was_made_up_is_refused(string cursor)
    {
        var (owner, _, plan) = await Plan();
        var encoded = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(cursor)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        await Assert.ThrowsAsync<UnreadableCursorException>(() => Plans.Reports(new(owner), plan, "one", new(After: encoded)));
    }

    [Fact]
    public async Task A_milestone_can_be_followed_by_those_who_may_see_what_happens_to_it()
    {
        var (owner, lead, plan) = await Plan();
        await _silo.Plan(plan).Give(owner, new ReportProgress("one", MilestoneStatus.InProgress, 1));
        await _silo.Plan(plan).Give(owner, new RescheduleMilestone("one", new(2031, 6, 1), "Later"));
        var draft = await _silo.Plan(plan).Give(lead, new ReportProgress("one", MilestoneStatus.InProgress, 2, Draft: true));
        await _silo.Plan(plan).Give(owner, new AddMilestone("m", "two", "Another", new(2031, 5, 1)));
        var end = await _silo.Plan(plan).Give(owner, new ReportProgress("two", MilestoneStatus.Done));

        async Task<string[]> Seen(string viewer) =>
            [.. (await _silo.Grains.GetGrain<IFeedGrain>(0).After(new(viewer, end.Position), 0, [$"plan/{plan}/one"], 100)).Items.Select(item => item.Type)];

        Assert.Equal(["plan.milestone-added", "plan.milestone-reported", "plan.milestone-rescheduled"], await Seen(owner));
        Assert.Equal(["plan.milestone-added", "plan.milestone-reported", "plan.milestone-rescheduled", "plan.report-drafted"], await Seen(lead));
        Assert.True(draft.Position < end.Position);
    }

    [Fact]
    public async Task A_thread_has_every_turn_and_an_end()
    {
        var (owner, lead, request) = await Request();
        for (var turn = 2; turn < 200; turn += 2)
        {
            await _silo.Request(request).Give(lead, new AskClarification($"Which one? {turn}"));
            await _silo.Request(request).Give(owner, new AnswerClarification($"The other. {turn}"));
        }

        var last = await _silo.Request(request).Give(lead, new AskClarification("And now?"));
        await _silo.Request(request).Give(owner, new AnswerClarification("The last."));
        Assert.Equal("request.too-many-turns", (await _silo.Request(request).Execute(Giving.By(lead), new AskClarification("More?")).Refused()).Code);
        Assert.Equal("request.too-many-turns", (await _silo.Request(request).Execute(Giving.By(lead), new ProposeDate(new(2031, 1, 1))).Refused()).Code);
        var answered = await _silo.Request(request).Give(lead, new AnswerRequest("Here it is."));

        var detail = (await Requests.Get(new(owner, answered.Position), request))!;
        Assert.True(last.Position < answered.Position);
        Assert.Equal(202, detail.Thread.Length);
        Assert.Equal(("opened", "A long text"), (detail.Thread[0].Verb, detail.Thread[0].Text));
        Assert.Equal(("answered", "Here it is."), (detail.Thread[^1].Verb, detail.Thread[^1].Text));
        Assert.Equal("A long text", detail.Text);
        Assert.DoesNotContain("ask", (await Requests.Get(new(lead, answered.Position), request))!.Verbs);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(50)]
    public async Task Updates_and_their_numbers_are_those_that_a_reader_may_see(int limit)
    {
        var (chair, member, stranger) = (await _silo.Admit(), await _silo.Admit(), await _silo.Admit());
        var group = (await Give(chair, Giving.NewId("g"), new FormGroup(null, "A group", [member]))).Id;
        await Give(member, group, new JoinGroup());
        foreach (var (text, mark) in ((string, Mark)[])[("one", Mark.Parties), ("two", Mark.Community), ("three", Mark.Public), ("four", Mark.Parties), ("five", Mark.Parties)])
            await Give(member, group, new ShareUpdate(text, mark));
        var last = await Give(chair, group, new InviteMember(stranger));

        foreach (var (viewer, seen) in ((string, string[])[])[(chair, ["five", "four", "three", "two", "one"]), (member, ["five", "four", "three", "two", "one"]), (stranger, ["three", "two"])])
        {
            var all = new List<UpdateView>();
            string? after = null;
            do
            {
                var page = (await Groups.Updates(new(viewer, last.Position), group, new(Limit: limit, After: after)))!;
                Assert.True(page.Items.Length <= limit);
                all.AddRange(page.Items);
                after = page.Next;
            }
            while (after is not null);
            var view = (await Groups.Get(new(viewer, last.Position), group))!;
            Assert.Equal(seen, all.Select(update => update.Text));
            Assert.Equal((seen.Length, all[0].At), (view.Updates, view.LatestAt));
        }
    }

    /// <summary>As docs/operations.md says.</summary>
    [Fact]
    public async Task While_the_database_is_away_histories_say_so_and_all_else_answers()
    {
        var (owner, lead, plan) = await Plan();
        await _silo.Plan(plan).Give(owner, new ReportProgress("one", MilestoneStatus.InProgress, 1, "Note"));
        var (_, _, request) = await Request(owner, lead);
        var group = (await Give(owner, Giving.NewId("g"), new FormGroup(null, "A group", []))).Id;
        await Give(owner, group, new ShareUpdate("Text"));
        await _silo.Settle();
        var asker = new Asker(owner);
        _silo.Disk.Fails = access => access is "ReadAt" or "ReadStream" or "ReadFrom";

        await Away(Plans.Reports(asker, plan, "one", new()));
        await Away(Requests.Get(asker, request));
        await Away(Groups.Updates(asker, group, new()));
        await Away(_silo.Grains.GetGrain<IFeedGrain>(0).Before(asker, null, [$"plan/{plan}"], 10));
        await Away(_silo.Grains.GetGrain<IFeedGrain>(0).After(asker, 0, [$"plan/{plan}"], 10));
        await Away(_silo.Grains.GetGrain<IFeedGrain>(0).Entries(asker, 0, 10));
        await Away(_silo.Inbox(lead).Read(new(lead), new()));
        Assert.Equal(1, (await Plans.Milestone(asker, plan, "one"))!.Progress);
        Assert.NotNull(await Plans.Get(asker, plan));
        Assert.Equal(plan, Assert.Single((await Plans.List(asker, new(Body: owner), new())).Items).Id);
        Assert.NotEmpty((await Plans.Measures(asker, plan, null, new()))!.Items);
        Assert.Equal("one", Assert.Single((await Plans.Milestones(asker, new(Plan: plan), new())).Items).Id);
        Assert.Equal(request, Assert.Single((await Requests.List(asker, new(Body: lead), new())).Items).Id);
        Assert.Equal(1, (await Groups.Get(asker, group))!.Updates);
        Assert.NotNull(await _silo.Grains.GetGrain<IBodyViewsGrain>(0).Get(asker, owner));

        static async Task Away(Task read)
        {
            var began = TimeProvider.System.GetTimestamp();
            await Assert.ThrowsAsync<JournalUnavailableException>(() => read);
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(2));
        }
    }

    [Fact]
    public async Task A_change_of_one_milestone_stores_that_milestone()
    {
        var (owner, _, plan) = await Plan();
        for (var number = 0; number < 20; number++) await _silo.Plan(plan).Give(owner, new AddMilestone("m", $"more-{number}", "Another", new(2031, 5, 1)));
        await _silo.Settle();
        await Stored.Kept(_silo);

        var report = await _silo.Plan(plan).Give(owner, new ReportProgress("one", MilestoneStatus.InProgress, 1));
        await _silo.Settle();
        await Stored.Kept(_silo);

        var items = (await Of(plan)).Where(item => item.Position >= report.Position);
        Assert.Equal($"{plan}/m/one", Assert.Single(items).Id);
        var status = await _silo.Plan(plan).Give(owner, new ChangePlanStatus(PlanStatus.Adopted, report.Position));
        await _silo.Settle();
        await Stored.Kept(_silo);
        Assert.Equal(plan, Assert.Single(await Of(plan), item => item.Position >= status.Position).Id);

        async Task<IEnumerable<ViewItem>> Of(string one)
        {
            var key = _silo.World.View<PlansView>().Key;
            return (await _silo.Store.Views.Read([key], Waiting.Cancellation))[key].Items.Where(item => item.Id.StartsWith(one, StringComparison.Ordinal));
        }
    }

    private async Task<List<ReportView>> Reports(string viewer, string plan, long seen, int limit)
    {
        var all = new List<ReportView>();
        string? after = null;
        do
        {
            var page = (await Plans.Reports(new(viewer, seen), plan, "one", new(Limit: limit, After: after)))!;
            Assert.True(page.Items.Length <= limit);
            all.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        return all;
    }

    /// <summary>A plan of one body whose milestone another one leads.</summary>
    private async Task<(string Owner, string Lead, string Plan)> Plan()
    {
        var (owner, lead) = (await _silo.Admit(), await _silo.Admit());
        return (owner, lead, await _silo.Draft(owner, lead: lead));
    }

    private async Task<(string Owner, string Lead, string Request)> Request(string? owner = null, string? lead = null)
    {
        (owner, lead) = (owner ?? await _silo.Admit(), lead ?? await _silo.Admit());
        var id = Giving.NewId("q");
        await _silo.Request(id).Give(owner, new OpenRequest([lead], null, RequestKind.Information, "A subject", "A long text"));
        return (owner, lead, id);
    }

    private Task<Done> Give(string account, string group, GroupCommand command) => _silo.Group(group).Give(account, command);
}
