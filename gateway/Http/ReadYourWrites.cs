using Coordination.Gateway.Sessions;

namespace Coordination.Gateway.Http;

/// <summary>
/// How far this gateway has seen the journal: in its answers to writes, and live. Whoever asks through it is shown at least
/// that, whichever silo answers, so that a read never goes back behind a write.
/// </summary>
public sealed class ReadYourWrites
{
    private long _position;
    private long _rights;

    public long Position => Volatile.Read(ref _position);

    /// <summary>
    /// Position of the last change of a right that is known here. What is asked through this gateway is allowed by rights that are at
    /// least as new, whichever silo is asked.
    /// </summary>
    public long Rights => Volatile.Read(ref _rights);

    public void Reach(long position) => Raise(ref _position, position);

    public void ReachRights(long position) => Raise(ref _rights, position);

    private static void Raise(ref long target, long position)
    {
        for (var seen = Volatile.Read(ref target); position > seen; seen = Volatile.Read(ref target))
        {
            if (Interlocked.CompareExchange(ref target, position, seen) == seen) return;
        }
    }
}

internal static class Asking
{
    /// <summary>In which a program says for which body it acts, where that is not the body of its session.</summary>
    public const string ActingForHeader = "Acting-For";

    /// <summary>The caller's account.</summary>
    public static string Account(this HttpContext http) => http.User.Identity!.Name!;

    /// <summary>The body that the caller wants to act for: as the request says, else as the session does. Null for one that belongs to none.</summary>
    public static string? ActingFor(this HttpContext http) =>
        http.Request.Headers.TryGetValue(ActingForHeader, out var given) ? given.ToString() : http.Session().Body;

    /// <summary>The caller as one who asks.</summary>
    /// <param name="seen">Position that the caller says it has seen.</param>
    public static Asker Asker(this HttpContext http, long? seen = null) =>
        new(http.Account(), Math.Max(seen ?? 0, http.RequestServices.GetRequiredService<ReadYourWrites>().Position), http.ActingFor());

    /// <summary>The caller as one who asks what it may do.</summary>
    public static Asker AskerOfRights(this HttpContext http) =>
        new(http.Account(), http.RequestServices.GetRequiredService<ReadYourWrites>().Rights, http.ActingFor());
}
