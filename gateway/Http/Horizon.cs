namespace Coordination.Gateway.Http;

/// <summary>
/// How far this gateway has seen the journal: in its answers to writes, and live. Whoever asks through it is shown at least
/// that, whichever silo answers, so that a read never goes back behind a write.
/// </summary>
public sealed class Horizon
{
    private long _position;

    public long Position => Volatile.Read(ref _position);

    public void Reach(long position)
    {
        for (var seen = Position; position > seen; seen = Position)
        {
            if (Interlocked.CompareExchange(ref _position, position, seen) == seen) return;
        }
    }
}

internal static class Asking
{
    /// <summary>The caller as one who asks.</summary>
    /// <param name="seen">Position that the caller says it has seen.</param>
    public static Asker Asker(this HttpContext http, long? seen = null) =>
        new(http.User.Identity!.Name!, Math.Max(seen ?? 0, http.RequestServices.GetRequiredService<Horizon>().Position));
}
