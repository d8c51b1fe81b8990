using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Coordination.Contracts.Feed;
using Microsoft.AspNetCore.Diagnostics;

namespace Coordination.Gateway.Http;

/// <summary>The code of the error that a request is answered with.</summary>
public sealed record ProblemCode(string Code);

/// <summary>Why something was not done, with its headers.</summary>
public sealed class Problem : IResult
{
    private readonly ProblemDetails _details;
    private readonly long? _version;
    private readonly TimeSpan? _retryAfter;

    internal Problem(ProblemDetails details, long? version, TimeSpan? retryAfter) => (_details, _version, _retryAfter) = (details, version, retryAfter);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var waited = _details.Status is StatusCodes.Status429TooManyRequests ? await httpContext.RequestServices.GetRequiredService<Unhurried>().Wait(httpContext) : TimeSpan.Zero;
        if (_version is { } current) httpContext.Response.Headers.ETag = Versions.TagOf(current);
        if (_retryAfter is { } wait)
            httpContext.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling((wait - waited).TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        Problems.Complete(httpContext, _details);
        await Results.Json(_details, statusCode: _details.Status, contentType: "application/problem+json").ExecuteAsync(httpContext);
    }
}

/// <summary>Every error the API gives, as RFC 9457 problem+json with a stable code. The only place where one is written.</summary>
public static partial class Problems
{
    /// <summary>Below it lies the page of each code, of the dashboard: what it means, and what to do.</summary>
    public const string Page = "/problems/";

    private const string NoSuchPath = "There is nothing at this path. The paths are listed in /openapi/v1.json.";
    private const string InJson = "Send the body as application/json in UTF-8.";

    public static IServiceCollection AddProblems(this IServiceCollection services) => services
        .AddSingleton<IProblemDetailsWriter, WhateverIsAccepted>()
        .AddProblemDetails()
        .AddExceptionHandler<BadRequests>();

    /// <summary>Turns a refusal of the rules into its answer.</summary>
    public static Problem Of(Refusal refusal)
    {
        var problem = New(StatusOf(refusal.Reason), refusal.Code, refusal.Detail);
        if (refusal.Fields.Length > 0) problem.Extensions["errors"] = refusal.Fields;
        if (refusal.Version is { } version) problem.Extensions["version"] = version;
        if (refusal.Changed is { } changed) problem.Extensions["changed"] = changed;
        return new Problem(problem, refusal.Version, refusal.Reason switch
        {
            // Somebody has to look first.
            RefusalReason.Unavailable when refusal.Code is "journal.broken" => TimeSpan.FromMinutes(1),
            RefusalReason.Unavailable => TimeSpan.FromSeconds(1),
            // Somebody has to end something first.
            RefusalReason.TooMany => TimeSpan.FromMinutes(1),
            _ => null,
        });
    }

    public static Problem Of(int status, string code, string detail, TimeSpan? retryAfter = null, params FieldError[] errors)
    {
        var problem = New(status, code, detail);
        if (errors.Length > 0) problem.Extensions["errors"] = errors;
        return new Problem(problem, null, retryAfter);
    }

    public static Problem NotFound(string noun) =>
        Of(StatusCodes.Status404NotFound, $"{noun}.not-found", $"There is no such {noun}. Look its id up in the list.");

    /// <summary>As for a path that there never was.</summary>
    public static Problem NothingThere() => Of(StatusCodes.Status404NotFound, "path.not-found", NoSuchPath);

    public static Problem SessionRequired() =>
        Of(StatusCodes.Status401Unauthorized, "session.required", "Sign in first: POST /api/v1/session with account and password.");

    /// <summary>The same for a body that there is not: which bodies there are is asked elsewhere.</summary>
    public static Problem NotARoleThere() => Of(
        StatusCodes.Status403Forbidden, "session.not-a-role-there",
        "This account has no role in the body that it wants to act for. GET /api/v1/session lists its bodies; name one of them in Acting-For, or POST /api/v1/session/body.");

