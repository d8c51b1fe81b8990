using Coordination.Host.Sentences;
using Microsoft.Extensions.Logging.Abstractions;
using Coordination.Contracts.Accounts;

namespace Coordination.Silo.Tests.Views;

/// <summary>What is made of the journal can be thrown away and made again.</summary>
public sealed class Restarts
{
    private static readonly string[] Viewers = ["ruritania", "valdoria", "secretariat", "rapporteur", "outside", Actor.AdministratorAccount, "a.person"];

    [Trait("On", "both")]
    [Fact]
    public async Task Views_and_inboxes_made_anew_from_the_journal_are_those_there_were()
    {
        await using var first = await RunningSilo.Start();
        await ABusyWeek(first);
        var shown = await first.To(Viewers);
        Assert.True(shown["ruritania: inbox"].Length > 500 && shown["outside: requests"].Length > 100, "The week was not busy enough to compare anything.");
        // Of a database that is killed the fault suite tells.
        var crashed = ClusterServers.Wanted ? null : first.CopyAsItIs();
        var folder = await first.Stop();
        var inbox = folder.Read("SELECT * FROM inbox ORDER BY body, position");
        var emptied = folder.Copy().Tamper("DELETE FROM inbox; UPDATE marks SET position = 0 WHERE reactor = 'inboxes'; DELETE FROM snapshots");
        var behind = folder.Copy().Tamper("UPDATE marks SET position = position / 2 WHERE reactor = 'inboxes'");

        foreach (var (name, start) in ((string, DataFolder?)[])[("a clean stop", folder.Copy()), ("a crash", crashed), ("inboxes lost", emptied), ("delivered and not noted", behind)])
        {
            if (start is null) continue;
            await using var silo = await RunningSilo.Start(start);
            var again = await silo.To(Viewers);
            var stopped = await silo.Stop();

            Shown.AssertSame(shown, again);
            Assert.Equal(inbox, stopped.Read("SELECT * FROM inbox ORDER BY body, position"));
            Assert.True(stopped.Read("SELECT CASE WHEN marks.position = head.position THEN 1 END FROM marks, head WHERE reactor = 'inboxes'") is ["1"], $"After {name} the mark is not at the head.");
        }
    }

    [Trait("On", "both")]
    [Fact]
    public async Task A_silo_joins_only_when_its_views_know_what_is_in_the_journal()
    {
        await using var first = await RunningSilo.Start();
        await first.Admit();
        var folder = await first.Stop();
        var fails = true;

        var starting = RunningSilo.Start(folder, before: disk => disk.Fails = access => fails && access == "ReadFrom");
        await Task.WhenAny(starting, Task.Delay(TimeSpan.FromSeconds(2), Waiting.Cancellation));
        Assert.False(starting.IsCompleted, "It has started on views that know nothing.");
        fails = false;

        await using var second = await starting.Until("it has started");
        Assert.True(second.World.Position >= second.Disk.Journal.Position);
    }

    [Fact]
    public async Task A_world_can_be_read_while_it_is_written()
    {
        await using var silo = await RunningSilo.Start();
        await ABusyWeek(silo);
        await silo.Settle();
        var entries = await silo.Disk.Journal.ReadFrom(0, 10_000, Waiting.Cancellation);
        var first = FactJson.Read(entries[0].Fact, entries[0].Form, entries[0].Data, entries[0].Texts);
        for (var round = 0; round < 20; round++)
        {
            var world = new World(silo.World.Names, TimeProvider.System);
            var (plans, requests, formatter) = (new PlanPages(world), new RequestPages(world), new FeedEntryFormatter(world, new(Catalogues.Embedded, NullLogger<Translator>.Instance)));
            var bodies = new BodyPages(world, plans, new LeftOpenPages(world));
            using var done = new CancellationTokenSource();
            var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
            {
                while (!done.IsCancellationRequested)
                {
                    foreach (var actor in Viewers.Select(viewer => world.Who(viewer)))
                    {
                        foreach (var body in world.Bodies) bodies.Detail(body, actor, online: true);
                        foreach (var plan in world.Plans)
                        {
                            plans.Head(plan, actor);
                            plans.Measures(plan, actor, null, new());
                        }

                        foreach (var request in world.Requests) requests.Detail(request, actor, []);
                        var feed = world.View<FeedView>().Tail;
                        feed.After(["body/ruritania", "state/XRU"], 0, 10, audience => audience.Admits(actor, world));
                        feed.Before(["body/ruritania", "state/XRU"], long.MaxValue, 10, audience => audience.Admits(actor, world));
                        foreach (var entry in entries) FactJson.ReadAudience(entry.Audience).Admits(actor, world);
                        formatter.Tell(entries[0], first);
                    }
                }
            }, Waiting.Cancellation)).ToList();
            await Task.Run(() =>
            {
                foreach (var entry in entries) world.Apply(entry);
            }, Waiting.Cancellation);
            await done.CancelAsync();
            await Task.WhenAll(readers).Until("readers end");

