using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Coordination.Contracts.Feed;
using Microsoft.Net.Http.Headers;

namespace Coordination.Gateway.Http;

/// <summary>What a write answers.</summary>
/// <param name="Id">What was made or changed.</param>
/// <param name="Version">
/// Its version, for the next <c>If-Match</c>: the position of its last change. A change of what the reader may not see moves no version.
/// </param>
/// <param name="Position">Where the journal stands with it; give it to reads as <c>seen</c>.</param>
public sealed record Receipt(string Id, long Version, long Position);

/// <summary>Gives a command to its grain, with what the request's headers say of it.</summary>
public sealed partial class Commands(IHttpContextAccessor accessor, Grains grains, Silos silos, ReadYourWrites writes)
{
    private HttpContext Http => accessor.HttpContext!;

    /// <summary>Makes something new.</summary>
    /// <param name="given">Id that the caller chose, or null for one that the platform makes.</param>
    /// <param name="begins">How the id that the platform makes begins, or null: with a letter for the noun.</param>
    public async Task<MadeOrNot> Make(string noun, string? given, Func<string, CommandHeader, Task<Outcome>> execute, string? begins = null)
    {
        if (Header(out var header, versionNeeded: false) is { } problem) return problem;
        // What is new has no version that anyone could have seen.
        header = header with { ExpectedVersion = null };
        var id = given ?? NewId.Of(noun[0], header.Command, begins: begins);
        var outcome = await Tell(() => execute(id, header));
        if (outcome is Refused refused) return Problems.Of(refused.Refusal);
        var done = (Done)outcome;
        var receipt = ReceiptOf(done);
        return done.Repeated ? TypedResults.Ok(receipt) : TypedResults.Created($"/api/v1/{(noun == "body" ? "bodies" : noun + "s")}/{id}", receipt);
    }

    /// <summary>Changes something that is there. The caller names the version it saw (<c>If-Match</c>).</summary>
    /// <param name="subject">What must be visible to the caller before its grain is woken, or null when it is the caller's own.</param>
    /// <param name="changesRights">Whoever is answered after it meets no silo that knows older rights.</param>
    public async Task<DoneOrNot> Change(Subject? subject, Func<CommandHeader, Task<Outcome>> execute, bool versionNeeded = true, bool changesRights = false)
    {
        var asker = Http.Asker();
        if (subject is not null && !await silos.Ask(() => grains.Visibility.MaySee(asker, subject))) return Problems.NotFound(subject.Kind);
        if (Header(out var header, versionNeeded) is { } problem) return problem;
        var outcome = await Tell(() => execute(header));
        if (outcome is Refused refused) return Problems.Of(refused.Refusal);
        var done = (Done)outcome;
        if (changesRights) writes.ReachRights(done.Position);
        return TypedResults.Ok(ReceiptOf(done));
    }

    private async Task<Outcome> Tell(Func<Task<Outcome>> execute)
    {
        var outcome = await silos.Tell(execute);
        if (outcome is Done done) writes.Reach(done.Position);
        return outcome;
    }

    private Receipt ReceiptOf(Done done)
    {
        Http.Response.Headers.ETag = Versions.TagOf(done.Version);
        if (done.Repeated) Http.Response.Headers["Idempotent-Replayed"] = "true";
        return new(done.Id, done.Version, done.Position);
    }

    private Problem? Header(out CommandHeader header, bool versionNeeded)
    {
        header = null!;
        var request = Http.Request;
        long? version = null;
        if (request.Headers.IfMatch is [var match])
        {
            if (!Versions.TryRead(match ?? "", out version))
                return Problems.Of(StatusCodes.Status400BadRequest, "version.unreadable", "If-Match names one version as \"v17\", or * for any.");
        }
        else if (request.Headers.IfMatch.Count > 1)
        {
            return Problems.Of(StatusCodes.Status400BadRequest, "version.unreadable", "If-Match names one version as \"v17\", or * for any.");
        }
        else if (versionNeeded)
        {
            return Problems.Of(StatusCodes.Status428PreconditionRequired, "version.missing", "Say in If-Match which version you have seen, as \"v17\" from its ETag, or * for any.");
        }

        // Rising in time: random ones would each dirty a page of the journal's index of their own.
        var key = Guid.CreateVersion7().ToString("N");
        if (request.Headers.TryGetValue("Idempotency-Key", out var keys))
        {
            if (keys is not [{ } given] || ReadKey(given) is not { } read)
                return Problems.Of(StatusCodes.Status400BadRequest, "idempotency.key-unreadable", "Idempotency-Key is one text in double quotes, 1 to 200 printable characters.");
            key = read;
        }

        string? language = null;
        if (request.Headers.TryGetValue(HeaderNames.ContentLanguage, out var languages))
        {
            if (languages is not [{ } given] || !LanguageTag().IsMatch(given))
                return Problems.Of(StatusCodes.Status400BadRequest, "language.unreadable", "Content-Language is one tag of BCP 47, such as fr or pt-BR.");
            language = given;
        }

        // Whoever is not answered can send the same again, also without having given a key.
        Http.Features.Set(new CommandKey(key));
        var account = Http.Account();
        header = new(account, CommandHeader.CommandOf(account, key), Fingerprint(), version, Http.ActingFor(), writes.Rights, "web", language);
        return null;
    }

