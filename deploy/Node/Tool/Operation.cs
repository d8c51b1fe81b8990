using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Coordination.Journal;

namespace Coordination.Node.Tool;

/// <summary>What every command for operators does alike: it ends politely on a signal and says in words what is not there.</summary>
internal static class Operation
{
    public static Command Does(Command command, Func<Settings, ParseResult, CancellationToken, Task<int>> action) =>
        CommandLine.Does(command, "tool", (settings, said, _) => Run(cancellation => action(settings with { Name = "tool" }, said, cancellation)));

    private static async Task<int> Run(Func<CancellationToken, Task<int>> action)
    {
        using var stop = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        try
        {
            return await action(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped.");
            return Exit.Stopped;
        }
        catch (JournalUnavailableException exception)
        {
            throw new Refusal(Exit.Unavailable, exception.Message);
        }

        void End(PosixSignalContext signal)
        {
            // A second one ends the process at once.
            signal.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }
    }
}

/// <summary>Tells on standard error how far something is, every few seconds.</summary>
/// <param name="what">Begins each line.</param>
/// <param name="whole">What it comes to in the end, where that is known.</param>
internal sealed class ProgressLines(string what, long? whole = null) : IProgress<long>
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private long _told = Stopwatch.GetTimestamp();

    public void Report(long value)
    {
        if (Stopwatch.GetElapsedTime(_told) < Every) return;
        _told = Stopwatch.GetTimestamp();
        Console.Error.WriteLine(whole is null ? $"{what}: {value}" : $"{what}: {value} of {whole}");
    }
}
