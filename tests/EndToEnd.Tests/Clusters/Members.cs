namespace Coordination.EndToEnd.Tests.Clusters;

/// <summary>A process of the cluster as <c>deploy/cluster/status --json</c> tells of it.</summary>
/// <param name="Pid">Null when it does not run.</param>
/// <param name="Port">Of a silo where operators reach it, of a gateway where people do.</param>
public sealed record Member(string Name, int? Pid, int Port)
{
    public bool Runs => Pid is { } pid && Directory.Exists($"/proc/{pid}");

    /// <summary>The process and what it has started.</summary>
    public IReadOnlyList<int> Family
    {
        get
        {
            var parents = Directory.EnumerateDirectories("/proc").Select(folder => (Pid: int.TryParse(Path.GetFileName(folder), out var pid) ? pid : 0, folder)).Where(one => one.Pid > 0)
                .Select(one => (one.Pid, Parent: ParentOf(one.folder))).ToLookup(one => one.Parent, one => one.Pid);
            var family = new List<int> { Pid ?? throw new InvalidOperationException($"{Name} does not run.") };
            for (var index = 0; index < family.Count; index++) family.AddRange(parents[family[index]]);
            return family;
        }
    }

    /// <summary>As <c>kill -9</c>, of all its processes at once; completes when they are gone.</summary>
    public async Task Kill()
    {
        var family = Family;
        await Shell.Signal("KILL", family);
        await Waiting.Until($"{Name} is gone", TimeSpan.FromSeconds(10), () => Task.FromResult(Runs ? $"process {Pid}" : null));
    }

    public Task Freeze() => Shell.Signal("STOP", [Pid!.Value]);

    public Task Wake() => Shell.Signal("CONT", [Pid!.Value]);

    /// <summary>Asks it to end and waits until it has.</summary>
    public async Task Stop(TimeSpan within)
    {
        await Shell.Signal("TERM", [Pid!.Value]);
        await Waiting.Until($"{Name} ends", within, () => Task.FromResult(Runs ? $"process {Pid}" : null));
    }

    private static int ParentOf(string folder)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended.
            return 0;
        }
    }
}
