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

    public HeadSigner(Secret secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        _key = Key.Import(SignatureAlgorithm.Ed25519, secret.KeyFor("heads"), KeyBlobFormat.RawPrivateKey);
        PublicKey = _key.PublicKey.Export(KeyBlobFormat.RawPublicKey);
    }

    /// <summary>32 bytes, as RFC 8032 has them.</summary>
    public byte[] PublicKey { get; }

    /// <summary>A short name of a public key: the first 8 bytes of its SHA-256, in hexadecimal.</summary>
    public static string IdOf(byte[] publicKey) => Convert.ToHexStringLower(SHA256.HashData(publicKey))[..16];

    public SignedHead Sign(Head head, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(head);
        var moment = at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond));
        return new(head.Position, head.Hash, moment, PublicKey, SignatureAlgorithm.Ed25519.Sign(_key, Encode(head.Position, head.Hash, moment)));
    }

    /// <summary>Whether this platform signed it, with the key that it has now.</summary>
    public bool IsOwn(SignedHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        return head.Key.AsSpan().SequenceEqual(PublicKey) && Fits(head);
    }

    /// <summary>Whether the signature fits head and public key.</summary>
    public static bool Fits(SignedHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        return head.Hash.Length == HashChain.Length
            && head.Key.Length == SignatureAlgorithm.Ed25519.PublicKeySize
            && head.Signature.Length == SignatureAlgorithm.Ed25519.SignatureSize
            && NSec.Cryptography.PublicKey.TryImport(SignatureAlgorithm.Ed25519, head.Key, KeyBlobFormat.RawPublicKey, out var key)
            && SignatureAlgorithm.Ed25519.Verify(key!, Encode(head.Position, head.Hash, head.At), head.Signature);
    }

    public static long MicrosecondsOf(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static byte[] Encode(long position, byte[] hash, DateTimeOffset at)
    {
        var purpose = Encoding.UTF8.GetBytes(Purpose);
        var bytes = new byte[purpose.Length + sizeof(long) + hash.Length + sizeof(long)];
        purpose.CopyTo(bytes, 0);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(purpose.Length), position);
        hash.CopyTo(bytes, purpose.Length + sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(bytes.Length - sizeof(long)), MicrosecondsOf(at));
        return bytes;
    }
}
