using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace Coordination.Host.Trust;

/// <summary>
/// Signs where the journal ends, with a key that the platform's secret gives, so that whoever keeps a head can show later that it was the platform's: Ed25519 over
/// bytes that <c>docs/journal.md</c> describes.
/// </summary>
public sealed class HeadSigner
{
    /// <summary>Begins what is signed, so that a signature of something else is never one of a head.</summary>
    private const string Purpose = "coordination head 1";

    private readonly Key _key;
    private readonly byte[] _besideKey;

    public HeadSigner(Secret secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        _besideKey = secret.KeyFor("heads beside");
        _key = Key.Import(SignatureAlgorithm.Ed25519, secret.KeyFor("heads"), KeyBlobFormat.RawPrivateKey);
        PublicKey = _key.PublicKey.Export(KeyBlobFormat.RawPublicKey);
    }

    /// <summary>32 bytes, as RFC 8032 has them.</summary>
    public byte[] PublicKey { get; }

    /// <summary>A short name of a public key: the first 8 bytes of its SHA-256, in hexadecimal.</summary>
    public static string IdOf(byte[] publicKey) => Convert.ToHexStringLower(SHA256.HashData(publicKey))[..16];

    /// <param name="head">Where the journal ends.</param>
    /// <param name="writes">How often records have been written: nobody else is to know how much goes on, so it is hidden.</param>
    /// <param name="at">To the microsecond.</param>
    public SignedHead Sign(Head head, long writes, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(head);
        var moment = at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond));
        var beside = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(beside, writes ^ Veil(head.Position, moment));
        return new(head.Position, head.Hash, moment, beside, PublicKey, SignatureAlgorithm.Ed25519.Sign(_key, Encode(head.Position, head.Hash, moment, beside)));
    }

    /// <summary>How often records had been written, of a head of this platform's own.</summary>
    public long WritesOf(SignedHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        return BinaryPrimitives.ReadInt64BigEndian(head.Beside) ^ Veil(head.Position, head.At);
    }

    /// <summary>Whether this platform signed it, with the key that it has now.</summary>
    public bool IsOwn(SignedHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        return MayBeOwn(head) && Fits(head);
    }

    /// <summary>Whether it looks like one of this platform's, as far as that costs nothing: the signature is not looked at.</summary>
    public bool MayBeOwn(SignedHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        return head.Key.AsSpan().SequenceEqual(PublicKey) && head.Beside.Length == sizeof(long);
    }

    /// <summary>Whether the signature fits head and public key.</summary>
    public static bool Fits(SignedHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        return head.Hash.Length == HashChain.Length && head.Beside.Length == sizeof(long)
            && head.Key.Length == SignatureAlgorithm.Ed25519.PublicKeySize
            && head.Signature.Length == SignatureAlgorithm.Ed25519.SignatureSize
            && NSec.Cryptography.PublicKey.TryImport(SignatureAlgorithm.Ed25519, head.Key, KeyBlobFormat.RawPublicKey, out var key)
            && SignatureAlgorithm.Ed25519.Verify(key!, Encode(head.Position, head.Hash, head.At, head.Beside), head.Signature);
    }

    public static long MicrosecondsOf(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Differs for each head, and is known to whoever has the secret.</summary>
    private long Veil(long position, DateTimeOffset at)
    {
        Span<byte> told = stackalloc byte[2 * sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(told, position);
        BinaryPrimitives.WriteInt64BigEndian(told[sizeof(long)..], MicrosecondsOf(at));
        return BinaryPrimitives.ReadInt64BigEndian(HMACSHA256.HashData(_besideKey, told));
    }

    private static byte[] Encode(long position, byte[] hash, DateTimeOffset at, byte[] beside)
    {
        var numbers = new byte[2 * sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(numbers, position);
        BinaryPrimitives.WriteInt64BigEndian(numbers.AsSpan(sizeof(long)), MicrosecondsOf(at));
        return [.. Encoding.UTF8.GetBytes(Purpose), .. numbers[..sizeof(long)], .. hash, .. numbers[sizeof(long)..], .. beside];
    }
}
