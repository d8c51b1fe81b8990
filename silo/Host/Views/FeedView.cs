using System.Globalization;
using System.Text;
using Coordination.Host.Grains;

namespace Coordination.Host.Views;

/// <summary>
/// Which positions carry which topic, and for whom they are: the feed of one plan need not walk the whole journal, and an entry that someone may not see
/// costs no read. A stored item is a run of positions of one topic, or of all of them. All runs of a topic but its last are full: what comes goes on with
/// that one, so that a topic takes no more rows than it must, however often it is stored.
/// </summary>
public sealed class FeedView : PagedView
{
    /// <summary>Positions in one run: few enough for a page to read no more than it needs.</summary>
    public const int MostOfRun = 64;

    private static readonly int FormOfRuns = SnapshotForm.Of(typeof(FeedRun));
    private readonly Dictionary<string, Audience> _audiences = new(StringComparer.Ordinal);
    private volatile FeedTail _tail = new(0);

    public override string Name => "feed";
    public override int Form => FormOfRuns;

    /// <summary>What is not stored yet. It stays as it is for whoever holds it, and goes on.</summary>
    public FeedTail Tail => _tail;

    /// <summary>Id of the run of a topic that ends at a position. No topic holds a blank.</summary>
    public static string Id(string topic, long last) => string.Create(CultureInfo.InvariantCulture, $"{topic} {last:D19}");

    /// <summary>Comes after all runs of a topic.</summary>
    public static string End(string topic) => $"{topic} ~";

    internal override IEnumerable<(long Position, byte[] Data)> Records(string id, long position, byte[] data)
    {
        var topic = TopicOf(id);
        foreach (var place in FeedRun.Read(data).Places)
            yield return (place.Position, [.. Encoding.UTF8.GetBytes(Id(topic, place.Position)), 0, .. FactJson.Write(place.Audience)]);
    }

    /// <summary>The topic of a run.</summary>
    public static string TopicOf(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id[..id.LastIndexOf(' ')];
    }

    /// <summary>The last run of each topic that has new ones.</summary>
    internal override IReadOnlyList<ViewRange> Joined(IReadOnlyList<PendingItem> pending) =>
        [.. pending.Select(static item => TopicOf(item.Id)).Distinct(StringComparer.Ordinal).Select(static topic => new ViewRange(Id(topic, 0), End(topic), 1, Falling: true))];

    internal override (IReadOnlyList<PendingItem> Items, IReadOnlyList<ViewItem> Replaced) Join(IReadOnlyList<PendingItem> pending, IReadOnlyList<ViewItem> stored)
    {
        var last = stored.Select(static item => (Item: item, FeedRun.Read(item.Data).Places)).Where(static run => run.Places.Length < MostOfRun)
            .ToDictionary(static run => TopicOf(run.Item.Id), StringComparer.Ordinal);
        if (last.Count == 0) return (pending, []);
        var items = new List<PendingItem>(pending.Count);
        foreach (var topic in pending.GroupBy(static item => TopicOf(item.Id), StringComparer.Ordinal))
        {
            if (last.TryGetValue(topic.Key, out var run)) items.AddRange(Runs(topic.Key, run.Places.Concat(topic.SelectMany(static item => FeedRun.Read(item.Data).Places))));
            else items.AddRange(topic);
        }

        return (items, [.. last.Values.Select(static run => run.Item)]);
    }

    protected override void Apply(Entry entry, Fact fact) => _tail.Add(entry.Topics, entry.Position, AudienceOf(entry));

    protected override IReadOnlyList<PendingItem> Pending(long upTo) => [.. from topic in _tail.Topics(upTo)
        from run in Runs(topic.Topic, topic.Places)
        select run];

    protected override void Forget(long position)
    {
        _tail = position == Position ? new(position) : _tail.Rest(position);
        _audiences.Clear();
    }

    private static IEnumerable<PendingItem> Runs(string topic, IEnumerable<FeedRun.Place> places) =>
        places.Chunk(MostOfRun).Select(run => new PendingItem(Id(topic, run[^1].Position), run[^1].Position, FeedRun.Write(run)));

    /// <summary>Most entries are for the same few audiences, which are then kept once.</summary>
    private Audience AudienceOf(Entry entry)
    {
        var text = Encoding.UTF8.GetString(entry.Audience);
        return _audiences.TryGetValue(text, out var known) ? known : _audiences[text] = FactJson.ReadAudience(entry.Audience);
    }
}

/// <summary>Positions that follow one another in a topic, each with whom it is for.</summary>
public sealed record FeedRun(ImmutableArray<FeedRun.Place> Places)
{
    public readonly record struct Place(long Position, Audience Audience);

    /// <summary>
    /// Stored as: how many audiences, and each as its length and JSON; then for each position how far it is from the one before, and which of the
    /// audiences it is for. Numbers have seven bits a byte.
    /// </summary>
    public static byte[] Write(IReadOnlyCollection<Place> places)
    {
        ArgumentNullException.ThrowIfNull(places);
        var (audiences, numbers) = Numbered(places.Select(static place => place.Audience));
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write7BitEncodedInt(audiences.Count);
        foreach (var json in audiences)
        {
            writer.Write7BitEncodedInt(json.Length);
            writer.Write(json);
        }

        var before = 0L;
        foreach (var (position, audience) in places)
        {
            writer.Write7BitEncodedInt64(position - before);
            writer.Write7BitEncodedInt(numbers[audience]);
            before = position;
        }

        return bytes.ToArray();
    }

    /// <summary>The different audiences as JSON, and the place among them of each object: equal ones are stored once.</summary>
    private static (List<byte[]> Audiences, Dictionary<Audience, int> Numbers) Numbered(IEnumerable<Audience> all)
    {
        var (audiences, numbers) = (new List<byte[]>(), new Dictionary<Audience, int>(ReferenceEqualityComparer.Instance));
        foreach (var audience in all)
        {
            if (numbers.ContainsKey(audience)) continue;
            var json = FactJson.Write(audience);
            var number = audiences.FindIndex(one => one.AsSpan().SequenceEqual(json));
            if (number < 0) audiences.Add(json);
            numbers[audience] = number < 0 ? audiences.Count - 1 : number;
        }

        return (audiences, numbers);
    }

    public static FeedRun Read(byte[] data)
    {
        using var reader = new BinaryReader(new MemoryStream(data, writable: false));
        var audiences = new Audience[reader.Read7BitEncodedInt()];
        for (var index = 0; index < audiences.Length; index++) audiences[index] = FactJson.ReadAudience(reader.ReadBytes(reader.Read7BitEncodedInt()));
        var places = ImmutableArray.CreateBuilder<Place>();
        for (var position = 0L; reader.BaseStream.Position < data.Length;)
        {
            position += reader.Read7BitEncodedInt64();
            places.Add(new(position, audiences[reader.Read7BitEncodedInt()]));
        }

        return new(places.ToImmutable());
    }
}
