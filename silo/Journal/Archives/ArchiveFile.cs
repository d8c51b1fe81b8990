using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace Coordination.Journal.Archives;

/// <summary>How many of each kind an archive holds.</summary>
public sealed record ArchiveCounts(long Entries, long Commands, long Records, Head Head);

/// <summary>
/// An archive as a file that can be read with <c>zcat</c>: gzip of lines, each one JSON object. The first names format and head,
/// the last counts the others and gives the SHA-256 of all lines before it. Nothing of it is kept in memory.
/// </summary>
public static class ArchiveFile
{
    public const int Format = 2;
    private const int LongestLine = 256 * 1024 * 1024;
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    /// <summary>Writes everything; the stream stays open. The stream is not an archive until this has returned.</summary>
    /// <exception cref="InvalidDataException">The store it comes from does not hold together, such as a chain that breaks, or the platform has stopped writing to it because something does not.</exception>
    public static async Task<ArchiveCounts> Write(IAsyncEnumerable<Archived> items, Stream file, IProgress<long>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(items);
        await using var zip = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true);
        await using var buffered = new BufferedStream(zip, 1 << 16);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var counts = new Counting();
        var line = new ArrayBufferWriter<byte>(4096);
        await foreach (var item in items.Checked(cancellation))
        {
            // Restored, it would count as what the platform wrote.
            if (item is Archived.OfHead { IsStopped: true })
                throw new InvalidDataException("The platform has found something that does not fit and has stopped writing; journal verify says what. Put it right first, or keep the backup of before.");
            counts.Add(item, progress);
            await Line(writer => Write(writer, item));
        }
        var sum = Convert.ToHexStringLower(hash.GetCurrentHash());
        await Line(writer =>
        {
            writer.WriteStartObject("end");
            writer.WriteNumber("entries", counts.Entries);
            writer.WriteNumber("commands", counts.Commands);
            writer.WriteNumber("records", counts.Records);
            writer.WriteString("sha256", sum);
            writer.WriteEndObject();
        });
        return counts.Result();