    private static int StatusOf(RefusalReason reason) => reason switch
    {
        RefusalReason.NotFound => StatusCodes.Status404NotFound,
        RefusalReason.Forbidden => StatusCodes.Status403Forbidden,
        RefusalReason.Conflict => StatusCodes.Status409Conflict,
        RefusalReason.Invalid => StatusCodes.Status400BadRequest,
        RefusalReason.Stale => StatusCodes.Status412PreconditionFailed,
        RefusalReason.KeyReused => StatusCodes.Status422UnprocessableEntity,
        RefusalReason.TooMany => StatusCodes.Status429TooManyRequests,
        _ => StatusCodes.Status503ServiceUnavailable,
    };

    private static ProblemDetails New(int status, string code, string detail) => new()
    {
        Status = status,
        Type = Page + code,
        Title = TitleOf(status),
        Detail = detail,
        Extensions = { ["code"] = code },
    };

    private static string TitleOf(int status) => status switch
    {
        400 => "The request is not right",
        401 => "Not signed in",
        403 => "Not allowed",
        404 => "Not found",
        405 => "No such verb",
        408 => "Too slow",
        409 => "Not possible now",
        412 => "Changed in the meantime",
        413 => "Too large",
        415 => "Not JSON",
        421 => "Not a name of this platform",
        422 => "Key used before",
        428 => "Version missing",
        429 => "Too many",
        503 => "Not available at the moment",
        _ => "Something broke",
    };

    /// <summary>Gives what the framework answers by itself the same form as ours.</summary>
    internal static void Complete(HttpContext http, ProblemDetails problem)
    {
        problem.Extensions["traceId"] = http.TraceIdentifier;
        problem.Instance ??= http.Request.Path;
        if (!problem.Extensions.ContainsKey("code")) Name(http, problem);
        http.Features.Set(new ProblemCode((string)problem.Extensions["code"]!));
        Telemetry.Refusals.Add(1, new KeyValuePair<string, object?>("code", problem.Extensions["code"]));
    }

    private static void Name(HttpContext http, ProblemDetails problem)
    {
        var status = problem.Status ?? http.Response.StatusCode;
        problem.Extensions["code"] = status switch
        {
            401 => "session.required",
            403 => "session.forbidden",
            404 => "path.not-found",
            405 => "path.verb-unknown",
            413 => "request.too-large",
            415 => "request.not-json",
            >= 500 => "platform.broken",
            _ => "request.invalid",
        };
        problem.Detail ??= status switch
        {
            404 => NoSuchPath,
            405 => "This path does not take this method. The paths are listed in /openapi/v1.json.",
            415 => InJson,
            >= 500 => "This is a fault of the platform. Try again; if it stays, give the trace id to its operator.",
            _ => null,
        };

        problem.Type = $"{Page}{problem.Extensions["code"]}";
        problem.Title = TitleOf(status);
    }

    /// <summary>What the shape of a body lacks, field by field.</summary>
    private static ProblemDetails OfShape(HttpValidationProblemDetails validation)
    {
        var problem = New(StatusCodes.Status400BadRequest, "request.invalid", "Some fields are not right; see errors.");
        problem.Extensions["errors"] = validation.Errors
            .SelectMany(field => field.Value.Select(detail => new FieldError(PointerOf(field.Key), "field.invalid", detail)))
            .ToArray();
        return problem;
    }

    /// <summary><c>Period.From</c> becomes <c>#/period/from</c>, <c>To[0]</c> becomes <c>#/to/0</c>.</summary>
    private static string PointerOf(string member) =>
        "#/" + string.Join('/', member.Replace("]", "", StringComparison.Ordinal).Split('.', '[').Where(part => part.Length > 0).Select(JsonNamingPolicy.CamelCase.ConvertName));

    /// <summary>
    /// Writes what the framework answers by itself. The framework's own writer stays away where the caller accepts no JSON, and what is then sent
    /// is no problem and has no code.
    /// </summary>
    private sealed class WhateverIsAccepted : IProblemDetailsWriter
    {
        public bool CanWrite(ProblemDetailsContext context) => true;

        public ValueTask WriteAsync(ProblemDetailsContext context) =>
            new(new Problem(context.ProblemDetails is HttpValidationProblemDetails validation ? OfShape(validation) : context.ProblemDetails, null, null).ExecuteAsync(context.HttpContext));
    }

