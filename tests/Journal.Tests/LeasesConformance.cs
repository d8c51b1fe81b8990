using static Coordination.Journal.Tests.Waiting;

namespace Coordination.Journal.Tests;

/// <summary>What every store of leases owes its callers. One fresh store per test.</summary>
public abstract class LeasesConformance : IAsyncLifetime
{
    /// <summary>Longer than any test takes.</summary>
    protected static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    protected ILeases Leases { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Leases = await Open();

    public async ValueTask DisposeAsync()
    {
        await Close();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<ILeases> Open();

    protected abstract Task Close();

    [Fact]
    public async Task Who_holds_a_lease_keeps_it_from_others_and_may_renew_it()
    {
        Assert.Null(await Leases.Holder("relay", Cancellation));
        Assert.True(await Leases.Hold("relay", "silo-1", Long, Cancellation));
        Assert.False(await Leases.Hold("relay", "silo-2", Long, Cancellation));
        Assert.True(await Leases.Hold("relay", "silo-1", Long, Cancellation));
        Assert.Equal("silo-1", await Leases.Holder("relay", Cancellation));
    }

    [Fact]
    public async Task Each_lease_is_held_by_itself()
    {
        Assert.True(await Leases.Hold("relay", "silo-1", Long, Cancellation));
        Assert.True(await Leases.Hold("export", "silo-2", Long, Cancellation));
        Assert.Equal("silo-1", await Leases.Holder("relay", Cancellation));
        Assert.Equal("silo-2", await Leases.Holder("export", Cancellation));
    }

    [Fact]
    public async Task A_lease_given_back_is_free()
    {
        await Leases.Hold("relay", "silo-1", Long, Cancellation);
        await Leases.Release("relay", "silo-1", Cancellation);
        Assert.Null(await Leases.Holder("relay", Cancellation));
        Assert.True(await Leases.Hold("relay", "silo-2", Long, Cancellation));
    }

    [Fact]
    public async Task Nobody_gives_back_what_another_holds()
    {
        await Leases.Release("relay", "silo-2", Cancellation);
        await Leases.Hold("relay", "silo-1", Long, Cancellation);
        await Leases.Release("relay", "silo-2", Cancellation);
        Assert.Equal("silo-1", await Leases.Holder("relay", Cancellation));
    }

    [Fact]
    public async Task Of_many_who_ask_at_once_one_holds_it()
    {
        var asked = await Task.WhenAll(Enumerable.Range(0, 32).Select(
            silo => Task.Run(() => Leases.Hold("relay", $"silo-{silo}", Long, Cancellation), Cancellation))).Until("32 askers");
        Assert.Single(asked, answer => answer);
        Assert.Equal($"silo-{Array.IndexOf(asked, true)}", await Leases.Holder("relay", Cancellation));
    }
}
