using System.Globalization;
using Microsoft.Extensions.Hosting;

namespace Coordination.Host.Trust;

/// <summary>
/// Before anything is appended: what was written since the last check is verified, the head is compared with the last entry and with the head that was signed
/// last, and nothing beside the chain may know more than the chain or be other than the platform wrote it. When something does not fit, appends stop in the whole
/// cluster, and this silo starts all the same: what can be read is read, and an operator is told.
/// </summary>
public sealed partial class StartCheck(IStore store, Heads heads, TimeProvider time, ILogger<StartCheck> logger) : IHostedService
{
    /// <summary>Name of the mark of the place up to which everything has been checked once.</summary>
    public const string Mark = "checked";

    /// <summary>
    /// More than is written between two checks, and some 200 ms: when there is more to check, or nobody knows how much, the start looks at the last so many entries
    /// and the walk behind at all of them.
    /// </summary>
    public const int Most = 50_000;

    /// <summary>Also what was checked before is looked at again, as far as it costs some milliseconds.</summary>
    private const int Least = 1_000;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var (found, entries) = await store.Trust.Broken(cancellationToken) is { } before ? (before, 0) : await Check(cancellationToken);
        if (found is null)
        {
            var spent = time.GetElapsedTime(began).TotalMilliseconds;
            LogWhole(logger, entries, spent);
            return;
        }

        await store.Trust.Stop(found, cancellationToken);
        LogBroken(logger, found);
        // What else does not fit is not told either.
        await heads.Doubt(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What does not fit, and how many entries were verified; keeps how far everything fits.</summary>
    private async Task<(Break? Found, long Entries)> Check(CancellationToken cancellation)
    {
        // What was signed and checked is read before the head that it is compared with: other silos append, sign and check meanwhile.
        var mark = await store.Trust.Read(Mark, cancellation);
        Break? contradicted;
        Head head;
        try
        {
            contradicted = await heads.Contradicted(cancellation);
            head = await store.Journal.ReadHead(cancellation);
        }
        catch (JournalUnavailableException exception) when (exception.BrokenAt is not null)
        {
            return (new(0, exception.Message), 0);
        }

        if (contradicted is not null) return (contradicted, 0);
        if (mark is not null && mark.Position > head.Position)
            return (new(head.Position + 1, string.Create(CultureInfo.InvariantCulture, $"the journal ends before it, and was checked up to {mark.Position} at {mark.At:u}.")), 0);
        var from = mark?.Place ?? ChainPlace.Origin;
        if (from.Position > Math.Max(0, head.Position - Least)) from = ChainPlace.Origin;
        var most = mark is not null && head.Position - mark.Position < Least ? Least : Most;
        if (head.Position - from.Position > most)
        {
            if (await Heads.HashAt(store.Journal, head.Position - most, cancellation) is not { } near) return (new(head.Position - most, "there is no entry, or none that can be read."), 0);
            // Nobody has looked at what lies between: the walk behind begins anew.
            if (head.Position - most > (mark?.Position ?? 0)) await store.Trust.Forget(ChainWatch.Walked, cancellation);
            from = new(head.Position - most, near, []);
        }

        // Where the check goes on from another place, the entry of the mark must still be the one that was checked.
        if (mark is not null && from.Position != mark.Position && !(await Heads.HashAt(store.Journal, mark.Position, cancellation)).AsSpan().SequenceEqual(mark.Hash))
            return (new(mark.Position, string.Create(CultureInfo.InvariantCulture, $"it, or what comes before it, is not what was written. It was checked at {mark.At:u}, and its hash was {Convert.ToHexStringLower(mark.Hash)}.")), 0);
        var place = from;
        var verified = await store.Trust.Verify(
            from,
            reached =>
            {
                place = reached;
                return Task.CompletedTask;
            },
            cancellation);
        if (verified.BrokenAt is { } position) return (Break.OfChain(position), place.Position - from.Position);
        if (await MarkBeyond(place.Position, cancellation) is { } view) return (Break.Beyond(place.Position, $"the view '{view}'"), place.Position - from.Position);
        if (await store.Trust.CheckBeside(cancellation) is { } beside) return (beside, place.Position - from.Position);
        await store.Trust.Keep(TrustMark.Of(Mark, place, time.GetUtcNow()), cancellation);
        return (null, place.Position - from.Position);
    }

    private async Task<string?> MarkBeyond(long position, CancellationToken cancellation)
    {
        var marks = await store.Views.Marks(cancellation);
        // Others may have written and stored since.
        var ahead = marks.Where(mark => mark.Value.Position > position).Select(mark => mark.Key).OrderBy(key => key.Name, StringComparer.Ordinal).ToList();
        if (ahead.Count == 0) return null;
        var now = (await store.Journal.ReadHead(cancellation)).Position;
        return ahead.Where(view => marks[view].Position > now).Select(view => view.Name).FirstOrDefault();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The journal is whole as far as the start looks: {Entries} entries verified, and what stands beside it, in {Milliseconds} ms")]
    private static partial void LogWhole(ILogger logger, long entries, double milliseconds);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Found} Nothing is written to the journal any more, by any silo; it can be read. journal verify says more, docs/operations.md says how to go on")]
    internal static partial void LogBroken(ILogger logger, Break found);
}
