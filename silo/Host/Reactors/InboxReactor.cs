using System.Diagnostics;
using Coordination.Contracts.Messages;
using Microsoft.Extensions.Hosting;
using Polly.Registry;

namespace Coordination.Host.Reactors;

/// <summary>
/// Puts changes into the inboxes of the bodies that they concern. The first reactor, and the one whose rows need no outbox: inboxes stand in the
/// platform's own database, so a row is written with the mark. A message only says how far to go, and what is delivered is what
/// this silo has read in the journal itself, whatever the bus loses, repeats, shuffles or makes up.
/// </summary>
public sealed partial class InboxReactor(
    IJournal journal, IInboxes inboxes, IChanges changes, InboxProgress progress, IHostApplicationLifetime lifetime, ResiliencePipelineProvider<string> pipelines,
    ILogger<InboxReactor> logger) : Course(changes, pipelines.GetPipeline(Pipelines.Journal))
{
    /// <summary>To finish what is being delivered when the silo is asked to end. What a long journal still owes then is delivered by whoever leads next.</summary>
    private static readonly TimeSpan ToEnd = TimeSpan.FromSeconds(2);

    private readonly IChanges _changes = changes;

    /// <summary>Goes as far as a message tells. Waits as long as the journal is away.</summary>
    public async Task Take(Changes message, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var end = lifetime.ApplicationStopping.Register(() => limit.CancelAfter(ToEnd));
        Telemetry.Spans? spans = null;
        try
        {
            await Go(
                async (mark, stop) =>
                {
                    if (message.Position <= mark) return mark;
                    if (message.Previous > mark) LogFills(logger, mark, message.Previous);
                    spans ??= Telemetry.Follow("inboxes.deliver", ActivityKind.Consumer, message.Items);
                    return await Reachable(message.Position, stop);
                },
                anew: false, limit.Token);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            // The message has told what it had to: inboxes that stand still are filled up from the journal.
        }
        finally
        {
            spans?.Dispose();
        }
    }

    /// <summary>Fills the inboxes up to a position from the journal, without having been told by anyone.</summary>
    public Task FillUpTo(long position, CancellationToken cancellation) => Go(
        (mark, _) =>
        {
            if (mark < position) LogFills(logger, mark, position);
            return new(position);
        },
        anew: true, cancellation);

    /// <summary>What changes put into inboxes.</summary>
    public static IReadOnlyCollection<NewDelivery> Of(IEnumerable<Changed> items) =>
        [.. items.SelectMany(item => item.Recipients, (item, recipient) => new NewDelivery(recipient.Body, item.Position, recipient.Reason.ToString(), item.Stream, item.Batch))];

    protected override ValueTask<long> ReadMark(CancellationToken cancellation) => inboxes.DeliveredUpTo(cancellation);

    protected override async Task<bool> Put(long after, Changed[] items, CancellationToken cancellation)
    {
        if (!await inboxes.Deliver(after, items[^1].Position, Of(items), cancellation)) return false;
        progress.Advance(items[^1].Position);
        return true;
    }

    /// <summary>A message may be left over from a journal that was longer than the one restored in its place: what is not there is not waited for.</summary>
    private async ValueTask<long> Reachable(long position, CancellationToken cancellation) =>
        position <= _changes.Position ? position : Math.Min(position, (await journal.ReadHead(cancellation)).Position);

    [LoggerMessage(Level = LogLevel.Information, Message = "Inboxes are filled from the journal from position {From} to {To}")]
    private static partial void LogFills(ILogger logger, long from, long to);
}
