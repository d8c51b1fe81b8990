using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Coordination.Domain.Groups;

/// <summary>
/// The updates that were shared in a group, each with its mark, for ever: whoever replies to an old one is told the truth. An id of the platform's own
/// takes eight bytes. It never changes; <see cref="With"/> gives another one, which shares most of its memory.
/// </summary>
[JsonConverter(typeof(AsTexts))]
public sealed class SharedUpdates
{
    public static readonly SharedUpdates None = new([], ImmutableDictionary<string, Mark>.Empty);

    private const char Kind = 'u';
    private const int BitsOfMark = 2;

    /// <summary>Ids as numbers, each with its mark in the lowest bits, sorted in each run; a run is longer than the one after it.</summary>
    private readonly ImmutableArray<ulong[]> _runs;

    /// <summary>Ids of any other form.</summary>
    private readonly ImmutableDictionary<string, Mark> _others;

    private SharedUpdates(ImmutableArray<ulong[]> runs, ImmutableDictionary<string, Mark> others) => (_runs, _others) = (runs, others);

    public int Count => _runs.Sum(static run => run.Length) + _others.Count;

    public Mark? MarkOf(string update)
    {
        if (!NewId.TryNumber(Kind, update, out var number)) return _others.TryGetValue(update, out var mark) ? mark : null;
        foreach (var run in _runs)
        {
            var index = Array.BinarySearch(run, number << BitsOfMark);
            if (index < 0) index = ~index;
            if (index < run.Length && run[index] >> BitsOfMark == number) return (Mark)(run[index] & ((1 << BitsOfMark) - 1));
        }

        return null;
    }

    public bool Contains(string update) => MarkOf(update) is not null;

    /// <summary>With one more. What is there already stays as it is.</summary>
    public SharedUpdates With(string update, Mark mark)
    {
        if (Contains(update)) return this;
        if (!NewId.TryNumber(Kind, update, out var number)) return new(_runs, _others.Add(update, mark));
        ulong[] last = [(number << BitsOfMark) | (ulong)mark];
        var runs = _runs;
        for (; runs is [.., var before] && before.Length <= last.Length; runs = runs.RemoveAt(runs.Length - 1)) last = Merge(before, last);
        return new(runs.Add(last), _others);
    }

    private static ulong[] Merge(ulong[] one, ulong[] other)
    {
        ulong[] all = [.. one, .. other];
        Array.Sort(all);
        return all;
    }

    /// <summary>As the numbers in base64, and the others as they are.</summary>
    private sealed class AsTexts : JsonConverter<SharedUpdates>
    {
        public override SharedUpdates Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var stored = JsonSerializer.Deserialize<Stored>(ref reader, options) ?? throw new JsonException("Updates are null.");
            if (stored.Numbers.Length % sizeof(ulong) != 0) throw new JsonException("Updates are cut off.");
            var numbers = MemoryMarshal.Cast<byte, ulong>(stored.Numbers).ToArray();
            if (!BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(numbers, numbers);
            return new(numbers.Length == 0 ? [] : [numbers], stored.Others.ToImmutableDictionary());
        }

        public override void Write(Utf8JsonWriter writer, SharedUpdates value, JsonSerializerOptions options)
        {
            var numbers = value._runs.SelectMany(static run => run).Order().ToArray();
            if (!BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(numbers, numbers);
            JsonSerializer.Serialize(writer, new Stored(MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray(), new(value._others)), options);
        }

        private sealed record Stored(byte[] Numbers, Dictionary<string, Mark> Others);
    }
}
