using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Coordination.Journal;

/// <summary>
/// Marks rows beside the chain as the platform's own: HMAC-SHA256 over all that a row says, under a key of the platform's secret that is of use for
/// this kind of row alone. Whoever can write to the tables and does not know the secret can change a row, and it is noticed; an older
/// row that was whole once is noticed where a sum is kept over all (<see cref="SealSum"/>). Safe for concurrent use.
/// </summary>
internal sealed class Seals(Secret secret)
{
    private readonly byte[] _records = secret.KeyFor("seals of records");
    private readonly byte[] _sums = secret.KeyFor("seals of sums of records");
    private readonly byte[] _snapshots = secret.KeyFor("seals of snapshots");
    private readonly byte[] _receipts = secret.KeyFor("seals of receipts");
    private readonly byte[] _deliveries = secret.KeyFor("seals of deliveries");
    private readonly byte[] _marks = secret.KeyFor("seals of marks");
    private Break? _met;

    /// <summary>Whether a seal is the one that belongs there. Takes the same time wherever they differ.</summary>
    public static bool Fits(byte[]? seal, byte[] right) => CryptographicOperations.FixedTimeEquals(seal, right);

    /// <summary>Refuses a row that the platform did not write, or not so, and remembers that there is one.</summary>
    /// <param name="row">In words for whoever asked for it.</param>
    /// <param name="found">In words for an operator.</param>
    public JournalUnavailableException Refuse(string row, Break found)
    {
        Interlocked.CompareExchange(ref _met, found, null);
        return JournalUnavailableException.False(row);
    }

    /// <inheritdoc cref="ITrust.StopForWhatWasMet"/>
    public async Task<Break?> StopForWhatWasMet(ITrust trust, CancellationToken cancellation)
    {
        if (Volatile.Read(ref _met) is not { } met)
            return null;
        var isNew = await trust.Broken(cancellation) is null;
        if (isNew)
            await trust.Stop(met, cancellation);
        Volatile.Write(ref _met, null);
        return isNew ? met : null;
    }

    public byte[] Of(Record record) => Of(record.Kind, record.Id, record.Version, record.Data);

    public byte[] Of(string kind, string id, long version, byte[] data)
    {
        var fields = new HashChain.Fields(HashChain.Buffer());
        fields.Text(kind);
        fields.Text(id);
        fields.Number(version);
        fields.Bytes(data);
        return fields.Seal(_records);
    }

    public byte[] OfSum(int bucket, SealSum sum)
    {
        var fields = new HashChain.Fields(HashChain.Buffer());
        fields.Number(bucket);
        fields.Number(sum.Count);
        fields.Raw(sum.Bytes);
        return fields.Seal(_sums);
    }

    public byte[] Of(string stream, Snapshot snapshot)
    {
        var fields = new HashChain.Fields(HashChain.Buffer());
        fields.Text(stream);
        fields.Number(snapshot.Version);
        fields.Number(snapshot.Form);
        fields.Bytes(snapshot.Data);
        return fields.Seal(_snapshots);
    }

    /// <summary>Of what a receipt says and the chain does not: of which command it is, what its words were and what it was answered with.</summary>
    public byte[] OfReceipt(byte[] command, byte[]? fingerprint, string? answer)
    {
        var fields = new HashChain.Fields(HashChain.Buffer());
        fields.Raw(command);
        fields.Bytes(fingerprint);
        fields.Text(answer);
        return fields.Seal(_receipts);
    }

    public byte[] OfDelivery(string body, long position, string reason, string thread, string? batch)
    {
        var fields = new HashChain.Fields(HashChain.Buffer());
        fields.Text(body);
        fields.Number(position);
        fields.Text(reason);
        fields.Text(thread);
        fields.Text(batch);
        return fields.Seal(_deliveries);
    }

    public byte[] Of(TrustMark mark)
    {
        var fields = new HashChain.Fields(HashChain.Buffer());
        fields.Text(mark.Name);
        fields.Number(mark.Position);
        fields.Bytes(mark.Hash);
        fields.Number(Instant.ToMicroseconds(mark.At));
        fields.Bytes(mark.Data);
        return fields.Seal(_marks);
    }
}

