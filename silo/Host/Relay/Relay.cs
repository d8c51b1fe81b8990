using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Polly;
using Polly.Registry;

namespace Coordination.Host.Relay;

/// <summary>
/// Publishes what is in the journal, in order, on the one silo that leads: what waits goes out as one message, and the next
/// only when the broker has confirmed it. Where it stands is noted from time to time; what came after the last note is
/// published again by whoever goes on, and every consumer drops repeats.
/// </summary>
public sealed partial class Relay(
    Messages messages, IViewStore views, IInboxes inboxes, Leadership leadership, IDoorbell bell, TimeProvider time, ResiliencePipelineProvider<string> pipelines, ILogger<Relay> logger)
    : BackgroundService
{
    /// <summary>Where it is noted how far messages have been sent: a mark without items.</summary>
    public static readonly ViewKey Mark = new("relay", 1);

    /// <summary>Changes in one message, at most.</summary>
    private const int Most = 200;

    private static readonly TimeSpan NoteEvery = TimeSpan.FromSeconds(1);
    private readonly ResiliencePipeline _journal = pipelines.GetPipeline(Pipelines.Journal);
    private readonly PositionWaiter _noted = new();
    private readonly Announcing _announcing = new(views, inboxes, bell, pipelines.GetPipeline(Pipelines.Bus));
    private long _waitingSince;

    /// <summary>Position of the last change that the broker has confirmed; 0 on a silo that never led.</summary>
    public long Published => _announcing.Published;

    /// <summary>How long the message that is to go out next has been tried; null when none is.</summary>
    public TimeSpan? Waiting => Volatile.Read(ref _waitingSince) is > 0 and var since ? time.GetElapsedTime(since) : null;

    /// <summary>Completes when it is noted that changes up to a position have been published, or quietly after <paramref name="within"/>.</summary>
    public Task Noted(long position, TimeSpan within, CancellationToken cancellation) => _noted.WaitFor(position, within, time, cancellation);

    /// <summary>Notes that everything up to a position has been published, so that nobody is told again: for a journal from elsewhere.</summary>
    public static async Task Begin(IViewStore views, long position, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(views);
        var mark = (await views.Marks(cancellation)).GetValueOrDefault(Mark, ViewMark.None);
        await views.Save([new(Mark, mark, position, [], [])], cancellation);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true) await _journal.Through(() => Lead(stoppingToken), stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task Lead(CancellationToken stopping)
    {
        await leadership.Held(stopping);
        await _announcing.Begin(stopping);
        _noted.Advance(_announcing.Noted);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var noting = Note(ended);
        try
        {
            await foreach (var changes in messages.After(Published, Most, ended.Token))
            {
                using var spans = Telemetry.Follow("relay.publish", ActivityKind.Producer, changes);
                Volatile.Write(ref _waitingSince, time.GetTimestamp());
                await _announcing.Publish(spans.Items, ended.Token);
                Volatile.Write(ref _waitingSince, 0);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            LogEnded(logger, Published);
        }
        finally
        {
            Volatile.Write(ref _waitingSince, 0);
            await ended.CancelAsync();
            await noting;
        }
    }

    private async Task Note(CancellationTokenSource ended)
    {
        while (!ended.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(NoteEvery, TimeProvider.System, ended.Token);
                if (leadership.IsHeld && await Note()) continue;
                await ended.CancelAsync();
            }
            catch (OperationCanceledException)
            {
                // One note more, so that a clean stop leaves nothing to say again.
            }
            catch (JournalUnavailableException exception)
            {
                LogUnavailable(logger, exception);
            }
        }

        try
        {
            if (leadership.IsHeld) await Note();
        }
        catch (Exception exception) when (exception is JournalUnavailableException or ObjectDisposedException)
        {
            LogUnavailable(logger, exception);
        }
    }

    private async Task<bool> Note()
    {
        var isOurs = await _announcing.Note(CancellationToken.None);
        _noted.Advance(_announcing.Noted);
        return isOurs;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The relay cannot read or note its place; trying again")]
    private static partial void LogUnavailable(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "Another silo relays from here; this one ends at position {Position}")]
    private static partial void LogEnded(ILogger logger, long position);
}
