using System.Reflection;
using Coordination.Host.Trust;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Coordination.Silo.Tests.Trust;

/// <summary>Changes by somebody who knows what the platform looks at and when: while it runs, between two checks, and at what it compares with. And what only looks like such a change.</summary>
[Trait("On", "both")]
public sealed class Undermined
{
    private const string Kind = "kept";

    private const string Remember = "CREATE TABLE older_records AS SELECT * FROM records; CREATE TABLE older_sums AS SELECT * FROM sums";
    private const string PutBack = "DELETE FROM records; INSERT INTO records SELECT * FROM older_records; DELETE FROM sums; INSERT INTO sums SELECT * FROM older_sums";

    [Fact]
    public async Task All_records_put_back_with_their_sums_while_it_runs_stop_it_and_are_covered_by_no_head()
    {
        var first = await RunningSilo.Start();
        await first.Admit();
        var version = await first.Store.Records.Write(Kind, "one", [1], null, Waiting.Cancellation);
        first.Folder.Tamper(Remember);
        await first.Store.Records.Write(Kind, "one", [2], version, Waiting.Cancellation);
        // Nothing is appended: a head is signed all the same.
        Assert.Null(await Heads(first).Sign(Waiting.Cancellation));
        var signed = (await first.Store.Trust.Heads(null, 1, Waiting.Cancellation))[0];
        first.Folder.Tamper(PutBack);

        await Look(first).Until("the look");

        Assert.Contains("older than when a head was signed", (await first.Store.Trust.Broken(Waiting.Cancellation))?.What, StringComparison.Ordinal);
        await first.Services.GetRequiredService<JournalTrust>().Ask(Waiting.Cancellation);
        await Assert.ThrowsAsync<JournalUnavailableException>(async () => await first.Store.Records.Read(Kind, "one", Waiting.Cancellation));
        Assert.NotNull(await Heads(first).Sign(Waiting.Cancellation));
        Assert.Equal(HeadLine.Of(signed), HeadLine.Of((await first.Store.Trust.Heads(null, 1, Waiting.Cancellation))[0]));

        // Nor does a start forget it, whoever lets it go on.
        await first.Store.Trust.Resume(Waiting.Cancellation);
        var folder = await first.Stop();
        await using var store = await RunningSilo.OpenStore(folder);
        await Start(store, folder);
        Assert.Contains("older than when a head was signed", (await store.Trust.Broken(Waiting.Cancellation))?.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_head_that_says_less_hides_none_that_said_more()
    {
        var first = await RunningSilo.Start();
        await first.Admit();
        for (var number = 0; number < 3; number++) await first.Store.Records.Write(Kind, $"{number}", [1], null, Waiting.Cancellation);
        var folder = await first.Stop();
        await using var store = await RunningSilo.OpenStore(folder);
        var signer = new HeadSigner(store.Secret);
        var head = await store.Journal.ReadHead(Waiting.Cancellation);
        var writes = await store.Trust.RecordWrites(Waiting.Cancellation);
        // As it was when heads were signed over whatever stood there.
        await store.Trust.Keep(signer.Sign(new(2, (await store.Journal.ReadAt([2], Waiting.Cancellation))[0].Hash), writes + 7, DateTimeOffset.UnixEpoch), Waiting.Cancellation);
        await store.Trust.Keep(signer.Sign(head, writes, TimeProvider.System.GetUtcNow()), Waiting.Cancellation);

        Assert.Contains("older than when a head was signed", (await HeadsOf(store, folder).Contradicted(Waiting.Cancellation))?.What, StringComparison.Ordinal);
        // Accepted, it contradicts nothing any more.
        await store.Trust.SealAnew(Waiting.Cancellation);
        await HeadsOf(store, folder).BeginAnew(head, Waiting.Cancellation);
        Assert.Null(await HeadsOf(store, folder).Sign(Waiting.Cancellation));
    }

    [Fact]
    public async Task A_chain_computed_anew_while_it_runs_is_not_signed_though_mark_and_heads_were_made_to_fit()
    {
        await using var silo = await RunningSilo.Start();
        await silo.Admit();
        var early = await silo.Store.Journal.ReadAt([1], Waiting.Cancellation);
        await silo.Store.Trust.Keep(new TrustMark(StartCheck.Mark, 1, early[0].Hash, TimeProvider.System.GetUtcNow(), []), Waiting.Cancellation);
        silo.Folder.Tamper("CREATE TABLE older_trust AS SELECT * FROM trust WHERE name = 'checked'");
        await Look(silo).Until("the look");
        Assert.Null(await Heads(silo).Sign(Waiting.Cancellation));
        var signed = (await silo.Store.Trust.Heads(null, 1, Waiting.Cancellation))[0];

        silo.Folder.Tamper($"UPDATE entries SET actor = 'somebody' WHERE position = 2; DELETE FROM heads; DELETE FROM trust WHERE name = 'checked'; INSERT INTO trust SELECT * FROM older_trust");
        silo.Folder.Tamper(await Rechained(silo.Store, after: 1));
        Assert.Null((await silo.Store.Journal.Verify(Waiting.Cancellation)).BrokenAt);
        await Look(silo).Until("the look");

        Assert.Equal(signed.Position, (await silo.Store.Trust.Broken(Waiting.Cancellation))?.Position);
        Assert.Empty(await silo.Store.Trust.Heads(null, 10, Waiting.Cancellation));
    }

    [Fact]
    public async Task A_start_holds_the_entry_of_its_mark_against_what_was_checked()
    {
        await using var silo = await RunningSilo.Start();
        await silo.Admit();
        var folder = await silo.Stop();
        await using var store = await RunningSilo.OpenStore(folder);
        // Checked, and not signed yet.
        for (var number = 0; number < 3; number++) await Append(store, number);
        var head = await store.Journal.ReadHead(Waiting.Cancellation);
        await store.Trust.Keep(new TrustMark(StartCheck.Mark, head.Position, head.Hash, TimeProvider.System.GetUtcNow(), []), Waiting.Cancellation);
        folder.Tamper($"UPDATE entries SET actor = 'nobody' WHERE position = {head.Position - 1}");
        folder.Tamper(await Rechained(store, after: head.Position - 2));

        await Start(store, folder);

        Assert.Equal(head.Position, (await store.Trust.Broken(Waiting.Cancellation))?.Position);
    }

    [Fact]
    public async Task What_a_start_has_no_time_for_is_walked_behind()
    {
        await using var silo = await RunningSilo.Start();
        await silo.Admit();
        var folder = await silo.Stop();
        await using var store = await RunningSilo.OpenStore(folder);
        await store.Trust.Keep(new TrustMark(ChainWatch.Walked, 0, HashChain.Origin, TimeProvider.System.GetUtcNow(), []), Waiting.Cancellation);
        for (var number = 0; number < 10; number++) await Append(store, number);
        await Start(store, folder);
        Assert.NotNull(await store.Trust.Read(ChainWatch.Walked, Waiting.Cancellation));

        var entries = Enumerable.Range(0, 1_000).Select(_ => new NewEntry("plan.none", 1, [], [], [], null)).ToList();
        for (var number = 0; number <= StartCheck.Most; number += entries.Count)
            await store.Journal.Append(new("plan/many", number, null, null, DateTimeOffset.UnixEpoch, "somebody", null, entries), Waiting.Cancellation);
        await Start(store, folder);

        Assert.Null(await store.Trust.Broken(Waiting.Cancellation));
        Assert.Equal((await store.Journal.ReadHead(Waiting.Cancellation)).Position, (await store.Trust.Read(StartCheck.Mark, Waiting.Cancellation))?.Position);
        Assert.Null(await store.Trust.Read(ChainWatch.Walked, Waiting.Cancellation));
    }

    [Fact]
    public async Task A_start_that_others_overtake_finds_nothing()
    {
        await using var silo = await RunningSilo.Start();
        await silo.Admit();
        var folder = await silo.Stop();
        await using var store = await RunningSilo.OpenStore(folder);
        var others = 0;
        var overtaken = new Overtaken(store, async () =>
        {
            // Between the look at the head and what follows, another silo appends, checks and stops cleanly.
            await Append(store, others++);
            var head = await store.Journal.ReadHead(Waiting.Cancellation);
            await store.Trust.Keep(new TrustMark(StartCheck.Mark, head.Position, head.Hash, TimeProvider.System.GetUtcNow(), []), Waiting.Cancellation);
            Assert.Null(await HeadsOf(store, folder).Sign(Waiting.Cancellation));
        });

        await Start(overtaken, folder);

        Assert.Null(await store.Trust.Broken(Waiting.Cancellation));
        Assert.True(others > 1, $"It was overtaken {others} times.");
    }

    [Fact]
    public async Task Records_are_doubted_also_when_something_else_was_found_before()
    {
        await using var silo = await RunningSilo.Start();
        await silo.Admit();
        var version = await silo.Store.Records.Write(Kind, "one", [1], null, Waiting.Cancellation);
        silo.Folder.Tamper(Remember);
        await silo.Store.Records.Write(Kind, "one", [2], version, Waiting.Cancellation);
        silo.Folder.Tamper("UPDATE entries SET actor = 'somebody' WHERE position = 2");
        await silo.Store.Trust.Forget(ChainWatch.Walked, Waiting.Cancellation);
        await Look(silo).Until("the walk");
        Assert.Equal(2, (await silo.Store.Trust.Broken(Waiting.Cancellation))?.Position);
        Assert.Equal([2], (await silo.Store.Records.Read(Kind, "one", Waiting.Cancellation))!.Data);

        silo.Folder.Tamper($"DELETE FROM records WHERE kind = '{Kind}'; INSERT INTO records SELECT * FROM older_records WHERE kind = '{Kind}'");
        await Look(silo).Until("the look");

        await Assert.ThrowsAsync<JournalUnavailableException>(async () => await silo.Store.Records.Read(Kind, "one", Waiting.Cancellation));
    }

    [Fact]
    public async Task A_file_of_heads_that_cannot_be_written_ends_no_check()
    {
        await using var silo = await RunningSilo.Start();
        await silo.Admit();
        await Heads(silo).Sign(Waiting.Cancellation);
        var file = Path.Combine(silo.Folder.Path, Coordination.Host.Trust.Heads.FileName);
        File.Delete(file);
        Directory.CreateDirectory(file);
        silo.Folder.Tamper("DELETE FROM heads");
        await silo.Store.Trust.Forget(ChainWatch.Walked, Waiting.Cancellation);

        await Look(silo).Until("the walk");

        Assert.NotNull(await silo.Store.Trust.Read(ChainWatch.Walked, Waiting.Cancellation));
        Assert.NotEmpty(await silo.Store.Trust.Heads(null, 10, Waiting.Cancellation));
        Assert.Null(await silo.Store.Trust.Broken(Waiting.Cancellation));
    }

    [Fact]
    public async Task A_clock_that_was_ahead_holds_up_no_later_head()
    {
        await using var silo = await RunningSilo.Start();
        await silo.Admit();
        var folder = await silo.Stop();
        await using var store = await RunningSilo.OpenStore(folder);
        var now = TimeProvider.System.GetUtcNow();
        Assert.Null(await HeadsOf(store, folder, new FakeTimeProvider(now.AddYears(1))).Sign(Waiting.Cancellation));
        await Append(store, 0);

        Assert.Null(await HeadsOf(store, folder, new FakeTimeProvider(now)).SignHourly(Waiting.Cancellation));

        var head = await store.Journal.ReadHead(Waiting.Cancellation);
        Assert.Equal((head.Position, now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond))), (await store.Trust.Heads(null, 1, Waiting.Cancellation))[0] is var last ? (last.Position, last.At) : default);
    }

