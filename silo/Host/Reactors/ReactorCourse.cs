using System.Globalization;
using Coordination.Contracts.Messages;
using Coordination.Host.Views;
using Polly;

namespace Coordination.Host.Reactors;

/// <summary>The way of one reactor through the journal: its deliveries go into the outbox, its commands are given before the mark moves.</summary>
public sealed partial class ReactorCourse(
    IReactor reactor, IJournal journal, IOutbox outbox, IChanges changes, World world, IGrainFactory grains, TimeProvider time, ResiliencePipeline pipeline, ILogger<ReactorCourse> logger)
    : Course(changes, pipeline)
{
    private long _position;

    public string Name => reactor.Name;

    /// <summary>Where its mark stood when last seen from here.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>Gives the reactor a mark, if it has none yet.</summary>
    public Task Begin(CancellationToken cancellation) => GoTo(0, cancellation);

    protected override async ValueTask<long> ReadMark(CancellationToken cancellation)
    {
        // One that is new does not tell of what was before it.
        var mark = await outbox.Mark(reactor.Name, (await journal.ReadHead(cancellation)).Position, cancellation);
        Volatile.Write(ref _position, mark);
        return mark;
    }

    protected override async Task<bool> Put(long after, Changed[] items, CancellationToken cancellation)
    {
        var entries = await journal.ReadFrom(after, items.Length, cancellation);
        if (entries.Count != items.Length) throw new JournalUnavailableException($"The journal has {entries.Count} entries after position {after}, and {items.Length} were told of.");
        var outgoing = new List<NewOutgoing>();
        foreach (var (entry, change) in entries.Zip(items))
        {
            var part = 0;
            foreach (var reaction in reactor.React(new(entry, entry.ToFact(), change), world))
            {
                switch (reaction)
                {
                    case Reaction.Deliver it:
                        outgoing.Add(new(entry.Position, part, it.Channel, it.Recipient, entry.Stream, it.Data, it.OncePerBatch ? entry.Batch : null));
                        break;
                    case Reaction.Give it:
                        await Give(it, entry.Position, part);
                        break;
                }

                part++;
            }
        }

        if (!await outbox.Put(reactor.Name, after, items[^1].Position, outgoing, time.GetUtcNow(), cancellation)) return false;
        Volatile.Write(ref _position, items[^1].Position);
        return true;
    }

    private async Task Give(Reaction.Give give, long position, int part)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{reactor.Name}/{position}/{part}");
        var via = $"reactor:{reactor.Name}";
        var outcome = await give.Command(grains, new(Actor.Platform.Account, CommandHeader.CommandOf(Actor.Platform.Account, $"reactor:{id}"), id, Via: via, Cause: position));
        if (outcome is not Refused { Refusal: var refusal }) return;
        if (refusal.Reason is RefusalReason.Unavailable) throw new JournalUnavailableException($"The command {id} could not be carried out. {refusal.Detail}");
        LogRefused(logger, id, refusal.Code);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The command {Id} of a reactor was refused: {Code}")]
    private static partial void LogRefused(ILogger logger, string id, string code);
}
