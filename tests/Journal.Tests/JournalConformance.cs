using System.Diagnostics;
using static Coordination.Journal.Tests.Waiting;

namespace Coordination.Journal.Tests;

/// <summary>What every journal owes its callers. One fresh journal per test.</summary>
public abstract partial class JournalConformance : IAsyncLifetime
{
    protected IJournal Journal { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Journal = await Open();

    public async ValueTask DisposeAsync()
    {
        await Close();
        await Remove();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the journal of this test: a fresh one at first, afterwards what was closed.</summary>
    protected abstract Task<IJournal> Open();

    protected abstract Task Close();

    protected abstract Task Remove();

    protected async Task Reopen()
    {
        await Close();
        Journal = await Open();
    }

    [Fact]
    public async Task A_new_journal_is_empty()
    {
        Assert.Equal(0, Journal.Position);
        var head = await Journal.ReadHead(Cancellation);
        Assert.Equal(0, head.Position);
        Assert.Equal(new byte[32], head.Hash);
        Assert.Empty(await Journal.ReadFrom(0, 10, Cancellation));
        Assert.Empty(await Journal.ReadStream("plan/none", 0, Cancellation).All());
        Assert.Null(await Journal.FindCommand("none", Cancellation));
        Assert.Null(await Journal.ReadSnapshot("plan/none", Cancellation));
        Assert.Equal(new(0, null, new string('0', 64)), await Journal.Verify(Cancellation));
    }

    [Fact]
    public async Task Appended_facts_come_back_as_they_were_also_after_reopening()
    {
        NewEntry[] facts =
        [
            new("plan.started", 2, ["plan/canada-1", "state/CAN"], """{"mark":"public"}"""u8.ToArray(), """{"plan":"canada-1"}"""u8.ToArray(), """{"title":"Océan 🌊"}"""u8.ToArray()),
            new("plan.closed", 1, [], [], [0, 255, 128]),
        ];
        var at = new DateTimeOffset(2026, 3, 1, 14, 30, 15, TimeSpan.FromHours(2)).AddTicks(1_234_567);
        await Journal.MustAppend(Facts.To("plan/other", 0));

        var outcome = await Journal.Append(
            new("plan/Océan 🌊", 0, Facts.Digest("said"), null, at, "account-7", null, facts, "canada-1", "token:t-1", Cause: 1, Batch: "batch 7"), Cancellation);

        Assert.Equal(new AppendOutcome.Appended(3, 2), outcome);
        await ShouldBeThere();
        await Reopen();
        await ShouldBeThere();
        Assert.Equal(3, Journal.Position);

        async Task ShouldBeThere()
        {
            var entries = await Journal.ReadStream("plan/Océan 🌊", 0, Cancellation).All();
            Assert.Equal(2, entries.Count);
            foreach (var (index, entry) in entries.Index())
            {
                Assert.Equal((index + 2, index + 1), (entry.Position, entry.Version));
                Assert.Equal("plan/Océan 🌊", entry.Stream);
                Assert.Equal((facts[index].Fact, facts[index].Form), (entry.Fact, entry.Form));
                Assert.Equal(facts[index].Topics, entry.Topics);
                Assert.Equal(facts[index].Audience, entry.Audience);
                Assert.Equal(facts[index].Data, entry.Data);
                Assert.Equal(("account-7", (string?)null), (entry.Actor, entry.Body));
                Assert.Equal(at.AddTicks(-7), entry.At);
                Assert.Equal(TimeSpan.Zero, entry.At.Offset);
                Assert.Equal((1L, "token:t-1", "batch 7"), (entry.Cause, entry.Via, entry.Batch));
                Assert.Equal(Facts.Digest("said"), entry.Command);
                Assert.Equal(16, entry.Salt.Length);
                Assert.Equal(facts[index].Texts, entry.Texts);
            }
            Assert.Equal(HashChain.TextsDigest(entries[0].TextsSalt, entries[0].Texts), entries[0].TextsDigest);
            Assert.Equal((null, null), (entries[1].TextsDigest, entries[1].TextsSalt));
            Assert.NotEqual(entries[0].Salt, entries[1].Salt);
            Assert.Equal((await Journal.ReadHead(Cancellation)).Hash, entries[1].Hash);
            var other = Assert.Single(await Journal.ReadAt([1], Cancellation));
            Assert.Equal((null, null, "platform", null), (other.Command, other.Cause, other.Via, other.Batch));
        }
    }

    [Fact]
    public async Task An_entry_carries_the_trace_that_its_append_names_and_the_hash_does_not_cover_it()
    {
        const string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await Journal.MustAppend(Facts.To("plan/a", 0, count: 2) with { Trace = trace });
        await Journal.MustAppend(Facts.To("plan/a", 2));
        var entries = await Journal.ReadFrom(0, 10, Cancellation);
        Assert.Equal([trace, trace, null], entries.Select(entry => entry.Trace));
        Assert.Equal(entries[0].Hash, HashChain.Link(HashChain.Origin, entries[0] with { Trace = null }));
    }

    [Fact]
    public async Task An_append_is_watched_and_its_entry_carries_on_the_trace_that_it_happens_in()
    {
        using var request = new Activity("request").Start();
        using var watched = new Watched(request.TraceId);
        await Journal.MustAppend(Facts.To("plan/a", 0, count: 2));

        var append = Assert.Single(watched.Activities);
        Assert.Equal(("journal.append", request.SpanId), (append.OperationName, append.ParentSpanId));
        Assert.All(await Journal.ReadFrom(0, 10, Cancellation), entry => Assert.Equal(append.Id, entry.Trace));
        Assert.Contains("coordination.append.duration", watched.Measures);
        Assert.Contains("coordination.append.batch", watched.Measures);
    }

    [Theory]
    [InlineData(ActivityTraceFlags.Recorded)]
    [InlineData(ActivityTraceFlags.None)]
    public async Task Where_nobody_watches_a_trace_that_is_recorded_is_carried_on_all_the_same(ActivityTraceFlags flags)
    {
        using var request = new Activity("request") { ActivityTraceFlags = flags }.Start();
        await Journal.MustAppend(Facts.To("plan/a", 0));
        var trace = Assert.Single(await Journal.ReadFrom(0, 10, Cancellation)).Trace;
        Assert.Equal(flags == ActivityTraceFlags.Recorded ? request.Id : null, trace);
    }

    [Fact]
    public async Task Each_hash_is_the_one_that_anyone_can_compute()
    {
        await Journal.MustAppend(Facts.To("plan/a", 0, count: 3));
        var previous = HashChain.Origin;
        foreach (var entry in await Journal.ReadFrom(0, 10, Cancellation))
        {
            Assert.Equal(HashChain.Link(previous, entry), entry.Hash);
            previous = entry.Hash;
        }
        Assert.Equal(new(3, null, Convert.ToHexStringLower(previous)), await Journal.Verify(Cancellation));
    }

    [Fact]
    public async Task A_stream_at_another_version_is_a_conflict_and_nothing_is_written()
    {
        await Journal.MustAppend(Facts.To("plan/a", 0, count: 2));
        var head = await Journal.ReadHead(Cancellation);

        Assert.Equal(new AppendOutcome.Conflict(2), await Journal.Append(Facts.To("plan/a", 0), Cancellation));
        Assert.Equal(new AppendOutcome.Conflict(2), await Journal.Append(Facts.To("plan/a", 1, "late"), Cancellation));
        Assert.Equal(new AppendOutcome.Conflict(2), await Journal.Append(Facts.To("plan/a", 3), Cancellation));
        Assert.Equal(new AppendOutcome.Conflict(0), await Journal.Append(Facts.To("plan/b", 1), Cancellation));

        Assert.Equal(head.Hash, (await Journal.ReadHead(Cancellation)).Hash);
        Assert.Equal(2, Journal.Position);
        Assert.Equal(2, (await Journal.ReadFrom(0, 10, Cancellation)).Count);
        // A command that was refused may come again.
        Assert.Null(await Journal.FindCommand("late", Cancellation));
        await Journal.MustAppend(Facts.To("plan/a", 2, "late"));
    }

    [Fact]
    public async Task A_repeated_command_gets_the_first_receipt_whatever_else_it_says()
    {
        await Journal.MustAppend(Facts.To("plan/a", 0));
        await Journal.MustAppend(Facts.To("plan/b", 0, "said", count: 2));
        var receipt = Facts.Receipt("said", "plan/b", 2, 3);

        await ShouldRepeat();
        await Reopen();
        await ShouldRepeat();

        async Task ShouldRepeat()
        {
            Assert.Equal(receipt, (await Journal.FindCommand("said", Cancellation))! with { Fingerprint = null });
            // The receipt comes before the version: a repeat names the version its sender saw at first.
            foreach (var again in (Append[])[Facts.To("plan/b", 0, "said"), Facts.To("plan/b", 2, "said"), Facts.To("plan/c", 9, "said")])
                Assert.Equal(new AppendOutcome.Repeated(receipt), (await Journal.Append(again, Cancellation)).Plain());
            Assert.Equal(3, (await Journal.ReadHead(Cancellation)).Position);
        }
    }

    [Fact]
    public async Task What_is_malformed_is_refused_and_harms_no_neighbour()
    {
        var good = Facts.To("plan/a", 0);
        Append[] malformed =
        [
            good with { Entries = [] },
            good with { Stream = "" },
            good with { Stream = "plan/\0" },
            good with { Stream = "plan/\ud83c" },
            good with { ExpectedVersion = -1 },
            good with { Command = [] },
            good with { Command = new byte[31] },
            good with { Fingerprint = [1] },
            good with { Answer = "answer" },
            good with { Via = "" },
            good with { Cause = 0 },
            good with { Batch = "" },
            good with { Entries = [Facts.Some() with { Topics = ["state/CAN state/FRA"] }] },
            good with { Entries = [Facts.Some() with { Topics = [""] }] },
            good with { Entries = [Facts.Some() with { Form = 0 }] },
            good with { Entries = [Facts.Some() with { Data = null! }] },
            good with { Entries = [Facts.Some() with { Texts = [] }] },
        ];
        foreach (var append in malformed)
            await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Journal.Append(append, Cancellation));
        Assert.Equal(new(1, 1), await Journal.MustAppend(good));
    }

    [Fact]
    public async Task Reading_takes_up_where_it_is_told()
    {
        const int count = 700;
        await Journal.MustAppend(Facts.To("plan/a", 0, count: count));
        await Journal.MustAppend(Facts.To("plan/b", 0));

        Assert.Equal(Enumerable.Range(1, count + 1), (await Journal.ReadFrom(0, int.MaxValue, Cancellation)).Select(entry => (int)entry.Position));
        Assert.Equal([699, 700, 701], (await Journal.ReadFrom(698, 10, Cancellation)).Select(entry => entry.Position));
        Assert.Equal(Enumerable.Range(11, 600), (await Journal.ReadFrom(10, 600, Cancellation)).Select(entry => (int)entry.Position));
        Assert.Empty(await Journal.ReadFrom(0, 0, Cancellation));
        Assert.Empty(await Journal.ReadFrom(count + 1, 10, Cancellation));

        Assert.Equal(Enumerable.Range(1, count), (await Journal.ReadStream("plan/a", 0, Cancellation).All()).Select(entry => (int)entry.Version));
        Assert.Equal([700], (await Journal.ReadStream("plan/a", 699, Cancellation).All()).Select(entry => entry.Version));
        Assert.Empty(await Journal.ReadStream("plan/a", count, Cancellation).All());

        Assert.Equal([3, 9, 701], (await Journal.ReadAt([701, 9, 3, 9, 702, 0, -1], Cancellation)).Select(entry => entry.Position));
        Assert.Empty(await Journal.ReadAt([], Cancellation));
    }

    [Fact]
    public async Task The_newest_snapshot_wins()
    {
        await Journal.SaveSnapshot("plan/a", new(5, 1, [5]), Cancellation);
        await Journal.SaveSnapshot("plan/a", new(3, 1, [3]), Cancellation);
        await ShouldBe(5, 1, 5);
        // The same version may come in a newer form.
        await Journal.SaveSnapshot("plan/a", new(5, 2, [55]), Cancellation);
        await ShouldBe(5, 2, 55);
        await Journal.SaveSnapshot("plan/a", new(8, 2, [8]), Cancellation);
        await ShouldBe(8, 2, 8);
        await Reopen();
        await ShouldBe(8, 2, 8);
        Assert.Null(await Journal.ReadSnapshot("plan/b", Cancellation));

        async Task ShouldBe(long version, int form, byte data)
        {
            var snapshot = await Journal.ReadSnapshot("plan/a", Cancellation);
            Assert.Equal((version, form), (snapshot!.Version, snapshot.Form));
            Assert.Equal([data], snapshot.Data);
        }
    }

    [Fact]
    public async Task Who_waits_is_woken_when_the_journal_reaches_beyond()
    {
        var beyond0 = Journal.WaitBeyond(0, Cancellation);
        var beyond2 = Journal.WaitBeyond(2, Cancellation);
        Assert.False(beyond0.IsCompleted);

        await Journal.MustAppend(Facts.To("plan/a", 0, count: 2));
        await beyond0.Until("position 1");
        Assert.False(beyond2.IsCompleted);
        Assert.True(Journal.WaitBeyond(1, Cancellation).IsCompletedSuccessfully);

        await Journal.MustAppend(Facts.To("plan/a", 2));
        await beyond2.Until("position 3");
        Assert.Equal(3, Journal.Position);
    }

    [Fact]
    public async Task Who_waits_may_give_up_and_others_wait_on()
    {
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var given = Journal.WaitBeyond(0, impatient.Token);
        var kept = Journal.WaitBeyond(0, Cancellation);

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given.Until("the cancelled wait"));
        Assert.False(kept.IsCompleted);

        await Journal.MustAppend(Facts.To("plan/a", 0));
        await kept.Until("position 1");
    }

    [Fact]
    public async Task An_append_that_is_cancelled_beforehand_is_not_written()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Journal.Append(Facts.To("plan/a", 0), new CancellationToken(canceled: true)));
        Assert.Equal(new(1, 1), await Journal.MustAppend(Facts.To("plan/a", 0)));
    }
}
