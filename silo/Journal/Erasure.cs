using System.Text.Json;

namespace Coordination.Journal;

/// <summary>
/// The one fact that the journal knows by name: it says that the texts of named entries were erased. Without such a fact, missing
/// texts are a break of the journal.
/// </summary>
public static class Erasure
{
    /// <summary>Its data are a JSON object whose <c>positions</c> are the positions of the entries; what else they hold is opaque here.</summary>
    public const string Fact = "journal.texts-erased";

    /// <summary>The positions that an entry says were erased; none for every other fact.</summary>
    public static IReadOnlyList<long> PositionsOf(Entry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.Fact == Fact ? PositionsIn(entry.Data) ?? [] : [];
    }

    /// <summary>Null for data that name no positions, or something else than positions.</summary>
    internal static IReadOnlyList<long>? PositionsIn(byte[] data)
    {
        try
        {
            using var json = JsonDocument.Parse(data);
            if (json.RootElement.ValueKind is not JsonValueKind.Object || !json.RootElement.TryGetProperty("positions", out var named)
                || named.ValueKind is not JsonValueKind.Array || named.GetArrayLength() == 0)
                return null;
            var positions = new List<long>(named.GetArrayLength());
            foreach (var one in named.EnumerateArray())
            {
                if (one.ValueKind is not JsonValueKind.Number || !one.TryGetInt64(out var position) || position < 1)
                    return null;
                positions.Add(position);
            }
            return positions;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Requires that there is an entry at each position. The head only grows, so one that is there now is there when the append is written.</summary>
    /// <exception cref="ArgumentException">One lies beyond the head.</exception>
    internal static async Task RequireThere(this IJournal journal, IReadOnlyList<long> positions, CancellationToken cancellation)
    {
        var last = positions.Max();
        if (last > journal.Position && (await journal.ReadHead(cancellation)).Position is var head && last > head)
            throw new ArgumentException($"Position {last} is to be erased, and the journal ends at {head}.", nameof(positions));
    }
}
