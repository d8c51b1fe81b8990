using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Coordination.Journal;

/// <summary>What can be watched of a journal from outside, in the source and meter that all of the platform shares by name.</summary>
internal static class Instruments
{
    private const string Name = "Coordination";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "coordination.append.duration", "s", "From the hand-in of an append to its answer.",
        advice: new() { HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });

    private static readonly Histogram<int> Batch = Meter.CreateHistogram<int>(
        "coordination.append.batch", "{append}", "Appends that shared one transaction.",
        advice: new() { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] });

    public static void Committed(int appends) => Batch.Record(appends);

    /// <summary>
    /// Hands in an append, watched by whoever listens. Its entries carry the trace that it names, or else the one that it is
    /// handed in under, where that is recorded.
    /// </summary>
    public static ValueTask<AppendOutcome> Watch(Append append, Func<Append, Task<AppendOutcome>> handIn)
    {
        if (!Duration.Enabled && !Source.HasListeners() && (append.Trace is not null || Activity.Current is not { Recorded: true }))
            return new(handIn(append));
        return new(Watched(append, handIn));
    }

    private static async Task<AppendOutcome> Watched(Append append, Func<Append, Task<AppendOutcome>> handIn)
    {
        using var activity = Source.StartActivity("journal.append");
        activity?.SetTag("coordination.stream", append.Stream).SetTag("coordination.entries", append.Entries.Count);
        var began = Stopwatch.GetTimestamp();
        try
        {
            if (append.Trace is null && Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C, Id: { } trace })
                append = append with { Trace = trace };
            var outcome = await handIn(append);
            activity?.SetTag("coordination.outcome", outcome.GetType().Name);
            return outcome;
        }
        catch (Exception e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            throw;
        }
        finally
        {
            Duration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
        }
    }
}
