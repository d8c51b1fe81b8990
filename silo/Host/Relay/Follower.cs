using Coordination.Domain.Accounts;
using Coordination.Domain.Erasures;
using Coordination.Host.Views;
using Microsoft.Extensions.Hosting;
using Polly;
using Polly.Registry;

namespace Coordination.Host.Relay;

/// <summary>
/// Follows the journal: folds every entry into <see cref="World"/> and makes the message that tells of it. The one place
/// where the world changes.
/// </summary>
public sealed partial class Follower(
    IJournal journal, IRecords records, World world, Folding folding, Messages messages, MessageBuilder builder, FactReader reader, FeedEntryFormatter formatter, IHostApplicationLifetime lifetime,
    ResiliencePipelineProvider<string> pipelines, ILogger<Follower> logger)
    : BackgroundService
{
    private const int Batch = 500;

    /// <summary>With these the record of an account has changed before; a role is also left because the account is erased, and is then told without its name.</summary>
    private static readonly string[] RecordFacts = [.. FactJson.All.Where(fact => fact.Type == typeof(AccountOpened) || fact.Type == typeof(AccountAccepted) || fact.Type == typeof(AccountNamed) || fact.Type == typeof(AccountRoleLeft) || fact.Type == typeof(AccountErased)).Select(fact => fact.Name)];

    private readonly TaskCompletionSource<IReadOnlyDictionary<string, long>> _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ResiliencePipeline _journal = pipelines.GetPipeline(Pipelines.Journal);
    private readonly Lock _lock = new();
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private Replacement? _replacement;
    private Task? _running;
    private TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the world has begun: with the generations of the views that it keeps in memory, by name.</summary>
    internal Task<IReadOnlyDictionary<string, long>> Begun => _begun.Task;

    /// <summary>Completes when everything that was in the journal at start has been folded.</summary>
    public Task CaughtUp => _caughtUp.Task;

    /// <summary>Takes a view that was folded beside in place of the one that is there, which goes on meanwhile and notices nothing.</summary>
    internal Task Replace(View fresh)
    {
        var replacement = new Replacement(fresh, new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_lock)
        {
            _replacement = replacement;
            _woken.TrySetResult();
        }

        return replacement.Done.Task;
    }

    /// <summary>Begins before it is started: stored views are read while the rest of the process is put together, which takes as long.</summary>
    public void Begin() => _ = _running ??= base.StartAsync(CancellationToken.None);

    /// <summary>
    /// Completes when all is folded that was in the journal. Only then does the silo join the others and is given grains: one that
    /// knew half of the roles would refuse what is due and allow what is not.
    /// </summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        Begin();
        await CaughtUp.WaitAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            var beginning = await Insist(() => folding.Begin(world, long.MaxValue, stoppingToken), stoppingToken);
            var head = (await Insist(() => journal.ReadHead(stoppingToken), stoppingToken)).Position;
            // Records are written before the journal tells of them: these know all that it says up to there.
            await Insist(() => world.Names.Load(records, stoppingToken), stoppingToken);
            Folding.PassOver(world, head);
            messages.Begin(world.Position, Things.Of(world));
            _begun.TrySetResult(beginning);
            while (!stoppingToken.IsCancellationRequested)
            {
                var entries = await Insist(() => journal.Follow(world.Position, Batch, stoppingToken), stoppingToken);
                // Of what lies further back nobody is told from memory.
                var earlier = await Insist(() => reader.Earlier(entries.Where(entry => entry.Position > head - Messages.Kept), stoppingToken), stoppingToken);
                foreach (var entry in entries)
                {
                    // Before the entry is applied: whoever waits for its position finds the names.
                    if (entry.Position > head && AccountIn(entry) is { } account) await Insist(() => world.Names.Refresh(records, account, stoppingToken), stoppingToken);
                    if (await Apply(entry, stoppingToken) is not { } fact) continue;
                    if (IsWhole()) Tell(entry, FactReader.With(fact, earlier), head);
                }

                if (world.Position >= head && _caughtUp.TrySetResult()) LogCaughtUp(logger, world.Position);
                await TakeReplacement(stoppingToken);
                if (entries.Count == 0) await Next(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped.
        }
        catch (ObjectDisposedException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped, and the journal sooner than this.
        }
        catch (UnknownFactException exception)
        {
            // The views stay as they were at this position, and nothing that is derived from them is wrong. They fall behind, though,
            // and a silo whose views are behind refuses: it leaves, and its grains are activated on the silos of the newer version.
            world.Stop($"Views stopped at position {world.Position}. {exception.Message}");
            LogStopped(logger, world.Stopped);
            _begun.TrySetException(exception);
            if (!_caughtUp.TrySetException(exception)) lifetime.StopApplication();
        }
        catch (Exception exception)
        {
            _begun.TrySetException(exception);
            _caughtUp.TrySetException(exception);
            LogBroken(logger, world.Position, exception);
            throw;
        }
    }

    /// <summary>
    /// Whether all views go on that say whom a message is for. When one has stopped messages wait, and are made again by a version that can fold it: one
    /// that did not know what the view would say would be lost to some.
    /// </summary>
    private bool IsWhole()
    {
        var isWhole = true;
        foreach (var view in world.Views)
        {
            if (view.Fault is not { } fault) continue;
            isWhole &= view is not KeptView;
            if (_told.Add(view.Name)) LogStops(logger, view.Name, view.Position, fault);
        }

        return isWhole;
    }

    /// <param name="entry">The entry.</param>
    /// <param name="fact">What stands in it.</param>
    /// <param name="head">Where the journal ended at the start.</param>
    private void Tell(Entry entry, Fact fact, long head)
    {
        // What was erased is not told from memory either.
        if (fact is TextsErased or AccountErased) messages.Forget(entry.Position);
        if (entry.Position <= head - Messages.Kept) messages.PassOver(entry.Position);
        else messages.Add(builder.MessageOf(entry, fact), formatter.Tell(entry, fact));
    }

    private async Task Next(CancellationToken cancellation)
    {
        Task woken;
        lock (_lock) woken = _woken.Task;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var beyond = journal.WaitBeyond(world.Position, either.Token);
        await Task.WhenAny(beyond, woken);
        await either.CancelAsync();
        if (beyond.IsFaulted) await beyond;
        cancellation.ThrowIfCancellationRequested();
    }

    private async Task TakeReplacement(CancellationToken cancellation)
    {
        Replacement? replacement;
        lock (_lock)
        {
            (replacement, _replacement) = (_replacement, null);
            if (_woken.Task.IsCompleted) _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        if (replacement is null) return;
        var view = replacement.View;
        await Insist(() => folding.CatchUp([view], world.Position, cancellation), cancellation);
        if (view.Fault is { } fault) world.Views.Single(one => one.Name == view.Name).Stop(fault);
        else world.Replace(view);
        replacement.Done.TrySetResult();
        LogReplaced(logger, view.Name, world.Position);
    }

    /// <summary>The account whose record an entry says has changed, or null.</summary>
    private static string? AccountIn(Entry entry) => Array.IndexOf(RecordFacts, entry.Fact) >= 0 ? entry.Id() : null;

    /// <summary>Reads the journal only for what was erased: all others pay nothing for trying again.</summary>
    private async ValueTask<Fact?> Apply(Entry entry, CancellationToken cancellation)
    {
        try
        {
            return await folding.Apply(world, entry, cancellation);
        }
        catch (JournalUnavailableException)
        {
            return await Insist(() => folding.Apply(world, entry, cancellation), cancellation);
        }
    }

    private Task Insist(Func<Task> read, CancellationToken cancellation) => _journal.Through(read, cancellation);

    private Task<T> Insist<T>(Func<Task<T>> read, CancellationToken cancellation) => _journal.Through(read, cancellation);

    private sealed record Replacement(View View, TaskCompletionSource Done);

    [LoggerMessage(Level = LogLevel.Information, Message = "Views have caught up with the journal at position {Position}")]
    private static partial void LogCaughtUp(ILogger logger, long position);

    [LoggerMessage(Level = LogLevel.Information, Message = "The view '{View}' was folded anew and goes on from position {Position}")]
    private static partial void LogReplaced(ILogger logger, string view, long position);

    [LoggerMessage(Level = LogLevel.Error, Message = "The view '{View}' cannot take in the entry after position {Position}; it stops, and all others go on")]
    private static partial void LogStops(ILogger logger, string view, long position, Exception exception);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Reason}")]
    private static partial void LogStopped(ILogger logger, string? reason);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The entry after position {Position} cannot be folded; views stand still")]
    private static partial void LogBroken(ILogger logger, long position, Exception exception);
}
