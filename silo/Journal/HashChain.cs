using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Coordination.Journal;

/// <summary>
/// Computes the hash of an entry, so that anyone who holds the entries can do it again, in any language. Not safe for
/// concurrent use: one instance per writer or walk.
/// </summary>
/// <remarks>
/// SHA-256 over, in this order: the byte 1 (version of this encoding), the 32 bytes of the hash before, position, stream,
/// version, fact, form, microseconds since 1970 UTC, actor, body, number of topics, each topic, audience, data. Numbers are
/// 8 bytes, big-endian. Texts are UTF-8; texts and bytes follow their length in bytes; an absent body has length -1.
/// </remarks>
public sealed class HashChain
{
    public const int Length = SHA256.HashSizeInBytes;

    private const byte EncodingVersion = 1;
    private readonly ArrayBufferWriter<byte> _fields = new(4096);

    /// <summary>What stands in place of the hash before the first entry: 32 zero bytes.</summary>
    public static byte[] Origin => new byte[Length];

    /// <summary>The hash that <paramref name="entry"/> must have when it follows <paramref name="previous"/>.</summary>
    public byte[] Link(ReadOnlySpan<byte> previous, Entry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var hash = new byte[Length];
        Link(previous, entry.Position, entry.Stream, entry.Version, entry.Fact, entry.Form, Instant.ToMicroseconds(entry.At),
            entry.Actor, entry.Body, entry.Topics, entry.Audience, entry.Data, hash);
        return hash;
    }

    /// <summary><paramref name="hash"/> may be the same memory as <paramref name="previous"/>.</summary>
    internal void Link(
        ReadOnlySpan<byte> previous, long position, string stream, long version, string fact, int form, long at, string actor,
        string? body, ReadOnlySpan<string> topics, ReadOnlySpan<byte> audience, ReadOnlySpan<byte> data, Span<byte> hash)
    {
        _fields.ResetWrittenCount();
        _fields.Write([EncodingVersion]);
        _fields.Write(previous);
        Number(position);
        Text(stream);
        Number(version);
        Text(fact);
        Number(form);
        Number(at);
        Text(actor);
        Text(body);
        Number(topics.Length);
        foreach (var topic in topics)
            Text(topic);
        Bytes(audience);
        Bytes(data);
        SHA256.HashData(_fields.WrittenSpan, hash);
    }

    private void Number(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(_fields.GetSpan(sizeof(long)), value);
        _fields.Advance(sizeof(long));
    }

    private void Text(string? value)
    {
        if (value is null)
        {
            Number(-1);
            return;
        }
        Number(Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, _fields);
    }

    private void Bytes(ReadOnlySpan<byte> value)
    {
        Number(value.Length);
        _fields.Write(value);
    }
}
