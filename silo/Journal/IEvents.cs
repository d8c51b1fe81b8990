namespace Coordination.Journal;

/// <summary>
/// What happened at the doors, beside the log and for a while only: it names persons' places, so it must pass. Numbered from 1 in the order of
/// writing. On disk when the task completes. Safe for concurrent use.
/// </summary>
public interface IEvents
{
    /// <summary>Adds events, all or none, in the order in which they are given.</summary>
    Task Note(IReadOnlyCollection<NewEvent> events, CancellationToken cancellation = default);

    /// <summary>At most <paramref name="limit"/> events of a scope with a number below <paramref name="before"/> (null: from the end), newest first.</summary>
    /// <param name="name">Of the events; null for all.</param>
    /// <param name="account">Which did it or is concerned; null for any.</param>
    Task<IReadOnlyList<Event>> Read(string scope, string? name, string? account, long? before, int limit, CancellationToken cancellation = default);

    /// <summary>Forgets from where an account did something, or from where something was done about it.</summary>
    Task ForgetPlaces(string account, CancellationToken cancellation = default);

    /// <summary>Forgets what is over, and where all came from that is older than <paramref name="placesBefore"/>.</summary>
    /// <param name="before">Events before this moment go.</param>
    /// <param name="most">Of all events that were ever noted, among so many of the newest those of a bounded name stay.</param>
    /// <param name="bounded">Names of events that anybody can bring about as often as one likes: they push out no others.</param>
    Task Pass(DateTimeOffset before, DateTimeOffset placesBefore, long most, IReadOnlyCollection<string> bounded, CancellationToken cancellation = default);
}

/// <param name="Scope">Whom it is for: what is read together.</param>
/// <param name="Account">Which did it; null when that is not known.</param>
/// <param name="About">The account that it was done about.</param>
/// <param name="Place">From where; forgotten sooner than the rest.</param>
public sealed record NewEvent(DateTimeOffset At, string Scope, string Name, string? Account, string? About, byte[]? Place, byte[] Data);

/// <inheritdoc cref="NewEvent"/>
public sealed record Event(long Number, DateTimeOffset At, string Name, string? Account, string? About, byte[]? Place, byte[] Data);
