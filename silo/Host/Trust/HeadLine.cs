using System.Text.Json;

namespace Coordination.Host.Trust;

/// <summary>A signed head as it stands in a file, one JSON object a line, and as it is sent: bytes in lower-case hexadecimal, <c>at</c> in microseconds since 1970.</summary>
public sealed record HeadLine(long Position, string Hash, long At, string Beside, string KeyId, string PublicKey, string Signature)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    public static HeadLine Of(SignedHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        return new(
            head.Position, Convert.ToHexStringLower(head.Hash), HeadSigner.MicrosecondsOf(head.At), Convert.ToHexStringLower(head.Beside), HeadSigner.IdOf(head.Key), Convert.ToHexStringLower(head.Key), Convert.ToHexStringLower(head.Signature));
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <exception cref="InvalidDataException">It is none. The message says which line.</exception>
    public static SignedHead Read(string line, int number)
    {
        try
        {
            var read = JsonSerializer.Deserialize<HeadLine>(line, Options) ?? throw new JsonException();
            return new(
                read.Position, Convert.FromHexString(read.Hash), DateTimeOffset.UnixEpoch.AddTicks(checked(read.At * TimeSpan.TicksPerMicrosecond)), Convert.FromHexString(read.Beside), Convert.FromHexString(read.PublicKey),
                Convert.FromHexString(read.Signature));
        }
        catch (Exception exception) when (exception is JsonException or FormatException or OverflowException or ArgumentOutOfRangeException)
        {
            throw new InvalidDataException($"Line {number} is no signed head.", exception);
        }
    }

    /// <summary>The heads of a file, in its order. What stands behind the last end of a line was being written when a machine stopped, and is left out.</summary>
    /// <exception cref="InvalidDataException">A line is none.</exception>
    public static async Task<IReadOnlyList<SignedHead>> ReadFile(string file, CancellationToken cancellation)
    {
        // Another may be adding to it.
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        var text = await reader.ReadToEndAsync(cancellation);
        var lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select((line, index) => Read(line, index + 1))];
    }
}
