namespace Coordination.Domain.Bodies;

/// <summary>A body as its rules need it; null stands for one that was never admitted. Holds no texts but the public names.</summary>
public sealed record BodyState(
    string Id, string Name, string? Acronym, string? TimeZone, ImmutableHashSet<string> Recorded, int? IdleMinutes = null);
