using Polly;

namespace Coordination.Host.Reactors;

/// <summary>
/// Sends what waits for one channel. Rows are taken before they are sent and noted afterwards: a crash in between leaves them to
/// whoever takes them next, under the same id. What cannot be sent is tried later and later, and given up after three days. A round is over when
/// all its recipients are through: a receiver that hangs holds up the others of its channel, for half of <see cref="Taken"/> at most.
/// </summary>
public sealed partial class Sender(IChannel channel, IOutbox outbox, TimeProvider time, ResiliencePipeline attempt, ILogger<Sender> logger)
{
    /// <summary>Recipients in one round, and rows of each.</summary>
    private const int Most = 20;

    /// <summary>What is taken belongs to this sender for so long, and to the next one when it has died. Sending begins in the first half only.</summary>
    public static readonly TimeSpan Taken = TimeSpan.FromMinutes(5);

    /// <summary>From when it was put, or retried by an operator.</summary>
    public static readonly TimeSpan GivenUpAfter = TimeSpan.FromDays(3);

    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public string Channel => channel.Name;

    /// <summary>Takes what is due, sends it and notes what became of it.</summary>
    /// <returns>How many rows were taken.</returns>
    public async Task<int> Round(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var taken = await outbox.Take(channel.Name, now, now + Taken, Most, cancellation);
        if (taken.Count == 0) return 0;
        var sendings = await Task.WhenAll(taken.GroupBy(row => row.Recipient).Select(rows => InOrder(rows, now + (Taken / 2), cancellation)));
        // Also when the silo is to end: what has arrived should not come again.
        await outbox.Note([.. sendings.SelectMany(some => some)], time.GetUtcNow(), CancellationToken.None);
        return taken.Count;
    }

    /// <summary>Pause before an attempt: 10 s after the first, twice as long each time, an hour at most.</summary>
    public static TimeSpan PauseAfter(int attempts) =>
        attempts < 1 ? TimeSpan.Zero : attempts > 10 ? Longest : First * Math.Pow(2, attempts - 1) is var pause && pause < Longest ? pause : Longest;

    /// <summary>Sends to one recipient, until one cannot be sent now.</summary>
    private async Task<List<Sending>> InOrder(IEnumerable<Outgoing> rows, DateTimeOffset until, CancellationToken cancellation)
    {
        var sendings = new List<Sending>();
        var waits = false;
        foreach (var row in rows)
        {
            if (waits || time.GetUtcNow() >= until)
            {
                waits = true;
                sendings.Add(new Sending.Untried(row));
                continue;
            }

            var sending = await One(row, cancellation);
            waits = sending is Sending.Later or Sending.Untried;
            sendings.Add(sending);
        }

        return sendings;
    }

    private async Task<Sending> One(Outgoing row, CancellationToken cancellation)
    {
        var sent = await Try(row, cancellation);
        var now = time.GetUtcNow();
        switch (sent)
        {
            case null:
                return new Sending.Untried(row);
            case Sent.Arrived:
                return new Sending.Done(row);
            case Sent.Later later when now - row.Since < GivenUpAfter:
                return new Sending.Later(row, now + (later.After is { } after && after > TimeSpan.Zero ? after : PauseAfter(row.Attempts)), later.Reason);
            default:
                var reason = sent is Sent.Never never ? never.Reason : ((Sent.Later)sent).Reason;
                LogGivenUp(logger, row.Id, channel.Name, reason);
                return new Sending.Never(row, reason);
        }
    }

    /// <returns>What the channel says; null when the silo is to end.</returns>
    private async Task<Sent?> Try(Outgoing row, CancellationToken cancellation)
    {
        try
        {
            return await attempt.ExecuteAsync(async stop => await channel.Send(row, stop), cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception)
        {
            LogFailed(logger, row.Id, channel.Name, exception);
            // Its words may name the recipient.
            return new Sent.Later(exception.GetType().Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Id} could not be sent over {Channel}; it is tried again")]
    private static partial void LogFailed(ILogger logger, string id, string channel, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Id} is given up: over {Channel} it cannot be sent. {Reason}")]
    private static partial void LogGivenUp(ILogger logger, string id, string channel, string reason);
}
