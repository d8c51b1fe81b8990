using Coordination.Host.Relay;
using Microsoft.Extensions.Hosting;

namespace Coordination.Host.Reactors;

/// <summary>Lets what is old pass from inboxes and outbox, on the silo that leads. The journal keeps everything.</summary>
public sealed partial class Keeping(IJournal journal, IInboxes inboxes, IOutbox outbox, Leadership leadership, TimeProvider time, ILogger<Keeping> logger) : BackgroundService
{
    /// <summary>How long an item stays in an inbox, read or not.</summary>
    public static readonly TimeSpan Inbox = TimeSpan.FromDays(730);

    /// <summary>How long it is known what was sent to whom.</summary>
    public static readonly TimeSpan Receipts = TimeSpan.FromDays(30);

    /// <summary>How long what was given up waits for an operator.</summary>
    public static readonly TimeSpan GivenUp = TimeSpan.FromDays(90);

    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <summary>Forgets what is old by now.</summary>
    public async Task Forget(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var rows = await outbox.Forget(now - Receipts, now - GivenUp, cancellation);
        var items = 0;
        if (await LastBefore(now - Inbox, cancellation) is > 0 and var position && position > await inboxes.KeptAfter(cancellation)) items = await inboxes.Forget(position, cancellation);
        if (rows + items > 0) LogForgot(logger, items, rows);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            do
            {
                await leadership.Held(stoppingToken);
                try
                {
                    await Forget(stoppingToken);
                }
                catch (JournalUnavailableException exception)
                {
                    LogNotForgot(logger, exception);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    /// <summary>Position of the last entry from before a moment, found by halves: entries stand in the order of their moments, but for seconds.</summary>
    private async Task<long> LastBefore(DateTimeOffset moment, CancellationToken cancellation)
    {
        var (before, after) = (0L, (await journal.ReadHead(cancellation)).Position + 1);
        while (after - before > 1)
        {
            var middle = before + ((after - before) / 2);
            if (await journal.ReadAt([middle], cancellation) is [{ At: var at }] && at < moment) before = middle;
            else after = middle;
        }

        return before;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Items} old items of inboxes and {Rows} old rows of the outbox are gone")]
    private static partial void LogForgot(ILogger logger, int items, int rows);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What is old in inboxes and outbox stays for another hour")]
    private static partial void LogNotForgot(ILogger logger, Exception exception);
}
