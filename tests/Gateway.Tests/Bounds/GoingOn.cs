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
        using var flood = await node.AsAnother("finland");
        var other = await node.As("togo");
        var sent = Enumerable.Range(0, 150).Select(_ => flood.Post("/plans", Person.Raw("{"), match: null)).ToArray();
        var others = Others();
        await Task.Delay(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);
        await others.WaitAsync(TimeSpan.Zero, TestContext.Current.CancellationToken);
        var late = sent.Where(one => !one.IsCompleted).ToArray();
        Assert.InRange(late.Length, 30, 100);

        // Nor does the end of the gateway wait for them.
        var began = Stopwatch.GetTimestamp();
        await node.DisposeAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(12));
        Assert.All(await Task.WhenAll(late), answer => Assert.Equal("account.too-many-writes", answer.Code));

        async Task Others()
        {
            (await other.Post("/plans", new { title = "Of somebody else" }, match: null)).Done();
            (await flood.Get("/plans")).Done();
        }
    }
}
