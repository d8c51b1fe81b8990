namespace Coordination.Journal;

/// <summary>Compares digests byte by byte, so that one can be the key of a dictionary.</summary>
internal sealed class DigestComparer : IEqualityComparer<byte[]>
{
    public static readonly DigestComparer Instance = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] digest) => BitConverter.ToInt32(digest);
}
