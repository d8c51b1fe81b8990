using System.Globalization;
using Coordination.Benchmarks.Load;
using Coordination.Benchmarks.Servers;

namespace Coordination.Benchmarks;

/// <summary>
/// Durable milestone reports per second over HTTP: the platform beside a plain ASP.NET Core program with EF Core and an outbox
/// row that does the same update on the same PostgreSQL server. Both run all the time and are loaded in turn.
/// </summary>
public static class Reports
{
    private const int Rounds = 5;
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(8);

    public static async Task<bool> Run(string store, int plans)
    {
        await using var postgres = await PostgresServer.Start();
        using var folder = new DataFolder();
        await using var platform = await Platform.Start(folder.Path, store == "sqlite" ? null : await postgres.Database("journal"));
        await using var plain = await ServerProcess.Start("Yardstick", [], new Dictionary<string, string> { ["Postgres"] = await postgres.Database("plain") });
        var people = await People.Prepare(platform.Address, plans);
        using var ours = await Side.OfPlatform($"platform, {store}", platform, postgres, people);
        using var theirs = await Side.OfYardstick(plain, postgres, people);
        foreach (var side in new[] { ours, theirs }) await side.Load(Warmup, keep: false);
        var before = (Ours: await ours.Written(), Theirs: await theirs.Written());
        for (var round = 0; round < Rounds; round++)
            foreach (var side in new[] { ours, theirs }) await side.Load(Length, keep: true);

        var lost = ours.Acknowledged - (await ours.Written() - before.Ours);
        var theirLost = theirs.Acknowledged - (await theirs.Written() - before.Theirs);
        Console.WriteLine(Side.Head);
        Console.WriteLine(ours);
        Console.WriteLine(theirs);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Lost of what was acknowledged: platform {lost} of {ours.Acknowledged}, plain program {theirLost} of {theirs.Acknowledged}."));
        var ratio = ours.PerSecond / theirs.PerSecond;
        var kept = ratio >= 2 && ours.P99 <= theirs.P99 && lost == 0 && ours.Refused == 0;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The platform takes {ratio:0.00} times as many. At least 2 times, 99th percentile no worse, none lost: {(kept ? "kept" : "missed")}."));
        return kept;
    }

    /// <summary>The platform alone under the same load, for a profiler that is attached to the process it names.</summary>
    public static async Task<bool> Alone(string store, int seconds)
    {
        await using var postgres = store == "sqlite" ? null : await PostgresServer.Start();
        using var folder = new DataFolder();
        await using var platform = await Platform.Start(folder.Path, postgres is null ? null : await postgres.Database("journal"));
        using var ours = await Side.OfPlatform($"platform, {store}", platform, postgres, await People.Prepare(platform.Address, 320));
        await ours.Load(Warmup, keep: false);
        Console.WriteLine($"Loaded from now on: process {platform.Id}");
        await ours.Load(TimeSpan.FromSeconds(seconds), keep: true);
        Console.WriteLine(Side.Head);
        Console.WriteLine(ours);
        return ours.Refused == 0;
    }
}
