using System.Threading.RateLimiting;
using Coordination.Gateway.Http;
using Coordination.Gateway.Sessions;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace Coordination.Gateway.Live;

/// <summary>
/// How many live lines one account has at this gateway, and one network; how often they are opened; and how often something is called on
/// them. Whatever transport they use.
/// </summary>
public sealed class LineLimits(IOptions<GatewayOptions> options) : IHubFilter, IDisposable
{
    /// <summary>A window calls once or twice for each page that it shows.</summary>
    private const int Calls = 100;
    private const int CallsPerSecond = 5;

    /// <summary>All windows of an account may come back at once, as after a restart.</summary>
    private const int CallsOfAccount = 1_000;
    private const int CallsOfAccountPerSecond = 20;

    /// <summary>Calls that are answered with a refusal; at the next one the line is closed, and another is opened after a while.</summary>
    private const int Refusals = 20;
    private static readonly TimeSpan OneMoreRefusal = TimeSpan.FromSeconds(5);

    private const int OpenedPerSecond = 2;

    private readonly PartitionedRateLimiter<string> _ofAccount = RateLimits.Turns(options.Value.Bounds.AccountConnections);
    private readonly PartitionedRateLimiter<string> _ofNetwork = RateLimits.Turns(options.Value.Bounds.NetworkConnections);
    private readonly PartitionedRateLimiter<string> _opened = RateLimits.Buckets(2 * options.Value.Bounds.AccountConnections, OpenedPerSecond);
    private readonly PartitionedRateLimiter<string> _calls = RateLimits.Buckets(Calls, CallsPerSecond);
    private readonly PartitionedRateLimiter<string> _callsOfAccount = RateLimits.Buckets(CallsOfAccount, CallsOfAccountPerSecond);
    private readonly PartitionedRateLimiter<string> _refusals = RateLimits.Buckets(Refusals, 1, OneMoreRefusal);

    public void Dispose()
    {
        foreach (var limiter in (PartitionedRateLimiter<string>[])[_ofAccount, _ofNetwork, _opened, _calls, _callsOfAccount, _refusals]) limiter.Dispose();
    }

    /// <summary>Refuses what would open one line too many, before anything is kept for it.</summary>
    public Task OfOpening(HttpContext http, RequestDelegate next)
    {
        if (!Opens(http.Request) || http.KeptSession() is null) return next(http);
        if (_refusals.GetStatistics(http.Account()) is { CurrentAvailablePermits: 0 })
            return Problems.Of(StatusCodes.Status429TooManyRequests, "account.too-many-calls", "This account has called too often on its live connections. Wait, and call what is needed.", OneMoreRefusal).ExecuteAsync(http);
        using var opened = _opened.AttemptAcquire(http.Account());
        if (!opened.IsAcquired)
            return RateLimits.Refuse(opened, "account.connects-too-often", "This account opens live connections too often. Keep one open, and wait before the next.").ExecuteAsync(http);
        // None is taken here: it only says whether there is one.
        using var ofAccount = _ofAccount.AttemptAcquire(http.Account(), 0);
        if (!ofAccount.IsAcquired)
            return RateLimits.Refuse(ofAccount, "account.too-many-connections", "This account has as many live connections as it may have. Close one first.").ExecuteAsync(http);
        using var ofNetwork = _ofNetwork.AttemptAcquire(NetworkOf(http), 0);
        return ofNetwork.IsAcquired
            ? next(http)
            : RateLimits.Refuse(ofNetwork, "network.too-many-connections", "There are as many live connections from this network as there may be. Close one first.").ExecuteAsync(http);
    }

    /// <summary>Takes a place for a line until it ends.</summary>
    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        var http = context.Context.GetHttpContext()!;
        var places = new[] { _ofAccount.AttemptAcquire(http.Account()), _ofNetwork.AttemptAcquire(NetworkOf(http)) };
        context.Context.Items[typeof(LineLimits)] = places;
        // Others were let in at the same moment.
        if (!Array.TrueForAll(places, place => place.IsAcquired))
        {
            context.Context.Abort();
            return;
        }

        try
        {
            await next(context);
        }
        catch
        {
            // Nobody is told that a line has ended which never began, as while silos do not answer.
            Array.ForEach(places, place => place.Dispose());
            throw;
        }
    }

    public async Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        try
        {
            await next(context, exception);
        }
        finally
        {
            if (context.Context.Items[typeof(LineLimits)] is RateLimitLease[] places) Array.ForEach(places, place => place.Dispose());
        }
    }

    /// <summary>Refuses a call that comes too soon after too many others. Whoever goes on calling loses the line.</summary>
    public ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var (line, account) = (invocationContext.Context.ConnectionId, invocationContext.Context.User!.Identity!.Name!);
        using var call = _calls.AttemptAcquire(line);
        using var ofAccount = call.IsAcquired ? _callsOfAccount.AttemptAcquire(account) : call;
        if (ofAccount.IsAcquired) return next(invocationContext);
        using var refusal = _refusals.AttemptAcquire(account);
        if (refusal.IsAcquired) throw new HubException("account.too-many-calls: This was called too often. Wait a minute, and call what is needed.");
        invocationContext.Context.Abort();
        return ValueTask.FromResult<object?>(null);
    }

    private static string NetworkOf(HttpContext http) => SessionCookie.From(http).Network;

    /// <summary>A line is negotiated, or opened at once. What goes on by polling names the line that it belongs to.</summary>
    private static bool Opens(HttpRequest request) =>
        request.Path.StartsWithSegments("/hubs", StringComparison.OrdinalIgnoreCase)
        && (request.Path.Value!.EndsWith("/negotiate", StringComparison.OrdinalIgnoreCase) || !request.Query.ContainsKey("id"));
}
