using System.Diagnostics.Metrics;
using Coordination.Host.Relay;
using Coordination.Host.Views;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Polly;
using Polly.Registry;

namespace Coordination.Host.Reactors;

/// <summary>Runs every reactor and the sender of every channel on the silo that leads. One that fails stops alone, and its lag tells of it.</summary>
public sealed class Reactors : BackgroundService
{
    /// <summary>How long a sender waits when nothing was due.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly Leadership _leadership;
    private readonly ResiliencePipeline _pipeline;
    private readonly Meter _meter = new(Telemetry.Name);
    private readonly ReactorCourse[] _courses;
    private readonly Sender[] _senders;

    public Reactors(
        IEnumerable<IReactor> reactors, IEnumerable<IChannel> channels, IServiceProvider services, IJournal journal, World world, Leadership leadership,
        ResiliencePipelineProvider<string> pipelines)
    {
        (_leadership, _pipeline) = (leadership, pipelines.GetPipeline(Pipelines.Reactor));
        _courses = [.. reactors.Select(reactor => ActivatorUtilities.CreateInstance<ReactorCourse>(services, reactor, pipelines.GetPipeline(Pipelines.Journal)))];
        _senders = [.. channels.Select(channel => ActivatorUtilities.CreateInstance<Sender>(services, new EntitledChannel(channel, journal, world), pipelines.GetPipeline(Pipelines.Channel)))];
        if (_courses.Select(course => course.Name).Append(IInboxes.Reactor).GroupBy(name => name).FirstOrDefault(named => named.Count() > 1) is { Key: var twice })
            throw new InvalidOperationException($"Two reactors are called '{twice}'.");
        if (_senders.GroupBy(sender => sender.Channel).FirstOrDefault(named => named.Count() > 1) is { Key: var channel })
            throw new InvalidOperationException($"Two channels are called '{channel}'.");
        _meter.CreateObservableGauge(
            "coordination.reactor.lag",
            () => leadership.IsHeld ? _courses.Select(course => new Measurement<long>(Math.Max(0, journal.Position - course.Position), new KeyValuePair<string, object?>("reactor", course.Name))) : [],
            "{entry}", "Entries that a reactor has not gone over yet, on the silo that leads.");
    }

    public override void Dispose()
    {
        _meter.Dispose();
        foreach (var course in _courses) course.Dispose();
        base.Dispose();
    }

    /// <summary>Completes when every reactor has a mark: one that is new begins where the journal ends before anybody writes here.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var course in _courses) await course.Begin(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll([
        .. _courses.Select(course => Lead(stop => GoOn(course, stop), stoppingToken)),
        .. _senders.Select(sender => Lead(stop => Send(sender, stop), stoppingToken)),
    ]);

    private async Task Lead(Func<CancellationToken, Task> round, CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await _leadership.Held(stopping);
                await round(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    /// <summary>Goes on for as long as nothing fails. After a failure the round ends with the first part that was gone over, so that pauses begin anew with the shortest.</summary>
    private async Task GoOn(ReactorCourse course, CancellationToken stopping)
    {
        var hasFailed = false;
        await _pipeline.ExecuteAsync(
            async stop =>
            {
                var (isFirst, from) = (!hasFailed, course.Position);
                hasFailed = true;
                await course.GoOn(() => _leadership.IsHeld && (isFirst || course.Position == from), stop);
            },
            stopping);
    }

    private async Task Send(Sender sender, CancellationToken stopping)
    {
        if (await _pipeline.ExecuteAsync(async stop => await sender.Round(stop), stopping) == 0) await Task.Delay(Look, TimeProvider.System, stopping);
    }
}
