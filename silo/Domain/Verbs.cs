using System.Numerics;

namespace Coordination.Domain;

/// <summary>
/// Whether an actor may do something with a thing as it is now, whatever the command says besides.
/// </summary>
/// <returns>
/// Null when it may: then the content of the command decides what comes of it. Otherwise what comes of it in any case: a refusal, or nothing where it is so
/// already.
/// </returns>
public delegate Decision? Guard<TThing>(TThing thing, in Situation situation);

/// <summary>
/// What can be done with a thing, by the names in the API: a closed set. A rule asks the guard of a verb before it looks into the command, and lists ask the
/// same one: what they name is what is not refused.
/// </summary>
/// <param name="all">At most 32, in the order in which they are listed.</param>
public sealed class Verbs<TThing>(params (string Name, Guard<TThing> Guard)[] all)
{
    public IEnumerable<string> Names => all.Select(verb => verb.Name);

    /// <summary>What the actor may do now, and would change something by it.</summary>
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
