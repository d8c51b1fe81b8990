using Coordination.Silo.Tests.Views;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Coordination.Silo.Tests.Upgrades;

/// <summary>
/// During a rolling upgrade a silo of the newer version writes facts that an older silo cannot read. Its views stop with a reason,
/// and nothing that it has made before or makes afterwards is wrong.
/// </summary>
[Trait("On", "both")]
public sealed class FactsOfANewerVersion
{
    [Theory]
    [InlineData("plan.weighed", 1)]
    [InlineData("plan.status-changed", 2)]
    public async Task Stop_the_views_with_a_reason_and_corrupt_nothing(string fact, int form)
    {
        await using var silo = await RunningSilo.Start();
        await Restarts.ABusyWeek(silo);
        await silo.Settle();
        var stored = await Stored.Kept(silo);
        var other = await silo.Draft("ruritania");
        await silo.Settle();
        var before = await silo.Digests();
        var version = await silo.PlaceOf(await silo.Plan("open-plan").Give("ruritania", new ReportProgress("one", MilestoneStatus.InProgress, 26)));
        await silo.Settle();
        var position = silo.World.Position;

        await WriteNewer(silo, version, fact, form);
        await Until(() => silo.World.Stopped is not null, "the views have stopped");

        Assert.Contains($"position {position}", silo.World.Stopped, StringComparison.Ordinal);
        Assert.Contains($"'{fact}'", silo.World.Stopped, StringComparison.Ordinal);
        Assert.Contains("update this process", silo.World.Stopped, StringComparison.Ordinal);
        Assert.Equal(position, silo.World.Position);
        // It leaves, so that its grains are activated where the newer version runs.
        var lifetime = silo.Services.GetRequiredService<IHostApplicationLifetime>();
        await Until(() => lifetime.ApplicationStopping.IsCancellationRequested, "the silo leaves");
        // A grain that meets the newer fact writes nothing on a state that it does not know, and says that it is not for ever.
        var refusal = await silo.Plan("open-plan").Execute(Giving.By("ruritania"), new ReportProgress("one", MilestoneStatus.Done, 100)).Refused();
        Assert.Equal((RefusalReason.Unavailable, "platform.older-version"), (refusal.Reason, refusal.Code));
        // Others may still be written to.
        await silo.Plan(other).Give("ruritania", new ReportProgress("one", MilestoneStatus.InProgress, 10));
        Assert.Equal(position, silo.World.Position);
        var shown = await silo.Digests();
        Assert.Equal(before.Views.Where(view => view.Key is not ("plans" or "feed")), shown.Views.Where(view => view.Key is not ("plans" or "feed")));

        var folder = await silo.Stop();
        await using var reader = await Opened(folder);
        var kept = await ViewDigests.Of(reader, Waiting.Cancellation);
        Assert.InRange(kept!.Position, stored.Position, position);
        if (kept.Position == position) Assert.Equal(shown.Views, kept.Views);
        Assert.Null((await reader.Journal.Verify(Waiting.Cancellation)).BrokenAt);
    }

    [Fact]
    public async Task Refuse_the_start_of_an_older_version_with_a_reason()
    {
        await using var silo = await RunningSilo.Start();
        await silo.Admit("ruritania");
        var plan = await silo.Draft("ruritania");
        await silo.Settle();
        var folder = await silo.Stop();
        await using (var store = await Opened(folder))
            await store.Journal.Append(Newer($"plan/{plan}", 3, "plan.weighed", 1), Waiting.Cancellation);

        var exception = await Assert.ThrowsAnyAsync<Exception>(() => RunningSilo.Start(folder));

        Assert.Contains("'plan.weighed'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("update this process", exception.Message, StringComparison.Ordinal);
    }

    private static async Task WriteNewer(RunningSilo silo, long version, string fact, int form) =>
        Assert.IsType<AppendOutcome.Appended>(await silo.Disk.Journal.Append(Newer("plan/open-plan", version, fact, form), Waiting.Cancellation));

    private static Append Newer(string stream, long version, string fact, int form) => new(
        stream, version, null, null, TimeProvider.System.GetUtcNow(), "ruritania", "ruritania",
        [new(fact, form, [stream], System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(Audience.Community, FactJson.Options), "{}"u8.ToArray())]);

    private static Task<IStore> Opened(DataFolder folder) => RunningSilo.OpenStore(folder);

    private static async Task Until(Func<bool> holds, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Waiting.Patience) throw new TimeoutException($"Waited {Waiting.Patience} for this: {what}.");
            await Task.Delay(20, Waiting.Cancellation);
        }
    }
}
