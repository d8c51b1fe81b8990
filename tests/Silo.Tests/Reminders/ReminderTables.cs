using Coordination.Host.Reminders;
using Coordination.Journal.Sqlite;
using Orleans.Runtime;

namespace Coordination.Silo.Tests.Reminders;

[Trait("On", "both")]
public sealed class ReminderTables : IAsyncLifetime
{
    private static readonly GrainId One = GrainId.Create("request", "one/with a slash");
    private static readonly GrainId Other = GrainId.Create("request", "other");
    private readonly DataFolder _folder = new();
    private SqliteStore _store = null!;
    private ReminderTable _table = null!;

    public async ValueTask InitializeAsync()
    {
        _store = await SqliteStore.Open(new() { Folder = _folder.Path });
        _table = new(_store.Records);
        await _table.StartAsync(Waiting.Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_row_is_read_as_it_was_written_also_after_a_restart()
    {
        var etag = await _table.UpsertRow(Row(One, "expiry"));
        foreach (var table in (ReminderTable[])[_table, await Restarted()])
        {
            var row = await table.ReadRow(One, "expiry");
            Assert.Equal((One, "expiry", Row(One, "expiry").StartAt, DateTimeKind.Utc, TimeSpan.FromHours(1), etag), (row!.GrainId, row.ReminderName, row.StartAt, row.StartAt.Kind, row.Period, row.ETag));
            Assert.Null(await table.ReadRow(One, "other"));
            Assert.Null(await table.ReadRow(Other, "expiry"));
        }
    }

    [Fact]
    public async Task Each_write_has_an_etag_of_its_own_and_only_the_last_removes()
    {
        var first = await _table.UpsertRow(Row(One, "expiry"));
        var second = await _table.UpsertRow(Row(One, "expiry", days: 2));
        Assert.NotEqual(first, second);

        Assert.False(await _table.RemoveRow(One, "expiry", first!));
        Assert.False(await _table.RemoveRow(One, "expiry", "no etag"));
        Assert.False(await _table.RemoveRow(One, "other", second!));
        Assert.Equal(Row(One, "expiry", days: 2).StartAt, (await _table.ReadRow(One, "expiry"))!.StartAt);
        Assert.True(await _table.RemoveRow(One, "expiry", second!));
        Assert.False(await _table.RemoveRow(One, "expiry", second!));

        Assert.Null(await _table.ReadRow(One, "expiry"));
        Assert.Null(await (await Restarted()).ReadRow(One, "expiry"));
    }

    [Fact]
    public async Task Many_writes_of_one_row_at_once_leave_the_last_in_memory_too()
    {
        await Task.WhenAll(Enumerable.Range(1, 200).Select(days => _table.UpsertRow(Row(One, "expiry", days))));

        var (here, there) = (await _table.ReadRow(One, "expiry"), await (await Restarted()).ReadRow(One, "expiry"));
        Assert.Equal(("200", there!.StartAt, there.ETag), (here!.ETag, here.StartAt, here.ETag));
    }

    [Fact]
    public async Task Rows_of_a_grain_are_its_own()
    {
        await _table.UpsertRow(Row(One, "a"));
        await _table.UpsertRow(Row(One, "b"));
        await _table.UpsertRow(Row(Other, "a"));

        Assert.Equal(["a", "b"], (await _table.ReadRows(One)).Reminders.Select(row => row.ReminderName).Order());
    }

    [Fact]
    public async Task Ranges_go_around_the_ring_without_a_hole_or_an_overlap()
    {
        var grains = Enumerable.Range(0, 300).Select(number => GrainId.Create("request", $"r{number}")).ToList();
        foreach (var grain in grains) await _table.UpsertRow(Row(grain, "expiry"));
        foreach (var (begin, end) in ((uint, uint)[])[(0, uint.MaxValue / 2), (uint.MaxValue / 4 * 3, uint.MaxValue / 4), (7, 7), (0, 0)])
        {
            var inside = (await _table.ReadRows(begin, end)).Reminders.Select(row => row.GrainId).ToHashSet();
            Assert.Equal(grains.Where(grain => In(grain.GetUniformHashCode(), begin, end)), grains.Where(inside.Contains));
            if (begin == end) continue;
            Assert.Equal(300, inside.Count + (await _table.ReadRows(end, begin)).Reminders.Count);
        }

        // The end belongs to the range, the beginning does not.
        var hash = grains[0].GetUniformHashCode();
        Assert.Contains((await _table.ReadRows(hash - 1, hash)).Reminders, row => row.GrainId == grains[0]);
        Assert.DoesNotContain((await _table.ReadRows(hash, hash + 1)).Reminders, row => row.GrainId == grains[0]);
    }

    [Fact]
    public async Task A_cleared_table_is_empty()
    {
        await _table.UpsertRow(Row(One, "a"));
        await _table.TestOnlyClearTable();

        Assert.Empty((await _table.ReadRows(0, 0)).Reminders);
        Assert.Empty((await (await Restarted()).ReadRows(0, 0)).Reminders);
    }

    private static bool In(uint hash, uint begin, uint end) => begin == end || unchecked(hash - begin - 1) < unchecked(end - begin);

    private async Task<ReminderTable> Restarted()
    {
        var table = new ReminderTable(_store.Records);
        await table.StartAsync(Waiting.Cancellation);
        return table;
    }

    private static ReminderEntry Row(GrainId grain, string name, int days = 1) => new()
    {
        GrainId = grain,
        ReminderName = name,
        StartAt = new DateTime(2031, 1, 1, 12, 30, 15, 678, DateTimeKind.Utc).AddDays(days),
        Period = TimeSpan.FromHours(1),
    };
}
