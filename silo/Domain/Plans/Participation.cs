using Coordination.Contracts.Bodies;

namespace Coordination.Domain.Plans;

/// <summary>
/// A part in a measure: a role and who has it. That is a body of the platform, a class of bodies, or somebody whom the plan names and the platform does
/// not know: exactly one of the three. A measure of which the plan states no lead has no participation in this role.
/// </summary>
/// <param name="Body">Id of a body.</param>
/// <param name="Class">Every body of a kind.</param>
/// <param name="Name">As the plan has it.</param>
public sealed record Participation(ParticipationRole Role, string? Body = null, BodyClass? Class = null, [property: Text] string? Name = null)
{
    /// <summary>The body that answers for a measure, and those that support it.</summary>
    public static Participation[] Of(string lead, params IEnumerable<string> supporting) =>
        [new(ParticipationRole.Lead, lead), .. supporting.Select(body => new Participation(ParticipationRole.Cooperating, body))];
}

/// <summary>What a body does in a measure.</summary>
public enum ParticipationRole
{
    /// <summary>Answers for it.</summary>
    Lead,
    /// <summary>Answers for it together with the lead.</summary>
    CoLead,
    Cooperating,
    Partner,
    /// <summary>Takes part if it agrees, and owes nothing.</summary>
    ByConsent,
}

/// <summary>Bodies that a plan addresses together, such as all administrations of regions.</summary>
/// <param name="Parent">Only those that belong to this body; null: all of the kind.</param>
public sealed record BodyClass(BodyKind Kind, string? Parent = null);
