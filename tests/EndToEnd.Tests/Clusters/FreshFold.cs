using Coordination.Domain;
using Coordination.Host.Views;
using Coordination.Journal;
using Npgsql;

namespace Coordination.EndToEnd.Tests.Clusters;

/// <summary>The journal read from its first entry and folded anew, here and not by the platform that is tested: chain, views and inboxes.</summary>
/// <param name="BrokenAt">First position whose hash does not follow from the one before, or null.</param>
/// <param name="Views">Digest of each view.</param>
/// <param name="Inboxes">What belongs into inboxes, as <c>body position reason</c>.</param>
public sealed record FreshFold(long Position, long? BrokenAt, IReadOnlyDictionary<string, string> Views, HashSet<string> Inboxes)
{
    public static async Task<FreshFold> Of(NpgsqlDataSource database, CancellationToken cancellation)
    {
        var world = new World(new(), TimeProvider.System);
        var (chain, hash, inboxes, broken) = (new HashChain(), HashChain.Origin, new HashSet<string>(StringComparer.Ordinal), (long?)null);
        await using var command = database.CreateCommand("SELECT position, stream, version, fact, form, at, actor, body, topics, audience, data, hash FROM entries ORDER BY position");
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var entry = new Entry(
                rows.GetInt64(0), rows.GetString(1), rows.GetInt64(2), rows.GetString(3), rows.GetInt32(4), DateTimeOffset.UnixEpoch.AddMicroseconds(rows.GetInt64(5)),
                rows.GetString(6), await rows.IsDBNullAsync(7, cancellation) ? null : rows.GetString(7), rows.GetString(8).Split(' ', StringSplitOptions.RemoveEmptyEntries),
                rows.GetFieldValue<byte[]>(9), rows.GetFieldValue<byte[]>(10), rows.GetFieldValue<byte[]>(11));
            hash = chain.Link(hash, entry);
            if (!hash.AsSpan().SequenceEqual(entry.Hash)) broken ??= entry.Position;
            if (world.Apply(entry) is not { } fact) continue;
            var readers = Teller.AudienceOf(entry).Resolve(world);
            foreach (var concern in Concerns.Of(world, entry, fact, readers)) inboxes.Add($"{concern.Body} {entry.Position} {concern.Reason}");
        }

        return new(world.Position, broken, ViewDigests.Of(world).Views, inboxes);
    }

    /// <summary>What stands in inboxes, in the same words.</summary>
    public static async Task<HashSet<string>> Kept(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT body, position, reason FROM inbox");
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var kept = new HashSet<string>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancellation)) kept.Add($"{rows.GetString(0)} {rows.GetInt64(1)} {rows.GetString(2)}");
        return kept;
    }
}
