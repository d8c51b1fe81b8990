using System.Security.Cryptography;

namespace Coordination.Journal;

/// <summary>
/// Tells whether a repeated command says the same as the first time, without keeping what it said: HMAC-SHA256 under a random key of
/// its own. Without the key nobody can find out by guessing, so erasing the key erases what was said.
/// </summary>
/// <param name="Code">The message authentication code.</param>
/// <param name="Key">Null when it was erased.</param>
public sealed record KeyedFingerprint(byte[] Code, byte[]? Key)
{
    public static KeyedFingerprint Of(byte[] fingerprint)
    {
        var key = RandomNumberGenerator.GetBytes(HashChain.SaltLength);
        return new(HMACSHA256.HashData(key, fingerprint), key);
    }

    /// <summary>True also when the key was erased: then a repeat always gets the first answer.</summary>
    public bool Fits(byte[]? fingerprint) => Key is null
        || (fingerprint is not null && CryptographicOperations.FixedTimeEquals(Code, HMACSHA256.HashData(Key, fingerprint)));

    public bool Equals(KeyedFingerprint? other) =>
        other is not null && Code.AsSpan().SequenceEqual(other.Code) && Key is null == other.Key is null && Key.AsSpan().SequenceEqual(other.Key);

    public override int GetHashCode() => BitConverter.ToInt32(Code);
}
