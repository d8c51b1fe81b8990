using System.Security.Cryptography;

namespace Coordination.Journal;

/// <summary>
/// An append with everything that does not depend on its place in the order: salts, digests, keyed fingerprint, seal. The thread that hands
/// it in makes this, so that the one writer only links the chain and puts together what it tells.
/// </summary>
internal sealed class PreparedAppend
{
    public PreparedAppend(Append append, Seals seals)
    {
        Append = append;
        Moment = Instant.ToMicroseconds(append.At);
        if (append.Fingerprint is { } fingerprint)
            Fingerprint = KeyedFingerprint.Of(fingerprint);
        if (append.Command is { } command)
            Seal = seals.OfReceipt(command, Fingerprint?.Code, append.Answer);
        Entries = new PreparedEntry[append.Entries.Count];
        for (var index = 0; index < Entries.Length; index++)
            Entries[index] = Prepare(append, append.Entries[index], append.ExpectedVersion + index + 1);
    }

    public Append Append { get; }

    /// <summary>In microseconds since 1970.</summary>
    public long Moment { get; }

    public KeyedFingerprint? Fingerprint { get; }

    /// <summary>Of the receipt; null without a command.</summary>
    public byte[]? Seal { get; }

    public PreparedEntry[] Entries { get; }

    /// <summary>One of its entries as it stands in the log, once it is committed.</summary>
    public Entry ToEntry(long position, in PreparedEntry one, byte[] hash) => new(
        position, one.Salt, Append.Stream, one.Version, one.Entry.Fact, one.Entry.Form, Instant.FromMicroseconds(Moment), Append.Actor, Append.Body,
        one.Entry.Topics, one.Entry.Audience, one.Entry.Data, one.TextsDigest, Append.Command, Append.Cause, Append.Via, Append.Batch, hash,
        one.Entry.Texts, one.TextsSalt, Append.Trace);

    /// <summary>An append is only written at the version it expects, so the versions of its entries are known.</summary>
    private PreparedEntry Prepare(Append append, NewEntry entry, long version)
    {
        var salt = RandomNumberGenerator.GetBytes(HashChain.SaltLength);
        var textsSalt = entry.Texts is null ? null : RandomNumberGenerator.GetBytes(HashChain.SaltLength);
        var textsDigest = entry.Texts is null ? null : HashChain.TextsDigest(textsSalt, entry.Texts);
        Span<byte> versionDigest = stackalloc byte[HashChain.Length];
        HashChain.VersionDigest(salt, version, versionDigest);
        var content = HashChain.ContentDigest(
            versionDigest, append.Stream, entry.Fact, entry.Form, Moment, append.Actor, append.Body, entry.Topics, entry.Audience, entry.Data, textsDigest,
            append.Command, append.Cause, append.Via, append.Batch);
        return new(entry, version, Topics.Join(entry.Topics), salt, textsSalt, textsDigest, content);
    }
}

/// <param name="Topics">As they are stored.</param>
/// <param name="TextsSalt">Null without texts, as is <paramref name="TextsDigest"/>.</param>
internal readonly record struct PreparedEntry(
    NewEntry Entry, long Version, string Topics, byte[] Salt, byte[]? TextsSalt, byte[]? TextsDigest, byte[] ContentDigest);