    [Fact]
    public async Task A_row_that_is_no_head_hides_none()
    {
        await using var silo = await RunningSilo.Start();
        await silo.Admit();
        Assert.Null(await Heads(silo).Sign(Waiting.Cancellation));
        silo.Folder.Tamper("INSERT INTO heads SELECT position + 1000, hash, 9223372036854775807, beside, key, signature FROM heads; INSERT INTO heads SELECT position + 500, hash, at, beside, key, signature FROM heads WHERE position < 500");

        var head = await silo.Store.Journal.ReadHead(Waiting.Cancellation);
        Assert.Equal(head.Position, (await Heads(silo).Before(null, 1, Waiting.Cancellation)).Single().Position);
        Assert.Null(await Heads(silo).Contradicted(Waiting.Cancellation));
    }

    private static Heads Heads(RunningSilo silo) => silo.Services.GetRequiredService<Heads>();

    /// <summary>One round of the silo that leads, which it may have to become first.</summary>
    private static async Task Look(RunningSilo silo)
    {
        await silo.Services.GetRequiredService<Coordination.Host.Relay.Leadership>().Held(Waiting.Cancellation);
        await silo.Services.GetRequiredService<ChainWatch>().LookNow(Waiting.Cancellation);
    }

    private static Heads HeadsOf(IStore store, DataFolder folder, TimeProvider? time = null) =>
        new(store, new(store.Secret), Options.Create(new SiloOptions { Data = folder.Path }), time ?? TimeProvider.System, NullLogger<Heads>.Instance);

