using System.Text;
using Coordination.Journal.Sqlite;
using static Coordination.Journal.Tests.Waiting;

namespace Coordination.Journal.Tests.Sqlite;

public sealed class SqliteDurabilityTests : IAsyncDisposable
{
    private readonly SqliteFolder _folder = new();

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public async Task After_a_crash_everything_acknowledged_is_there()
    {
        var store = await _folder.Open();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => store.Journal.MustAppend(Facts.To($"plan/{i}", 0, $"command-{i}"))));
        await store.Records.Write("account", "7", [1], 0, Cancellation);
        await store.Inboxes.Deliver(0, 5, [new("body-3", 5, "addressed", "plan/p")], Cancellation);
        var head = await store.Journal.ReadHead(Cancellation);

        await using var crashed = _folder.CopyAsItIs();
        var survivor = await crashed.Open();

        Assert.Equal(200, survivor.Journal.Position);
        Assert.Equal(new(200, null, Convert.ToHexStringLower(head.Hash)), await survivor.Journal.Verify(Cancellation));
        for (var i = 0; i < 200; i++)
            Assert.IsType<AppendOutcome.Repeated>(await survivor.Journal.Append(Facts.To($"plan/{i}", 0, $"command-{i}"), Cancellation));
        Assert.NotNull(await survivor.Records.Read("account", "7", Cancellation));
        Assert.Equal([new(5, "addressed", "plan/p")], await survivor.Inboxes.Read("body-3", null, 10, Cancellation));
    }

    [Fact]
    public async Task A_write_accepted_before_closing_is_finished()
    {
        var store = await _folder.Open();
        using var gate = new Gate(store);
        await gate.Closed;
        var append = store.Journal.Append(Facts.To("plan/a", 0), Cancellation);
        var waiting = store.Journal.WaitBeyond(5, Cancellation);
        var closing = _folder.Close();
        gate.Open();
        await closing.Until("the store to close");

        Assert.Equal(new AppendOutcome.Appended(1, 1), await append);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.Until("the wait to end"));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.Journal.Append(Facts.To("plan/a", 1), Cancellation));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.Journal.ReadFrom(0, 1, Cancellation));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.Journal.WaitBeyond(5, Cancellation));
        Assert.Equal(1, (await _folder.Open()).Journal.Position);
    }

    [Fact]
    public async Task A_full_disk_refuses_what_does_not_fit_and_works_again_with_space()
    {
        var store = await _folder.Open();
        await store.Journal.MustAppend(Facts.To("plan/a", 0));
        var head = await store.Journal.ReadHead(Cancellation);
        await LimitPages(store, 1); // SQLite takes the present size when that is more
        var large = Facts.To("plan/b", 0, "large") with { Entries = [Facts.Some(), Facts.Some() with { Data = new byte[100_000] }] };

        var refusal = await Assert.ThrowsAsync<JournalUnavailableException>(async () => await store.Journal.Append(large, Cancellation));
        Assert.Contains("full", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => store.Records.Write("account", "7", new byte[100_000], 0, Cancellation));

        Assert.Equal(1, store.Journal.Position);
        Assert.Equal(head.Hash, (await store.Journal.ReadHead(Cancellation)).Hash);
        Assert.Single(await store.Journal.ReadFrom(0, 10, Cancellation));
        Assert.Null(await store.Journal.FindCommand("large", Cancellation));
        Assert.Null(await store.Records.Read("account", "7", Cancellation));

        await LimitPages(store, 1_000_000);
        Assert.Equal(new(3, 2), await store.Journal.MustAppend(large));
        Assert.Null((await store.Journal.Verify(Cancellation)).BrokenAt);
    }

    [Fact]
    public async Task A_commit_that_fails_refuses_the_whole_batch_and_the_next_one_goes_through()
    {
        var store = await _folder.Open();
        await store.Journal.MustAppend(Facts.To("plan/a", 0));
        var waiting = store.Journal.WaitBeyond(1, Cancellation);
        store.Writer.BeforeCommit = () => throw new IOException("the disk is gone");
        var batch = await Together(store, 20, i => store.Journal.Append(Facts.To($"plan/b{i}", 0, $"command-{i}"), Cancellation).AsTask());
        foreach (var append in batch)
            await Assert.ThrowsAsync<JournalUnavailableException>(() => append);

        Assert.Equal(1, store.Journal.Position);
        Assert.False(waiting.IsCompleted);
        store.Writer.BeforeCommit = null;
        Assert.Equal(new(2, 1), await store.Journal.MustAppend(Facts.To("plan/b0", 0, "command-0")));
        await waiting.Until("position 2");
        Assert.Null((await store.Journal.Verify(Cancellation)).BrokenAt);
    }

    [Fact]
    public async Task A_write_that_fails_halfway_takes_its_batch_along_and_leaves_nothing()
    {
        var store = await _folder.Open();
        var batch = await Together(store, 3, i => i == 1
            ? store.Writer.Do<bool>(_ => throw new InvalidDataException("no such luck"), Cancellation)
            : Appends(i));
        foreach (var write in batch)
            await Assert.ThrowsAsync<JournalUnavailableException>(() => write);

        Assert.Equal(0, (await store.Journal.ReadHead(Cancellation)).Position);
        Assert.Empty(await store.Journal.ReadFrom(0, 10, Cancellation));
        Assert.Equal(new(1, 1), await store.Journal.MustAppend(Facts.To("plan/0", 0)));
        Assert.Null((await store.Journal.Verify(Cancellation)).BrokenAt);

        async Task<bool> Appends(int i) => await store.Journal.Append(Facts.To($"plan/{i}", 0), Cancellation) is AppendOutcome.Appended;
    }

    [Fact]
    public async Task A_commit_of_uncertain_outcome_is_looked_up_before_it_is_answered()
    {
        var store = await _folder.Open();
        store.Writer.AfterCommit = () => throw new IOException("the answer was lost");
        Assert.Equal(new(1, 1), await store.Journal.MustAppend(Facts.To("plan/a", 0)));
        Assert.Equal(1, store.Journal.Position);
        // One that moves no position is told apart as well.
        Assert.Equal(1, await store.Records.Write("account", "7", [1], 0, Cancellation));
        store.Writer.AfterCommit = null;
        Assert.Equal(new(2, 2), await store.Journal.MustAppend(Facts.To("plan/a", 1)));
        Assert.Null((await store.Journal.Verify(Cancellation)).BrokenAt);
    }

    [Fact]
    public async Task A_thousand_appends_at_once_share_a_few_commits()
    {
        var store = await _folder.Open();
        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => Task.Run(() => store.Journal.MustAppend(Facts.To($"plan/{i}", 0)), Cancellation)))
            .Until("1,000 appends");
        Assert.Equal(1_000, store.Journal.Position);
        Assert.InRange(store.Writer.Commits, 1, 500);

        var before = store.Writer.Commits;
        await Task.WhenAll(await Together(store, 1_000, i => store.Journal.MustAppend(Facts.To($"plan/{i}", 1))));
        Assert.Equal(before + 1, store.Writer.Commits);
    }

    [Fact]
    public async Task A_batch_is_bounded()
    {
        var store = await _folder.Open(batchSize: 10);
        await Task.WhenAll(await Together(store, 100, i => store.Journal.MustAppend(Facts.To($"plan/{i}", 0))));
        Assert.Equal(10, store.Writer.Commits);
    }

    [Fact]
    public async Task Within_one_batch_each_sees_those_before_it()
    {
        var store = await _folder.Open();
        Append[] appends =
        [
            Facts.To("plan/a", 0, "first"), Facts.To("plan/a", 1, "second"), Facts.To("plan/a", 1, "third"), Facts.To("plan/b", 0, "first"),
            Facts.To("plan/a", 2),
        ];
        var outcomes = await Task.WhenAll(await Together(store, appends.Length, i => store.Journal.Append(appends[i], Cancellation).AsTask()));
        Assert.Equal(
            [
                new AppendOutcome.Appended(1, 1), new AppendOutcome.Appended(2, 2), new AppendOutcome.Conflict(2),
                new AppendOutcome.Repeated(Facts.Receipt("first", "plan/a", 1, 1)), new AppendOutcome.Appended(3, 3),
            ],
            outcomes.Select(outcome => outcome.Plain()));
        Assert.Equal(1, store.Writer.Commits);
    }

    [Fact]
    public async Task What_changes_nothing_commits_nothing()
    {
        var store = await _folder.Open();
        await store.Inboxes.Deliver(0, 5, [new("body-3", 5, "addressed", "plan/p")], Cancellation);
        await store.Journal.MustAppend(Facts.To("plan/a", 0, "said"));
        await store.Inboxes.Deliver(0, 5, [new("body-3", 5, "addressed", "plan/p")], Cancellation);
        await store.Journal.Append(Facts.To("plan/a", 0, "said"), Cancellation);
        await store.Journal.Append(Facts.To("plan/a", 0), Cancellation);
        await store.Records.Erase("account", "7", null, Cancellation);
        await store.Views.Save([new(new("plans", 1), new(0, 5, []), 9, [], [new("a", 9, [1], [])])], Cancellation);
        Assert.Equal(2, store.Writer.Commits);
    }

    [Fact]
    public async Task A_write_cancelled_while_it_waits_is_not_written()
    {
        var store = await _folder.Open();
        using var gate = new Gate(store);
        await gate.Closed;
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var append = store.Journal.Append(Facts.To("plan/a", 0), impatient.Token).AsTask();
        await impatient.CancelAsync();
        gate.Open();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => append.Until("the cancelled append"));
        Assert.Equal(new(1, 1), await store.Journal.MustAppend(Facts.To("plan/a", 0)));
    }

    [Fact]
    public async Task What_was_erased_leaves_no_bytes_behind()
    {
        var store = await _folder.Open();
        var secret = "Ségolène Nakamura-Okafor"u8.ToArray();
        await store.Records.Write("account", "7", secret, 0, Cancellation);
        Assert.True(Contains(secret));
        await store.Records.Erase("account", "7", null, Cancellation);
        Assert.False(Contains(secret));

        bool Contains(byte[] bytes) => Directory.GetFiles(_folder.Path, SqliteStore.FileName + "*")
            .Where(file => !file.EndsWith("-shm", StringComparison.Ordinal))
            .Any(file => File.ReadAllBytes(file).AsSpan().IndexOf(bytes) >= 0);
    }

    private static Task<int> LimitPages(SqliteStore store, int pages) =>
        store.Writer.Do(batch => batch.Statement($"PRAGMA max_page_count = {pages}").Run(), Cancellation);

    /// <summary>Starts the writes while the writer is held up, so that they wait together. They come back started, in order.</summary>
    private static async Task<Task<T>[]> Together<T>(SqliteStore store, int count, Func<int, Task<T>> write)
    {
        using var gate = new Gate(store);
        await gate.Closed;
        Task<T>[] started = [.. Enumerable.Range(0, count).Select(write)];
        gate.Open();
        await Task.WhenAll(started).ContinueWith(_ => { }, Cancellation, TaskContinuationOptions.None, TaskScheduler.Default)
            .Until($"{count} writes handed in together");
        return started;
    }

    /// <summary>Holds the writer up inside a transaction that changes nothing.</summary>
    private sealed class Gate : IDisposable
    {
        private readonly ManualResetEventSlim _open = new();
        private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Gate(SqliteStore store)
        {
            var cancellation = Cancellation;
            _ = store.Writer.Do(
                _ =>
                {
                    _closed.SetResult();
                    _open.Wait(cancellation);
                    return true;
                },
                cancellation);
        }

        public Task Closed => _closed.Task.Until("the writer to reach the gate");

        public void Open() => _open.Set();

        public void Dispose() => _open.Set();
    }
}
