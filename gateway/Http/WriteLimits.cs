using System.Threading.RateLimiting;
using Coordination.Gateway.Sessions;
using Microsoft.Extensions.Options;

namespace Coordination.Gateway.Http;

/// <summary>
/// How much one account writes, and one body: a token bucket each, which no person notices, and so many writes of one account at a time that
/// it keeps no silo from the others. Known to this gateway alone: at two of them an account may write twice as much.
/// </summary>
public sealed class WriteLimits(IOptions<GatewayOptions> options) : IDisposable
{
    /// <summary>Writes of one account that are carried out at a time; its next ones wait.</summary>
    private const int AtOnce = 32;

    private const int Waiting = 256;

    private readonly PartitionedRateLimiter<string> _accounts = RateLimits.Buckets(options.Value.Bounds.AccountWrites, options.Value.Bounds.AccountWritesPerSecond);
    private readonly PartitionedRateLimiter<string> _bodies = RateLimits.Buckets(options.Value.Bounds.BodyWrites, options.Value.Bounds.BodyWritesPerSecond);
    private readonly PartitionedRateLimiter<string> _turns = RateLimits.Turns(AtOnce, Waiting);

    public void Dispose()
    {
        _accounts.Dispose();
        _bodies.Dispose();
        _turns.Dispose();
    }

    /// <summary>Lets a write of an account pass, or refuses it before its body is read.</summary>
    public async Task OfAccount(HttpContext http, RequestDelegate next)
    {
        if (!IsWrite(http.Request) || http.KeptSession() is not { } session)
        {
            await next(http);
            return;
        }

        // Sessions count for themselves, and wait for no turn: whoever writes much does not keep the account's person from ending it.
        var isAboutSession = http.Request.Path.StartsWithSegments("/api/v1/session", StringComparison.OrdinalIgnoreCase);
        using var token = _accounts.AttemptAcquire(isAboutSession ? "session " + session.Id : http.Account());
        if (!token.IsAcquired)
        {
            await RateLimits.Refuse(token, "account.too-many-writes", "This account has written more than it may within so short a time, and nothing was done. Send the same again after the seconds in Retry-After, and from then on more slowly.").ExecuteAsync(http);
            return;
        }

        if (isAboutSession)
        {
            await next(http);
            return;
        }

        using var turn = await _turns.AcquireAsync(http.Account(), cancellationToken: http.RequestAborted);
        if (turn.IsAcquired)
        {
            // Whoever is refused behind it keeps it from the account's other writes for no longer than it takes.
            Unhurried.Hurry(http);
            await next(http);
        }
        else await RateLimits.Refuse(turn, "account.too-many-at-once", "Too many writes of this account wait for their turn, and nothing was done. Send the same again when the others are answered.").ExecuteAsync(http);
    }

    /// <summary>The refusal of a write for a body whose bucket is empty; null lets it pass. To be asked once it is known that the caller acts for it.</summary>
    internal Problem? OfBody(HttpContext http)
    {
        if (!IsWrite(http.Request) || Ends(http.Request) || http.ActingFor() is not { } body) return null;
        using var token = _bodies.AttemptAcquire(body);
        return token.IsAcquired ? null : RateLimits.Refuse(token, "body.too-many-writes", "The accounts of this body have together written more than they may within so short a time, and nothing was done. Send the same again after the seconds in Retry-After, and from then on more slowly.");
    }

    /// <summary>Whoever uses up what a body may write can still be shown out.</summary>
    private static bool Ends(HttpRequest request) =>
        HttpMethods.IsDelete(request.Method)
        && (request.Path.StartsWithSegments("/api/v1/bodies", StringComparison.OrdinalIgnoreCase) || request.Path.StartsWithSegments("/api/v1/accounts", StringComparison.OrdinalIgnoreCase));

    private static bool IsWrite(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);
}

/// <summary>Holds the writes for one body within its bucket, whoever of its people gives them. Only for those that have a role there.</summary>
public sealed class WithinLimitOfBody(WriteLimits limits) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        limits.OfBody(context.HttpContext) is { } refused ? refused : await next(context);
}

/// <summary>Limits by name. What nobody has used for a while takes no memory.</summary>
internal static class RateLimits
{
    /// <summary>Where a limiter does not say it.</summary>
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);

    /// <summary>A token bucket for each name.</summary>
    /// <param name="tokens">In a full one.</param>
    /// <param name="perPeriod">That are put in.</param>
    /// <param name="period">A second when null.</param>
    public static PartitionedRateLimiter<string> Buckets(int tokens, int perPeriod, TimeSpan? period = null)
    {
        var options = new TokenBucketRateLimiterOptions { TokenLimit = tokens, TokensPerPeriod = perPeriod, ReplenishmentPeriod = period ?? TimeSpan.FromSeconds(1), AutoReplenishment = false };
        return PartitionedRateLimiter.Create<string, string>(name => RateLimitPartition.GetTokenBucketLimiter(name, _ => options), StringComparer.Ordinal);
    }

    /// <summary>For each name so many at a time, and so many that wait for theirs.</summary>
    public static PartitionedRateLimiter<string> Turns(int atOnce, int waiting = 0)
    {
        var options = new ConcurrencyLimiterOptions { PermitLimit = atOnce, QueueLimit = waiting };
        return PartitionedRateLimiter.Create<string, string>(name => RateLimitPartition.GetConcurrencyLimiter(name, _ => options), StringComparer.Ordinal);
    }

    public static Problem Refuse(RateLimitLease refused, string code, string detail) => Problems.Of(
        StatusCodes.Status429TooManyRequests, code, detail, refused.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Wait);
}