    /// <summary>The form of a tag of BCP 47; whether its parts are registered is not looked up.</summary>
    [GeneratedRegex("^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$")]
    private static partial Regex LanguageTag();

    /// <summary>A structured-field string; a bare token is taken too.</summary>
    private static string? ReadKey(string header)
    {
        var text = header.Trim();
        if (text.Length >= 2 && text[0] == '"' && text[^1] == '"')
            text = text[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);
        return text.Length is >= 1 and <= 200 && text.All(character => character is >= ' ' and <= '~') ? text : null;
    }

    /// <summary>What the command says: method, path, for whom, and the request's body.</summary>
    private string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{Http.Request.Method} {Http.Request.Path}\n{Http.ActingFor()}\n"));
        if (Http.Features.Get<ReadBody>() is { } body) hash.AppendData(body.Bytes.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>Under which the command of this request is remembered for its caller.</summary>
public sealed record CommandKey(string Key);

/// <summary>A name of an enumeration in a query, written as in JSON: <c>under-implementation</c>. The framework would take the names of C#, and numbers.</summary>
public readonly record struct Named<T>(T Value) where T : struct, Enum
{
    public static bool TryParse(string? text, IFormatProvider? provider, out Named<T> named)
    {
        var value = EnumNames.Parse<T>(text ?? "");
        named = new(value.GetValueOrDefault());
        return value is not null;
    }

    public override string ToString() => EnumNames.NameOf(Value);
}

/// <summary>One of the sorts of a list in a query, written as in JSON, with a minus in front when it falls: <c>-due</c>.</summary>
public readonly record struct Sorted<T>(T Value, bool Falls) where T : struct, Enum
{
    public static bool TryParse(string? text, IFormatProvider? provider, out Sorted<T> sorted)
    {
        var falls = text?.StartsWith('-') == true;
        var value = EnumNames.Parse<T>(falls ? text![1..] : text ?? "");
        sorted = new(value.GetValueOrDefault(), falls);
        return value is not null;
    }

    public override string ToString() => (Falls ? "-" : "") + EnumNames.NameOf(Value);
}

/// <summary>Which page of a list, and what it must at least show.</summary>
/// <param name="After">Cursor from <c>next</c> of the page before.</param>
/// <param name="Limit">1 to 500; 100 when not given.</param>
/// <param name="Seen">Position from a write that the answer must include.</param>
public sealed record ListQuery(string? After, [property: Range(1, 500)] int? Limit, [property: Range(0, long.MaxValue)] long? Seen)
{
    public Paging Paging => new(After, Limit ?? 100);

    public Asker AskedBy(HttpContext http) => http.Asker(Seen);
}

/// <summary>Which page of a list that is searched and sorted, and what it must at least show.</summary>
/// <param name="Q">Words, each of which stands in an item or begins a word of it, in any order.</param>
/// <param name="After">Cursor from <c>next</c> of the page before, which had the same filters, search, sort and language.</param>
/// <param name="Limit">1 to 500; 100 when not given.</param>
/// <param name="Seen">Position from a write that the answer must include.</param>
public sealed record SearchQuery([property: StringLength(200)] string? Q, string? After, [property: Range(1, 500)] int? Limit, [property: Range(0, long.MaxValue)] long? Seen)
{
    public Paging PagingFor<T>(Sorted<T>? sort, HttpContext http) where T : struct, Enum => PagingFor(http) with { Sort = sort?.ToString() };

    public Paging PagingFor(HttpContext http) => new(After, Limit ?? 100, Q, null, Languages.Of(http.Request));

    public Asker AskedBy(HttpContext http) => http.Asker(Seen);
}

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "A proxy says who comes and is not believed, since it is not named: everyone behind it shares the bounds of one network, and nobody signs in by a name of the platform. Set Proxy to its address or network")]
    public static partial void ProxyNotNamed(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path}: no silo answered in time")]
    public static partial void Unavailable(ILogger logger, string path, Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A {Kind} for {Path} was not answered; trying again")]
    public static partial void AskedAgain(ILogger logger, string kind, PathString? path, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Changes after position {Position} could not be read; trying again ({What}: {Text})")]
    public static partial void NotRefilled(ILogger logger, long position, string what, string text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The cluster could not be told who is here, or asked; trying again ({What}: {Text})")]
    public static partial void NotTold(ILogger logger, string what, string text);

    [LoggerMessage(Level = LogLevel.Error, Message = "Something broke; going on")]
    public static partial void Unexpected(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "A viewer of {Body} was too slow and reads the feed from {Position}")]
    public static partial void TooSlow(ILogger logger, string? body, long position);
}
