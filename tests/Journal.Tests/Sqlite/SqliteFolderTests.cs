using Coordination.Journal.Sqlite;
using static Coordination.Journal.Tests.Waiting;

namespace Coordination.Journal.Tests.Sqlite;

public sealed class SqliteFolderTests : IAsyncDisposable
{
    private readonly SqliteFolder _folder = new();

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public async Task A_second_opener_of_the_folder_is_refused_with_a_reason()
    {
        var store = await _folder.Open();
        var refusal = await Assert.ThrowsAsync<JournalUnavailableException>(
            () => SqliteStore.Open(new() { Folder = _folder.Path }, Cancellation));
        Assert.Contains("in use by another process", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.Path, refusal.Message, StringComparison.Ordinal);
        await store.Journal.MustAppend(Facts.To("plan/a", 0));
        await _folder.Close();
        Assert.Equal(1, (await _folder.Open()).Journal.Position);
    }

    [Fact]
    public async Task Only_the_owner_can_read_what_was_made()
    {
        if (OperatingSystem.IsWindows()) return; // has no such modes
        var store = await _folder.Open();
        await store.Journal.MustAppend(Facts.To("plan/a", 0));
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(owner | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder.Path));
        foreach (var file in Directory.GetFiles(_folder.Path))
            Assert.Equal(owner, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task A_closed_journal_is_one_file_beside_its_views_and_its_lock()
    {
        await (await _folder.Open()).Journal.MustAppend(Facts.To("plan/a", 0));
        await _folder.Close();
        Assert.Equal(
            [SqliteStore.FileName, SqliteStore.LockName, Secret.FileName, SqliteStore.ViewsName], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_journal_of_a_newer_version_is_refused()
    {
        await _folder.Open();
        await _folder.Close();
        _folder.Tamper("PRAGMA user_version = 1000");
        var refusal = await Assert.ThrowsAsync<JournalUnavailableException>(() => _folder.Open());
        Assert.Contains("newer version", refusal.Message, StringComparison.Ordinal);
        // The refusal lets go of the folder.
        _folder.Tamper($"PRAGMA user_version = {Schema.Known}");
        await _folder.Open();
    }

    [Fact]
    public async Task A_journal_of_an_earlier_version_is_brought_up_to_date_and_keeps_what_is_in_it()
    {
        await (await _folder.Open()).Journal.MustAppend(Facts.To("plan/a", 0, "said", count: 3));
        await _folder.Close();
        _folder.Tamper("ALTER TABLE entries DROP COLUMN trace; DROP TABLE events; DROP TABLE marks; DROP TABLE outbox; DROP TABLE inbox; CREATE TABLE delivered (one, position); ALTER TABLE head DROP COLUMN broken; ALTER TABLE records DROP COLUMN seal; ALTER TABLE commands DROP COLUMN seal; ALTER TABLE snapshots DROP COLUMN seal; DROP TABLE sums; DROP TABLE trust; DROP TABLE heads; CREATE TABLE inbox (one); PRAGMA user_version = 1");
        // What was there before rows were sealed counts for nothing until an operator says that it is right.
        await Assert.ThrowsAsync<JournalUnavailableException>(() => _folder.Open());
        await using (var any = await SqliteStore.Open(new() { Folder = _folder.Path, AnySecret = true }, Cancellation))
            await any.Trust.SealAnew(Cancellation);

        var store = await _folder.Open();
        Assert.Equal(3, store.Journal.Position);
        Assert.NotNull(await store.Journal.FindCommand("said", Cancellation));
        await store.Journal.MustAppend(Facts.To("plan/a", 3) with { Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" });
        Assert.Equal(new(4, null, Convert.ToHexStringLower((await store.Journal.ReadHead(Cancellation)).Hash)), await store.Journal.Verify(Cancellation));
        Assert.Equal([true, true, true, false], (await store.Journal.ReadFrom(0, 10, Cancellation)).Select(entry => entry.Trace is null));
        // Inboxes are filled anew.
        Assert.True(await store.Inboxes.Deliver(0, 4, [new("body-3", 4, "addressed", "plan/a")], Cancellation));
        Assert.Empty(await store.Outbox.Backlogs(Cancellation));
    }

    [Fact]
    public async Task A_file_that_is_no_journal_is_refused()
    {
        Directory.CreateDirectory(_folder.Path);
        await File.WriteAllTextAsync(_folder.File, string.Concat(Enumerable.Repeat("not a database ", 1_000)), Cancellation);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => _folder.Open());
    }
}
