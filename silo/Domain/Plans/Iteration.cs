namespace Coordination.Domain.Plans;

/// <summary>Which plan it is in the body's own count.</summary>
/// <param name="Number">From 1.</param>
/// <param name="AtLeast">All that is known is that it is this one or a later one.</param>
public readonly record struct Iteration(int Number, bool AtLeast)
{
    public static Iteration? Of(Contracts.Plans.Iteration? said) => said is null ? null : new(said.Number, said.AtLeast);

    public Contracts.Plans.Iteration ToContract() => new(Number, AtLeast);
}
