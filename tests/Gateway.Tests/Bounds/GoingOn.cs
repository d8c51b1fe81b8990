using System.Diagnostics;

namespace Coordination.Gateway.Tests.Bounds;

/// <summary>Whoever goes on after having been refused waits, and nobody else does.</summary>
public sealed class GoingOn
{
    [Fact]
    public async Task After_many_refusals_the_next_ones_come_late_and_only_to_whoever_was_refused()
    {
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path, with: settings => settings with { AccountWrites = 1, AccountWritesPerSecond = 1 });
        var (flood, other) = (await node.As("finland"), await node.As("togo"));
        var began = Stopwatch.GetTimestamp();
        var refused = await Task.WhenAll(Enumerable.Range(0, 150).Select(async _ =>
        {
            var answer = await flood.Post("/plans", Person.Raw("{"), match: null);
            return (Code: answer.Code, Took: Stopwatch.GetElapsedTime(began));
        }).Append(Others()));
        var late = refused.Where(one => one.Took > TimeSpan.FromSeconds(3.5)).ToArray();
        Assert.InRange(late.Length, 30, 100);
        Assert.All(late, one => Assert.Equal("account.too-many-writes", one.Code));

        async Task<(string? Code, TimeSpan Took)> Others()
        {
            var given = await other.Post("/plans", new { title = "Of somebody else" }, match: null);
            given.Done();
            (await flood.Get("/plans")).Done();
            return (null, Stopwatch.GetElapsedTime(began));
        }
    }
}
