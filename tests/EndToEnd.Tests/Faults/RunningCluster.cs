using System.Globalization;
using Coordination.EndToEnd.Tests.Clusters;

namespace Coordination.EndToEnd.Tests.Faults;

/// <summary>The cluster as the tests of a class or collection have it, one after the other, and the table of what it survived.</summary>
public sealed class RunningCluster(SharedCluster shared) : IAsyncLifetime
{
    /// <summary>A silo that holds fewer of the load's plans proves little when it goes, and little when the other one does.</summary>
    private const int Enough = 3;

    /// <summary>How long a gateway tries before it refuses.</summary>
    private static readonly TimeSpan CallersDeadline = TimeSpan.FromSeconds(15);

    private static readonly string Results = Path.Combine(Tools.Repository, "artifacts", "tests");

    private readonly List<string[]> _table = [["fault", "acknowledged", "entries", "asked again", "replayed", "longest, struck", "longest, others", "refused, others", "promised", "viewers saw", "lines lost"]];

    /// <summary>How often a promise fits into what is still taken for kept.</summary>
    private static readonly int Leniency = TestSize.Of(4, 1);

    private Sessions? _sessions;

    public Cluster Cluster { get; private set; } = null!;

    public Sessions Sessions => _sessions ?? throw new InvalidOperationException("The cluster has not started.");

    public async ValueTask InitializeAsync()
    {
        Cluster = await shared.Start();
        _sessions = await Sessions.Open(Cluster.Address);
    }

    /// <summary>Makes the cluster whole and puts it under load, its plans spread over both silos.</summary>
    public async Task<Ordeal> Begin(string run)
    {
        await Cluster.Up();
        return await Ordeal.Begin(run, Cluster, Sessions, async plans =>
        {
            var held = await Task.WhenAll(Cluster.Silos.Select(Cluster.Held));
            return held.All(one => plans.Count(plan => one.Contains(plan.Stream)) >= Enough);
        });
    }

    /// <summary>The streams under load whose grains this silo holds now.</summary>
    public async Task<IReadOnlyCollection<string>> HeldBy(Member silo, Ordeal ordeal)
    {
        var held = await Cluster.Held(silo);
        List<string> struck = [.. ordeal.Plans.Select(plan => plan.Stream).Concat([$"group/{Writers.Group}", "inbox/valdoria"]).Where(held.Contains)];
        Assert.True(struck.Count(stream => stream.StartsWith("plan/", StringComparison.Ordinal)) >= Enough, $"{silo.Name} held {struck.Count} of the streams under load: losing it would prove nothing.");
        // A new request is a new grain, which may have been given to the silo that goes.
        return [.. struck, "request"];
    }

    /// <summary>
    /// Puts a fault into the table and holds it against what is promised; beside other suites, which share the processors, against
    /// several times that. What was measured is told, and marked where it is beyond the promise itself.
    /// </summary>
    /// <param name="struck">
    /// How long writes may wait that the fault strikes, by its promise; null when nothing is promised. The same holds for all others: a
    /// silo that dies takes with it the directory entries of grains that live on other silos, and these grains are activated anew too,
    /// which no list of what the silo held tells of.
    /// </param>
    /// <param name="others">For how long writes may be refused that do not belong to what the silo held.</param>
    public void Tell(string fault, Account account, TimeSpan? struck = null, TimeSpan? others = null)
    {
        string[] line =
        [
            fault, Number(account.Acknowledged), Number(account.Entries), Number(account.Refused), Number(account.Replayed), Marked(account.LongestStruck, struck),
            Marked(account.LongestOther, struck ?? CallersDeadline), Marked(account.RefusedOther, others), $"{(struck is { } one ? Seconds(one) : "-")} / {(others is { } other ? Seconds(other) : "-")}",
            Number(account.Seen), Number(account.LinesLost),
        ];
        _table.Add(line);
        Waiting.Say(string.Join("; ", _table[0].Zip(line, (name, value) => $"{name}: {value}")));
        Waiting.Say($"Told to try again: {account.Refusals}");
        Assert.Empty(Cluster.Broken());
        Assert.True(account.LongestStruck <= (struck * Leniency ?? TimeSpan.MaxValue), $"Writes to what was struck waited {Seconds(account.LongestStruck)}; promised are {Seconds(struck)}.");
        if (others is not { } promised) return;
        // A gateway that waits for its caller's sake refuses nothing: then its own deadline is the bound.
        Assert.True(account.RefusedOther <= promised * Leniency, $"Writes to others were refused for {Seconds(account.RefusedOther)}; promised are {Seconds(promised)}.");
        // Waiting is not being refused: a gateway gives the command again as long as its caller waits.
        Assert.True(account.LongestOther <= Shorter(struck * Leniency ?? CallersDeadline, CallersDeadline), $"Writes to others waited {Seconds(account.LongestOther)}.");
    }

    public async ValueTask DisposeAsync()
    {
        _sessions?.Dispose();
        if (Cluster is null) return;
        if (_table.Count > 1 || Cluster.Broken().Count > 0) await WriteTable();
        Cluster.KeepLogs(Path.Combine(Results, "cluster-log"));
    }

    private async Task WriteTable()
    {
        var widths = Enumerable.Range(0, _table[0].Length).Select(column => _table.Max(line => line[column].Length)).ToArray();
        var text = string.Join('\n', _table.Select(line => string.Join("  ", line.Select((value, column) => value.PadRight(widths[column]))).TrimEnd()))
            + "\n\nLongest: from sending a write to its acknowledgement, repetitions included. ! marks what is beyond the promise.\n";
        foreach (var broken in Cluster.Broken()) text += $"\n{broken}\n";
        Directory.CreateDirectory(Results);
        await File.WriteAllTextAsync(Path.Combine(Results, "faults.txt"), text);
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan? time) => string.Create(CultureInfo.InvariantCulture, $"{time?.TotalSeconds:0.0} s");

    private static string Marked(TimeSpan measured, TimeSpan? promised) => $"{Seconds(measured)}{(measured > promised ? " !" : "")}";
}

/// <summary>Tests of one class or another, all on the one cluster.</summary>
[CollectionDefinition]
public sealed class OnACluster : ICollectionFixture<RunningCluster>;
