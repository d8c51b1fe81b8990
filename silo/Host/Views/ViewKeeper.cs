using System.Collections.Concurrent;
using Coordination.Contracts.Feed;
using Coordination.Host.Reactors;
using Coordination.Host.Relay;
using Microsoft.Extensions.Hosting;

namespace Coordination.Host.Views;

/// <summary>
/// Stores what has changed in the views, from time to time, so that a start folds only what came after and memory holds no more than the latest; on the
/// silo that leads, which also folds what is missing of a view that is read from the database. On every silo it notices that a view was dropped or stored.
/// </summary>
public sealed partial class ViewKeeper(
    IViewStore store, SealedViews views, ViewFilling filling, World world, Follower follower, Folding folding, Leadership leadership, Relay.Relay relay, InboxProgress inboxes,
    TimeProvider time, ILogger<ViewKeeper> logger) : BackgroundService
{
    /// <summary>Entries after which the tail of a view that is read from the database is stored: fewer make many small items of it.</summary>
    public const int Piece = 4_096;

    /// <summary>After which a shorter tail is stored too.</summary>
    private static readonly TimeSpan Oldest = TimeSpan.FromMinutes(1);

    /// <summary>For how long a form must have been nobody's before it is taken away: longer than silos of two versions run side by side.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>Storing takes one part of the time in so many: much changes at once on a busy platform, and most of it again soon.</summary>
    private const int Share = 20;

    /// <summary>Items of dropped views that are taken off the disk in one go.</summary>
    private const int Rubbish = 5_000;

    /// <summary>For storing at the end. What is not stored by then is folded by the next start; others have to end in order too.</summary>
    private static readonly TimeSpan AtTheEnd = TimeSpan.FromSeconds(4);

    /// <summary>How long it waits for messages and inboxes to have come as far, so that a start need not make messages again.</summary>
    private static readonly TimeSpan Others = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, long> _unstoredSince = new(StringComparer.Ordinal);
    private readonly Dictionary<ViewKey, (ViewMark Mark, long Since)> _others = [];
    private readonly ConcurrentDictionary<string, Task> _filled = new(StringComparer.Ordinal);
    private ConcurrentDictionary<string, long> _generations = [];
    private volatile bool _hasRubbish = true;
    private Task? _checked;
    private Task? _refolded;
    private volatile bool _isChecked;
    private TimeSpan _spent;
    private long _rested;
    private TimeSpan _rest;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            _generations = new(await follower.Begun.WaitAsync(stoppingToken), StringComparer.Ordinal);
            await follower.CaughtUp.WaitAsync(stoppingToken);
            while (true)
            {
                _spent = TimeSpan.Zero;
                await Try(() => Keep(isLast: false, stoppingToken));
                if (_spent > TimeSpan.Zero) (_rested, _rest) = (time.GetTimestamp(), _spent * Share);
                await Task.Delay(Shortest, TimeProvider.System, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped.
        }

        foreach (var running in (Task[])[.. _filled.Values, _refolded ?? Task.CompletedTask, _checked ?? Task.CompletedTask]) await running;
    }

    /// <summary>Stores what is not stored yet, so that the next start has nothing to fold.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (!leadership.IsHeld || _generations.IsEmpty || !follower.CaughtUp.IsCompletedSuccessfully) return;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AtTheEnd);
        await Try(() => Keep(isLast: true, limit.Token));
    }

    private async Task Keep(bool isLast, CancellationToken cancellation)
    {
        // Views that have stopped cannot be folded anew by this version, and a newer one stores them from here on.
        if (world.Stopped is not null) return;
        var marks = await store.Marks(cancellation);
        ViewMark MarkOf(View view) => marks.GetValueOrDefault(view.Key, ViewMark.None);
        foreach (var view in world.Views)
        {
            if (view is KeptView kept) await Follow(kept, MarkOf(view), isLast, cancellation);
            else if (await views.Fits(view.Key, MarkOf(view), cancellation)) ((PagedView)view).Stored(MarkOf(view).Position);
            else if (leadership.IsHeld) await views.Check(view, cancellation);
        }

        if (!leadership.IsHeld) return;
        if (!_isChecked && _checked is not { IsCompleted: false } && _filled.Values.All(static running => running.IsCompleted)) _checked = Try(() => Check(cancellation));
        var isResting = !isLast && time.GetElapsedTime(_rested) < _rest;
        var savings = new List<Saving>();
        var began = time.GetTimestamp();
        foreach (var view in world.Views.Where(static view => view.Fault is null))
        {
            try
            {
                // Dropped in this very moment, or folded anew just now: it is stored when that is done.
                if (view is KeptView kept && !isResting && _generations[view.Name] == MarkOf(view).Generation && MarkOf(view).Position >= kept.StoredUpTo)
                {
                    var (position, items) = kept.Unstored(MarkOf(view).Position, cancellation);
                    if (position > MarkOf(view).Position) savings.Add(new(view.Key, MarkOf(view), position, items));
                }
                else if (view is PagedView paged && IsDue(paged, MarkOf(view), isLast, cancellation))
                {
                    savings.Add(await views.Joined(paged, MarkOf(view), Math.Min(view.Position, paged.Since + ViewFilling.MostOfPiece), cancellation));
                }
            }
            catch (Exception exception) when (!IsPassing(exception))
            {
                // One that cannot say what it is stops alone, as one that cannot take in an entry.
                Stop(view, exception);
            }
        }

        if (savings.Count > 0)
        {
            _spent = time.GetElapsedTime(began);
            await Save(savings, cancellation);
        }

        if (!isResting) await TakeAway(marks, cancellation);
    }

    /// <summary>What is read page by page is looked at as a whole once, behind the start. What is in memory was when it was loaded.</summary>
    private async Task Check(CancellationToken cancellation)
    {
        await Task.Yield();
        _isChecked = true;
        try
        {
            foreach (var view in world.Views.OfType<PagedView>()) await views.Check(view, cancellation);
        }
        catch (Exception exception) when (exception is JournalUnavailableException)
        {
            _isChecked = false;
            throw;
        }
    }

    private async Task Save(List<Saving> savings, CancellationToken cancellation)
    {
        var position = savings.Max(static saving => saving.Position);
        await relay.Noted(position, Others, cancellation);
        await inboxes.Reach(position, Others);
        var began = time.GetTimestamp();
        if (await views.Save(savings, cancellation))
        {
            foreach (var saving in savings)
            {
                var view = world.Views.Single(one => one.Key == saving.View);
                if (view is KeptView kept) kept.Stored(saving.Position);
                else ((PagedView)view).Stored(saving.Position);
                _unstoredSince.Remove(view.Name);
            }
        }

        _spent += time.GetElapsedTime(began);
    }

    /// <summary>Forgets what another silo has stored, and folds a view anew that was dropped.</summary>
    private async Task Follow(KeptView view, ViewMark mark, bool isLast, CancellationToken cancellation)
    {
        if (mark.Generation == _generations[view.Name])
        {
            // A database that crashed may have lost the latest; what had changed in them is no longer known.
            if (mark.Position < view.StoredUpTo) await store.Drop(view.Key, mark.Generation, cancellation);
            else if (!leadership.IsHeld) view.Stored(mark.Position);
            return;
        }

        // One after the other, and beside all else, which may take long: what others have made is stored and forgotten meanwhile.
        if (!isLast && _refolded is not { IsCompleted: false }) _refolded = Try(() => Refold(view, mark, cancellation));
    }

    private async Task Refold(KeptView view, ViewMark mark, CancellationToken cancellation)
    {
        await Task.Yield();
        LogDropped(logger, view.Name);
        var fresh = folding.Empty(view.Name);
        await folding.CatchUp([fresh], world.Position, cancellation);
        if (fresh.Fault is { } fault) Stop(view, fault);
        else await follower.Replace(fresh);
        _generations[view.Name] = mark.Generation;
        _hasRubbish = true;
    }

    /// <summary>Whether the tail of a view is to be stored. When what comes before it is missing, that is folded first, beside all else.</summary>
    private bool IsDue(PagedView view, ViewMark mark, bool isLast, CancellationToken cancellation)
    {
        // Nothing is stored while it is walked.
        if (!isLast && _checked is { IsCompleted: false }) return false;
        if (mark.Position < view.Since)
        {
            if (!isLast && (!_filled.TryGetValue(view.Name, out var running) || running.IsCompleted)) _filled[view.Name] = Try(() => Fill(view, mark, cancellation));
            return false;
        }

        if (view.Position <= mark.Position)
        {
            _unstoredSince.Remove(view.Name);
            return false;
        }

        if (_filled.TryRemove(view.Name, out _) || isLast || view.Position - mark.Position >= Piece) return true;
        if (!_unstoredSince.TryGetValue(view.Name, out var since)) _unstoredSince[view.Name] = since = time.GetTimestamp();
        return time.GetElapsedTime(since) >= Oldest;
    }

    private async Task Fill(PagedView view, ViewMark mark, CancellationToken cancellation)
    {
        // Nothing here is in a hurry: neither the thread that keeps the others, nor whoever waits for a processor.
        await Task.Yield();
        if (!await views.Fits(view.Key, mark, cancellation))
        {
            await views.Check(view, cancellation);
            return;
        }

        _hasRubbish = true;
        var began = time.GetTimestamp();
        LogFilling(logger, view.Name, mark.Position, view.Since);
        Exception? fault;
        try
        {
            fault = await filling.Fill(view.Name, mark, view.Since, () => leadership.IsHeld, cancellation);
        }
        catch (Exception exception) when (!IsPassing(exception))
        {
            fault = exception;
        }

        var took = time.GetElapsedTime(began);
        if (fault is null)
        {
            LogFilled(logger, view.Name, view.Since, took);
            return;
        }

        Stop(view, fault);
    }

    private void Stop(View view, Exception fault)
    {
        view.Stop(fault);
        LogBroken(logger, view.Name, fault);
    }

    /// <summary>Takes off the disk what dropped views have left there, and forms that nobody has stored anything in for long.</summary>
    private async Task TakeAway(IReadOnlyDictionary<ViewKey, ViewMark> marks, CancellationToken cancellation)
    {
        foreach (var (key, mark) in marks)
        {
            if (!world.Views.Any(view => view.Name == key.Name && view.Form != key.Form && view.Fault is null)) continue;
            if (!_others.TryGetValue(key, out var seen) || seen.Mark != mark) _others[key] = (mark, time.GetTimestamp());
            else if (time.GetElapsedTime(seen.Since) > Abandoned)
            {
                await store.Forget(key, cancellation);
                _others.Remove(key);
                _hasRubbish = true;
            }
        }

        if (!_hasRubbish) return;
        var began = time.GetTimestamp();
        _hasRubbish = await store.Tidy(Rubbish, cancellation) > 0;
        _spent += time.GetElapsedTime(began);
    }

    /// <summary>What is over when the database answers again, or the silo ends.</summary>
    private static bool IsPassing(Exception exception) => exception is JournalUnavailableException or ViewsBehindException or ObjectDisposedException or OperationCanceledException;

    /// <summary>What is stored is only ever behind: nothing that goes wrong here ends the silo.</summary>
    private async Task Try(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception exception)
        {
            if (exception is JournalUnavailableException || !IsPassing(exception)) LogNotKept(logger, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The views could not be stored; trying again")]
    private static partial void LogNotKept(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "The view '{View}' was dropped; it is folded anew")]
    private static partial void LogDropped(ILogger logger, string view);

    [LoggerMessage(Level = LogLevel.Information, Message = "The view '{View}' is stored up to position {Position}; folding it on to {UpTo}, while all others serve")]
    private static partial void LogFilling(ILogger logger, string view, long position, long upTo);

    [LoggerMessage(Level = LogLevel.Information, Message = "The view '{View}' is folded up to position {Position} and stored; it took {Took}")]
    private static partial void LogFilled(ILogger logger, string view, long position, TimeSpan took);

    [LoggerMessage(Level = LogLevel.Error, Message = "The view '{View}' cannot be folded; it stops, and all others go on")]
    private static partial void LogBroken(ILogger logger, string view, Exception exception);
}

/// <summary>Folds a view that is read from the database on from where it is stored, and stores it piece by piece.</summary>
public sealed class ViewFilling(SealedViews views, Folding folding)
{
    /// <summary>Entries that are stored in one go: what they make fits well into memory.</summary>
    public const int MostOfPiece = 100_000;

    /// <param name="name">Of the view.</param>
    /// <param name="mark">Where it is stored.</param>
    /// <param name="upTo">Where it ends.</param>
    /// <param name="mayGoOn">Asked before each piece.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What the view threw, or null.</returns>
    internal async Task<Exception?> Fill(string name, ViewMark mark, long upTo, Func<bool> mayGoOn, CancellationToken cancellation)
    {
        var view = (PagedView)folding.Empty(name);
        view.Begin(mark.Position);
        while (view.Position < upTo && mayGoOn())
        {
            await folding.CatchUp([view], Math.Min(upTo, view.Since + MostOfPiece), cancellation);
            if (view.Fault is { } fault) return fault;
            if (view.Position == view.Since || !await views.Save([await views.Joined(view, mark, view.Position, cancellation)], cancellation)) return null;
            mark = views.Known(view.Key) ?? mark;
            view.Stored(view.Position);
        }

        return null;
    }
}
