using System.Diagnostics;
using System.Globalization;

namespace Coordination.EndToEnd.Tests.Soak;

/// <summary>A process on each processor that does nothing but count, as other programs of the machine might. They end with this one.</summary>
public sealed class BusyProcessors : IDisposable
{
    private readonly List<Process> _busy = [];
    private readonly (long All, long Idle) _began;

    public BusyProcessors()
    {
        for (var processor = 0; processor < Environment.ProcessorCount; processor++)
        {
            // Whatever becomes of the test, its child looks whether it is still there.
            var count = $"while kill -0 {Environment.ProcessId}; do i=0; while [ $i -lt 300000 ]; do i=$((i + 1)); done; done";
            _busy.Add(Process.Start(new ProcessStartInfo("sh", ["-c", count]) { RedirectStandardError = true })!);
        }

        _began = Times();
    }

    /// <summary>The part of all processors' time that was used by somebody since they began, 0 to 1.</summary>
    public double Used => Times() is var now && now.All > _began.All ? 1 - ((double)(now.Idle - _began.Idle) / (now.All - _began.All)) : 0;

    /// <summary>How many processes ran or waited to run, over the last minute.</summary>
    public static double LoadAverage => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    public void Dispose()
    {
        foreach (var one in _busy)
        {
            one.Kill();
            one.Dispose();
        }
    }

    private static (long All, long Idle) Times()
    {
        var times = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..].Select(time => long.Parse(time, CultureInfo.InvariantCulture)).ToArray();
        // Idle, and idle while a disk works. The last two are of guests, and counted already.
        return (times[..8].Sum(), times[3] + times[4]);
    }
}
