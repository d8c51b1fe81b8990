using System.Numerics;

namespace Coordination.Domain;

/// <summary>Says whether an actor may do something with a thing as it is now, whatever the content of the command.</summary>
/// <returns>
/// <see cref="Decision.Undecided"/> (null) when the actor may: the content then decides the outcome. Otherwise the outcome for any content: a refusal, or no facts
/// because it is so already.
/// </returns>
public delegate Decision? Guard<TThing>(TThing thing, in Situation situation);

/// <summary>
/// The verbs of a thing by their names in the API: a closed set. A rule asks the guard of a verb before it looks at the content of a command, and lists ask the
/// same guard: a verb that is listed is not refused.
/// </summary>
/// <param name="all">At most 32, in the order in which they are listed.</param>
public sealed class Verbs<TThing>(params (string Name, Guard<TThing> Guard)[] all)
{
    public IEnumerable<string> Names => all.Select(verb => verb.Name);

    /// <summary>The verbs that the actor may use now and that would change something.</summary>
    public string[] Allowed(TThing thing, in Situation situation)
    {
        var allowed = 0u;
        for (var index = 0; index < all.Length; index++)
            if (all[index].Guard(thing, situation) is null) allowed |= 1u << index;
        if (allowed == 0) return [];
        var names = new string[BitOperations.PopCount(allowed)];
        for (var index = 0; index < names.Length; index++, allowed &= allowed - 1) names[index] = all[BitOperations.TrailingZeroCount(allowed)].Name;
        return names;
    }
}
