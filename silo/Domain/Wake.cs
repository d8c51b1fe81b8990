namespace Coordination.Domain;

/// <summary>A moment at which a state wants to be woken.</summary>
/// <param name="Name">Of the clock, such as <c>expiry</c>. A state has at most one wake of each name.</param>
/// <param name="At">
/// When, in UTC. In the past it rings at once, and about every ten minutes until the state wants something else: what comes of a
/// due wake must be a fact.
/// </param>
/// <param name="Since">Position of the entry that set it, which is the cause of what comes of it; null when that is not known.</param>
public readonly record struct Wake(string Name, DateTimeOffset At, long? Since = null);

/// <summary>A state that has clocks. It says when it wants to be woken; setting them is not its business.</summary>
public interface IWoken
{
    /// <summary>Every wake that this state waits for, in any order. Empty when it waits for none.</summary>
    IEnumerable<Wake> Wakes();
}

/// <summary>
/// The command that a clock gives: it rang. No caller can send it. Clocks are never stopped: the rule asks the state whether it means
/// anything (<see cref="Clock.IsDue"/>).
/// </summary>
public sealed record Rang(string Name);

/// <summary>What is asked of a state's clocks.</summary>
public static class Clock
{
    /// <summary>The wake of a name that a state waits for, or null. Any object may be asked; null and a state without clocks wait for none.</summary>
    public static Wake? Wake(this object? state, string name)
    {
        foreach (var wake in Wakes(state))
            if (wake.Name == name) return wake;
        return null;
    }

    /// <inheritdoc cref="IWoken.Wakes"/>
    public static IEnumerable<Wake> Wakes(object? state) => (state as IWoken)?.Wakes() ?? [];

    /// <summary>Whether the state waits for this clock, and its moment has come.</summary>
    public static bool IsDue(this Rang rang, object? state, DateTimeOffset now) => state.Wake(rang.Name) is { } wake && wake.At <= now;
}
