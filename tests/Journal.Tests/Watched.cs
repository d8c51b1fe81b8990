using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Coordination.Journal.Tests;

/// <summary>Who watches the journal from outside, as long as it lives: the activities of one trace, and which measures were taken.</summary>
internal sealed class Watched : IDisposable
{
    private readonly ActivityListener _activities;
    private readonly MeterListener _measures;

    public Watched(ActivityTraceId trace)
    {
        _activities = new()
        {
            ShouldListenTo = source => source.Name == "Coordination",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Parent.TraceId == trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = Activities.Enqueue,
        };
        ActivitySource.AddActivityListener(_activities);
        _measures = new() { InstrumentPublished = (instrument, listener) => Listen(instrument, listener) };
        _measures.SetMeasurementEventCallback<double>((instrument, _, _, _) => Measures.Enqueue(instrument.Name));
        _measures.SetMeasurementEventCallback<int>((instrument, _, _, _) => Measures.Enqueue(instrument.Name));
        _measures.Start();
    }

    public ConcurrentQueue<Activity> Activities { get; } = new();

    public ConcurrentQueue<string> Measures { get; } = new();

    public void Dispose()
    {
        _activities.Dispose();
        _measures.Dispose();
    }

    private static void Listen(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name == "Coordination")
            listener.EnableMeasurementEvents(instrument);
    }
}