            Assert.Equal(entries[^1].Position, world.Position);
            Assert.Null(world.Apply(entries[3]));
        }
    }

    internal static async Task ABusyWeek(RunningSilo silo)
    {
        await silo.Admit("ruritania", state: "XRU", region: "Meridia", zone: "Europe/Vienna");
        await silo.Admit("valdoria", state: "XVA", region: "Meridia", zone: "America/Bogota");
        await silo.Admit("secretariat", BodyKind.RegionalOrganization, region: "Meridia");
        await silo.Admit("rapporteur", BodyKind.NationalRapporteur, state: "XRU");
        await silo.Admit("outside", state: "XOU", region: "Africa");
        await silo.Body("ruritania").Give("ruritania", new ChangeProfile("The Republic of Ruritania", "RUR", "Act 12", null, [new("Training", "Ministry of the Interior")]));
        await silo.GiveRole("ruritania", "a.person", Role.Contributor);
        await silo.GiveRole("ruritania", "b.person", Role.Observer);
        await silo.GiveRole("valdoria", "b.person", Role.Observer);
        await silo.TakeRole("ruritania", "b.person");
        await silo.Inbox("outside").Give("outside", new Subscribe(SubscriptionSubject.Requests, Regions: ["Meridia"]));
        await silo.Inbox("outside").Give("outside", new Subscribe(SubscriptionSubject.Plans, States: ["XVA"], Pillars: [Pillar.Training]));
        await silo.Inbox("secretariat").Give("secretariat", new Subscribe(SubscriptionSubject.Groups));
        await silo.Settle();
        await silo.Draft("ruritania", "open-plan", lead: "valdoria");
        await silo.Draft("valdoria", "closed-plan", Mark.Parties);
        for (var time = 0; time < 25; time++) await silo.Plan("open-plan").Give("ruritania", new ReportProgress("one", MilestoneStatus.InProgress, time));
        var waiting = await silo.Plan("open-plan").Give("valdoria", new ReportProgress("one", MilestoneStatus.InProgress, 60, "Nearly", ["urn:paper"]));
        await silo.Plan("open-plan").Give("ruritania", new ReturnReport(waiting.Id, "Say more"));
        await silo.Plan("open-plan").Give("valdoria", new SubmitReport(waiting.Id, Note: "More"));
        var approved = await silo.Plan("open-plan").Give("valdoria", new ReportProgress("one", MilestoneStatus.InProgress, 70));
        await silo.Plan("open-plan").Give("ruritania", new ApproveReport(approved.Id));
        await silo.Plan("open-plan").Give("valdoria", new ReportProgress("one", MilestoneStatus.Done, Draft: true));
        await silo.Plan("open-plan").Give("ruritania", new RescheduleMilestone("one", new(2032, 1, 1), "Elections"));
        await silo.Plan("closed-plan").Give("valdoria", new ChangePlanStatus(PlanStatus.Adopted));
        foreach (var (id, to, region, mark) in ((string, string[]?, string?, Mark)[])
            [("named", ["valdoria"], null, Mark.Named), ("parties", ["valdoria", "secretariat"], null, Mark.Parties), ("call", null, "Meridia", Mark.Parties), ("wide", ["outside"], null, Mark.Community)])
        {
            await silo.Request(id).Give("ruritania", new OpenRequest(to, region, RequestKind.Training, "About " + id, "Text", Pillar.Training, mark, Urgency.Urgent, new(2032, 2, 2)));
        }

        await silo.Request("parties").Give("valdoria", new AskClarification("Which?"));
        await silo.Request("parties").Give("ruritania", new AnswerClarification("This"));
        await silo.Request("parties").Give("secretariat", new ProposeDate(new(2032, 3, 3)));
        await silo.Request("parties").Give("ruritania", new AcceptRequest());
        await silo.Request("parties").Give("secretariat", new AnswerRequest("Here"));
        await silo.Request("parties").Give("ruritania", new ConfirmRequest("Thanks"));
        await silo.Request("call").Give("valdoria", new DeclineRequest(DeclineGround.NoCapacity));
        await silo.Request("call").Give("ruritania", new WithdrawRequest());
        await silo.Group("g-restarts").Give("secretariat", new FormGroup("g-restarts", "A group", ["ruritania", "valdoria"]));
        foreach (var member in (string[])["ruritania", "valdoria"]) await silo.Group("g-restarts").Give(member, new JoinGroup());
        var update = await silo.Group("g-restarts").Give("ruritania", new ShareUpdate("Among ourselves"));
        await silo.Group("g-restarts").Give("valdoria", new ShareUpdate("So do we", ReplyTo: update.Id));
        await silo.Group("g-restarts").Give("secretariat", new ShareUpdate("For all", Mark.Community));
        await silo.Group("g-restarts").Give("secretariat", new RemoveMember("valdoria"));
        await silo.Group("g-restarts").Give("secretariat", new InviteMember("outside"));
        await silo.Group("g-restarts").Give("secretariat", new AppointChair("ruritania", new(2032, 1, 1)));
        await silo.Inbox("ruritania").Give("ruritania", new ReadInbox(silo.Disk.Journal.Position));
        await silo.Group("g-restarts").Give("secretariat", new ShareUpdate("Unread"));
    }
}
