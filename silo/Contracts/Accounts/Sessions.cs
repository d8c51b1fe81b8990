using System.Text.Json.Serialization;
using Coordination.Contracts.Bodies;
using Orleans.Concurrency;

namespace Coordination.Contracts.Accounts;

/// <summary>
/// One device on which a person is signed in. Kept beside the journal and never in it. It ends when it is ended, when its person has not used
/// it for as long as its body allows, and in any case <see cref="SessionTimes.Longest"/> after the password was last given.
/// </summary>
/// <param name="Id">Random. It stands in the cookie, which nobody can make who has not the platform's keys: alone it opens nothing.</param>
/// <param name="Token">Random. Only our own pages are told it, and every write carries it: another site's page can make a browser send the cookie, but not this.</param>
/// <param name="Browser">As the device says, such as Firefox; null when it says nothing known.</param>
/// <param name="System">As the device says, such as Windows.</param>
/// <param name="Network">Where it was last used from: the network of its address, such as <c>192.0.2.0/24</c>.</param>
/// <param name="Body">The body that it acts for; null for an account of none.</param>
/// <param name="Turn">How often it has gone on for another body.</param>
/// <param name="Used">When the person last asked for something with it.</param>
/// <param name="Confirmed">When the password was last given.</param>
/// <param name="Idle">For how long it may go unused: what its body says at this moment.</param>
[GenerateSerializer, Immutable, Alias("Session")]
public sealed record Session(
    string Id, string Token, string? Browser, string? System, string Network, string? Body, int Turn, DateTimeOffset Began, DateTimeOffset Used,
    DateTimeOffset Confirmed, [property: JsonIgnore] TimeSpan Idle = default)
{
    /// <summary>When it ends if it is not used any more.</summary>
    [JsonIgnore]
    public DateTimeOffset Ends => SessionTimes.Earlier(Used + (Idle > TimeSpan.Zero ? Idle : SessionTimes.Idle), EndsForGood);

    /// <summary>When it ends even if it is used, unless the password is given again.</summary>
    [JsonIgnore]
    public DateTimeOffset EndsForGood => Confirmed + SessionTimes.Longest;
}

/// <summary>A session as its owner and those responsible for it see it.</summary>
/// <param name="Body">The body that it acts for.</param>
[GenerateSerializer, Immutable, Alias("OpenSession")]
public sealed record OpenSession(string Id, string? Browser, string? System, string Network, BodyName? Body, DateTimeOffset Began, DateTimeOffset Used);

/// <summary>What is over: a session, or what it did for a body that it acts for no more.</summary>
/// <param name="Turn">What began at this turn or before; null: all of it.</param>
[GenerateSerializer, Immutable, Alias("EndedSession")]
public sealed record EndedSession(string Id, int? Turn);

/// <summary>How long sessions last.</summary>
public static class SessionTimes
{
    /// <summary>Unused, where the body allows no less.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(12);

    /// <summary>Shortest that a body can say, in minutes, so that nobody is signed out over one page.</summary>
    public const int ShortestIdle = 5;

    /// <summary>Longest that a body can say, in minutes: <see cref="Idle"/>.</summary>
    public const int LongestIdle = 720;

    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    internal static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}

/// <summary>The sessions of one account, by its id. One place decides for all gateways whether a session is alive. What is said twice is done once.</summary>
[Alias("IAccountSessionsGrain")]
public interface IAccountSessionsGrain : IGrainWithStringKey
{
    /// <summary>Begins a session; when the account has very many, the one that was not used for longest ends.</summary>
    [Alias("Begin")]
    Task<Session> Begin(Session session);

    /// <summary>The session; null when there is no such session (any more). Answered from memory, whatever else is under way.</summary>
    /// <param name="network">Where it is used from by its person; null when nobody does, as when a window reads what has changed by itself.</param>
    [Alias("Use"), AlwaysInterleave]
    Task<Session?> Use(string id, string? network);

    /// <summary>Goes on for another body. What was open for the one before ends. Null when the session has ended.</summary>
    [Alias("ActFor")]
    Task<Session?> ActFor(string id, string? body);

    /// <summary>Ends a session and begins another in its place, of the same device and time, so that a copy of its cookie opens nothing; null when it has ended.</summary>
    [Alias("Replace")]
    Task<Session?> Replace(string id, string by, string token);

    /// <summary>Notes that the password was given again; null when the session has ended.</summary>
    [Alias("Confirm")]
    Task<Session?> Confirm(string id);

    /// <summary>Those that the asker may see, the one that was used last first: a person its own, a coordinator those that act for its body, unless visitors share the account, an administrator all. Null when it may see none of this account.</summary>
    /// <param name="current">Id of the asker's own session: of an account that visitors share, the only one that it may see.</param>
    [Alias("List"), AlwaysInterleave]
    Task<OpenSession[]?> List(Asker asker, string current);

    /// <summary>Ends a session that the asker may see, if there is one. False when the asker may see none of this account.</summary>
    /// <param name="current">As in <see cref="List"/>.</param>
    [Alias("End")]
    Task<bool> End(Asker asker, string id, string current);

    /// <summary>
    /// Whether the person can object to what is done to the account: is signed in somewhere, or has given the password within
    /// <see cref="SessionTimes.Longest"/> for a session that the person did not end. So nobody wins anything by ending it.
    /// </summary>
    [Alias("MayObject"), AlwaysInterleave]
    Task<bool> MayObject();

    /// <summary>Ends all but one, as their person wants when it chooses another password; null ends all.</summary>
    [Alias("EndAll")]
    Task EndAll(string? but);

    /// <summary>Ends those that act for a body.</summary>
    [Alias("EndFor")]
    Task EndFor(string body);
}

/// <summary>
/// What has ended lately, so that every gateway closes the live connections it has of it. Key: 0, one for the cluster. Told for half a minute.
/// </summary>
[Alias("IEndedSessionsGrain")]
public interface IEndedSessionsGrain : IGrainWithIntegerKey
{
    [Alias("Note")]
    Task Note(EndedSession[] sessions);

    /// <summary>What ended within the last half minute.</summary>
    [Alias("Lately")]
    Task<EndedSession[]> Lately();
}
