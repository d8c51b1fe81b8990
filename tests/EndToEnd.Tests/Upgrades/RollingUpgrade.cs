using System.Collections.Concurrent;
using System.Globalization;
using Coordination.EndToEnd.Tests.Clusters;
using Coordination.EndToEnd.Tests.Faults;

namespace Coordination.EndToEnd.Tests.Upgrades;

/// <summary>One silo after the other is replaced by one of the next version, under load, and the next version writes what this one cannot read.</summary>
[Trait("On", "cluster")]
[Trait("Full", "soak")]
[Trait("Only", "soak")]
public sealed class RollingUpgrade
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan SiloEnds = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task An_older_and_a_newer_silo_run_beside_each_other_and_a_newer_fact_loses_repeats_and_corrupts_nothing()
    {
        using var newer = await NewerVersion.Build();
        await using var cluster = await Cluster.Start();
        using var writer = await Caller.SignIn(cluster.Address, "ruritania", Waiting.Cancellation);
        using var reader = await Caller.SignIn(cluster.Address, "valdoria", Waiting.Cancellation);
        var start = await cluster.Head(Waiting.Cancellation);
        await using var viewer = new Viewer("a member of the groups", "valdoria", reader, cluster.Address, start, "all");
        await viewer.Following.WaitAsync(Patience, Waiting.Cancellation);
        var acknowledged = new ConcurrentDictionary<long, string>();
        using var stop = new CancellationTokenSource();
        var writing = Write(writer, acknowledged, stop.Token);
        await Continue(acknowledged, 20);

        var (older, replaced) = (cluster.Silos[0], cluster.Silos[1]);
        await replaced.Stop(SiloEnds);
        cluster.App = newer.App;
        await cluster.Up();
        // The groups that it is given from here on are written in the form that the older silo does not know.
        await Waiting.Until($"{older.Name} leaves", Patience, () => Task.FromResult(older.Runs ? $"{acknowledged.Count} updates are acknowledged" : null));
        var reason = Assert.Single(cluster.LogOf(older), line => line.Contains("Views stopped at position", StringComparison.Ordinal));
        Waiting.Say(reason.Trim());
        Assert.Contains(NewerVersion.Fact, reason, StringComparison.Ordinal);
        await Continue(acknowledged, 20);
        await cluster.Up();
        await Continue(acknowledged, 20);
        await stop.CancelAsync();
        await writing;

        var head = await cluster.Head(Waiting.Cancellation);
        var fed = (await Waiting.Patiently(() => reader.Feed(start, Waiting.Cancellation))).Select(Seen.Of).ToList();
        var updates = fed.Where(seen => seen.Text is not null).ToList();
        Assert.Equal(acknowledged.OrderBy(pair => pair.Key).Select(pair => new Seen(pair.Key, pair.Value)), updates);
        await Waiting.Until("the viewer has taken in all of it", Patience, () => Task.FromResult(viewer.Sight.Taken.Length >= fed.Count ? null : $"{fed.Count - viewer.Sight.Taken.Length}"));
        Assert.Empty(Checks.Watched(viewer.Sight, fed));
        var verified = await Waiting.Patiently(() => reader.Get("journal/verify", Waiting.Cancellation));
        Assert.True(verified.GetProperty("ok").GetBoolean() && verified.GetProperty("entries").GetInt64() >= head, $"{verified}");
        var forms = await FormsOf(cluster);
        Assert.Equal([1, 2], forms.Keys.Order());
        await Waiting.Until("what is stored is what the journal folds to", Patience, async () =>
        {
            var fresh = await Operated(newer, cluster, "views", "digest");
            var stored = await Operated(newer, cluster, "views", "digest", "--stored");
            return stored == fresh ? null : $"{stored} where {fresh} is due";
        });
        Waiting.Say($"{acknowledged.Count} updates were acknowledged, {forms[1]} of the older form and {forms[2]} of the newer; {viewer.Lines - 1} lines were lost.");
    }

    /// <summary>Shares updates in ever new groups, so that both silos are given some; each is sent again until it is acknowledged.</summary>
    private static async Task Write(Caller writer, ConcurrentDictionary<long, string> acknowledged, CancellationToken stop)
    {
        for (var number = 1; !stop.IsCancellationRequested; number++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"g-upgrade-{number}");
            await Insist(() => writer.Write("groups", new { id = name, name }, Waiting.Cancellation, name));
            for (var update = 1; update <= 3; update++)
            {
                var text = string.Create(CultureInfo.InvariantCulture, $"{name}, {update}");
                var receipt = await Insist(() => writer.Write($"groups/{name}/updates", new { text, mark = "community" }, Waiting.Cancellation, text));
                Assert.True(acknowledged.TryAdd(receipt.Position, text), $"{text} was acknowledged at {receipt.Position}, where {acknowledged[receipt.Position]} stands.");
            }
        }

        static Task<Receipt> Insist(Func<Task<Receipt>> write) => Waiting.Patiently(write);
    }

    private static Task Continue(ConcurrentDictionary<long, string> acknowledged, int more)
    {
        var enough = acknowledged.Count + more;
        return Waiting.Until($"{more} more updates are acknowledged", Patience, () => Task.FromResult(acknowledged.Count >= enough ? null : $"{enough - acknowledged.Count}"));
    }

    private static async Task<Dictionary<int, long>> FormsOf(Cluster cluster)
    {
        await using var command = cluster.Database.CreateCommand("SELECT form, count(*) FROM entries WHERE fact = $1 AND stream LIKE 'group/g-upgrade-%' GROUP BY form");
        command.Parameters.Add(new() { Value = NewerVersion.Fact });
        await using var rows = await command.ExecuteReaderAsync(Waiting.Cancellation);
        var forms = new Dictionary<int, long>();
        while (await rows.ReadAsync(Waiting.Cancellation)) forms.Add(rows.GetInt32(0), rows.GetInt64(1));
        return forms;
    }

    private static Task<string> Operated(NewerVersion newer, Cluster cluster, params string[] command) =>
        Shell.Succeed(Tools.Dotnet, [newer.Program, .. command, "--settings", Path.Combine(cluster.Data, "silo-2", "settings.json")], Patience);
}
