using Coordination.Host.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Coordination.Silo.Tests.Trust;

/// <summary>A silo on what is not what was written, or becomes so while it runs: it reads, and writes nothing until an operator says so.</summary>
public sealed class Stopped
{
    private const string Changed = "UPDATE entries SET actor = 'somebody' WHERE position = 2";

    private static readonly AddMilestone Another = new("m", "two", "Another", new(2031, 5, 1));

    [Trait("On", "both")]
    [Fact]
    public async Task A_start_that_finds_something_reads_and_writes_nothing_until_it_was_put_right()
    {
        var first = await RunningSilo.Start();
        var body = await first.Admit();
        var plan = await first.Draft(body);
        await first.Settle();
        var folder = await first.Stop();
        var actor = folder.Read("SELECT actor FROM entries WHERE position = 2")[0];
        folder.Tamper(Changed);

        var second = await RunningSilo.Start(folder);
        var refused = await second.Plan(plan).Execute(Giving.By(body), Another).Refused();
        Assert.Equal((RefusalReason.Unavailable, "journal.broken"), (refused.Reason, refused.Code));
        var trust = second.Services.GetRequiredService<JournalTrust>();
        Assert.Equal(2, (await trust.Ask(Waiting.Cancellation))?.Position);
        Assert.Equal(2, trust.Known?.Position);
        await second.World.Reach((await second.Store.Journal.ReadHead(Waiting.Cancellation)).Position, Waiting.Patience, Waiting.Cancellation);
        Assert.NotEmpty(second.World.Plans);
        folder = await second.Stop();

        // Put back, it is whole, and nobody but an operator says so.
        folder.Tamper($"UPDATE entries SET actor = '{actor}' WHERE position = 2");
        await using var third = await RunningSilo.Start(folder);
        Assert.Equal("journal.broken", (await third.Plan(plan).Execute(Giving.By(body), Another).Refused()).Code);
        await third.Store.Trust.Resume(Waiting.Cancellation);
        await third.Plan(plan).Give(body, Another);
        Assert.Null(await third.Services.GetRequiredService<JournalTrust>().Ask(Waiting.Cancellation));
    }

    [Trait("On", "both")]
    [Theory]
    [InlineData("UPDATE records SET version = version + 1 WHERE kind = 'body-name'")]
    [InlineData("DELETE FROM records WHERE kind = 'id'")]
    [InlineData("UPDATE records SET version = version + 1 WHERE kind = 'account'")]
    [InlineData("UPDATE sums SET count = count + 1")]
    public async Task A_silo_starts_on_records_that_were_changed_and_reads(string change)
    {
        var first = await RunningSilo.Start();
        var body = await first.Admit();
        var plan = await first.Draft(body);
        await first.GiveRole(body, "somebody", Contracts.Accounts.Role.Coordinator, Actor.Platform.Account);
        await first.Settle();
        var folder = await first.Stop();
        folder.Tamper(change);

        await using var second = await RunningSilo.Start(folder);

        Assert.NotNull(await second.Services.GetRequiredService<JournalTrust>().Ask(Waiting.Cancellation));
        Assert.Equal("journal.broken", (await second.Plan(plan).Execute(Giving.By(body), Another).Refused()).Code);
        Assert.Contains(second.World.Plans, one => one.State.Id == plan);
    }

    [Trait("On", "both")]
    [Fact]
    public async Task An_account_whose_record_was_changed_has_no_name_and_holds_up_no_view()
    {
        await using var silo = await RunningSilo.Start();
        var body = await silo.Admit();
        var person = Giving.NewId("person");
        await silo.GiveRole(body, person, Contracts.Accounts.Role.Coordinator, Actor.Platform.Account);
        await silo.Settle();
        var account = silo.World.Names.All.Single(one => one.Names.SignInName == person).Account;
        silo.Folder.Tamper($"UPDATE records SET version = version + 1 WHERE kind = 'account' AND id = '{account}'");

        // As when its name is changed through another silo.
        await silo.WriteBehind($"account/{account}", await silo.Store.Journal.ReadStream($"account/{account}", 0, Waiting.Cancellation).CountAsync(Waiting.Cancellation), account, Audience.Community, new Domain.Accounts.AccountNamed());
        await silo.World.Reach((await silo.Store.Journal.ReadHead(Waiting.Cancellation)).Position, Waiting.Patience, Waiting.Cancellation);

        Assert.Equal((await silo.Store.Journal.ReadHead(Waiting.Cancellation)).Position, silo.World.Position);
        Assert.Null(silo.World.Names.Of(account));
    }

    [Trait("On", "both")]
    [Fact]
    public async Task A_receipt_or_a_delivery_that_was_changed_stops_what_is_written_as_soon_as_it_is_met()
    {
        await using var silo = await RunningSilo.Start();
        var (one, other) = (await silo.Admit(), await silo.Admit());
        await silo.Request("asked").Give(one, new OpenRequest([other], null, RequestKind.Information, "Please"));
        await silo.Settle();
        Assert.Null(await silo.Store.Trust.Broken(Waiting.Cancellation));
        silo.Folder.Tamper("UPDATE inbox SET thread = 'plan/none'");

        await Assert.ThrowsAsync<JournalUnavailableException>(() => silo.Inbox(other).Read(new(other), new()));

        var trust = silo.Services.GetRequiredService<JournalTrust>();
        while (trust.Known is null) await Task.Delay(50, Waiting.Cancellation);
        Assert.Equal("What lies in an inbox is not what the platform put there.", trust.Known.What);
    }

