namespace Coordination.Domain.Bodies;

/// <summary>A body as its rules need it; null stands for one that was never admitted. Holds no texts but the public names.</summary>
public sealed record BodyState(
    string Id, string Name, string? Acronym, string? TimeZone, ImmutableHashSet<string> Recorded, int? IdleMinutes = null)
{
    public static BodyState? Evolve(BodyState? state, Fact fact) => (state, fact) switch
    {
        (null, BodyAdmitted it) => new(it.Id, it.Name, it.Acronym, it.TimeZone, []),
        ({ } body, BodyProfileChanged it) => body with
        {
            Name = it.Name ?? body.Name,
            Acronym = it.Acronym ?? body.Acronym,
            TimeZone = it.TimeZone ?? body.TimeZone,
            IdleMinutes = it.IdleMinutes ?? body.IdleMinutes,
        },
        ({ } body, BodyFactRecorded it) => body with { Recorded = body.Recorded.Add("fact/" + it.Reported.Id) },
        ({ } body, BodyAgreementRecorded it) => body with { Recorded = body.Recorded.Add("agreement/" + it.Agreement.Id) },
        _ => state,
    };
}
