using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Coordination.Benchmarks.Servers;

/// <summary>A program of ours in a process of its own, Release as this one, until it answers.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ServerProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public int Id => _process.Id;

    /// <summary>From its start to the first answer of its health check.</summary>
    public TimeSpan StartedWithin { get; private set; }

    /// <summary>Processor time it has used so far.</summary>
    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory now, in bytes.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <param name="name">Project, whose build output lies beside this one's.</param>
    /// <param name="settings">Environment variables: also secrets, which the process list does not show.</param>
    /// <param name="ready">Path of the health check.</param>
    /// <param name="within">How long its first answer is waited for; five minutes when null.</param>
    public static async Task<ServerProcess> Start(string name, string[] arguments, IReadOnlyDictionary<string, string> settings, string ready = "/health/live", TimeSpan? within = null)
    {
        var address = new Uri($"http://127.0.0.1:{Ports.Free()}");
        var start = new ProcessStartInfo(Tools.Dotnet)
        {
            ArgumentList = { ProgramOf(name) },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.ArgumentList.Add("--urls");
        start.ArgumentList.Add(address.ToString().TrimEnd('/'));
        foreach (var (key, value) in settings) start.Environment[key] = value;
        var server = new ServerProcess(new Process { StartInfo = start }, address);
        server._process.OutputDataReceived += (_, line) => server.Heard(line.Data);
        server._process.ErrorDataReceived += (_, line) => server.Heard(line.Data);
        var began = Stopwatch.GetTimestamp();
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        try
        {
            await server.Ready(ready, within ?? TimeSpan.FromMinutes(5));
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        server.StartedWithin = Stopwatch.GetElapsedTime(began);
        return server;
    }

    /// <summary>Asks it to stop and waits until it has.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var shell = Process.Start("kill", ["-s", "TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await shell.WaitForExitAsync();
            try
            {
                await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
            }
            catch (TimeoutException)
            {
                _process.Kill();
            }
        }

        _process.Dispose();
    }

    private async Task Ready(string path, TimeSpan within)
    {
        using var http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(30) };
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(50))
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(began) > within)
            {
                lock (_output) throw new InvalidOperationException($"{_process.StartInfo.ArgumentList[0]} does not answer. It said:\n{_output}");
            }

            try
            {
                using var answer = await http.GetAsync(path);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }
        }
    }

    private void Heard(string? line)
    {
        if (line is null) return;
        lock (_output) _output.AppendLine(line);
        if (Environment.GetEnvironmentVariable("BENCHMARKS_VERBOSE") is not null) Console.Error.WriteLine(line);
    }

    private static string ProgramOf(string name)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)).Name;
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../..", name, configuration, $"Coordination.{name}.dll"));
        return File.Exists(program) ? program : throw new InvalidOperationException($"{program} is missing. Build the project {name} first.");
    }
}
