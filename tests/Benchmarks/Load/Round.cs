using System.Diagnostics;

namespace Coordination.Benchmarks.Load;

/// <summary>What some clients did in some seconds.</summary>
/// <param name="Acknowledged">Answered with success.</param>
/// <param name="Refused">Answered otherwise, with the first status that was.</param>
/// <param name="Times">Of the acknowledged ones, in milliseconds.</param>
public sealed record Round(long Acknowledged, long Refused, int FirstRefusal, TimeSpan Took, Series Times)
{
    public double PerSecond => Acknowledged / Took.TotalSeconds;

    /// <summary>Each client sends its next request when the last one is answered.</summary>
    /// <param name="next">The next request of a client.</param>
    public static async Task<Round> Run(string name, IReadOnlyList<HttpLine> clients, Func<int, byte[]> next, TimeSpan length)
    {
        var began = Stopwatch.GetTimestamp();
        var parts = await Task.WhenAll(clients.Select((line, client) => Task.Run(() => Drive(line, () => next(client), began, length))));
        var took = Stopwatch.GetElapsedTime(began);
        var times = new Series(name);
        foreach (var part in parts)
            foreach (var time in part.Times) times.Add(time);
        return new(parts.Sum(part => (long)part.Times.Count), parts.Sum(part => part.Refused), parts.Max(part => part.Status), took, times);
    }

    private static async Task<(List<double> Times, long Refused, int Status)> Drive(HttpLine line, Func<byte[]> next, long began, TimeSpan length)
    {
        var (times, refused, status) = (new List<double>(8_192), 0L, 0);
        while (Stopwatch.GetElapsedTime(began) < length)
        {
            var sent = Stopwatch.GetTimestamp();
            var answer = await line.Send(next());
            if (answer is 200 or 201) times.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            else (refused, status) = (refused + 1, answer);
        }

        return (times, refused, status);
    }
}
