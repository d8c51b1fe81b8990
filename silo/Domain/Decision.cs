namespace Coordination.Domain;

/// <summary>What a rule answers: facts, or a refusal. No facts and no refusal means: it is so already.</summary>
public readonly record struct Decision(ImmutableArray<Fact> Facts, Refusal? Refusal)
{
    public static readonly Decision Nothing = new([], null);

    /// <summary>Null: the answer of a <see cref="Guard{TThing}"/> when the content of the command decides.</summary>
    public static readonly Decision? Undecided;

    public static Decision Of(params ReadOnlySpan<Fact> facts) => new([.. facts], null);

    public static implicit operator Decision(Fact fact) => new([fact], null);
    public static implicit operator Decision(Refusal refusal) => new([], refusal);
}

/// <summary>What a rule may know besides its own state.</summary>
/// <param name="Actor">Who gives the command.</param>
/// <param name="Now">The moment, in UTC.</param>
/// <param name="Directory">Who else there is.</param>
/// <param name="Command">Id of the command, from which the ids of what it makes follow (<see cref="NewId"/>). Empty where it is only asked what may be done.</param>
public readonly record struct Situation(Actor Actor, DateTimeOffset Now, IDirectory Directory, string Command = "");
