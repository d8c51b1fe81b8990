using System.Diagnostics;

namespace Coordination.EndToEnd.Tests.Clusters;

/// <summary>Runs a program to its end.</summary>
internal static class Shell
{
    /// <summary>Answers exit code and what it said on both of its outputs. Passwords go through the environment, never through arguments.</summary>
    public static async Task<(int Code, string Output, string Errors)> Run(
        string program, IEnumerable<string> arguments, TimeSpan within, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(within);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within {within.TotalSeconds} s.");
        }
    }

    /// <summary>Runs it and answers what it said; fails when its exit code is not 0.</summary>
    public static async Task<string> Succeed(string program, IEnumerable<string> arguments, TimeSpan within, IReadOnlyDictionary<string, string>? environment = null)
    {
        var (code, output, errors) = await Run(program, arguments, within, environment);
        return code == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {code}:\n{output}\n{errors}");
    }

    /// <summary>Sends a signal such as KILL, STOP or CONT to processes, all at once.</summary>
    public static Task Signal(string name, IEnumerable<int> pids) => Succeed("kill", ["-s", name, .. pids.Select(pid => $"{pid}")], TimeSpan.FromSeconds(10));
}
