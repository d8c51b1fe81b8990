using System.Diagnostics.CodeAnalysis;
using Coordination.Contracts.Plans;

namespace Coordination.Domain.Plans;

/// <summary>The days that a plan covers.</summary>
/// <param name="To">Last day, inclusive; null when open or not stated.</param>
public sealed record PlanPeriod(DateOnly? From, DateOnly? To)
{
    [return: NotNullIfNotNull(nameof(said))]
    public static implicit operator PlanPeriod?(Period? said) => said is null ? null : new(said.From, said.To);

    [return: NotNullIfNotNull(nameof(kept))]
    public static implicit operator Period?(PlanPeriod? kept) => kept is null ? null : new(kept.From, kept.To);
}
