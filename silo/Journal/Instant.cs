namespace Coordination.Journal;

/// <summary>Moments as the journal keeps them: whole microseconds since 1970 in UTC. What is finer is cut off.</summary>
internal static class Instant
{
    private const long EpochMicroseconds = 62_135_596_800_000_000;

    /// <summary>The first and the last one within the calendar.</summary>
    public const long First = -EpochMicroseconds;
    public static readonly long Last = DateTimeOffset.MaxValue.UtcTicks / TimeSpan.TicksPerMicrosecond - EpochMicroseconds;

    public static long ToMicroseconds(DateTimeOffset moment) =>
        moment.UtcTicks / TimeSpan.TicksPerMicrosecond - EpochMicroseconds;

    /// <summary>Whether it is within the calendar.</summary>
    public static bool IsOne(long microseconds) => microseconds >= First && microseconds <= Last;

    public static DateTimeOffset FromMicroseconds(long microseconds) =>
        new((microseconds + EpochMicroseconds) * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}
