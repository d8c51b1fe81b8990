using System.Runtime.CompilerServices;
using System.Text.Json;
using Coordination.Contracts.Messages;
using Coordination.Host.Accounts;
using Coordination.Host.Reactors;
using Coordination.Host.Relay;

namespace Coordination.Host.Views;

/// <summary>Folds the journal into a world, from what is stored or from the first entry on.</summary>
public sealed partial class Folding(IJournal journal, IViewStore views, Names names, TimeProvider time, ILogger<Folding> logger)
{
    private const int Batch = 500;

    /// <summary>
    /// Lets a new world begin with the stored views, unless they are missing, stand apart, reach beyond
    /// <paramref name="atMost"/>, belong to another journal or are of another form.
    /// </summary>
    internal async Task<Beginning> Begin(World world, long atMost, CancellationToken cancellation)
    {
        // Of one moment: the silo that leads may be storing them at this very time.
        var read = await views.Read([.. StoredViews.Names, StoredViews.Journal], cancellation);
        var marks = StoredViews.Names.ToDictionary(name => name, name => read[name].Mark, StringComparer.Ordinal);
        var stored = StoredViews.Names.ToDictionary(name => name, name => read[name].Items, StringComparer.Ordinal);
        var positions = marks.Values.Select(mark => mark.Position).Distinct().ToArray();
        if (positions is [0]) return new(marks, IsTrusted: true);
        if (positions is not [var position] || position > atMost) return new(marks, IsTrusted: false);
        var hash = (await journal.ReadAt([position], cancellation)) is [var entry] ? entry.Hash : [];
        if (read[StoredViews.Journal].Items is not [var kept] || !kept.Data.AsSpan().SequenceEqual(hash))
        {
            LogOtherJournal(logger);
            return new(marks, IsTrusted: false);
        }

        try
        {
            world.Begin(position, stored, cancellation);
            return new(marks, IsTrusted: true);
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException)
        {
            LogOtherForm(logger, exception);
            return new(marks, IsTrusted: false);
        }
    }

    /// <summary>A world folded from the first entry on, whatever is stored, up to <paramref name="position"/> or the end.</summary>
    public async Task<World> Anew(long position, CancellationToken cancellation)
    {
        var world = New();
        await foreach (var _ in Entries(world, position, cancellation)) { }
        return world;
    }

    /// <summary>A world at the end of the journal: from what is stored and what came after.</summary>
    public async Task<World> Now(CancellationToken cancellation)
    {
        var world = New();
        await Begin(world, long.MaxValue, cancellation);
        await CatchUp(world, (await journal.ReadHead(cancellation)).Position, cancellation);
        return world;
    }

    /// <summary>Takes a world on to a position.</summary>
    internal async Task CatchUp(World world, long position, CancellationToken cancellation)
    {
        await foreach (var _ in Entries(world, position, cancellation)) { }
    }

    /// <summary>What views and inboxes are when they are folded from the first entry on, whatever is stored, up to <paramref name="position"/> or the end.</summary>
    /// <param name="forgotten">Of inboxes nothing is kept up to here (<see cref="IInboxes.KeptAfter"/>).</param>
    /// <param name="progress">Is told the position that has been reached, from time to time.</param>
    public async Task<ViewDigests> Digest(long position, long forgotten, IProgress<long>? progress, CancellationToken cancellation)
    {
        var world = New();
        var builder = new MessageBuilder(world);
        using var inboxes = new InboxDigest();
        await foreach (var (entry, fact) in Entries(world, position, cancellation))
        {
            if (entry.Position > forgotten)
                foreach (var one in InboxReactor.Of([builder.MessageOf(entry, fact)])) inboxes.Add(one.Body, new(one.Position, one.Reason, one.Thread, one.Batch));
            if (entry.Position % Batch == 0) progress?.Report(entry.Position);
        }

        return ViewDigests.Of(world) with { Inboxes = inboxes.Result() };
    }

    /// <summary>The messages after a position, up to another, as they were when they were sent first.</summary>
    public async IAsyncEnumerable<Changed[]> Again(long after, long upTo, int limit, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var things = await At(after, null, cancellation);
        while (await Next(things, Math.Min(limit, upTo - things.Position), cancellation) is { Length: > 0 } messages) yield return messages;
    }

    /// <summary>Things as they were at a position: from those of an earlier one, or from what is stored if that reaches no further, and what came after.</summary>
    /// <param name="from">Taken on from where they are; null for what is stored.</param>
    internal async Task<Things> At(long position, Things? from, CancellationToken cancellation)
    {
        LogAgain(logger, position);
        var things = from ?? await Stored(position, cancellation);
        while (things.Position < position)
        {
            var entries = await journal.ReadFrom(things.Position, (int)Math.Min(Batch, position - things.Position), cancellation);
            if (entries.Count == 0) break;
            foreach (var entry in entries) things.Apply(entry);
        }

        return things;
    }

    /// <summary>Takes things on by so many entries at most, and makes their messages; none when there are no more.</summary>
    internal async Task<Changed[]> Next(Things things, long limit, CancellationToken cancellation)
    {
        if (limit <= 0) return [];
        var builder = new MessageBuilder(things);
        return [.. (await journal.ReadFrom(things.Position, (int)limit, cancellation)).Select(entry => builder.MessageOf(entry, things.Apply(entry)))];
    }

    /// <summary>The views are let go at once: only what they say of things is kept.</summary>
    private async Task<Things> Stored(long atMost, CancellationToken cancellation)
    {
        if ((await views.Marks(cancellation)).Any(mark => StoredViews.Names.Contains(mark.Key) && mark.Value.Position > atMost)) return new();
        var world = New();
        await Begin(world, atMost, cancellation);
        return Things.Of(world);
    }

    /// <summary>
    /// Takes the next entry into a world. When it says that texts were erased, what the world shows of them is folded anew from the journal
    /// first, which has them no more.
    /// </summary>
    internal async Task<Fact?> Apply(World world, Entry entry, CancellationToken cancellation)
    {
        if (entry.Position > world.Position && Erasure.PositionsOf(entry) is { Count: > 0 } erased)
        {
            foreach (var stream in (await journal.ReadAt(erased, cancellation)).Select(one => one.Stream).Distinct())
            {
                var entries = new List<Entry>();
                await foreach (var one in journal.ReadStream(stream, 0, cancellation))
                {
                    if (one.Position >= entry.Position) break;
                    entries.Add(one);
                }

                world.Refold(stream, entries, entry.Position);
            }
        }

        return world.Apply(entry);
    }

    private World New() => new(names, time);

    /// <summary>Every entry right after it was applied.</summary>
    private async IAsyncEnumerable<(Entry Entry, Fact Fact)> Entries(World world, long upTo, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (world.Position < upTo)
        {
            var entries = await journal.ReadFrom(world.Position, (int)Math.Min(Batch, upTo - world.Position), cancellation);
            if (entries.Count == 0) yield break;
            foreach (var entry in entries) yield return (entry, (await Apply(world, entry, cancellation))!);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The stored views are of another form; they are folded anew")]
    private static partial void LogOtherForm(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The stored views belong to another journal; they are folded anew")]
    private static partial void LogOtherJournal(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "Messages after position {After} are made again")]
    private static partial void LogAgain(ILogger logger, long after);
}

/// <summary>How a world has begun.</summary>
/// <param name="Marks">The marks of the stored views, by name.</param>
/// <param name="IsTrusted">False when something is stored that cannot be what this journal says: none of it may stay.</param>
internal sealed record Beginning(IReadOnlyDictionary<string, ViewMark> Marks, bool IsTrusted);
