using Coordination.Host.Relay;
using Microsoft.Extensions.Hosting;

namespace Coordination.Host.Trust;

/// <summary>
/// Behind everything else, on the silo that leads: verifies each minute what was written since, and from time to time the whole chain and all that stands beside
/// it. When something does not fit, appends stop in the whole cluster.
/// </summary>
/// <remarks>
/// It takes at most a tenth of one processor's time: between two chunks of entries it rests for nine times as long as the chunk took. Where it is, is kept, and
/// whoever leads next goes on from there.
/// </remarks>
public sealed partial class ChainWatch(
    IStore store, Heads heads, Leadership leadership, TimeProvider time, ILogger<ChainWatch> logger) : BackgroundService
{
    /// <summary>How far the walk over everything is.</summary>
    private const string Walk = "walk";

    /// <summary>When the last one ended.</summary>
    internal const string Walked = "walked";

    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    /// <summary>A walk over ten million entries takes some twenty minutes of a processor, over three hours: once a week it is one part in five hundred.</summary>
    private static readonly TimeSpan Whole = TimeSpan.FromDays(7);

    /// <summary>Records are few; all of them are looked at more often.</summary>
    private static readonly TimeSpan Beside = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan KeepEvery = TimeSpan.FromSeconds(10);
    private const int Rest = 9;
    private static readonly TimeSpan AtTheEnd = TimeSpan.FromSeconds(3);

    private readonly HashSet<Break> _told = [];
    private long _lookedBeside;
    private bool _walksOn;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await leadership.Held(stoppingToken);
                await Try(() => Round(stoppingToken), stoppingToken);
                if (!_walksOn) await Task.Delay(Every, TimeProvider.System, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    /// <summary>One round of what it does each minute.</summary>
    public Task LookNow(CancellationToken cancellation) => Try(() => Round(cancellation), cancellation);

    /// <summary>What was checked is known to the next start, and what was written is signed.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AtTheEnd);
        await Try(
            async () =>
            {
                if (await store.Trust.Broken(limit.Token) is not null) return;
                await Stopped(await CheckTail(paced: false, limit.Token) ?? await heads.Sign(limit.Token), limit.Token);
            },
            cancellationToken);
    }

    private async Task Round(CancellationToken cancellation)
    {
        _walksOn = false;
        if (await store.Trust.Broken(cancellation) is { } before)
        {
            // Nothing is vouched for beyond what does not fit. What else is changed is not to be told either.
            Tell(before);
            if (await heads.Doubt(cancellation) is { } beside) Tell(beside);
            return;
        }

        _told.Clear();
        if (await Stopped(await CheckTail(paced: true, cancellation), cancellation)) return;
        if (_lookedBeside == 0 || time.GetElapsedTime(_lookedBeside) >= Beside)
        {
            if (await Stopped(await store.Trust.CheckBeside(cancellation), cancellation)) return;
            _lookedBeside = time.GetTimestamp();
        }

        if (await Signed(cancellation) && await IsDue(cancellation)) await Stopped(await CheckWhole(cancellation), cancellation);
    }

    /// <summary>Whether nothing contradicts what was signed earlier. A head that cannot be kept now ends no check.</summary>
    private async Task<bool> Signed(CancellationToken cancellation)
    {
        try
        {
            return !await Stopped(await heads.SignHourly(cancellation), cancellation);
        }
        catch (JournalUnavailableException exception)
        {
            LogNotSigned(logger, exception);
            return true;
        }
    }

    /// <summary>Verifies what was written since the mark, and moves it.</summary>
    private async Task<Break?> CheckTail(bool paced, CancellationToken cancellation)
    {
        // Without one the whole chain is walked.
        if (await store.Trust.Read(StartCheck.Mark, cancellation) is not { } mark) return null;
        var (found, place) = await WalkOn(mark.Place, StartCheck.Mark, paced, cancellation);
        if (found is null && place.Position > mark.Position) await store.Trust.Keep(TrustMark.Of(StartCheck.Mark, place, time.GetUtcNow()), cancellation);
        return found;
    }

    private async Task<bool> IsDue(CancellationToken cancellation) =>
        await store.Trust.Read(Walk, cancellation) is not null
        || await store.Trust.Read(StartCheck.Mark, cancellation) is null
        || await store.Trust.Read(Walked, cancellation) is not { } last || time.GetUtcNow() - last.At >= Whole || last.At > time.GetUtcNow();

    /// <summary>Goes on with the walk over everything for as long as until the next look at what is new.</summary>
    private async Task<Break?> CheckWhole(CancellationToken cancellation)
    {
        var mark = await store.Trust.Read(Walk, cancellation);
        using var part = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var (began, from) = (time.GetTimestamp(), mark?.Place ?? ChainPlace.Origin);
        Break? found;
        ChainPlace place;
        try
        {
            (found, place) = await WalkOn(
                from, Walk, paced: true, part.Token,
                async reached =>
                {
                    if (time.GetElapsedTime(began) < Every) return;
                    await store.Trust.Keep(TrustMark.Of(Walk, reached, time.GetUtcNow()), cancellation);
                    await part.CancelAsync();
                });
        }
        catch (OperationCanceledException) when (part.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            _walksOn = true;
            return null;
        }

        if (found is not null) return found;
        if (await store.Trust.CheckAllBeside(cancellation) is { } beside) return beside;
        await store.Trust.Keep(TrustMark.Of(Walked, place with { Missing = [] }, time.GetUtcNow()), cancellation);
        await store.Trust.Forget(Walk, cancellation);
        // The start's mark may have been taken away; everything up to here was checked just now.
        if (await store.Trust.Read(StartCheck.Mark, cancellation) is null) await store.Trust.Keep(TrustMark.Of(StartCheck.Mark, place, time.GetUtcNow()), cancellation);
        LogWalked(logger, place.Position);
        return null;
    }

    /// <summary>Verifies up to the head, and keeps on the way how far it is.</summary>
    private async Task<(Break? Found, ChainPlace Place)> WalkOn(ChainPlace from, string name, bool paced, CancellationToken cancellation, Func<ChainPlace, Task>? reachedOn = null)
    {
        var (place, began, kept) = (from, time.GetTimestamp(), time.GetTimestamp());
        var verified = await store.Trust.Verify(
            from,
            async reached =>
            {
                place = reached;
                if (!paced) return;
                if (time.GetElapsedTime(kept) >= KeepEvery)
                {
                    await store.Trust.Keep(TrustMark.Of(name, place, time.GetUtcNow()), cancellation);
                    kept = time.GetTimestamp();
                }

                await Task.Delay(time.GetElapsedTime(began) * Rest, TimeProvider.System, cancellation);
                // Whoever leads by now goes on from what was kept.
                if (!leadership.IsHeld) throw new OperationCanceledException();
                if (reachedOn is not null) await reachedOn(place);
                began = time.GetTimestamp();
            },
            cancellation);
        return (verified.BrokenAt is { } position ? Break.OfChain(position) : null, place);
    }

    /// <summary>Stops appends when something was found.</summary>
    private async Task<bool> Stopped(Break? found, CancellationToken cancellation)
    {
        if (found is null) return false;
        await store.Trust.Stop(found, cancellation);
        Tell(found);
        return true;
    }

    private void Tell(Break found)
    {
        if (_told.Add(found)) StartCheck.LogBroken(logger, found);
    }

    private async Task Try(Func<Task> step, CancellationToken stopping)
    {
        try
        {
            await step();
        }
        catch (JournalUnavailableException exception)
        {
            LogNotChecked(logger, exception);
        }
        catch (OperationCanceledException exception) when (!stopping.IsCancellationRequested)
        {
            // Another leads, or there is no time left: the next start, or whoever leads, goes on.
            LogNotChecked(logger, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The whole journal was verified, up to position {Position}, and what stands beside it")]
    private static partial void LogWalked(ILogger logger, long position);

    [LoggerMessage(Level = LogLevel.Information, Message = "The journal was not checked to its end this time")]
    private static partial void LogNotChecked(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No head was signed this time")]
    private static partial void LogNotSigned(ILogger logger, Exception exception);
}
