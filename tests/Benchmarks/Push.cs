using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Coordination.Benchmarks.Load;
using Coordination.Benchmarks.Servers;

namespace Coordination.Benchmarks;

/// <summary>
/// From an acknowledged report to its receipt by each of 1,000 viewers. Below zero when a viewer is told before the writer's
/// answer has arrived. Both clocks are this machine's.
/// </summary>
public static class Push
{
    private const int Viewers = 1_000;
    private const int Warmup = 40;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    public static async Task<bool> Run(int reports)
    {
        await using var postgres = await PostgresServer.Start();
        using var folder = new DataFolder();
        await using var platform = await Platform.Start(folder.Path, await postgres.Database("journal"));
        var people = await People.Prepare(platform.Address, 64);
        using var writer = await Side.OfPlatform("reports", platform, postgres, people);
        var heard = new ConcurrentDictionary<long, long[]>();
        await using var watchers = await Watchers.Connect(platform.Address, Viewers, number => people.Headers[number % people.Bodies.Length], follow: true);
        watchers.Heard = (number, position, at) => heard.GetOrAdd(position, _ => new long[Viewers])[number] = at;
        var (each, last) = (new Series("acknowledged → a viewer"), new Series("acknowledged → the last of 1,000 viewers"));
        for (var index = -Warmup; index < reports; index++)
        {
            var position = await writer.Report(0);
            var acknowledged = Stopwatch.GetTimestamp();
            await watchers.Reach(position).WaitAsync(TimeSpan.FromSeconds(30));
            if (heard.TryRemove(position, out var times) && index >= 0)
            {
                foreach (var time in times) each.Add(Milliseconds(time - acknowledged));
                last.Add(Milliseconds(times.Max() - acknowledged));
            }

            await Task.Delay(Pace);
        }

        Console.WriteLine(Series.Head);
        Console.WriteLine(each);
        Console.WriteLine(last);
        var kept = watchers.Disordered + watchers.SentBack == 0;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{watchers.Told} deliveries, {watchers.Disordered} out of order or twice: {(kept ? "kept" : "missed")}."));
        return kept;
    }

    private static double Milliseconds(long ticks) => 1_000.0 * ticks / Stopwatch.Frequency;
}
