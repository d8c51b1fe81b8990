using static Coordination.Journal.Tests.Waiting;

namespace Coordination.Journal.Tests;

/// <summary>What every store of records owes its callers. One fresh store per test.</summary>
public abstract class RecordsConformance : IAsyncLifetime
{
    protected IRecords Records { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Records = await Open();

    public async ValueTask DisposeAsync()
    {
        await Close();
        await Remove();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the store of this test: a fresh one at first, afterwards what was closed.</summary>
    protected abstract Task<IRecords> Open();

    protected abstract Task Close();

    protected abstract Task Remove();

    [Fact]
    public async Task A_record_comes_back_as_it_was_also_after_reopening()
    {
        Assert.Null(await Records.Read("account", "7", Cancellation));
        Assert.Equal(1, await Records.Write("account", "7", [1, 0, 255], 0, Cancellation));
        await ShouldBeThere();
        await Close();
        Records = await Open();
        await ShouldBeThere();

        async Task ShouldBeThere()
        {
            var record = await Records.Read("account", "7", Cancellation);
            Assert.Equal(("account", "7", 1L), (record!.Kind, record.Id, record.Version));
            Assert.Equal([1, 0, 255], record.Data);
            Assert.Null(await Records.Read("reminder", "7", Cancellation));
        }
    }

    [Fact]
    public async Task A_record_at_another_version_is_not_written()
    {
        Assert.Null(await Records.Write("account", "7", [0], 1, Cancellation));
        Assert.Equal(1, await Records.Write("account", "7", [1], 0, Cancellation));
        Assert.Null(await Records.Write("account", "7", [9], 0, Cancellation));
        Assert.Equal(2, await Records.Write("account", "7", [2], 1, Cancellation));
        Assert.Null(await Records.Write("account", "7", [9], 1, Cancellation));
        Assert.Equal([2], (await Records.Read("account", "7", Cancellation))!.Data);
    }

    [Fact]
    public async Task Without_an_expectation_a_write_always_succeeds()
    {
        Assert.Equal(1, await Records.Write("account", "7", [1], null, Cancellation));
        Assert.Equal(2, await Records.Write("account", "7", [], null, Cancellation));
        Assert.Empty((await Records.Read("account", "7", Cancellation))!.Data);
    }

    [Fact]
    public async Task Of_concurrent_writers_exactly_one_wins_each_version()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(
            writer => Task.Run(() => Records.Write("account", "7", [(byte)writer], 0, Cancellation), Cancellation))).Until("64 writers");
        Assert.Equal(1, Assert.Single(answers, answer => answer is not null));
    }

    [Fact]
    public async Task An_erased_record_is_gone()
    {
        await Records.Write("account", "7", [1], null, Cancellation);
        await Records.Write("account", "7", [2], null, Cancellation);
        Assert.False(await Records.Erase("account", "7", 1, Cancellation));
        Assert.False(await Records.Erase("account", "8", null, Cancellation));
        Assert.True(await Records.Erase("account", "7", 2, Cancellation));
        Assert.False(await Records.Erase("account", "7", null, Cancellation));
        Assert.Null(await Records.Read("account", "7", Cancellation));
        Assert.Empty(await Records.List("account", Cancellation));
        Assert.Equal(1, await Records.Write("account", "7", [3], 0, Cancellation));
    }

    [Fact]
    public async Task A_kind_is_listed_in_the_order_of_ids()
    {
        foreach (var id in (string[])["b", "é", "a", "B", "10", "9"])
            await Records.Write("account", id, [1], null, Cancellation);
        await Records.Write("reminder", "c", [1], null, Cancellation);
        Assert.Equal(["10", "9", "B", "a", "b", "é"], (await Records.List("account", Cancellation)).Select(record => record.Id));
        Assert.Empty(await Records.List("none", Cancellation));
    }
}
