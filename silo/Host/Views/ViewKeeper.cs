using System.Security.Cryptography;
using System.Text;
using Coordination.Host.Reactors;
using Coordination.Host.Relay;
using Microsoft.Extensions.Hosting;

namespace Coordination.Host.Views;

/// <summary>
/// Stores what has changed in the views, from time to time and together with the position, so that a start folds only what
/// came after; on the silo that leads. On every silo it notices that a view was dropped and folds the journal anew.
/// </summary>
public sealed partial class ViewKeeper(
    IViewStore views, IJournal journal, World world, Follower follower, Folding folding, Leadership leadership, Relay.Relay relay, InboxProgress inboxes,
    TimeProvider time, ILogger<ViewKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>Storing takes one part of the time in so many: much changes at once on a busy platform, and most of it again soon.</summary>
    private const int Share = 20;

    /// <summary>For storing at the end. What is not stored by then is folded by the next start; others have to end in order too.</summary>
    private static readonly TimeSpan AtTheEnd = TimeSpan.FromSeconds(4);

    /// <summary>How long it waits for messages and inboxes to have come as far, so that a start need not make messages again.</summary>
    private static readonly TimeSpan Others = TimeSpan.FromSeconds(2);

    private Dictionary<string, long> _generations = [];
    private bool _isTrusted;
    private TimeSpan _spent;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var (began, isTrusted) = await follower.Begun.WaitAsync(stoppingToken);
            _generations = began.ToDictionary(pair => pair.Key, pair => pair.Value.Generation);
            _isTrusted = isTrusted;
            await follower.CaughtUp.WaitAsync(stoppingToken);
            while (true)
            {
                _spent = TimeSpan.Zero;
                await Try(() => Keep(stoppingToken));
                var pause = _spent * Share;
                await Task.Delay(pause > Shortest ? pause : Shortest, TimeProvider.System, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    /// <summary>Stores what is not stored yet, so that the next start has nothing to fold.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (!leadership.IsHeld || _generations.Count == 0 || !follower.CaughtUp.IsCompletedSuccessfully) return;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AtTheEnd);
        await Try(() => Keep(limit.Token));
    }

    private async Task Keep(CancellationToken cancellation)
    {
        // Views that have stopped cannot be folded anew by this version, and a newer one stores them from here on.
        if (world.Stopped is not null) return;
        var marks = await views.Marks(cancellation);
        ViewMark MarkOf(string view) => marks.GetValueOrDefault(view, ViewMark.None);
        if (StoredViews.Names.Any(name => MarkOf(name).Generation != _generations[name]))
        {
            await FoldAnew(cancellation);
            // Only when all were dropped is there nothing left to distrust: taking them away may have ended half-way.
            _isTrusted |= StoredViews.Names.All(name => MarkOf(name).Generation != _generations[name]);
            _generations = StoredViews.Names.ToDictionary(name => name, name => MarkOf(name).Generation);
        }

        if (!leadership.IsHeld)
        {
            if (_isTrusted) world.Folded.Stored(view => MarkOf(view).Position);
            return;
        }

        if (!_isTrusted)
        {
            // What this world has not changed would stay as it was, and the next start would take it for true.
            foreach (var name in StoredViews.Names.Append(StoredViews.Journal)) await views.Drop(name, cancellation);
            marks = await views.Marks(cancellation);
            _generations = StoredViews.Names.ToDictionary(name => name, name => MarkOf(name).Generation);
            _isTrusted = true;
        }

        if (StoredViews.Names.All(name => MarkOf(name).Position == world.Position)) return;
        var began = time.GetTimestamp();
        var (position, items) = world.Folded.ChangedAfter(view => MarkOf(view).Position);
        var changed = items.ToLookup(item => item.View, item =>
        {
            cancellation.ThrowIfCancellationRequested();
            return new ViewItem(item.Id, ViewJson.Write(item.Item));
        });
        _spent = time.GetElapsedTime(began);
        await relay.Noted(position, Others, cancellation);
        await inboxes.Reach(position, Others);
        began = time.GetTimestamp();
        if ((await journal.ReadAt([position], cancellation)) is not [var last]) return;
        var changes = StoredViews.Names.Select(name => new ViewChange(name, MarkOf(name), [.. changed[name]]))
            .Append(new(StoredViews.Journal, MarkOf(StoredViews.Journal), [new("hash", last.Hash)]));
        if (await views.Save(position, [.. changes], cancellation))
            world.Folded.Stored(_ => position);
        _spent += time.GetElapsedTime(began);
    }

    private async Task FoldAnew(CancellationToken cancellation)
    {
        LogDropped(logger);
        await follower.Replace(await folding.Anew(journal.Position, cancellation));
    }

    private async Task Try(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception exception) when (exception is JournalUnavailableException or ObjectDisposedException or OperationCanceledException)
        {
            if (exception is JournalUnavailableException) LogNotKept(logger, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The views could not be stored; trying again")]
    private static partial void LogNotKept(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "A view was dropped; all are folded anew")]
    private static partial void LogDropped(ILogger logger);
}

/// <summary>What views say at a position, in a form that two can be compared in.</summary>
/// <param name="Views">SHA-256 of all items of a view in the order of their ids, lower-case hexadecimal, by the name of the view.</param>
public sealed record ViewDigests(long Position, IReadOnlyDictionary<string, string> Views)
{
    /// <summary>SHA-256 of all deliveries of the entries up to the position; null when inboxes are not filled that far, or were not asked for.</summary>
    public string? Inboxes { get; init; }

    /// <summary>Of a world as it is now.</summary>
    public static ViewDigests Of(World world)
    {
        ArgumentNullException.ThrowIfNull(world);
        var (position, items) = world.Folded.All();
        return new(position, Digest(items.Select(item => (item.View, item.Id, ViewJson.Write(item.Item)))));
    }

    /// <summary>Of what is stored; null when the views do not stand at one position.</summary>
    public static async Task<ViewDigests?> Of(IViewStore views, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(views);
        var stored = await views.Read(StoredViews.Names, cancellation);
        return stored.Values.Select(view => view.Mark.Position).Distinct().ToArray() is [var position]
            ? new(position, Digest(stored.SelectMany(view => view.Value.Items, (view, item) => (view.Key, item.Id, item.Data))))
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

    private static Dictionary<string, string> Digest(IEnumerable<(string View, string Id, byte[] Data)> items)
    {
        var all = items.ToLookup(item => item.View);
        return StoredViews.Names.ToDictionary(name => name, name =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var (_, id, data) in all[name].OrderBy(item => item.Id, StringComparer.Ordinal))
            {
                hash.AppendData(Encoding.UTF8.GetBytes(id + "\n"));
                hash.AppendData(data);
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        });
    }
}
