using Coordination.Contracts.Feed;
using Coordination.Contracts.Messages;
using Coordination.Host.Relay;
using Coordination.Host.Trust;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using System.Globalization;

namespace Coordination.Host.Views;

/// <summary>Reads the journal for those entitled, and for gateways that have missed something.</summary>
[StatelessWorker, Reentrant]
public sealed class FeedGrain(World world, FeedIndex index, FeedReader reader, MessageBuilder builder, Relay.Messages messages, IJournal journal, JournalWalk walk, Heads heads, HeadSigner signer, ReadYourWrites reads, IOptions<SiloOptions> options) : Grain, IFeedGrain
{
    private const int Chunk = 500;
    private const int Most = 500;

    /// <summary>A gateway asks another silo, or again, before long.</summary>
    private static readonly TimeSpan ForMessages = TimeSpan.FromSeconds(1);

    public async Task<FeedPage> After(Asker asker, long position, string[] topics, int limit)
    {
        limit = Math.Clamp(limit, 1, Most);
        // Who catches up here may hear live changes from a gateway that is ahead of this silo: between what is read here and
        // what is heard there must be no hole, so this reads up to what the journal itself has at this moment.
        var end = (await Histories.Briefly(journal.ReadHead)).Position;
        await world.Reach(end, options.Value.SeenWithin);
        var head = world.Position;
        if (head < end) throw new ViewsBehindException();
        var actor = world.Who(asker);
        var items = new List<FeedEntry>(limit);
        // Who names a position that there is not yet would else be told to wait there and miss what comes before.
        var reached = Math.Clamp(position, 0, head);
        while (items.Count < limit && reached < head)
        {
            var wanted = limit - items.Count;
            var (positions, searched) = await index.After(topics, reached, wanted, audience => audience.Admits(actor, world));
            var upTo = positions.FindLastIndex(one => one <= head) + 1;
            items.AddRange((await Histories.Briefly(cancellation => Read(positions[..upTo], cancellation))).OfType<FeedEntry>());
            reached = Math.Min(searched, head);
            if (positions.Count < wanted) break;
        }

        return new([.. items], reached < head ? reached.ToString(CultureInfo.InvariantCulture) : null, reached);
    }

    public async Task<FeedPage> Before(Asker asker, long? position, string[] topics, int limit)
    {
        limit = Math.Clamp(limit, 1, Most);
        await reads.For(asker);
        var actor = world.Who(asker);
        var head = world.Position;
        var items = new List<FeedEntry>(limit);
        var reached = Math.Min(position ?? long.MaxValue, head + 1);
        while (items.Count < limit && reached > 1)
        {
            var wanted = limit - items.Count;
            var (positions, searched) = await index.Before(topics, reached, wanted, audience => audience.Admits(actor, world));
            items.AddRange((await Histories.Briefly(cancellation => Read(positions, cancellation))).Reverse().OfType<FeedEntry>());
            reached = searched;
            if (positions.Count < wanted) break;
        }

        return new([.. items], reached > 1 ? reached.ToString(CultureInfo.InvariantCulture) : null, head);
    }

    private async Task<IReadOnlyList<FeedEntry?>> Read(IReadOnlyCollection<long> positions, CancellationToken cancellation) =>
        await reader.Read(await journal.ReadAt(positions, cancellation), cancellation);

    public async Task<Told[]> MessagesAfter(long position, long until, int limit)
    {
        limit = Math.Clamp(limit, 1, Chunk);
        await messages.Reach(until, options.Value.SeenWithin < ForMessages ? options.Value.SeenWithin : ForMessages);
        if (messages.Told(position, limit) is { } recent) return recent;
        var entries = await Histories.Briefly(cancellation => journal.ReadFrom(position, limit, cancellation));
        // Readers are resolved by the views, which must know these entries themselves.
        if (entries.Count > 0) await world.Reach(entries[^1].Position, options.Value.SeenWithin);
        var known = world.Position;
        entries = [.. entries.TakeWhile(entry => entry.Position <= known)];
        var told = await Histories.Briefly(cancellation => reader.Read(entries, cancellation));
        return [.. entries.Select((entry, index) => new Told(builder.MessageAgain(entry), told[index]))];
    }

    public Task<long> Position() => Task.FromResult(world.Position);

    public async Task<JournalPage> Entries(Asker asker, long after, int limit)
    {
        limit = Math.Clamp(limit, 1, Most);
        var head = await Histories.Briefly(journal.ReadHead);
        // Who may see an entry is resolved by the views, which must know the whole journal: who has left a group sees no more of it.
        await world.Reach(head.Position, options.Value.SeenWithin);
        if (world.Position < head.Position) throw new ViewsBehindException();
        var actor = world.Who(asker);
        var entries = (await Histories.Briefly(cancellation => journal.ReadFrom(after, limit, cancellation))).TakeWhile(entry => entry.Position <= head.Position).ToList();
        return new(
            [.. entries.Select(entry => JournalEntries.Of(entry, isWhole: FactJson.ReadAudience(entry.Audience).Admits(actor, world)))],
            entries.Count > 0 && entries[^1].Position < head.Position ? entries[^1].Position.ToString(CultureInfo.InvariantCulture) : null,
            new(head.Position, Convert.ToHexStringLower(head.Hash)));
    }

    public async Task<JournalHeads> Heads(Asker asker, long? before, int limit)
    {
        limit = Math.Clamp(limit, 1, Most);
        var found = await Histories.Briefly(cancellation => heads.Before(before, limit, cancellation));
        return new(
            [.. found.Select(HeadLine.Of).Select(line => new JournalSignedHead(line.Position, line.Hash, line.At, line.Beside, line.KeyId, line.PublicKey, line.Signature))],
            found.Count == limit ? found[^1].Position.ToString(CultureInfo.InvariantCulture) : null,
            HeadSigner.IdOf(signer.PublicKey), Convert.ToHexStringLower(signer.PublicKey));
    }

    public async Task<JournalVerification> Verify(Asker asker, CancellationToken cancellation)
    {
        var (verification, at) = await walk.Verify(cancellation);
        return new(verification.BrokenAt is null, verification.Entries, verification.BrokenAt, verification.Head, at);
    }
}
