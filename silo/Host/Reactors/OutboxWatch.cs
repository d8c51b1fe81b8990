using System.Diagnostics.Metrics;
using Coordination.Host.Relay;
using Microsoft.Extensions.Hosting;

namespace Coordination.Host.Reactors;

/// <summary>Measures what waits in the outbox, on the silo that leads: for how long, how much, and how much an operator has to look at.</summary>
public sealed class OutboxWatch : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private readonly IOutbox _outbox;
    private readonly Leadership _leadership;
    private readonly TimeProvider _time;
    private readonly Meter _meter = new(Telemetry.Name);
    private IReadOnlyList<Backlog> _backlogs = [];

    public OutboxWatch(IOutbox outbox, Leadership leadership, TimeProvider time)
    {
        (_outbox, _leadership, _time) = (outbox, leadership, time);
        _meter.CreateObservableGauge(
            "coordination.outbox.age", () => Of(backlog => backlog.Oldest is { } oldest ? Math.Max(0, (time.GetUtcNow() - oldest).TotalSeconds) : 0),
            "s", "How long the oldest delivery that waits has waited, by channel.");
        _meter.CreateObservableGauge("coordination.outbox.waiting", () => Of(backlog => backlog.Waiting), "{delivery}", "Deliveries that wait, by channel.");
        _meter.CreateObservableGauge("coordination.outbox.given_up", () => Of(backlog => backlog.GivenUp), "{delivery}", "Deliveries that were given up, until an operator retries or drops them, by channel.");
    }

    /// <summary>Looks at the outbox now.</summary>
    public async Task Look(CancellationToken cancellation) => Volatile.Write(ref _backlogs, await _outbox.Backlogs(cancellation));

    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    if (_leadership.IsHeld) await Look(stoppingToken);
                    else Volatile.Write(ref _backlogs, []);
                }
                catch (JournalUnavailableException)
                {
                    // What was seen last stands.
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    /// <summary>By channel; where nothing waits, 0 for all of them together.</summary>
    private IEnumerable<Measurement<double>> Of(Func<Backlog, double> measure) => (_leadership.IsHeld, Volatile.Read(ref _backlogs)) switch
    {
        (false, _) => [],
        (_, []) => [new(0)],
        var (_, backlogs) => backlogs.Select(backlog => new Measurement<double>(measure(backlog), new KeyValuePair<string, object?>("channel", backlog.Channel))),
    };
}