    /// <summary>Requests that could not be read, and machinery that is away.</summary>
    private sealed class BadRequests(ILogger<BadRequests> logger) : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
        {
            var result = exception switch
            {
                BadHttpRequestException { InnerException: JsonException json } => OfJson(json),
                JsonException json => OfJson(json),
                BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } =>
                    Of(StatusCodes.Status408RequestTimeout, "request.too-slow", "The body came too slowly, and nothing was done. Send it again."),
                BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => TooLarge(),
                BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType } => NotJson(),
                BadHttpRequestException bad => OfRequest(bad),
                UnreadableCursorException => OfCursor(),
                ViewsBehindException behind => Of(StatusCodes.Status503ServiceUnavailable, "platform.behind", behind.Message, TimeSpan.FromSeconds(1)),
                _ when Silos.AreAway(exception) => OfSilos(httpContext.Features.Get<CommandKey>()),
                _ => null,
            };
            if (result is null) return false;
            if (httpContext.Response.HasStarted) return false;
            if (Silos.AreAway(exception)) Log.Unavailable(logger, httpContext.Request.Path, exception);
            await result.ExecuteAsync(httpContext);
            return true;
        }

        private static Problem OfJson(JsonException json)
        {
            // A path such as $.to[0] says which field could not be read.
            var path = json.Path is { Length: > 1 } at ? PointerOf(at.TrimStart('$').TrimStart('.')) : "#";
            var markup = json.Message.StartsWith(PlainText.Refused, StringComparison.Ordinal);
            var code = markup ? "text.markup" : json.Path is { Length: > 1 } ? "field.unreadable" : "json.unreadable";
            var detail = markup ? PlainText.Refused
                : json.Path is { Length: > 1 } ? "This field cannot be read: a date is YYYY-MM-DD and must exist, a number has no quotes, a name must be one of those offered."
                : "The body is no JSON that can be read.";
            return Of(StatusCodes.Status400BadRequest, code, detail, null, new FieldError(path, code, detail));
        }

        private static Problem OfSilos(CommandKey? command)
        {
            var wait = TimeSpan.FromSeconds(2);
            if (command is null) return Of(StatusCodes.Status503ServiceUnavailable, "platform.unavailable", "The platform did not answer in time. Try again.", wait);
            var problem = New(
                StatusCodes.Status503ServiceUnavailable, "platform.unavailable",
                "The platform did not answer in time. Whether it was done is not known: send the same command again with this idempotencyKey in Idempotency-Key, and it is done once.");
            problem.Extensions["idempotencyKey"] = command.Key;
            return new Problem(problem, null, wait);
        }

        private static Problem OfCursor()
        {
            const string Unreadable = "'after' is no cursor of this list. Give it the 'next' of the page before as it is, or leave it out for the first page.";
            return Of(StatusCodes.Status400BadRequest, "page.cursor", Unreadable, null, new FieldError("#/after", "page.cursor", Unreadable));
        }

        private static Problem OfRequest(BadHttpRequestException bad)
        {
            if (bad.Message.EndsWith("from body.", StringComparison.Ordinal))
            {
                const string Missing = "The body is missing. Send it as a JSON object.";
                return Of(bad.StatusCode, "json.unreadable", Missing, null, new FieldError("#", "json.unreadable", Missing));
            }

            if (Parameter().Match(bad.Message) is not { Success: true } match)
                return Of(bad.StatusCode, "request.invalid", "The request cannot be read. See /openapi/v1.json for what the path takes.");
            var name = JsonNamingPolicy.CamelCase.ConvertName(match.Groups["name"].Value);
            var detail = $"'{name}' cannot be read: a date is YYYY-MM-DD and must exist, a number is whole, a name must be one of those offered. See /openapi/v1.json.";
            return Of(bad.StatusCode, "request.invalid", detail, null, new FieldError($"#/{name}", "parameter.unreadable", detail));
        }
    }

    /// <summary>The framework names the parameter with its type, which says nothing to a caller.</summary>
    [GeneratedRegex("parameter \"[^\"]*?(?<name>\\w+)\"")]
    private static partial Regex Parameter();

    public static Problem NotJson() => Of(StatusCodes.Status415UnsupportedMediaType, "request.not-json", InJson);

    public static Problem OtherFile(string wanted) => Of(StatusCodes.Status415UnsupportedMediaType, "request.other-file", $"A file of the type {wanted} is taken here, and the header Content-Type says so.");

    public static Problem TooLarge() =>
        Of(StatusCodes.Status413PayloadTooLarge, "request.too-large", "The body is larger than this platform takes. Send less at once.");
}
