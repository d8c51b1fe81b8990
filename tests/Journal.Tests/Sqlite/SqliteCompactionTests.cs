using System.Text;
using Coordination.Journal.Sqlite;
using static Coordination.Journal.Tests.Waiting;

namespace Coordination.Journal.Tests.Sqlite;

public sealed class SqliteCompactionTests : IAsyncDisposable
{
    private readonly SqliteFolder _folder = new();

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public async Task After_a_compaction_no_file_holds_anything_erased_and_all_else_is_there()
    {
        var store = await _folder.Open();
        string[] canaries = ["canary-in-texts-ségolène", "canary-in-a-snapshot", "canary-in-a-record", "canary-in-a-view"];
        await store.Journal.MustAppend(Facts.Saying("plan/a", 0, "said", canaries[0], "what stays"));
        var key = (await store.Journal.FindCommand("said", Cancellation))!.Fingerprint!.Key!;
        await store.Journal.SaveSnapshot("plan/a", new(2, 1, Encoding.UTF8.GetBytes(canaries[1])), Cancellation);
        await store.Records.Write("account", "7", Encoding.UTF8.GetBytes(canaries[2]), 0, Cancellation);
        await store.Views.Save([new(new("plans", 1), ViewMark.None, 2, [], [new("a", 2, Encoding.UTF8.GetBytes(canaries[3]), [])])], Cancellation);
        Assert.All(canaries, canary => Assert.NotEmpty(Holding(Encoding.UTF8.GetBytes(canary))));
        Assert.NotEmpty(Holding(key));

        await store.Journal.MustAppend(Facts.Erasing("erasures", 0, 1));
        await store.Records.Erase("account", "7", null, Cancellation);
        await store.Views.Save([new(new("plans", 1), new(0, 2, []), 3, [], [new("a", 3, [1], [])])], Cancellation);
        var steps = new List<string>();
        await store.Compact(new Steps(steps), Cancellation).Until("the compaction");

        Assert.All(canaries, canary => Assert.Empty(Holding(Encoding.UTF8.GetBytes(canary))));
        Assert.Empty(Holding(key));
        Assert.NotEmpty(Holding("what stays"u8.ToArray()));
        Assert.Equal([0, 0], new[] { SqliteStore.FileName, SqliteStore.ViewsName }.Select(name => new FileInfo(Path.Combine(_folder.Path, name + "-wal")).Length));
        Assert.Equal(2, steps.Count);
        await store.Journal.MustBeWhole(3);
        // And it goes on.
        await store.Journal.MustAppend(Facts.To("plan/a", 2));
        await store.Journal.MustBeWhole(4);
    }

    [Fact]
    public async Task Writes_wait_for_a_compaction_and_go_through()
    {
        var store = await _folder.Open();
        await store.Journal.MustAppend(Facts.Saying("plan/a", 0, null, [.. Enumerable.Range(0, 1_000).Select(number => new string('x', 1_000) + number)]));
        var compaction = store.Compact(null, Cancellation);
        var appends = Enumerable.Range(0, 50).Select(number => store.Journal.MustAppend(Facts.To($"plan/{number}", 0))).ToList();
        await compaction.Until("the compaction");
        await Task.WhenAll(appends).Until("the appends");
        await store.Journal.MustBeWhole(1_050);
    }

    [Fact]
    public async Task While_a_backup_reads_the_older_state_a_compaction_is_refused_with_a_reason()
    {
        var store = await _folder.Open();
        await store.Journal.MustAppend(Facts.Saying("plan/a", 0, null, "one"));
        await using (var backup = new SqliteArchive(_folder.Path).Read(Cancellation).GetAsyncEnumerator(Cancellation))
        {
            await backup.MoveNextAsync();
            var refusal = await Assert.ThrowsAsync<JournalUnavailableException>(() => store.Compact(null, Cancellation).Until("the refusal"));
            Assert.Contains("such as a backup", refusal.Message, StringComparison.Ordinal);
        }
        await store.Compact(null, Cancellation).Until("the compaction");
    }

    /// <summary>Every file of the folder but the lock, which is empty and cannot be opened meanwhile.</summary>
    private List<string> Holding(byte[] bytes)
    {
        Assert.Equal(0, new FileInfo(Path.Combine(_folder.Path, SqliteStore.LockName)).Length);
        return [.. Directory.GetFiles(_folder.Path).Where(file => Path.GetFileName(file) != SqliteStore.LockName && Read(file).AsSpan().IndexOf(bytes) >= 0)];
    }

    private static byte[] Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
