using Coordination.Contracts.Feed;

namespace Coordination.Host.Views;

/// <summary>Turns an entry of the journal into what somebody may have of it.</summary>
internal static class JournalEntries
{
    /// <param name="isWhole">Whether the entry is for the asker. Else nothing is given that its content could be guessed from. Salt and version stay here.</param>
    public static JournalEntry Of(Entry entry, bool isWhole)
    {
        var bare = new JournalEntry(entry.Position, Hex(HashChain.ContentDigest(entry)), Hex(entry.Hash));
        return isWhole
            ? bare with
            {
                VersionDigest = Hex(HashChain.VersionDigest(entry.Salt, entry.Version)),
                Stream = entry.Stream,
                Fact = entry.Fact,
                Form = entry.Form,
                At = (entry.At - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
                Actor = entry.Actor,
                Body = entry.Body,
                Topics = entry.Topics,
                Audience = Convert.ToBase64String(entry.Audience),
                Data = Convert.ToBase64String(entry.Data),
                TextsDigest = entry.TextsDigest is { } digest ? Hex(digest) : null,
                Command = entry.Command is { } command ? Hex(command) : null,
                Cause = entry.Cause,
                Via = entry.Via,
                Batch = entry.Batch,
                Texts = entry.Texts is { } texts ? Convert.ToBase64String(texts) : null,
                TextsSalt = entry.TextsSalt is { } salt ? Hex(salt) : null,
            }
            : bare;
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