    private static Task Start(IStore store, DataFolder folder) =>
        new StartCheck(store, HeadsOf(store, folder), TimeProvider.System, NullLogger<StartCheck>.Instance).StartAsync(Waiting.Cancellation);

    private static async Task Append(IStore store, long version) => Assert.IsType<AppendOutcome.Appended>(
        await store.Journal.Append(new("plan/none", version, null, null, DateTimeOffset.UnixEpoch, "somebody", null, [new("plan.none", 1, [], [], [])]), Waiting.Cancellation));

    /// <summary>What gives the entries after a position the hashes that follow from what they say now.</summary>
    private static async Task<string> Rechained(IStore store, long after)
    {
        var hash = after == 0 ? HashChain.Origin : (await store.Journal.ReadAt([after], Waiting.Cancellation))[0].Hash;
        var sql = new System.Text.StringBuilder();
        foreach (var entry in await store.Journal.ReadFrom(after, 10_000, Waiting.Cancellation))
        {
            hash = HashChain.Link(hash, entry);
            sql.Append(System.Globalization.CultureInfo.InvariantCulture, $"UPDATE entries SET hash = {Bytes(hash)} WHERE position = {entry.Position};");
        }

        return $"{sql} UPDATE head SET hash = {Bytes(hash)}";
        static string Bytes(byte[] hash) => ClusterServers.Wanted ? $"decode('{Convert.ToHexString(hash)}', 'hex')" : $"x'{Convert.ToHexString(hash)}'";
    }

