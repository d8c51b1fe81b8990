using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Coordination.Journal;

/// <summary>
/// Computes the digests and the hash of an entry, so that anyone who holds the entries can do it again, in any language:
/// <c>docs/journal.md</c> says how, byte by byte, with an example.
/// </summary>
/// <remarks>
/// The hash covers the content through its digest alone. Whoever is given only position, digest and hash of an entry can verify
/// the chain over it, and the salt keeps the content from being guessed. Salt and version stand in the content through a digest of their own:
/// whoever may see an entry and not all of its stream verifies the content too, and is not told how many others there are.
/// </remarks>
public static class HashChain
{
    /// <summary>Length in bytes of every digest and hash.</summary>
    public const int Length = SHA256.HashSizeInBytes;

    /// <summary>Length in bytes of every salt and key.</summary>
    public const int SaltLength = 16;

    private const byte EncodingVersion = 3;

    /// <summary>A buffer that has grown beyond this is not kept.</summary>
    private const int LargestKept = 1 << 20;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    /// <summary>Stands in place of the hash before the first entry: 32 zero bytes.</summary>
    public static byte[] Origin => new byte[Length];

    /// <summary>The hash that <paramref name="entry"/> must have when it follows <paramref name="previous"/>.</summary>
    public static byte[] Link(ReadOnlySpan<byte> previous, Entry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var hash = new byte[Length];
        Link(previous, entry.Position, ContentDigest(entry), hash);
        return hash;
    }

    /// <param name="previous">The hash of the entry before.</param>
    /// <param name="position">Of this entry.</param>
    /// <param name="contentDigest">Of this entry.</param>
    /// <param name="hash">Of this entry; may be the same memory as <paramref name="previous"/>.</param>
    public static void Link(ReadOnlySpan<byte> previous, long position, ReadOnlySpan<byte> contentDigest, Span<byte> hash)
    {
        Span<byte> link = stackalloc byte[Length + sizeof(long) + Length];
        previous.CopyTo(link);
        BinaryPrimitives.WriteInt64BigEndian(link[Length..], position);
        contentDigest.CopyTo(link[(Length + sizeof(long))..]);
        SHA256.HashData(link, hash);
    }

    public static byte[] TextsDigest(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> texts)
    {
        var fields = new Fields(Buffer());
        fields.Raw(salt);
        fields.Raw(texts);
        return fields.Digest();
    }

    /// <summary>Stands for the version in the content, and cannot be guessed without the salt.</summary>
    public static byte[] VersionDigest(ReadOnlySpan<byte> salt, long version)
    {
        var digest = new byte[Length];
        VersionDigest(salt, version, digest);
        return digest;
    }

    public static byte[] ContentDigest(Entry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Span<byte> versionDigest = stackalloc byte[Length];
        VersionDigest(entry.Salt, entry.Version, versionDigest);
        return ContentDigest(entry, versionDigest);
    }

    /// <summary>The same for whoever is told neither salt nor version of the entry.</summary>
    public static byte[] ContentDigest(Entry entry, ReadOnlySpan<byte> versionDigest)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return ContentDigest(
            versionDigest, entry.Stream, entry.Fact, entry.Form, Instant.ToMicroseconds(entry.At), entry.Actor, entry.Body, entry.Topics,
            entry.Audience, entry.Data, entry.TextsDigest, entry.Command, entry.Cause, entry.Via, entry.Batch);
    }

    internal static void VersionDigest(ReadOnlySpan<byte> salt, long version, Span<byte> digest)
    {
        var buffer = Buffer();
        var fields = new Fields(buffer);
        fields.Raw(salt);
        fields.Number(version);
        SHA256.HashData(buffer.WrittenSpan, digest);
    }

    internal static byte[] ContentDigest(
        ReadOnlySpan<byte> versionDigest, string stream, string fact, int form, long at, string actor, string? body, string[] topics, byte[] audience,
        byte[] data, byte[]? textsDigest, byte[]? command, long? cause, string via, string? batch)
    {
        var fields = new Fields(Buffer());
        fields.Raw([EncodingVersion]);
        fields.Raw(versionDigest);
        fields.Text(stream);
        fields.Text(fact);
        fields.Number(form);
        fields.Number(at);
        fields.Text(actor);
        fields.Text(body);
        fields.Number(topics.Length);
        foreach (var topic in topics)
            fields.Text(topic);
        fields.Bytes(audience);
        fields.Bytes(data);
        fields.Bytes(textsDigest);
        fields.Bytes(command);
        fields.Optional(cause);
        fields.Text(via);
        fields.Text(batch);
        return fields.Digest();
    }

    internal static ArrayBufferWriter<byte> Buffer()
    {
        if (_buffer is null || _buffer.Capacity > LargestKept)
            _buffer = new(4096);
        _buffer.ResetWrittenCount();
        return _buffer;
    }

    /// <summary>Writes fields one after the other, each in such a way that no two different lists of fields become the same bytes.</summary>
    internal readonly ref struct Fields(ArrayBufferWriter<byte> buffer)
    {
        private const long Absent = -1;

        public byte[] Digest() => SHA256.HashData(buffer.WrittenSpan);

        /// <summary>The message authentication code of what was written.</summary>
        public byte[] Seal(byte[] key) => HMACSHA256.HashData(key, buffer.WrittenSpan);

        public void Raw(ReadOnlySpan<byte> value) => buffer.Write(value);

        public void Number(long value)
        {
            BinaryPrimitives.WriteInt64BigEndian(buffer.GetSpan(sizeof(long)), value);
            buffer.Advance(sizeof(long));
        }

        /// <summary>As bytes are written: behind its length, so that an absent one differs from every number.</summary>
        public void Optional(long? value)
        {
            Number(value is null ? Absent : sizeof(long));
            if (value is { } number)
                Number(number);
        }

        public void Text(string? value)
        {
            if (value is null)
            {
                Number(Absent);
                return;
            }
            Number(Encoding.UTF8.GetByteCount(value));
            Encoding.UTF8.GetBytes(value, buffer);
        }

        public void Bytes(byte[]? value)
        {
            Number(value?.Length ?? Absent);
            buffer.Write(value);
        }
    }
}
