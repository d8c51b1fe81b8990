using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Coordination.EndToEnd.Tests.Nodes;

/// <summary>The platform as people start it: one process of its own, on a folder of its own.</summary>
public sealed partial class NodeProcess : IAsyncDisposable
{
    /// <summary>Of the demonstration accounts of every node that a test starts.</summary>
    public const string Password = "end-to-end-and-back";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Uri? _address;

    private NodeProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Heard(line.Data);
        process.ErrorDataReceived += (_, line) => Heard(line.Data);
    }

    /// <summary>Where it listens, once it has started.</summary>
    public Uri Address => _started.Task.IsCompletedSuccessfully ? _started.Task.Result : throw new InvalidOperationException("The node has not started.");

    /// <summary>Ports that it listens at, as Linux tells.</summary>
    public int[] ListensAt()
    {
        var own = Directory.EnumerateFiles($"/proc/{_process.Id}/fd").Select(file => new FileInfo(file).LinkTarget).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return
        [
            .. ((string[])["tcp", "tcp6"]).SelectMany(table => File.ReadLines($"/proc/{_process.Id}/net/{table}").Skip(1))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(row => row[3] == "0A" && own.Contains($"socket:[{row[9]}]"))
                .Select(row => int.Parse(row[1].Split(':')[1], System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture)),
        ];
    }

    /// <summary>All it has said so far, on both of its outputs.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>Starts a node and waits until it says that it runs.</summary>
    /// <param name="port">0: any that is free.</param>
    /// <param name="password">Of the demonstration accounts; null lets the node make one.</param>
    /// <param name="environment">Beside the password, such as where it finds PostgreSQL.</param>
    public static async Task<NodeProcess> Start(string folder, int port = 0, string? password = Password, IReadOnlyDictionary<string, string>? environment = null, CancellationToken cancellation = default)
    {
        var node = Launch(folder, port, password, environment);
        var ended = node._process.WaitForExitAsync(cancellation);
        var first = await Task.WhenAny(node._started.Task, ended, Task.Delay(Patience, cancellation));
        if (first == node._started.Task) return node;
        var output = node.Output;
        var outcome = ended.IsCompletedSuccessfully ? $"ended with exit code {node._process.ExitCode}" : $"did not say within {Patience.TotalSeconds} s that it runs";
        await node.DisposeAsync();
        cancellation.ThrowIfCancellationRequested();
        throw new InvalidOperationException($"The node {outcome}. It said:\n{output}");
    }

    /// <summary>Starts a process without waiting; for those that are expected not to come up.</summary>
    public static NodeProcess Launch(string folder, int port = 0, string? password = Password, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Tools.Dotnet)
        {
            ArgumentList = { Tools.NodeProgram, "--data", folder, "--urls", $"http://127.0.0.1:{port}" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            // Its own paths are its own business: a node does not depend on where it is started.
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment.Remove("COORDINATION_DEMO_PASSWORD");
        if (password is not null) Keep(password, folder);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var node = new NodeProcess(new Process { StartInfo = start });
        node._process.Start();
        node._process.BeginOutputReadLine();
        node._process.BeginErrorReadLine();
        return node;
    }

    /// <summary>Waits until it ends by itself and answers its exit code.</summary>
    public async Task<int> Ended(TimeSpan within, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(within);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"Waited {within.TotalSeconds} s in vain for the node to end. It said:\n{Output}");
        }

        return _process.ExitCode;
    }

    /// <summary>As <c>kill -9</c>: no farewell, nothing flushed.</summary>
    public async Task Kill(CancellationToken cancellation = default)
    {
        _process.Kill();
        await Ended(TimeSpan.FromSeconds(10), cancellation);
    }

    /// <summary>Sends a signal such as INT or TERM.</summary>
    public async Task Signal(string name, CancellationToken cancellation)
    {
        using var shell = Process.Start("sh", ["-c", $"kill -s {name} {_process.Id}"]);
        await shell.WaitForExitAsync(cancellation);
        if (shell.ExitCode != 0) throw new InvalidOperationException($"The signal {name} could not be sent.");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await Kill();
        _process.Dispose();
    }

    /// <summary>As if the node had made it: one that is told in a setting is hashed as slowly as people's own, at every start and sign-in.</summary>
    private static void Keep(string password, string folder)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "demonstration-password");
        if (File.Exists(file)) return;
        File.WriteAllText(file, password);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private void Heard(string? line)
    {
        if (line is null) return;
        lock (_output) _output.AppendLine(line);
        if (Running().Match(line) is { Success: true } match) _address = new(match.Groups[1].Value);
        // The last line of its welcome.
        if (_address is not null && line.Contains("Stop: Ctrl-C", StringComparison.Ordinal)) _started.TrySetResult(_address);
    }

    [GeneratedRegex("Coordination runs at (http://[0-9.:]+)")]
    private static partial Regex Running();
}
