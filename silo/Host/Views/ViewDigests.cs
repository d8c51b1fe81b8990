using System.Security.Cryptography;
using System.Text;

namespace Coordination.Host.Views;

/// <summary>What views say at a position, in a form that two can be compared in.</summary>
/// <param name="Views">
/// By the name of the view, lower-case hexadecimal: of one that is in memory SHA-256 of all items in the order of their ids, of one that is read from the
/// database the sum of SHA-256 of all that it says, modulo 2^256.
/// </param>
public sealed record ViewDigests(long Position, IReadOnlyDictionary<string, string> Views)
{
    /// <summary>SHA-256 of all deliveries of the entries up to the position; null when inboxes are not filled that far, or were not asked for.</summary>
    public string? Inboxes { get; init; }

    /// <summary>Of a world that was folded from the first entry on and of which nothing was stored.</summary>
    public static ViewDigests Of(World world) => Of(world, static _ => default);

    /// <summary>Of a world as it is now, with what is stored of it.</summary>
    public static async Task<ViewDigests> Of(World world, SealedViews stored, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(stored);
        var sums = new Dictionary<PagedView, ViewSeals.Sum>();
        foreach (var view in world.Views.OfType<PagedView>())
        {
            var (since, tail) = view.UnstoredSince();
            var sum = await stored.Over(view.Key, async (_, _, items, _) =>
            {
                var all = Add(default, view, tail);
                await foreach (var item in items) all = Add(all, view, [new(item.Id, item.Position, item.Data)], since);
                return all;
            }, cancellation);
            sums[view] = sum ?? throw new JournalUnavailableException($"The view {view.Name} is stored again and again while it is read. Try again when less is written.");
        }

        return new(world.Position, Digests(world, view => sums[view]));
    }

    /// <summary>Of what is stored, each view folded on to where most stand; null when those that are in memory do not stand at one position.</summary>
    public static async Task<ViewDigests?> Of(IStore store, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        var world = new World(new(), TimeProvider.System);
        var marks = await store.Views.Marks(cancellation);
        if (world.Views.OfType<KeptView>().Select(view => marks.GetValueOrDefault(view.Key, ViewMark.None).Position).Distinct().Count() != 1) return null;
        await Folding.Of(store).Begin(world, long.MaxValue, cancellation);
        marks = await store.Views.Marks(cancellation);
        return world.Views.OfType<PagedView>().All(view => marks.GetValueOrDefault(view.Key, ViewMark.None).Position >= view.Since)
            ? await Of(world, SealedViews.Of(store), cancellation)
            : null;
    }

    /// <summary>With the inboxes as they are stored.</summary>
    public async Task<ViewDigests> With(IInboxes inboxes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(inboxes);
        if (await inboxes.DeliveredUpTo(cancellation) < Position) return this;
        using var digest = new InboxDigest();
        await foreach (var (body, delivery) in inboxes.All(Position, cancellation)) digest.Add(body, delivery);
        return this with { Inboxes = digest.Result() };
    }

    /// <param name="world">The world.</param>
    /// <param name="before">Of each view that is read from the database, the sum of what is no longer in memory.</param>
    internal static ViewDigests Of(World world, Func<PagedView, ViewSeals.Sum> before) =>
        new(world.Position, Digests(world, view => Add(before(view), view, view.Unstored(view.Position))));

    /// <summary>Adds what items say of entries up to a position.</summary>
    internal static ViewSeals.Sum Add(ViewSeals.Sum sum, PagedView view, IEnumerable<PendingItem> items, long upTo = long.MaxValue) => items
        .SelectMany(item => view.Records(item.Id, item.Position, item.Data))
        .Where(record => record.Position <= upTo)
        .Aggregate(sum, static (all, record) => all + SHA256.HashData(record.Data));

    private static Dictionary<string, string> Digests(World world, Func<PagedView, ViewSeals.Sum> sum) => world.Views.ToDictionary(
        static view => view.Name, view => Convert.ToHexStringLower(view is KeptView kept ? Digest(kept.Items()) : sum((PagedView)view).ToBytes()));

    private static byte[] Digest(IEnumerable<(string Id, byte[] Data)> items)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (id, data) in items)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(id + "\n"));
            hash.AppendData(data);
        }

        return hash.GetHashAndReset();
    }
}
