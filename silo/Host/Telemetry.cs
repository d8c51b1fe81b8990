using System.Diagnostics;
using System.Diagnostics.Metrics;
using Coordination.Contracts.Messages;
using Coordination.Host.Relay;
using Coordination.Host.Trust;
using Coordination.Host.Views;
using Microsoft.Extensions.Hosting;

namespace Coordination.Host;

/// <summary>What the silo tells of itself, under the name that all of the platform uses.</summary>
internal static class Telemetry
{
    public const string Name = "Coordination";

    private static readonly ActivitySource Source = new(Name);

    /// <summary>A span for each change whose trace is recorded; the changes then carry that span on. The others cost nothing.</summary>
    public static Spans Follow(string name, ActivityKind kind, Changed[] items)
    {
        if (!Source.HasListeners() || !Array.Exists(items, item => IsRecorded(item.Trace))) return new(items, []);
        var spans = new List<Activity>();
        var followed = Array.ConvertAll(items, item =>
        {
            if (!IsRecorded(item.Trace) || Source.StartActivity(name, kind, item.Trace) is not { } span) return item;
            spans.Add(span);
            return item with { Trace = span.Id };
        });
        return new(followed, spans);
    }

    private static bool IsRecorded(string? trace) => trace is [.., '0', '1'];

    /// <summary>Changes, and the spans that end when this is disposed.</summary>
    public sealed class Spans(Changed[] items, List<Activity> spans) : IDisposable
    {
        public Changed[] Items => items;

        public void Dispose()
        {
            for (var index = spans.Count - 1; index >= 0; index--) spans[index].Dispose();
        }
    }
}

/// <summary>How far behind the journal this silo is, whenever somebody measures.</summary>
internal sealed class Gauges : IHostedService, IDisposable
{
    private readonly Meter _meter = new(Telemetry.Name);

    public Gauges(IJournal journal, World world, Relay.Relay relay, Leadership leadership, JournalTrust trust)
    {
        _meter.CreateObservableGauge(
            "coordination.journal.broken", () => trust.Known is { } found ? (Measurement<long>[])[new(found.Position)] : [], "{position}",
            "First position of the journal that is not what was written, or 0 for something beside it. There is none as long as nothing was found.");
        _meter.CreateObservableGauge("coordination.journal.checked", () => trust.Checked, "{position}", "Position up to which this silo knows that the journal was verified.");
        _meter.CreateObservableGauge(
            "coordination.relay.lag",
            () => leadership.IsHeld ? (Measurement<long>[])[new(Math.Max(0, journal.Position - relay.Published))] : [],
            "{entry}", "Entries that are not published yet, on the silo that relays.");
        _meter.CreateObservableGauge("coordination.view.lag", () => Math.Max(0, journal.Position - world.Position), "{entry}", "Entries that the views of this silo do not know yet.");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _meter.Dispose();
}
