using Coordination.Contracts.Erasures;

namespace Coordination.Domain.Erasures;

/// <summary>An entry whose texts are to be erased, as far as the rules need it.</summary>
/// <param name="Audience">Stored form of its audience.</param>
/// <param name="Bodies">Bodies concerned.</param>
/// <param name="HasTexts">False when there are none, or none any more.</param>
/// <param name="RefersTo">Earlier positions at which texts of it stand; whoever may see it has read them too.</param>
public sealed record Erasable(long Position, string Audience, ImmutableArray<string> Bodies, bool HasTexts, ImmutableArray<long> RefersTo);

/// <summary>Who may erase texts, and what is said of it to whom.</summary>
public static class ErasureRules
{
    /// <summary>Why an actor may erase nothing; null when it may.</summary>
    public static Refusal? MayErase(Actor actor) => actor.Administers ? null : AdministratorOnly;

    /// <summary>What is wrong with a command before any entry is looked up; null when nothing is.</summary>
    public static Refusal? Check(EraseTexts command, Actor actor)
    {
        if (MayErase(actor) is { } forbidden) return forbidden;
        if (command.Reason.Trim() == TextAttribute.Erased)
            return Refusal.Invalid("#/reason", "text.length", $"Say why in 1 to {EraseTexts.LongestReason} characters.");
        return Texts.Needed("#/reason", command.Reason);
    }

    /// <summary>
    /// One fact for each audience: whoever may see an entry may see that its texts were erased, those that it refers to among them, and
    /// nobody else learns of it.
    /// </summary>
    /// <param name="command">What is asked.</param>
    /// <param name="entries">The entries that it names, those that these refer to, and those that refer to any of them, by position.</param>
    /// <param name="actor">Who asks.</param>
    public static Decision Decide(EraseTexts command, IReadOnlyDictionary<long, Erasable> entries, Actor actor)
    {
        if (Check(command, actor) is { } refusal) return refusal;
        var unknown = Array.FindIndex(command.Positions, position => !entries.ContainsKey(position));
        if (unknown >= 0)
            return Refusal.Invalid($"#/positions/{unknown}", "journal.position-unknown", "The journal has no entry at this position.");
        var gone = command.Positions.Concat(command.Positions.SelectMany(position => entries[position].RefersTo))
            .Where(position => entries[position].HasTexts).ToHashSet();
        return Decision.Of([.. entries.Values
            .Where(entry => gone.Contains(entry.Position) || entry.RefersTo.Any(gone.Contains))
            .OrderBy(entry => entry.Position).GroupBy(entry => entry.Audience, StringComparer.Ordinal)
            .Select(group => new TextsErased(
                [.. group.Select(entry => entry.Position)], [.. group.SelectMany(entry => entry.Bodies).Distinct().Order(StringComparer.Ordinal)], command.Reason.Trim())
            {
                For = FactJson.ReadAudience(group.Key),
            })]);
    }

    private static readonly Refusal AdministratorOnly = Refusal.Forbidden("journal.administrator-only", "Only an administrator erases texts from the journal.");
}
