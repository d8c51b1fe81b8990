using System.Globalization;
using Coordination.Benchmarks.Load;
using Coordination.Benchmarks.Servers;

namespace Coordination.Benchmarks;

/// <summary>
/// What a connected viewer, a bare SignalR connection and an active plan take: growth of the process's resident memory by many
/// of them, by one. Ends of collections differ, so it is a figure of two digits.
/// </summary>
public static class Memory
{
    private const int Connections = 5_000;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    public static async Task<bool> Run()
    {
        await using var postgres = await PostgresServer.Start();
        using var folder = new DataFolder();
        var database = await postgres.Database("journal");
        People people;
        await using (var first = await Platform.Start(folder.Path, database)) people = await People.Prepare(first.Address);

        // A new process, in which no plan is active yet.
        await using var platform = await Platform.Start(folder.Path, database);
        people = await people.Again(platform.Address);
        using var reports = await Side.OfPlatform("reports", platform, postgres, people);
        // The same work on one plan first: what every request leaves behind is not the plans'.
        await reports.Touch(people, _ => 0);
        await Task.Delay(Rest);
        var before = platform.Memory;
        await reports.Touch(people, plan => plan);
        await Task.Delay(Rest);
        Print($"active plan of {People.Measures} measures and {People.Milestones} milestones", platform.Memory - before, people.Plans.Length);

        await using var plain = await ServerProcess.Start("Yardstick", [], new Dictionary<string, string>());
        await Connect("viewer", platform, number => people.Headers[number % people.Bodies.Length], follow: true);
        await Connect("bare SignalR connection", plain, _ => "", follow: false);
        return true;
    }

    private static async Task Connect(string what, ServerProcess server, Func<int, string> headers, bool follow)
    {
        // Some first, so that what the first one brings along is not counted.
        await using var few = await Watchers.Connect(server.Address, 100, headers, follow);
        await Task.Delay(Rest);
        var before = server.Memory;
        await using var many = await Watchers.Connect(server.Address, Connections, headers, follow);
        await Task.Delay(Rest);
        Print(what, server.Memory - before, Connections);
    }

    private static void Print(string what, long bytes, int count) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-50} {bytes / 1_024.0 / count,7:0.0} KiB each ({count}: {bytes / 1_048_576.0:0} MiB)"));
}
