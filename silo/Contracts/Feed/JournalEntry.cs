namespace Coordination.Contracts.Feed;

/// <summary>
/// An entry of the journal as somebody may have it, by the names of <c>journal export</c>: in full when the entry is for the asker, else
/// position, content digest and hash, over which the chain is verified. Digests, hashes and salts are lower-case hexadecimal.
/// </summary>
/// <param name="VersionDigest">
/// Present exactly when the entry is given in full. Stands for the entry's place in its stream, which would tell how many others there are that the
/// asker may not see.
/// </param>
/// <param name="At">Microseconds since 1970 in UTC.</param>
/// <param name="Audience">Who may see it, JSON in UTF-8, in Base64.</param>
/// <param name="Data">The fact, JSON in UTF-8, in Base64.</param>
/// <param name="Texts">What people wrote freely, JSON in UTF-8, in Base64; left out when there is none or it was erased.</param>
[GenerateSerializer, Immutable, Alias("JournalEntry")]
public sealed record JournalEntry(
    long Position, string ContentDigest, string Hash, string? VersionDigest = null, string? Stream = null, string? Fact = null, int? Form = null,
    long? At = null, string? Actor = null, string? Body = null, string[]? Topics = null, string? Audience = null, string? Data = null,
    string? TextsDigest = null, string? Command = null, long? Cause = null, string? Via = null, string? Batch = null, string? Texts = null,
    string? TextsSalt = null);

/// <summary>The last entry of the journal at this moment: keep it, and a later change of anything before it is found.</summary>
[GenerateSerializer, Immutable, Alias("JournalHead")]
public sealed record JournalHead(long Position, string Hash);

/// <param name="Next">Position to go on after, or null when the page reaches the head.</param>
[GenerateSerializer, Immutable, Alias("JournalPage")]
public sealed record JournalPage(JournalEntry[] Items, string? Next, JournalHead Head);

/// <summary>Where the journal ended at a moment, signed by the platform. <c>docs/journal.md</c> says over which bytes.</summary>
/// <param name="Hash">Of the entry at the position, lower-case hexadecimal.</param>
/// <param name="At">Microseconds since 1970 in UTC.</param>
/// <param name="Beside">8 bytes, lower-case hexadecimal, that only the platform can read.</param>
/// <param name="KeyId">Of the key that it was signed with.</param>
/// <param name="PublicKey">That key: Ed25519, 32 bytes, lower-case hexadecimal.</param>
/// <param name="Signature">64 bytes, lower-case hexadecimal.</param>
[GenerateSerializer, Immutable, Alias("JournalSignedHead")]
public sealed record JournalSignedHead(long Position, string Hash, long At, string Beside, string KeyId, string PublicKey, string Signature);

/// <param name="KeyId">Of the key that heads are signed with now: what is offered here was signed with it.</param>
/// <param name="PublicKey">That key, to be compared with the one that was kept before.</param>
/// <param name="Next">For the page after this one, with older heads; null when there are none.</param>
[GenerateSerializer, Immutable, Alias("JournalHeads")]
public sealed record JournalHeads(JournalSignedHead[] Items, string? Next, string KeyId, string PublicKey);
