using Coordination.Contracts.Security;
using Coordination.Gateway.Security;

namespace Coordination.Gateway.Tests.Security;

/// <summary>However often somebody knocks, few lines are kept of it, and none of it is left out of the count.</summary>
public sealed class CondensingEvents
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_is_alike_is_counted_at_the_time_of_the_last()
    {
        var condensed = Condensed.Of([Failed(0, "a-1", "n"), Failed(1, "a-1", "n"), Failed(2, "a-2", "n"), new(SecurityEventKind.SignedIn, Noon, "a-1")]).ToList();
        Assert.Equal(3, condensed.Count);
        var both = condensed.Single(it => it.Count == 2);
        Assert.Equal(("a-1", Noon.AddSeconds(1)), (both.About, both.At));
    }

    [Theory]
    [InlineData(1_000, 1, 1)]
    [InlineData(1_000, 20, 20)]
    [InlineData(1_000, 500, 1)]
    public void From_a_thousand_networks_only_the_accounts_are_told_apart_and_of_many_accounts_not_even_they(int networks, int accounts, int lines)
    {
        var events = Enumerable.Range(0, networks).Select(i => Failed(i, $"a-{i % accounts}", $"n-{i}")).ToList();
        var condensed = Condensed.Of(events).ToList();
        Assert.Equal(lines, condensed.Count);
        Assert.Equal(networks, condensed.Sum(it => it.Count));
        Assert.All(condensed, it => Assert.Null(it.Network));
        Assert.Equal(Noon.AddSeconds(networks - 1), condensed.Max(it => it.At));
    }

    [Fact]
    public void One_kind_takes_no_room_from_another()
    {
        var condensed = Condensed.Of([.. Enumerable.Range(0, 500).Select(i => Failed(i, $"a-{i}", $"n-{i}")), new(SecurityEventKind.RoleGiven, Noon, "a-1", "togo", "a-2")]).ToList();
        Assert.Contains(condensed, it => it is { Kind: SecurityEventKind.RoleGiven, About: "a-2", Body: "togo" });
    }

    private static SecurityEvent Failed(int second, string about, string network) =>
        new(SecurityEventKind.SignInFailed, Noon.AddSeconds(second), About: about, Network: network);
}
