using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Coordination.Benchmarks.Load;
using Coordination.Benchmarks.Servers;

namespace Coordination.Benchmarks;

/// <summary>
/// What others notice of a flood (<see cref="FloodGenerator"/>): their reads, writes and push while it is on the platform they use, beside the same while
/// it is on another one on the same machine.
/// </summary>
public static class Flood
{
    private const int Readers = 8;
    private const int Writers = 4;
    private const int Viewers = 100;

    /// <summary>At which each of them sends.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(60);

    /// <summary>Growth of resident memory, in MiB: while it lasts, and a minute after.</summary>
    private const long MostDuring = 256;
    private const long MostAfter = 128;

    public static async Task<bool> Run(int seconds)
    {
        using var folder = new DataFolder();
        using var other = new DataFolder();
        await using var platform = await Platform.Start(folder.Path, proxy: "127.0.0.0/8");
        await using var empty = await Platform.Start(other.Path, proxy: "127.0.0.0/8");
        var people = await People.Prepare(platform.Address, People.BodyCount);
        // The account that floods is none of those that are measured.
        var flooding = people.Bodies[^1];
        await using var watchers = await Watchers.Connect(platform.Address, Viewers, number => people.Headers[number % Viewers], follow: true);
        await Measure(people, platform, watchers, "warm-up", Warmup);
        var length = TimeSpan.FromSeconds(seconds);
        var beside = await Under(empty.Address, "beside");
        // What the same work of the others takes by itself counts for no flood.
        var before = platform.Memory;
        var (highest, during) = (before, new CancellationTokenSource());
        var sampling = Sample();
        var under = await Under(platform.Address, "under");
        await during.CancelAsync();
        await sampling;
        await Task.Delay(After);
        var after = platform.Memory;

        Console.WriteLine(Series.Head);
        var kept = true;
        foreach (var (one, two) in beside.Zip(under))
        {
            var ratio = two.At(0.99) / one.At(0.99);
            kept &= ratio <= 2;
            Console.WriteLine(one);
            Console.WriteLine(two);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  99th percentile: {ratio:0.00} times"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Resident memory: {Mib(before)} MiB before, {Mib(highest)} at its highest, {Mib(after)} a minute after."));
        kept &= Mib(highest - before) <= MostDuring && Mib(after - before) <= MostAfter;
        Console.WriteLine($"At most twice what it is beside, memory at most {MostDuring} MiB more and {MostAfter} a minute after: {(kept ? "kept" : "missed")}.");
        return kept;

        async Task<Series[]> Under(Uri flooded, string name)
        {
            var (ownBefore, flood) = (platform.Processor, flooded == platform.Address ? platform : empty);
            var usedBefore = flood.Processor;
            using var generator = FloodGenerator.Start(flooded, flooding, length + TimeSpan.FromSeconds(5));
            var told = generator.StandardOutput.ReadToEndAsync();
            // It has to start, and to sign in.
            await Task.Delay(TimeSpan.FromSeconds(4));
            var series = await Measure(people, platform, watchers, name, length);
            await generator.WaitForExitAsync();
            var did = (await told).Trim();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: {did}; processor time of the platform that is used {(platform.Processor - ownBefore).TotalSeconds:0.0} s, of the one that is flooded {(flood.Processor - usedBefore).TotalSeconds:0.0} s"));
            return generator.ExitCode == 0 ? series : throw new InvalidOperationException("The generator failed.");
        }

        async Task Sample()
        {
            while (!during.IsCancellationRequested)
            {
                highest = Math.Max(highest, platform.Memory);
                await Task.Delay(200);
            }
        }
    }

    private static long Mib(long bytes) => bytes / 1_048_576;

    /// <summary>Times of reads, of writes, and from a write's being sent to each viewer's being told.</summary>
    private static async Task<Series[]> Measure(People people, ServerProcess platform, Watchers watchers, string name, TimeSpan length)
    {
        var (reads, writes, pushes) = (new Series($"{name}: reads"), new Series($"{name}: writes"), new Series($"{name}: push"));
        var sent = new ConcurrentDictionary<long, long>();
        var heard = new ConcurrentQueue<(long Position, long At)>();
        watchers.Heard = (_, position, at) => heard.Enqueue((position, at));
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(
            [.. Enumerable.Range(0, Readers).Select(reader => Paced(reader, (line, number) => Read(line, reader + (number * Readers)), reads)),
            .. Enumerable.Range(0, Writers).Select(writer => Paced(writer, (line, number) => Write(line, writer + (number * Writers)), writes))]);
        // The last ones are told.
        await Task.Delay(TimeSpan.FromSeconds(1));
        watchers.Heard = null;
        foreach (var (position, at) in heard)
            if (sent.TryGetValue(position, out var from)) pushes.Add(Stopwatch.GetElapsedTime(from, at).TotalMilliseconds);
        return [reads, writes, pushes];

        async Task Paced(int first, Func<HttpLine, int, Task> act, Series times)
        {
            using var line = await HttpLine.Open(platform.Address);
            var start = Stopwatch.GetTimestamp() + (long)(first * Pace.TotalSeconds / Readers * Stopwatch.Frequency);
            for (var number = 0; ; number++)
            {
                var due = start + (long)(number * Pace.TotalSeconds * Stopwatch.Frequency);
                if (Stopwatch.GetElapsedTime(began, due) > length) return;
                if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is var ahead && ahead > TimeSpan.Zero) await Task.Delay(ahead);
                await act(line, number);
                var took = Stopwatch.GetElapsedTime(due).TotalMilliseconds;
                lock (times) times.Add(took);
            }
        }

        async Task Read(HttpLine line, int number)
        {
            var plan = number % (people.Plans.Length - 1);
            var path = number % 2 == 0 ? "/api/v1/plans?limit=20" : $"/api/v1/plans/{people.Plans[plan]}";
            Check(await line.Send(HttpLine.Request("GET", path, people.Headers[people.BodyOf(plan)], "")));
        }

        async Task Write(HttpLine line, int number)
        {
            var plan = number % (people.Plans.Length - 1);
            var at = Stopwatch.GetTimestamp();
            Check(await line.Send(HttpLine.Request(
                "POST", $"/api/v1/plans/{people.Plans[plan]}/milestones/m{number % People.Milestones}/reports", people.Headers[people.BodyOf(plan)], $$"""{"status":"in-progress","progress":{{number % 100}}}""")));
            sent[line.Number("\"position\":"u8)] = at;
        }

        static void Check(int status)
        {
            if (status is not (200 or 201)) throw new InvalidOperationException($"Somebody else was answered {status}.");
        }
    }
}
