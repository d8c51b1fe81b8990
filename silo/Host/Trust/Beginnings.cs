using System.Globalization;
using System.Text.Json;

namespace Coordination.Host.Trust;

/// <summary>
/// A moment at which an operator restored the journal from a backup, or accepted it as it stood: heads that were signed before may tell of entries that did not come
/// along, and of records that had been written more often.
/// </summary>
/// <param name="Position">Where the journal ended then.</param>
/// <param name="At">To the microsecond.</param>
public sealed record Beginning(long Position, DateTimeOffset At)
{
    /// <summary>Whether a head was signed before.</summary>
    public bool Follows(SignedHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        return head.At < At;
    }

    /// <summary>Whether a head was signed before and tells of entries that did not come along. What came along must be what it was.</summary>
    public bool Leaves(SignedHead head) => Follows(head) && head.Position > Position;
}

/// <summary>All beginnings of a journal, kept as records: whoever does not know the secret can make none, and backups carry them.</summary>
public static class Beginnings
{
    private const string Kind = "beginning";

    public static async Task<IReadOnlyList<Beginning>> Of(IRecords records, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(records);
        return [.. (await records.List(Kind, cancellation)).Select(record => JsonSerializer.Deserialize<Beginning>(record.Data)!)];
    }

    public static async Task Note(IRecords records, Beginning beginning, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentNullException.ThrowIfNull(beginning);
        var id = string.Create(CultureInfo.InvariantCulture, $"{beginning.Position} {HeadSigner.MicrosecondsOf(beginning.At)}");
        await records.Write(Kind, id, JsonSerializer.SerializeToUtf8Bytes(beginning), null, cancellation);
    }
}
