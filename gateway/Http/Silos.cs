// Repeated by hand and not by Polly: each attempt has longer than the one before, all end with the request's own deadline, and whether an earlier one may have been carried out decides what is answered at the end.
using System.Globalization;
using Coordination.Contracts.Feed;
using Microsoft.Extensions.Options;
using Orleans.Serialization;

namespace Coordination.Gateway.Http;

/// <summary>
/// Speaks to the silos until one answers. A silo that dies takes the calls it had with it, and seconds later its grains are
/// elsewhere: what may be said twice is said again until the caller's time is over, so that callers need not notice.
/// </summary>
public sealed class Silos(IHttpContextAccessor accessor, IOptions<GatewayOptions> options, ILogger<Silos> logger)
{
    /// <summary>
    /// For the answer to the first attempt; each further one is given half as much again, so that a busy silo is not asked ever
    /// more. What was under way through a silo that died is never answered, also when its grain lives: so it is short.
    /// </summary>
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    /// <summary>For how long a read is asked again that a silo answers with: the database is away. Whoever waits in front of a page is told so.</summary>
    private static readonly TimeSpan DatabaseAway = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    /// <summary>Asks for something. Asked again while no silo answers, for as long as the request has time.</summary>
    /// <param name="read">Changes nothing, and touches the request no more once it waits for its answer.</param>
    public Task<T> Ask<T>(Func<Task<T>> read) => Repeat("read", read, static _ => false, DatabaseAway);

    /// <summary>Gives a command that has an id. Given again while no silo answers or the journal is away; its id sees to it that it is done once.</summary>
    /// <param name="command">Touches the request no more once it waits for its answer.</param>
    /// <exception cref="TimeoutException">Time is over, and it is not known whether it was done.</exception>
    public Task<Outcome> Tell(Func<Task<Outcome>> command) =>
        Repeat("command", command, static outcome => outcome is Refused { Refusal.Reason: RefusalReason.Unavailable });

    /// <summary>Whether it says that a silo or the journal did not answer, so that asking again may help.</summary>
    public static bool AreAway(Exception exception) => exception
        is TimeoutException or OrleansException or ViewsBehindException
        // What a grain was about when it was ended on its way up or down, or what it used had ended before it.
        or OperationCanceledException or ObjectDisposedException or (IOException and not BadHttpRequestException) or System.Net.Sockets.SocketException
        || IsDatabaseAway(exception);

    /// <summary>Whether a silo says that the database does not answer, by the name of an exception whose type this process may not know.</summary>
    private static bool IsDatabaseAway(Exception exception) =>
        (exception is UnavailableExceptionFallbackException { ExceptionType: { } type } ? type : exception.GetType().Name).Contains("JournalUnavailable", StringComparison.Ordinal);

    private async Task<T> Repeat<T>(string kind, Func<Task<T>> call, Func<T, bool> isAway, TimeSpan? databaseAway = null)
    {
        var began = TimeProvider.System.GetTimestamp();
        var http = accessor.HttpContext;
        var gone = http?.RequestAborted ?? CancellationToken.None;
        var deadline = http?.Features.Get<Deadline>() ?? new(options.Value.ReadWithin);
        Exception? failure = null;
        var limit = First;
        for (var pause = ShortestPause; ; pause = Shorter(pause * 2, LongestPause), limit *= 1.5)
        {
            try
            {
                var answer = await call().WaitAsync(Shorter(limit, deadline.Left), TimeProvider.System, gone);
                if (!isAway(answer)) return answer;
                // "Nothing was changed" holds for this attempt. One before that got no answer may still have been carried out.
                if (deadline.Left <= pause) return failure is null ? answer : throw failure;
            }
            catch (Exception exception) when (exception != failure && AreAway(exception) && !gone.IsCancellationRequested)
            {
                failure = exception;
                if (deadline.Left <= pause || (IsDatabaseAway(exception) && TimeProvider.System.GetElapsedTime(began) + pause > databaseAway)) throw;
                Log.AskedAgain(logger, kind, http?.Request.Path, exception);
            }

            Telemetry.Retried(kind);
            // Not all at the same moment.
            await Task.Delay(pause * (0.5 + (Random.Shared.NextDouble() / 2)), TimeProvider.System, gone);
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}

/// <summary>Until when a request is to be answered.</summary>
/// <param name="within">Counted from now.</param>
public sealed class Deadline(TimeSpan within)
{
    /// <summary>In which a caller says how many seconds it waits.</summary>
    public const string Header = "Request-Timeout";

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private readonly long _began = TimeProvider.System.GetTimestamp();

    /// <summary>What is left of it; never less than a millisecond.</summary>
    public TimeSpan Left => within - TimeProvider.System.GetElapsedTime(_began) is var left && left > Shortest ? left : Shortest;

    /// <summary>Gives each request of the API its deadline: the platform's own, or the caller's when that is sooner.</summary>
    public static Task Set(HttpContext http, RequestDelegate next)
    {
        if (!http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)) return next(http);
        var options = http.RequestServices.GetRequiredService<IOptions<GatewayOptions>>().Value;
        var within = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) ? options.ReadWithin : options.AnswerWithin;
        if (http.Request.Headers.TryGetValue(Header, out var given))
        {
            if (given is not [{ } text] || !double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) || seconds is not (>= 0.1 and <= 3_600))
                return Problems.Of(StatusCodes.Status400BadRequest, "request.timeout-unreadable", "Request-Timeout is a number of seconds, 0.1 to 3600, such as 5.").ExecuteAsync(http);
            if (TimeSpan.FromSeconds(seconds) is var wanted && wanted < within) within = wanted;
        }

        http.Features.Set(new Deadline(within));
        return next(http);
    }
}

/// <summary>Runs the handler of a read again when no silo answered it.</summary>
public sealed class AskedAgain(Silos silos) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!(HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)) || http.GetEndpoint()?.Metadata.GetMetadata<TakesItsTime>() is not null) return await next(context);
        return await silos.Ask(() => next(context).AsTask());
    }
}

/// <summary>Marks what is asked once and waited for, however long it takes.</summary>
public sealed class TakesItsTime;
