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
    [InlineData(1_000, 10, 10)]
    [InlineData(1_000, 500, 1)]
    public void Of_a_thousand_networks_the_loudest_are_named_and_of_the_others_whom_they_tried_unless_that_are_many_too(int networks, int accounts, int lines)
    {
        var events = Enumerable.Range(0, networks).Select(i => Failed(i, $"a-{i % accounts}", $"n-{i}")).Append(Failed(0, "a-0", "n-loud")).Append(Failed(1, "a-0", "n-loud")).ToList();
        var condensed = Condensed.Of(events).ToList();
        Assert.Equal(10 + lines, condensed.Count);
        Assert.Equal(networks + 2, condensed.Sum(it => it.Count));
        Assert.Equal(lines, condensed.Count(it => it.Network is null));
        Assert.Contains(condensed, it => it is { Network: "n-loud", Count: 2, About: "a-0" });
        Assert.Equal(Noon.AddSeconds(networks - 1), condensed.Max(it => it.At));
        Assert.All(condensed, it => Assert.Equal(it.About is null ? Math.Min(accounts, Condensed.MostConcerned) : 0, it.Concerned?.Length ?? 0));
    }

    [Fact]
    public void Whoever_makes_noise_is_named_and_the_lines_of_the_others_stay_whole()
    {
        var noise = Enumerable.Range(0, 100).Select(i => Refused("a-loud", $"operation-{i}", i < 60 ? "togo" : "chile"));
        SecurityEvent[] quiet = [Refused("a-1", "grantRole", "togo"), Refused("a-1", "admitBody", "togo"), Failed(1, "a-2", "n-9") with { Kind = SecurityEventKind.Refused }];
        var condensed = Condensed.Of([.. noise, .. quiet]).ToList();
        Assert.All(quiet, line => Assert.Contains(line, condensed));
        var loud = Assert.Single(condensed, it => it.Account == "a-loud");
        Assert.Equal(("n-a-loud", null, "body.coordinator-only", 100), (loud.Network, loud.Operation, loud.Code, loud.Count));
        // Each body is told of its own.
        Assert.Equal([new(null, "togo", 60), new(null, "chile", 40)], loud.Concerned!);
    }

    [Fact]
    public void Whoever_is_signed_in_hides_behind_no_number_of_networks()
    {
        var crowd = Enumerable.Range(0, 3_000).Select(i => Failed(i, $"a-{i % 7}", $"n-{i % 1_000}") with { Kind = SecurityEventKind.Refused });
        var condensed = Condensed.Of([.. crowd, .. Enumerable.Range(0, 30).Select(i => Refused("a-hides", $"operation-{i}", "togo"))]).ToList();
        Assert.True(condensed.Count <= Condensed.MostOfAKind);
        Assert.Contains(condensed, it => it is { Account: "a-hides", AboutBody: "togo", Count: 30, Concerned: null });
    }

    [Fact]
    public void One_kind_takes_no_room_from_another()
    {
        var condensed = Condensed.Of([.. Enumerable.Range(0, 500).Select(i => Failed(i, $"a-{i}", $"n-{i}")), new(SecurityEventKind.RoleGiven, Noon, "a-1", "togo", "a-2")]).ToList();
        Assert.Contains(condensed, it => it is { Kind: SecurityEventKind.RoleGiven, About: "a-2", Body: "togo" });
    }

    private static SecurityEvent Refused(string account, string operation, string body) =>
        new(SecurityEventKind.Refused, Noon, account, "finland", AboutBody: body, Network: "n-" + account, Operation: operation, Code: "body.coordinator-only");

    private static SecurityEvent Failed(int second, string about, string network) =>
        new(SecurityEventKind.SignInFailed, Noon.AddSeconds(second), About: about, Network: network);
}