    /// <summary>A store beside which others work: after each look at the journal's head they do something before it is used.</summary>
    private sealed class Overtaken(IStore inner, Func<Task> meanwhile) : IStore
    {
        public IJournal Journal { get; } = Interrupted.Of(inner.Journal, meanwhile);
        public IRecords Records => inner.Records;
        public IInboxes Inboxes => inner.Inboxes;
        public IOutbox Outbox => inner.Outbox;
        public IEvents Events => inner.Events;
        public IViewStore Views => inner.Views;
        public ILeases Leases => inner.Leases;
        public ITrust Trust => inner.Trust;
        public Secret Secret => inner.Secret;

        public Task Compact(IProgress<string>? progress, CancellationToken cancellation) => inner.Compact(progress, cancellation);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

#pragma warning disable CA1852 // a proxy is made of it
    private class Interrupted : DispatchProxy
#pragma warning restore CA1852
    {
        private IJournal _inner = null!;
        private Func<Task> _meanwhile = null!;

        public static IJournal Of(IJournal inner, Func<Task> meanwhile)
        {
            var journal = Create<IJournal, Interrupted>();
            ((Interrupted)(object)journal)._inner = inner;
            ((Interrupted)(object)journal)._meanwhile = meanwhile;
            return journal;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name == nameof(IJournal.ReadHead) ? ReadHead((CancellationToken)args![0]!) : targetMethod.Invoke(_inner, args);

        private async Task<Head> ReadHead(CancellationToken cancellation)
        {
            var head = await _inner.ReadHead(cancellation);
            await _meanwhile();
            return head;
        }
    }
}
