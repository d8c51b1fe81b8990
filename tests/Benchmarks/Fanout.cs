using System.Diagnostics;
using System.Globalization;
using System.Text;
using Coordination.Benchmarks.Load;
using Coordination.Benchmarks.Servers;

namespace Coordination.Benchmarks;

/// <summary>
/// Deliveries a second to many viewers: bursts of reports through the whole platform beside the same number of bare broadcasts
/// of the same text (<c>Clients.All.SendAsync</c>). From the first request to the moment at which the last viewer has the last change.
/// </summary>
public static class Fanout
{
    private const int Rounds = 5;

    public static async Task<bool> Run()
    {
        await using var postgres = await PostgresServer.Start();
        using var folder = new DataFolder();
        await using var platform = await Platform.Start(folder.Path, await postgres.Database("journal"));
        await using var plain = await ServerProcess.Start("Yardstick", [], new Dictionary<string, string>());
        var people = await People.Prepare(platform.Address, 64);
        using var reports = await Side.OfPlatform("reports", platform, postgres, people);
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = plain.Address };
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"viewers",8} {"changes",8} {"platform/s",12} {"of rounds",17} {"bare/s",12} {"of rounds",17} {"ratio",6} {"µs CPU each",12} {"bare",6}"));
        var kept = true;
        foreach (var (viewers, changes) in new[] { (1_000, 400), (5_000, 100) })
        {
            // Before anyone listens who would count it.
            var (change, position) = await reports.AnyChange();
            var from = position;
            await using var own = await Watchers.Connect(platform.Address, viewers, number => people.Headers[number % people.Bodies.Length], follow: true);
            await using var bare = await Watchers.Connect(plain.Address, viewers, _ => "", follow: false);
            var (ours, theirs) = (new List<double>(), new List<double>());
            var (ourWork, theirWork) = (new List<double>(), new List<double>());
            var next = 1L;
            for (var round = -2; round < Rounds; round++)
            {
                var (processor, began) = (platform.Processor, Stopwatch.GetTimestamp());
                await own.Reach(position = await reports.Burst(changes));
                if (round >= 0) ours.Add((long)viewers * changes / Stopwatch.GetElapsedTime(began).TotalSeconds);
                if (round >= 0) ourWork.Add((platform.Processor - processor).TotalMicroseconds / viewers / changes);

                (processor, began) = (plain.Processor, Stopwatch.GetTimestamp());
                var reached = bare.Reach(next + changes - 1);
                using var content = new StringContent(change, Encoding.UTF8, "application/json");
                using var answer = await http.PostAsync($"/broadcast?first={next}&count={changes}", content);
                answer.EnsureSuccessStatusCode();
                await reached;
                next += changes;
                if (round >= 0) theirs.Add((long)viewers * changes / Stopwatch.GetElapsedTime(began).TotalSeconds);
                if (round >= 0) theirWork.Add((plain.Processor - processor).TotalMicroseconds / viewers / changes);
            }

            var ratio = ours.Middle() / theirs.Middle();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{viewers,8} {changes,8} {ours.Middle(),12:0} {ours.Span("0"),17} {theirs.Middle(),12:0} {theirs.Span("0"),17} {ratio,6:0.00} {ourWork.Middle(),12:0.0} {theirWork.Middle(),6:0.0}"));
            kept &= ratio >= 0.8;
            if (own.Disordered + own.SentBack == 0 && own.Told == viewers * (position - from)) continue;
            Console.WriteLine($"{own.Told} deliveries came of {viewers * (position - from)}, {own.Disordered} of them out of order or twice; {own.SentBack} times a viewer was sent to read the feed.");
            kept = false;
        }

        Console.WriteLine($"At least 80 % of the bare broadcast, in order, each once: {(kept ? "kept" : "missed")}.");
        return kept;
    }
}
