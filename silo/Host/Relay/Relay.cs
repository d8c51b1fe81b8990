using System.Diagnostics;
using Coordination.Contracts.Messages;
using Coordination.Host.Views;
using Microsoft.Extensions.Hosting;

namespace Coordination.Host.Relay;

/// <summary>
/// Publishes what is in the journal, in order, on the one silo that leads: what waits goes out as one message, and the next
/// only when the broker has confirmed it. Where it stands is noted from time to time; what came after the last note is
/// published again by whoever goes on, and every consumer drops repeats.
/// </summary>
public sealed partial class Relay(Messages messages, IViewStore views, IInboxes inboxes, Leadership leadership, MassTransit.IBus bus, TimeProvider time, ILogger<Relay> logger)
    : BackgroundService
{
    /// <summary>Changes in one message, at most.</summary>
    private const int Most = 200;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan NoteEvery = TimeSpan.FromSeconds(1);
    private readonly PositionWaiter _noted = new();
    private ViewMark _mark = ViewMark.None;
    private long _published;
    private long _waitingSince;

    /// <summary>Position of the last change that the broker has confirmed; 0 on a silo that never led.</summary>
    public long Published => Volatile.Read(ref _published);

    /// <summary>How long the message that is to go out next has been tried; null when none is.</summary>
    public TimeSpan? Waiting => Volatile.Read(ref _waitingSince) is > 0 and var since ? time.GetElapsedTime(since) : null;

    /// <summary>Completes when it is noted that changes up to a position have been published, or quietly after <paramref name="within"/>.</summary>
    public Task Noted(long position, TimeSpan within, CancellationToken cancellation) => _noted.WaitFor(position, within, time, cancellation);

    /// <summary>Notes that everything up to a position has been published, so that nobody is told again: for a journal from elsewhere.</summary>
    public static async Task Begin(IViewStore views, long position, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(views);
        var mark = (await views.Marks(cancellation)).GetValueOrDefault(StoredViews.Relay, ViewMark.None);
        await views.Save(position, [new(StoredViews.Relay, mark, [])], cancellation);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await leadership.Held(stoppingToken);
                await Lead(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (JournalUnavailableException exception)
            {
                LogUnavailable(logger, exception);
                await Pause(stoppingToken);
            }
        }
    }

    private async Task Lead(CancellationToken stopping)
    {
        await Begin(stopping);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var noting = Note(ended);
        try
        {
            await foreach (var changes in messages.After(Published, Most, ended.Token))
            {
                using var spans = Telemetry.Follow("relay.publish", ActivityKind.Producer, changes);
                await Publish(Changes.Of(spans.Items), ended.Token);
                Volatile.Write(ref _published, changes[^1].Position);
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

    /// <summary>Goes on where the last note ends; a journal from before there were notes, where its inboxes end.</summary>
    private async Task Begin(CancellationToken cancellation)
    {
        _mark = (await views.Marks(cancellation)).GetValueOrDefault(StoredViews.Relay, ViewMark.None);
        var position = _mark.Position;
        if (_mark == ViewMark.None) position = await inboxes.DeliveredUpTo(cancellation);
        Volatile.Write(ref _published, position);
        _noted.Advance(_mark.Position);
    }

    /// <summary>A publish that hangs is given up and tried again; the journal is the letter, this is only the doorbell.</summary>
    private async Task Publish(Changes changes, CancellationToken cancellation)
    {
        Volatile.Write(ref _waitingSince, time.GetTimestamp());
        while (true)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(Limit);
            try
            {
                // Some transports do not look at the token while they wait for a broker that is away.
                await bus.Publish(changes, limit.Token).WaitAsync(limit.Token);
                Volatile.Write(ref _waitingSince, 0);
                return;
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                LogFailed(logger, changes.Position, exception);
                await Pause(cancellation);
            }
        }
    }

    private async Task Note(CancellationTokenSource ended)
    {
        while (!ended.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(NoteEvery, TimeProvider.System, ended.Token);
                if (leadership.IsHeld && await Note(Published, CancellationToken.None)) continue;
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
            if (leadership.IsHeld) await Note(Published, CancellationToken.None);
        }
        catch (Exception exception) when (exception is JournalUnavailableException or ObjectDisposedException)
        {
            LogUnavailable(logger, exception);
        }
    }

    /// <returns>False when somebody else has noted since: this silo leads no more.</returns>
    private async Task<bool> Note(long position, CancellationToken cancellation)
    {
        if (position <= _mark.Position) return true;
        if (!await views.Save(position, [new(StoredViews.Relay, _mark, [])], cancellation)) return false;
        _mark = _mark with { Position = position };
        _noted.Advance(position);
        return true;
    }

    private static Task Pause(CancellationToken cancellation) => Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellation);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The message up to position {Position} could not be published; trying again")]
    private static partial void LogFailed(ILogger logger, long position, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The relay cannot read or note its place; trying again")]
    private static partial void LogUnavailable(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "Another silo relays from here; this one ends at position {Position}")]
    private static partial void LogEnded(ILogger logger, long position);
}
