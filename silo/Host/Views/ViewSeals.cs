using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Coordination.Host.Views;

/// <summary>
/// What is stored of views is the platform's own: each item carries a keyed digest over all that it is, and each mark the sum of these modulo 2^256
/// with a keyed digest of its own. A changed row does not fit its digest; one that is missing, was added, or is older than the others does not fit the sum.
/// </summary>
public sealed class ViewSeals(Secret secret)
{
    /// <summary>Of a digest, and of a sum of them.</summary>
    public const int Length = 32;

    private readonly byte[] _key = secret.KeyFor("views");

    /// <summary>The digest of an item: HMAC-SHA256 over view, form, generation, id, position and data.</summary>
    public byte[] Of(ViewKey view, long generation, string id, long position, ReadOnlySpan<byte> data)
    {
        var name = Encoding.UTF8.GetBytes($"item {view.Name}\n{id}");
        var bytes = new byte[sizeof(int) + (3 * sizeof(long)) + name.Length + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, view.Form);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(4), generation);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(12), position);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(20), name.Length);
        name.CopyTo(bytes.AsSpan(28));
        data.CopyTo(bytes.AsSpan(28 + name.Length));
        return HMACSHA256.HashData(_key, bytes);
    }

    public bool Fits(ViewKey view, long generation, ViewItem item) =>
        CryptographicOperations.FixedTimeEquals(Of(view, generation, item.Id, item.Position, item.Data), item.Digest);

    /// <summary>The digest of a mark: the sum of the items' digests, and HMAC-SHA256 over view, form, generation, position, sum and the journal's hash there.</summary>
    public byte[] Of(ViewKey view, long generation, long position, Sum sum, ReadOnlySpan<byte> hash)
    {
        var bytes = sum.ToBytes();
        return [.. bytes, .. Of(view, generation, "\nmark", position, [.. bytes, .. hash])];
    }

    /// <param name="view">The view.</param>
    /// <param name="mark">Its mark.</param>
    /// <param name="hash">The journal's at its position.</param>
    public bool Fits(ViewKey view, ViewMark mark, ReadOnlySpan<byte> hash) => mark.Position == 0
        ? mark.Digest.Length == 0
        : mark.Digest.Length == 2 * Length && CryptographicOperations.FixedTimeEquals(Of(view, mark.Generation, mark.Position, Sum.In(mark), hash), mark.Digest);

    /// <summary>A sum of digests modulo 2^256, to which one is added and from which one is taken away, in any order.</summary>
    public readonly struct Sum : IEquatable<Sum>
    {
        private static readonly System.Numerics.BigInteger Modulus = System.Numerics.BigInteger.One << (8 * Length);
        private readonly System.Numerics.BigInteger _value;

        private Sum(System.Numerics.BigInteger value) => _value = value;

        /// <summary>The sum that a mark tells.</summary>
        public static Sum In(ViewMark mark) => mark.Digest.Length == 0 ? default : new(Number(mark.Digest.AsSpan(0, Length)));

        public static Sum operator +(Sum sum, byte[] digest)
        {
            var value = sum._value + Number(digest);
            return new(value >= Modulus ? value - Modulus : value);
        }

        public static Sum operator -(Sum sum, byte[] digest)
        {
            var value = sum._value - Number(digest);
            return new(value.Sign < 0 ? value + Modulus : value);
        }

        public static bool operator ==(Sum one, Sum other) => one.Equals(other);

        public static bool operator !=(Sum one, Sum other) => !one.Equals(other);

        public byte[] ToBytes()
        {
            var bytes = new byte[Length];
            var number = _value.ToByteArray(isUnsigned: true, isBigEndian: true);
            number.CopyTo(bytes.AsSpan(Length - number.Length));
            return bytes;
        }

        public bool Equals(Sum other) => _value == other._value;

        public override bool Equals(object? obj) => obj is Sum other && Equals(other);

        public override int GetHashCode() => _value.GetHashCode();

        private static System.Numerics.BigInteger Number(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);
    }
}