        async Task Line(Action<Utf8JsonWriter> write)
        {
            line.ResetWrittenCount();
            using (var writer = new Utf8JsonWriter(line))
            {
                writer.WriteStartObject();
                write(writer);
                writer.WriteEndObject();
            }
            line.Write(NewLine);
            hash.AppendData(line.WrittenSpan);
            await buffered.WriteAsync(line.WrittenMemory, cancellation);
        }
    }

    /// <summary>Reads an archive, checked as it comes.</summary>
    /// <exception cref="InvalidDataException">It is damaged, cut off, or none at all; said at the latest before the end.</exception>
    public static IAsyncEnumerable<Archived> Read(Stream file, IProgress<long>? progress, CancellationToken cancellation) => Lines(file, progress, cancellation).Checked(cancellation);

    private static async IAsyncEnumerable<Archived> Lines(Stream file, IProgress<long>? progress, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        await using var zip = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var counts = new Counting();
        var reader = PipeReader.Create(zip, new(bufferSize: 1 << 16, leaveOpen: true));
        var ended = false;
        await foreach (var line in Split(reader, cancellation))
        {
            if (ended)
                throw new InvalidDataException("It goes on after its end.");
            JsonDocument json;
            try
            {
                json = JsonDocument.Parse(line);
            }
            catch (JsonException exception)
            {
                throw new InvalidDataException("It is damaged: a line is no JSON.", exception);
            }
            using (json)
            {
                if (json.RootElement.ValueKind is JsonValueKind.Object && json.RootElement.TryGetProperty("end", out var end))
                {
                    var sum = Convert.ToHexStringLower(hash.GetCurrentHash());
                    if (end.GetRawText() != $$"""{"entries":{{counts.Entries}},"commands":{{counts.Commands}},"records":{{counts.Records}},"sha256":"{{sum}}"}""")
                        throw new InvalidDataException("It is damaged: counts or checksum at its end do not fit what is in it.");
                    ended = true;
                    continue;
                }
                hash.AppendData(line);
                hash.AppendData(NewLine);
                var item = Parse(json.RootElement);
                counts.Add(item, progress);
                yield return item;
            }
        }
        if (!ended)
            throw new InvalidDataException("It is cut off: its end is missing.");
    }

    private static async IAsyncEnumerable<byte[]> Split(PipeReader reader, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            ReadResult read;
            try
            {
                read = await reader.ReadAsync(cancellation);
            }
            catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
            {
                throw new InvalidDataException("It is damaged, cut off, or no backup at all.", exception);
            }
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                yield return buffer.Slice(0, end).ToArray();
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }
            if (buffer.Length > LongestLine)
                throw new InvalidDataException("It is damaged, or no backup at all: a line does not end.");
            reader.AdvanceTo(buffer.Start, buffer.End);
            if (!read.IsCompleted)
                continue;
            if (!buffer.IsEmpty)
                throw new InvalidDataException("It is cut off in the middle of a line.");
            yield break;
        }
    }

    private static void Write(Utf8JsonWriter writer, Archived item)
    {
        switch (item)
        {
            case Archived.OfHead { Head: var head }:
                writer.WriteNumber("coordination-backup", Format);
                writer.WriteNumber("position", head.Position);
                writer.WriteString("hash", Convert.ToHexStringLower(head.Hash));
                break;
            case Archived.OfEntry { Entry: var entry }:
                writer.WriteNumber("entry", entry.Position);
                EntryLine.WriteContent(writer, entry);
                EntryLine.Hex(writer, "hash", entry.Hash);
                EntryLine.WriteTexts(writer, entry);
                writer.WriteString("trace", entry.Trace);
                break;
            case Archived.OfCommand command:
                writer.WriteString("receipt", Convert.ToHexStringLower(command.Command));
                EntryLine.Hex(writer, "fingerprint", command.Fingerprint?.Code);
                EntryLine.Hex(writer, "key", command.Fingerprint?.Key);
                writer.WriteString("answer", command.Answer);
                writer.WriteNumber("version", command.Version);
                writer.WriteNumber("position", command.Position);
                break;
            case Archived.OfRecord { Record: var record }:
                writer.WriteString("record", record.Id);
                writer.WriteString("kind", record.Kind);
                writer.WriteNumber("version", record.Version);
                writer.WriteBase64String("data", record.Data);
                break;
        }
    }

    private static Archived Parse(JsonElement line)
    {
        try
        {
            if (line.TryGetProperty("entry", out var position))
                return new Archived.OfEntry(new(
                    position.GetInt64(), Hex(line, "salt")!, Text(line, "stream")!, Number(line, "version"), Text(line, "fact")!, checked((int)Number(line, "form")),
                    Instant.FromMicroseconds(Number(line, "at")), Text(line, "actor")!, Text(line, "body"), [.. line.GetProperty("topics").EnumerateArray().Select(topic => topic.GetString()!)],
                    Base64(line, "audience")!, Base64(line, "data")!, Hex(line, "textsDigest"), Hex(line, "command"), NumberOrNull(line, "cause"), Text(line, "via")!, Text(line, "batch"),
                    Hex(line, "hash")!, Base64(line, "texts"), Hex(line, "textsSalt"), Text(line, "trace")));
            if (line.TryGetProperty("receipt", out var command))
                return new Archived.OfCommand(
                    Convert.FromHexString(command.GetString()!), Hex(line, "fingerprint") is { } code ? new(code, Hex(line, "key")) : null, Text(line, "answer"), Number(line, "version"), Number(line, "position"));
            if (line.TryGetProperty("record", out var record))
                return new Archived.OfRecord(new(Text(line, "kind")!, record.GetString()!, Number(line, "version"), Base64(line, "data")!));
            if (!line.TryGetProperty("coordination-backup", out var format))
                throw new InvalidDataException("It is no backup of this platform.");
            return format.GetInt32() == Format
                ? new Archived.OfHead(new(Number(line, "position"), Hex(line, "hash")!))
                : throw new InvalidDataException($"It is of format {format}, and this version of the platform reads format {Format}.");
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException or KeyNotFoundException or OverflowException or ArgumentException)
        {
            throw new InvalidDataException("It is damaged: a line is not what it should be.", exception);
        }
    }

    private static long Number(JsonElement line, string name) => line.GetProperty(name).GetInt64();

    private static long? NumberOrNull(JsonElement line, string name) =>
        line.GetProperty(name) is { ValueKind: not JsonValueKind.Null } value ? value.GetInt64() : null;

    private static byte[]? Hex(JsonElement line, string name) => Text(line, name) is { } hex ? Convert.FromHexString(hex) : null;

    private static byte[]? Base64(JsonElement line, string name) =>
        line.GetProperty(name) is { ValueKind: not JsonValueKind.Null } value ? value.GetBytesFromBase64() : null;

    private static string? Text(JsonElement line, string name) => line.GetProperty(name).GetString();

    private sealed class Counting
    {
        private Head? _head;

        public long Entries { get; private set; }
        public long Commands { get; private set; }
        public long Records { get; private set; }

        public void Add(Archived item, IProgress<long>? progress)
        {
            switch (item)
            {
                case Archived.OfHead it:
                    _head = it.Head;
                    break;
                case Archived.OfEntry:
                    Entries++;
                    progress?.Report(Entries);
                    break;
                case Archived.OfCommand:
                    Commands++;
                    break;
                default:
                    Records++;
                    break;
            }
        }

        public ArchiveCounts Result() => new(Entries, Commands, Records, _head!);
    }
}