/// <summary>
/// A sum over the seals of all records of a bucket, modulo 2²⁵⁶: it changes with each row that is added, changed or gone, without looking at the others.
/// </summary>
/// <param name="Count">Writes that it has seen, so that it never says the same again.</param>
internal sealed record SealSum(long Count, byte[] Bytes)
{
    /// <summary>Few enough to be read at once, many enough that two writes seldom wait for each other.</summary>
    public const int Buckets = 64;

    /// <summary>More than will ever be: what says more was not counted.</summary>
    private const long MostWrites = 1_000_000_000_000_000;

    public static readonly SealSum None = new(0, new byte[HashChain.Length]);

    /// <summary>Of a store without records, by bucket.</summary>
    public static SealSum[] OfNone() => [.. Enumerable.Repeat(None, Buckets)];

    /// <summary>Adds the seal of one record more to the sum of its bucket; null for one that has none that fits.</summary>
    public static void Add(SealSum[] sums, string kind, string id, byte[]? seal)
    {
        var bucket = BucketOf(kind, id);
        sums[bucket] = sums[bucket].After(null, seal);
    }

    public static int BucketOf(string kind, string id)
    {
        // FNV-1a: the same in every process and for ever.
        var hash = 2_166_136_261u;
        foreach (var one in Encoding.UTF8.GetBytes($"{kind}\0{id}"))
            hash = unchecked((hash ^ one) * 16_777_619u);
        return (int)(hash % Buckets);
    }

    /// <summary>Lets the count of a bucket go on from an earlier one: it never says the same again.</summary>
    public static void GoOn(SealSum[] sums, long bucket, long count)
    {
        if (bucket is >= 0 and < Buckets && count is > 0 and < MostWrites)
            sums[bucket] = sums[bucket] with { Count = count };
    }

    /// <summary>After a row got another seal; null for one that is not there.</summary>
    public SealSum After(byte[]? before, byte[]? now) => new(Count + 1, Plus(Plus(Bytes, before, subtract: true), now, subtract: false));

    private static byte[] Plus(byte[] sum, byte[]? other, bool subtract)
    {
        // What has no full seal counts for nothing, and is found by that.
        if (other is not { Length: HashChain.Length })
            return sum;
        var result = new byte[HashChain.Length];
        UInt128 carry = subtract ? 1u : 0u;
        for (var at = 0; at < result.Length; at += sizeof(ulong))
        {
            var added = BinaryPrimitives.ReadUInt64LittleEndian(other.AsSpan(at));
            // Minus is plus the complement and one.
            carry += (UInt128)BinaryPrimitives.ReadUInt64LittleEndian(sum.AsSpan(at)) + (subtract ? ~added : added);
            BinaryPrimitives.WriteUInt64LittleEndian(result.AsSpan(at), unchecked((ulong)carry));
            carry >>= 64;
        }
        return result;
    }
}

/// <summary>
/// Buckets of records in which something is older than it should be, gone, or added. Which row it is, nobody knows: nothing is told of any of them until an operator has
/// looked. Safe for concurrent use.
/// </summary>
internal sealed class SealDoubts
{
    private bool[] _buckets = new bool[SealSum.Buckets];

    private bool _all;

    public bool Of(string kind, string id) => Volatile.Read(ref _all) || Volatile.Read(ref _buckets)[SealSum.BucketOf(kind, id)];

    public void DoubtAll(bool all) => Volatile.Write(ref _all, all);

    /// <summary>Compares the sums over the seals that were found with those that are kept.</summary>
    /// <param name="found">By bucket.</param>
    /// <param name="kept">As they stand in the store.</param>
    /// <param name="seals">Of the sums.</param>
    /// <returns>Whether all fit.</returns>
    public bool Settle(SealSum[] found, IEnumerable<(long Bucket, SealSum Sum, byte[] Seal)> kept, Seals seals)
    {
        var buckets = Enumerable.Repeat(true, SealSum.Buckets).ToArray();
        foreach (var (bucket, sum, seal) in kept)
        {
            if (bucket is >= 0 and < SealSum.Buckets)
                buckets[bucket] = !Seals.Fits(seal, seals.OfSum((int)bucket, sum)) || !Seals.Fits(sum.Bytes, found[bucket].Bytes);
        }
        Volatile.Write(ref _buckets, buckets);
        return !buckets.Contains(true);
    }
}
