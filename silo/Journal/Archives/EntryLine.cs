using System.Buffers;
using System.Text.Json;

namespace Coordination.Journal.Archives;

/// <summary>
/// The lines of an export, each one JSON object: every entry with all that is needed to verify it, and at last the head.
/// <c>docs/journal.md</c> describes them and <c>tests/verify_journal.py</c> reads them.
/// </summary>
public static class EntryLine
{
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    /// <summary>Writes everything: entries in their order, then the head. Says nothing of whether they fit; that is for the verifier.</summary>
    /// <param name="items">An archive; what follows the entries is left out.</param>
    /// <param name="file">Stays open.</param>
    /// <param name="progress">Is told how many entries are written.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How many entries were written, and the head.</returns>
    public static async Task<(long Entries, Head Head)> WriteAll(IAsyncEnumerable<Archived> items, Stream file, IProgress<long>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(items);
        var buffered = new BufferedStream(file, 1 << 16);
        var line = new ArrayBufferWriter<byte>(4096);
        var (entries, head) = (0L, new Head(0, HashChain.Origin));
        await foreach (var item in items.WithCancellation(cancellation))
        {
            if (item is Archived.OfHead it)
            {
                head = it.Head;
                continue;
            }
            if (item is not Archived.OfEntry { Entry: var entry })
                break;
            await Line(writer => Write(writer, entry));
            progress?.Report(++entries);
        }
        await Line(writer => Write(writer, head));
        await buffered.FlushAsync(cancellation);
        return (entries, head);

        async Task Line(Action<Utf8JsonWriter> write)
        {
            line.ResetWrittenCount();
            using (var writer = new Utf8JsonWriter(line))
                write(writer);
            line.Write(NewLine);
            await buffered.WriteAsync(line.WrittenMemory, cancellation);
        }
    }

    public static void Write(Utf8JsonWriter writer, Entry entry)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(entry);
        writer.WriteStartObject();
        writer.WriteNumber("position", entry.Position);
        WriteContent(writer, entry);
        Hex(writer, "contentDigest", HashChain.ContentDigest(entry));
        Hex(writer, "hash", entry.Hash);
        WriteTexts(writer, entry);
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, Head head)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(head);
        writer.WriteStartObject();
        writer.WriteStartObject("head");
        writer.WriteNumber("position", head.Position);
        Hex(writer, "hash", head.Hash);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>What the content digest covers.</summary>
    internal static void WriteContent(Utf8JsonWriter writer, Entry entry)
    {
        Hex(writer, "salt", entry.Salt);
        writer.WriteString("stream", entry.Stream);
        writer.WriteNumber("version", entry.Version);
        writer.WriteString("fact", entry.Fact);
        writer.WriteNumber("form", entry.Form);
        writer.WriteNumber("at", Instant.ToMicroseconds(entry.At));
        writer.WriteString("actor", entry.Actor);
        writer.WriteString("body", entry.Body);
        writer.WriteStartArray("topics");
        foreach (var topic in entry.Topics)
            writer.WriteStringValue(topic);
        writer.WriteEndArray();
        writer.WriteBase64String("audience", entry.Audience);
        writer.WriteBase64String("data", entry.Data);
        Hex(writer, "textsDigest", entry.TextsDigest);
        Hex(writer, "command", entry.Command);
        if (entry.Cause is { } cause)
            writer.WriteNumber("cause", cause);
        else
            writer.WriteNull("cause");
        writer.WriteString("via", entry.Via);
        writer.WriteString("batch", entry.Batch);
    }

    internal static void WriteTexts(Utf8JsonWriter writer, Entry entry)
    {
        if (entry.Texts is { } texts)
            writer.WriteBase64String("texts", texts);
        else
            writer.WriteNull("texts");
        Hex(writer, "textsSalt", entry.TextsSalt);
    }

    internal static void Hex(Utf8JsonWriter writer, string name, byte[]? value)
    {
        if (value is null)
            writer.WriteNull(name);
        else
            writer.WriteString(name, Convert.ToHexStringLower(value));
    }
}
