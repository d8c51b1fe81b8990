using Coordination.Contracts.Accounts;
using Coordination.Contracts.Erasures;
using Coordination.Contracts.Feed;
using Coordination.Host.Relay;
using Coordination.Silo.Tests.Views;
using Microsoft.Extensions.DependencyInjection;

namespace Coordination.Silo.Tests.Erasures;

/// <summary>What is erased from the journal is gone from what every silo shows, and the bodies concerned are told.</summary>
[Trait("On", "both")]
public sealed class Erasing
{
    private const string Marker = "a-word-that-stands-nowhere-else";

    [Fact]
    public async Task What_every_silo_shows_is_what_a_fresh_fold_gives_which_has_the_texts_no_more()
    {
        await using var silo = await RunningSilo.Start();
        await using var other = ClusterServers.Wanted ? await silo.StartAnother() : null;
        await Restarts.ABusyWeek(silo);
        var (plan, positions) = await Write(silo);
        await silo.Settle();
        await Stored.Kept(silo);

        var done = await Erase(silo, positions);
        await silo.Settle();
        if (other is not null) await other.World.Reach(done.Position, Waiting.Patience, Waiting.Cancellation);

        var fresh = ViewDigests.Of(await silo.Services.GetRequiredService<Folding>().Anew(long.MaxValue, Waiting.Cancellation));
        foreach (var shows in new[] { silo, other }.OfType<RunningSilo>())
        {
            Assert.Equal(fresh.Views, (await shows.Digests()).Views);
            var item = shows.World.Plan(plan)!;
            Assert.Equal(TextAttribute.Erased, item.Title);
            var shown = Assert.Single((await Reports(shows, plan)).Items);
            Assert.Equal((TextAttribute.Erased, TextAttribute.Erased), (shown.Note, Assert.Single(shown.Evidence)));
            // What gateways are told, from memory too.
            var told = await shows.Grains.GetGrain<IFeedGrain>(0).MessagesAfter(positions[0] - 1, done.Position, 500);
            Assert.Equal(done.Position, told[^1].Change.Position);
            Assert.DoesNotContain(Marker, System.Text.Json.JsonSerializer.Serialize(told), StringComparison.Ordinal);
            Assert.Contains(told, one => one.Entry?.Type == "plan.milestone-reported" && one.Entry.Data["text"] == TextAttribute.Erased);
        }

        Assert.Equal(fresh.Views, (await Stored.Kept(silo)).Views);
        // Everyone who saw the report is told, though its note stood beside a draft that only its own body saw.
        var outsider = await silo.Grains.GetGrain<IFeedGrain>(0).After(new("outside", done.Position), positions[1], [], 100);
        Assert.Contains(outsider.Items, entry => entry.Type == "journal.texts-erased" && entry.Data["positions"].Split(' ').Contains($"{positions[1]}"));
        // The plan goes on.
        await silo.Plan(plan).Give("ruritania", new ReportProgress("one", MilestoneStatus.InProgress, 60, "Said later"));
        await silo.Plan(plan).Deactivate();
        await silo.Plan(plan).Give("ruritania", new ReportProgress("one", MilestoneStatus.InProgress, 70));
        await silo.Settle();
        Assert.Equal([null, "Said later", TextAttribute.Erased], (await Reports(silo, plan)).Items.Select(report => report.Note));
        Assert.Null((await silo.Disk.Journal.Verify(Waiting.Cancellation)).BrokenAt);
    }

    /// <summary>The views were stored with the texts, and the silo ended before it knew of the erasure.</summary>
    [Fact]
    public async Task A_start_from_views_that_were_stored_before_forgets_the_texts_too()
    {
        await using var first = await RunningSilo.Start();
        await Restarts.ABusyWeek(first);
        var (plan, positions) = await Write(first);
        await first.Settle();
        var folder = await first.Stop();
        await using (var store = await RunningSilo.OpenStore(folder))
        {
            var folding = Folding.Of(store);
            var world = await folding.Now(Waiting.Cancellation);
            Assert.Contains(Marker, world.Plan(plan)!.Title, StringComparison.Ordinal);
            await new Coordination.Host.Erasures.Erasing(store.Journal, new(store.Records, new(), new(store.Records, store.Journal, TimeProvider.System), Microsoft.Extensions.Options.Options.Create(new SiloOptions())), world, TimeProvider.System).Erase(positions, "By an operator.", Waiting.Cancellation);
        }

        await using var second = await RunningSilo.Start(folder);
        await second.Settle();

        Assert.Equal(TextAttribute.Erased, second.World.Plan(plan)!.Title);
        Assert.Equal(
            ViewDigests.Of(await second.Services.GetRequiredService<Folding>().Anew(long.MaxValue, Waiting.Cancellation)).Views, (await second.Digests()).Views);
    }

