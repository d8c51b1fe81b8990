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
        var (hash, inboxes, broken) = (HashChain.Origin, new HashSet<string>(StringComparer.Ordinal), (long?)null);
        await using var command = database.CreateCommand(
            """
            SELECT position, entries.salt, stream, version, fact, form, at, actor, body, topics, audience, data, texts_digest, command, cause, via, batch, hash, texts, texts.salt
            FROM entries LEFT JOIN texts USING (position) ORDER BY position
            """);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var entry = new Entry(
                rows.GetInt64(0), rows.GetFieldValue<byte[]>(1), rows.GetString(2), rows.GetInt64(3), rows.GetString(4), rows.GetInt32(5),
                DateTimeOffset.UnixEpoch.AddMicroseconds(rows.GetInt64(6)), rows.GetString(7), Text(8), rows.GetString(9).Split(' ', StringSplitOptions.RemoveEmptyEntries),
                rows.GetFieldValue<byte[]>(10), rows.GetFieldValue<byte[]>(11), Bytes(12), Bytes(13), Number(14), rows.GetString(15), Text(16),
                rows.GetFieldValue<byte[]>(17), Bytes(18), Bytes(19));
            hash = HashChain.Link(hash, entry);
            if (!hash.AsSpan().SequenceEqual(entry.Hash)) broken ??= entry.Position;
            if (world.Apply(entry) is not { } fact) continue;
            var readers = FactJson.ReadAudience(entry.Audience).Resolve(world);
            foreach (var concern in Recipients.Of(world, entry, fact, readers))
                inboxes.Add($"{concern.Body} {entry.Position} {concern.Reason}");
        }

        return new(world.Position, broken, ViewDigests.Of(world).Views, inboxes);

        string? Text(int column) => rows.IsDBNull(column) ? null : rows.GetString(column);

        long? Number(int column) => rows.IsDBNull(column) ? null : rows.GetInt64(column);

        byte[]? Bytes(int column) => rows.IsDBNull(column) ? null : rows.GetFieldValue<byte[]>(column);
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
