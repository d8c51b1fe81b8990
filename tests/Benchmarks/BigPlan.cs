using System.Diagnostics;
using System.Globalization;
using Coordination.Benchmarks.Filling;
using Coordination.Benchmarks.Load;
using Coordination.Benchmarks.Servers;

namespace Coordination.Benchmarks;

/// <summary>Reports on the milestones of one plan of 300 measures and 2,000 milestones, one after the other over HTTP.</summary>
public static class BigPlan
{
    private const double Most = 10;
    private const int Warmup = 200;

    public static async Task<bool> Run(int count)
    {
        await using var postgres = await PostgresServer.Start();
        await using var server = await ScaleServer.Create(postgres, "bigplan");
        await server.Start();
        var bodies = await People.Accounts(server.Address);
        await server.Settled();
        await server.Stop();
        var plans = new ScalePlans();
        await using (var store = await server.Open())
        {
            var filler = new Filler(store.Journal, await KnownBodies.Of(store.Journal), (await store.Journal.ReadHead()).Position);
            await plans.Draft(filler, bodies, small: 0, large: 1);
            await filler.Finish();
        }

        await server.Start();
        var plan = plans.All[0];
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new(server.Address, "/api/v1/") };
        var headers = (await People.SignIn(http, [plan.Body]))[0];
        using var line = await HttpLine.Open(server.Address);
        var dice = new Random(1);
        var times = new Series("a report on a plan of 2,000 milestones");
        var (platform, database) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var number = -Warmup; number < count; number++)
        {
            if (number == 0) (platform, database) = (server.Processor, postgres.Processor);
            var request = HttpLine.Request(
                "POST", $"/api/v1/plans/{plan.Id}/milestones/{plan.Milestones[dice.Next(plan.Milestones.Count)].Id}/reports", headers,
                string.Create(CultureInfo.InvariantCulture, $$"""{"status":"in-progress","progress":{{dice.Next(1, 100)}},"note":"Two of three regional workshops were held; the last one follows after the recess."}"""));
            var began = Stopwatch.GetTimestamp();
            var status = await line.Send(request);
            if (status != 200) throw new InvalidOperationException($"A report was answered with {status}.");
            if (number >= 0) times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        Console.WriteLine(Series.Head);
        Console.WriteLine(times);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Processor time of each: {(server.Processor - platform).TotalMilliseconds / count:0.00} ms of the platform, {(postgres.Processor - database).TotalMilliseconds / count:0.00} ms of the database."));
        var kept = times.Median < Most;
        Console.WriteLine($"Under {Most} ms at the median: {(kept ? "kept" : "missed")}.");
        return kept;
    }
}