    [Trait("On", "both")]
    [Fact]
    public async Task What_a_verification_finds_stops_what_is_written_also_by_another_silo()
    {
        await using var silo = await RunningSilo.Start();
        var body = await silo.Admit();
        await using var another = ClusterServers.Wanted ? await silo.StartAnother() : null;
        silo.Folder.Tamper(Changed);

        var found = await silo.Grains.GetGrain<Contracts.Feed.IFeedGrain>(0).Verify(new(body), Waiting.Cancellation);

        Assert.Equal((false, 2L), (found.Ok, found.BrokenAt));
        foreach (var one in (RunningSilo[])[silo, another ?? silo])
        {
            var append = new Append("plan/none", 0, null, null, DateTimeOffset.UnixEpoch, "somebody", null, [new("plan.none", 1, [], [], [])]);
            var refused = await Assert.ThrowsAsync<JournalUnavailableException>(async () => await one.Store.Journal.Append(append, Waiting.Cancellation));
            Assert.Equal(2, refused.BrokenAt);
        }
    }

    [Trait("On", "both")]
    [Fact]
    public async Task The_walk_behind_finds_what_was_changed_long_ago()
    {
        await using var silo = await RunningSilo.Start();
        await silo.Admit();
        silo.Folder.Tamper(Changed);
        // As after a week.
        await silo.Store.Trust.Forget("walked", Waiting.Cancellation);
        var watch = silo.Services.GetRequiredService<ChainWatch>();

        await watch.LookNow(Waiting.Cancellation).Until("the walk");

        Assert.Equal(2, (await silo.Store.Trust.Broken(Waiting.Cancellation))?.Position);
    }

    [Trait("On", "both")]
    [Fact]
    public async Task A_clean_stop_signs_the_head_and_remembers_that_all_was_checked()
    {
        await using var silo = await RunningSilo.Start();
        await silo.Admit();
        await silo.Settle();
        var head = await silo.Store.Journal.ReadHead(Waiting.Cancellation);
        var signer = new HeadSigner(silo.Store.Secret);
        var folder = await silo.Stop();

        await using var store = await RunningSilo.OpenStore(folder);
        Assert.Equal(head.Position, (await store.Trust.Read("checked", Waiting.Cancellation))!.Position);
        var signed = (await store.Trust.Heads(null, 1, Waiting.Cancellation))[0];
        Assert.Equal((head.Position, Convert.ToHexString(head.Hash), true), (signed.Position, Convert.ToHexString(signed.Hash), signer.IsOwn(signed)));
        var kept = await HeadLine.ReadFile(Path.Combine(folder.Path, Heads.FileName), Waiting.Cancellation);
        Assert.Equal(HeadLine.Of(signed), HeadLine.Of(kept[^1]));
    }

    [Fact]
    public async Task A_start_with_a_tail_of_ten_thousand_entries_checks_them_all_in_a_short_time()
    {
        await using var silo = await RunningSilo.Start();
        await silo.Admit();
        var folder = await silo.Stop();
        await using (var store = await RunningSilo.OpenStore(folder))
        {
            foreach (var number in Enumerable.Range(0, 20))
            {
                var entries = Enumerable.Range(0, 500).Select(_ => new NewEntry("plan.none", 1, ["plan/none"], [1, 2, 3], new byte[300], new byte[120])).ToList();
                Assert.IsType<AppendOutcome.Appended>(await store.Journal.Append(new("plan/none", number * 500, null, null, DateTimeOffset.UnixEpoch, "somebody", null, entries), Waiting.Cancellation));
            }
        }

        await using var again = await RunningSilo.OpenStore(folder);
        var heads = new Heads(again, new(again.Secret), Microsoft.Extensions.Options.Options.Create(new SiloOptions { Data = folder.Path }), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<Heads>.Instance);
        var before = (await again.Trust.Read(StartCheck.Mark, Waiting.Cancellation))!;
        var took = TimeSpan.MaxValue;
        // Others want the processors too: the best of three says what it costs.
        for (var time = 0; time < 3; time++)
        {
            await again.Trust.Keep(before, Waiting.Cancellation);
            var began = System.Diagnostics.Stopwatch.GetTimestamp();
            await new StartCheck(again, heads, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<StartCheck>.Instance).StartAsync(Waiting.Cancellation);
            took = System.Diagnostics.Stopwatch.GetElapsedTime(began) is var elapsed && elapsed < took ? elapsed : took;
        }

        Assert.Null(await again.Trust.Broken(Waiting.Cancellation));
        Assert.Equal(before.Position + 10_000, (await again.Trust.Read(StartCheck.Mark, Waiting.Cancellation))!.Position);
        TestContext.Current.TestOutputHelper?.WriteLine($"10,000 entries in {took.TotalMilliseconds:0} ms");
        // Some 100 ms on a machine that has nothing else to do; a busy one takes several times as long.
        Assert.True(took < TimeSpan.FromSeconds(10), $"It took {took}.");
    }
}
