using Coordination.Contracts.Feed;
using Coordination.Contracts.Messages;
using Coordination.Host.Relay;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using System.Globalization;

namespace Coordination.Host.Views;

/// <summary>Reads the journal for those entitled, and for gateways that have missed something.</summary>
[StatelessWorker, Reentrant]
public sealed class FeedGrain(World world, Teller teller, Courier courier, IJournal journal, JournalWalk walk, IOptions<SiloOptions> options) : Grain, IFeedGrain
{
    private const int Chunk = 500;
    private const int Most = 500;

    public async Task<FeedPage> After(Asker asker, long position, string[] topics, int limit)
    {
        limit = Math.Clamp(limit, 1, Most);
        await world.Reach(Math.Max(asker.Seen, journal.Position), options.Value.SeenWithin);
        var actor = world.Who(asker.Account);
        var head = world.Position;
        var items = new List<FeedEntry>(limit);
        // Who names a position that there is not yet would else be told to wait there and miss what comes before.
        var reached = Math.Clamp(position, 0, head);
        while (items.Count < limit && reached < head)
        {
            var entries = await Next(topics, reached, head);
            if (entries.Count == 0) break;
            foreach (var entry in entries)
            {
                reached = entry.Position;
                if (Seen(entry, actor) is { } told) items.Add(told);
                if (items.Count == limit) break;
            }
        }

        // A page that is not full has been searched to the head.
        if (items.Count < limit) reached = Math.Max(reached, head);
        return new([.. items], reached < head ? reached.ToString(CultureInfo.InvariantCulture) : null, reached);
    }

    public async Task<FeedPage> Before(Asker asker, long? position, string[] topics, int limit)
    {
        limit = Math.Clamp(limit, 1, Most);
        await world.Reach(Math.Max(asker.Seen, journal.Position), options.Value.SeenWithin);
        var actor = world.Who(asker.Account);
        var head = world.Position;
        var items = new List<FeedEntry>(limit);
        var reached = Math.Min(position ?? long.MaxValue, head + 1);
        while (items.Count < limit && reached > 1)
        {
            var entries = await Previous(topics, reached);
            if (entries.Count == 0)
            {
                reached = 1;
                break;
            }

            foreach (var entry in entries)
            {
                reached = entry.Position;
                if (Seen(entry, actor) is { } told) items.Add(told);
                if (items.Count == limit) break;
            }
        }

        return new([.. items], reached > 1 ? reached.ToString(CultureInfo.InvariantCulture) : null, head);
    }

    public async Task<Changed[]> MessagesAfter(long position, int limit)
    {
        var entries = await journal.ReadFrom(position, Math.Clamp(limit, 1, Chunk));
        // Readers are resolved by the views, which must know these entries themselves.
        if (entries.Count > 0) await world.Reach(entries[^1].Position, options.Value.SeenWithin);
        var known = world.Position;
        return [.. entries.TakeWhile(entry => entry.Position <= known).Select(courier.MessageAgain)];
    }

    public Task<long> Position() => Task.FromResult(world.Position);

    public async Task<JournalVerification> Verify(Asker asker)
    {
        var verification = await walk.Verify();
        return new(verification.BrokenAt is null, verification.Entries, verification.BrokenAt, verification.Head);
    }

    private FeedEntry? Seen(Entry entry, Actor actor) => Teller.AudienceOf(entry).Admits(actor, world) ? teller.Tell(entry) : null;

    private async Task<IReadOnlyList<Entry>> Next(string[] topics, long after, long head)
    {
        if (topics.Length == 0) return [.. (await journal.ReadFrom(after, Chunk)).TakeWhile(entry => entry.Position <= head)];
        var positions = world.Topics.After(topics, after, Chunk);
        return positions.Length == 0 ? [] : await journal.ReadAt(positions);
    }

    private async Task<IReadOnlyList<Entry>> Previous(string[] topics, long before)
    {
        if (topics.Length > 0)
        {
            var positions = world.Topics.Before(topics, before, Chunk);
            return positions.Length == 0 ? [] : [.. (await journal.ReadAt(positions)).Reverse()];
        }

        var from = Math.Max(0, before - 1 - Chunk);
        return [.. (await journal.ReadFrom(from, (int)(before - 1 - from))).Reverse()];
    }
}

/// <summary>Walks the hash chain, once at a time however many ask: who comes during a walk gets its result.</summary>
public sealed class JournalWalk(IJournal journal)
{
    private readonly Lock _lock = new();
    private Task<Verification>? _walk;

    public Task<Verification> Verify()
    {
        lock (_lock)
        {
            if (_walk is null || _walk.IsCompleted) _walk = Task.Run(() => journal.Verify());
            return _walk;
        }
    }
}
