using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;
using Coordination.Journal;
using Coordination.Journal.Postgres;
using Microsoft.Diagnostics.NETCore.Client;

namespace Coordination.Benchmarks.Servers;

/// <summary>A database with its data folder, which a platform runs on for a while and again later.</summary>
public sealed class ScaleServer(PostgresServer postgres, DataFolder folder, string name, string connection) : IAsyncDisposable
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    /// <summary>For a collection, and for what is told of it.</summary>
    private static readonly TimeSpan Collecting = TimeSpan.FromSeconds(10);

    /// <summary>To fold a long journal from its first entry on a machine that does other things too.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private ServerProcess? _process;

    public Uri Address => Running.Address;

    /// <summary>The last start, to the first answer that it is ready.</summary>
    public TimeSpan StartedWithin => Running.StartedWithin;

    /// <summary>Processor time that it has used since it began.</summary>
    public TimeSpan Processor => Running.Processor;

    private ServerProcess Running => _process ?? throw new InvalidOperationException("It does not run.");

    /// <param name="from">What it is a copy of, which must not run.</param>
    public static async Task<ScaleServer> Create(PostgresServer postgres, string name, ScaleServer? from = null)
    {
        var folder = new DataFolder();
        if (from is not null)
        {
            foreach (var file in Directory.EnumerateFiles(from.Folder, "*", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(folder.Path, Path.GetRelativePath(from.Folder, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
        }

        return new(postgres, folder, name, await postgres.Database(name, from?.Name));
    }

    private string Name => name;
    private string Folder => folder.Path;

    /// <summary>Its journal and what stands beside it, for whoever fills it or looks at it from outside.</summary>
    public Task<PostgresStore> Open(bool mustExist = false) => PostgresStore.Open(new() { ConnectionString = connection, Secret = Secret.Read(Platform.Secret), Name = "scale", MustExist = mustExist });

    public async Task Start() => _process = await Platform.Start(folder.Path, connection, within: Longest);

    public async Task Stop()
    {
        if (_process is not { } process) return;
        _process = null;
        await process.DisposeAsync();
    }

    /// <summary>Completes when views are stored, messages sent and inboxes filled up to the end of the journal.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> Settled()
    {
        var began = Stopwatch.GetTimestamp();
        await using var store = await Open(mustExist: true);
        for (var head = (await store.Journal.ReadHead()).Position; ; await Task.Delay(500))
        {
            if (await store.Inboxes.DeliveredUpTo() < head) continue;
            if ((await store.Views.Marks()).Values.All(mark => mark.Position >= head)) return Stopwatch.GetElapsedTime(began);
        }
    }

    /// <summary>Drops a view, which is then folded from the first entry on, as one that is new would be.</summary>
    public async Task Drop(string view)
    {
        await using var store = await Open(mustExist: true);
        await store.Views.Drop((await store.Views.Marks()).Keys.Single(key => key.Name == view));
    }

    /// <summary>Its resident memory when it has collected and rested, in bytes.</summary>
    public async Task<long> MemoryHeld()
    {
        for (var time = 0; time < 2; time++)
        {
            await Collect();
            await Task.Delay(Rest);
        }

        return Running.Memory;
    }

    /// <summary>The most that was resident since it began, in bytes.</summary>
    public long MemoryAtItsHighest => 1_024 * long.Parse(
        File.ReadLines($"/proc/{Running.Id}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    /// <summary>The event that is asked for is told by a collection of everything, which begins with it.</summary>
    private async Task Collect()
    {
        const long HeapCollect = 0x800000;
        using var session = new DiagnosticsClient(Running.Id).StartEventPipeSession([new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, HeapCollect)], requestRundown: false);
        var read = session.EventStream.CopyToAsync(Stream.Null);
        await Task.Delay(Collecting);
        await session.StopAsync(default);
        await read.WaitAsync(Collecting);
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        await postgres.Drop(name);
        folder.Dispose();
    }
}