    [Fact]
    public async Task The_bodies_concerned_are_told_why_and_nobody_who_may_not_see_the_entries()
    {
        await using var silo = await RunningSilo.Start();
        foreach (var body in (string[])["ruritania", "valdoria", "outside"]) await silo.Admit(body);
        var (plan, _) = await Write(silo, Mark.Parties);
        var named = await silo.Request("q-marked").Give("ruritania", new OpenRequest(["valdoria"], null, RequestKind.Information, Marker, Marker, Mark: Mark.Named));
        await silo.Settle();
        var position = (await silo.Disk.Journal.ReadStream($"plan/{plan}", 0, Waiting.Cancellation).FirstAsync(Waiting.Cancellation)).Position;

        var done = await Erase(silo, [named.Position, position]);
        await silo.Settle();

        // Two audiences, two facts.
        var facts = await silo.Disk.Journal.ReadStream("journal/erasures", 0, Waiting.Cancellation).ToListAsync(Waiting.Cancellation);
        Assert.Equal(2, facts.Count);
        Assert.All(facts, fact => Assert.Equal("platform", fact.Via));
        Assert.Equal(2, (await Inbox("ruritania")).Count);
        Assert.Equal("The reason", Assert.Single(await Inbox("valdoria")).Data["reason"]);
        Assert.Empty(await Inbox("outside"));
        var seen = await silo.Grains.GetGrain<IFeedGrain>(0).After(new("outside", done.Position), named.Position, [], 100);
        Assert.DoesNotContain(seen.Items, entry => entry.Type == "journal.texts-erased");

        async Task<List<FeedEntry>> Inbox(string body) =>
            [.. (await silo.Inbox(body).Read(new(body, done.Position), new())).Items.Where(item => item.Reason is InboxReason.Erasure).Select(item => item.Entry)];
    }

    [Fact]
    public async Task Only_an_administrator_erases_and_only_what_is_there_and_twice_is_once()
    {
        await using var silo = await RunningSilo.Start();
        await silo.Admit("ruritania");
        var (_, positions) = await Write(silo);
        await silo.Settle();
        var grain = silo.Grains.GetGrain<IErasureGrain>(0);
        var head = silo.Disk.Journal.Position;

        Assert.Equal("journal.administrator-only", (await grain.Execute(Giving.By("ruritania"), new(positions, "Mine")).Refused()).Code);
        Assert.Equal("journal.administrator-only", (await grain.Execute(Giving.By("ruritania"), new([999_999], "Is it there?")).Refused()).Code);
        Assert.Equal("journal.position-unknown", (await Administer(new([positions[0], head + 1], "Beyond")).Refused()).Code);
        Assert.Equal("journal.position-unknown", (await Administer(new([0], "None")).Refused()).Code);
        Assert.Equal("text.empty", (await Administer(new(positions, " ")).Refused()).Code);
        Assert.Equal(head, (await silo.Disk.Journal.ReadHead(Waiting.Cancellation)).Position);

        var header = Giving.By(Actor.AdministratorAccount, "erase-once");
        var first = await grain.Execute(header, new(positions, "Once")).Done();
        var again = await grain.Execute(header, new(positions, "Once")).Done();
        Assert.Equal((first.Position, true), (again.Position, again.Repeated));
        // Nothing is left to erase, and nothing more is written of it.
        await Administer(new(positions, "Again")).Done();
        Assert.Equal(first.Position, (await silo.Disk.Journal.ReadHead(Waiting.Cancellation)).Position);

        Task<Outcome> Administer(EraseTexts command) => grain.Execute(Giving.By(Actor.AdministratorAccount), command);
    }

    /// <summary>A plan whose texts hold the secret, one of them only in a draft that later entries refer to.</summary>
    private static async Task<(string Plan, long[] Positions)> Write(RunningSilo silo, Mark mark = Mark.Community)
    {
        var plan = Giving.NewId("plan");
        var drafted = await silo.Plan(plan).Give("ruritania", new DraftPlan(plan, "ruritania", $"Title with {Marker}", Mark: mark));
        await silo.Plan(plan).Give("ruritania", new AddMeasure("m", Pillar.Training, "A measure"));
        await silo.Plan(plan).Give("ruritania", new AddMilestone("m", "one", "A milestone", new(2031, 5, 1)));
        var draft = await silo.Plan(plan).Give("ruritania", new ReportProgress("one", MilestoneStatus.InProgress, 10, $"Note with {Marker}", [$"https://example.org/{Marker}"], Draft: true));
        var submitted = await silo.Plan(plan).Give("ruritania", new SubmitReport(draft.Id));
        // The draft itself is not named: what the report refers to is erased with it.
        return (plan, [drafted.Position, submitted.Position]);
    }

    private static async Task<Page<ReportView>> Reports(RunningSilo silo, string plan) =>
        (await silo.Grains.GetGrain<IPlanViewsGrain>(0).Reports(new("ruritania", silo.Disk.Journal.Position), plan, "one", new()))!;

    private static Task<Done> Erase(RunningSilo silo, long[] positions) =>
        silo.Grains.GetGrain<IErasureGrain>(0).Execute(Giving.By(Actor.AdministratorAccount), new(positions, "The reason")).Done();
}
