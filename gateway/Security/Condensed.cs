using Coordination.Contracts.Security;

namespace Coordination.Gateway.Security;

/// <summary>
/// Of events of one moment, as many lines as somebody reads. The loudest are told in one line each, so that however much noise somebody makes,
/// the lines of the others stay whole and it is said who made it.
/// </summary>
public static class Condensed
{
    /// <summary>Of one kind within a moment.</summary>
    public const int MostOfAKind = 20;

    /// <summary>Of those whom one line concerns, whose bodies are told of it; the loudest first.</summary>
    public const int MostConcerned = 50;

    /// <summary>Alike are counted together, at the time of the last.</summary>
    public static IEnumerable<SecurityEvent> Of(IReadOnlyCollection<SecurityEvent> events) => events.GroupBy(it => it.Kind).SelectMany(Few).OrderBy(it => it.At);

    private static IEnumerable<SecurityEvent> Few(IEnumerable<SecurityEvent> ofAKind)
    {
        SecurityEvent[] lines = [.. ofAKind.GroupBy(static it => it with { At = default, Count = 0 }).Select(One)];
        // Whoever is signed in is a person that can be asked, and comes before networks, of which an attacker may have thousands.
        SecurityEvent[][] sources = [.. lines.GroupBy(static it => (it.Account, it.Body, Network: it.Account is null ? it.Network : null))
            .OrderByDescending(static source => source.Key.Account is not null).ThenByDescending(static source => source.Sum(it => it.Count))
            .Select(static source => source.ToArray())];
        return lines.Length <= MostOfAKind ? lines
            : sources.Length <= MostOfAKind ? OfFew(sources, lines.Length)
            : [.. sources[..(MostOfAKind / 2)].Select(One), .. OfMany(sources[(MostOfAKind / 2)..])];
    }

    /// <summary>Every source is named; the lines of the one with the most become one, until there are few.</summary>
    private static IEnumerable<SecurityEvent> OfFew(SecurityEvent[][] sources, int lines)
    {
        foreach (var source in sources.OrderByDescending(static source => source.Length))
        {
            if (lines <= MostOfAKind)
            {
                foreach (var line in source) yield return line;
                continue;
            }

            lines -= source.Length - 1;
            yield return One(source);
        }
    }

    /// <summary>Sources are no longer told apart; whom it concerns is, unless that are many too.</summary>
    private static SecurityEvent[] OfMany(SecurityEvent[][] sources)
    {
        SecurityEvent[] lines = [.. sources.SelectMany(static source => source)];
        SecurityEvent[] byConcern = [.. lines.GroupBy(ConcernOf).Select(One)];
        return byConcern.Length <= MostOfAKind / 2 ? byConcern : [One(lines)];
    }

    /// <summary>Tells several lines in one: what they have in common, how many they are, and whom each concerns.</summary>
    private static SecurityEvent One(IEnumerable<SecurityEvent> several)
    {
        var lines = several.ToArray();
        var concerned = lines.GroupBy(ConcernOf).Select(static about => new Concern(about.Key.Account, about.Key.Body, about.Sum(it => it.Count))).ToArray();
        return new(
            lines[0].Kind, lines.Max(it => it.At), Common(it => it.Account), Common(it => it.Body), Common(it => it.About), Common(it => it.AboutBody),
            Common(it => it.Network), Common(it => it.Browser), Common(it => it.System), Common(it => it.Operation), Common(it => it.Code), lines.Sum(it => it.Count),
            concerned.Length == 1 ? null : [.. concerned.OrderByDescending(it => it.Count).Take(MostConcerned)]);

        string? Common(Func<SecurityEvent, string?> member) => Array.TrueForAll(lines, it => member(it) == member(lines[0])) ? member(lines[0]) : null;
    }

    private static (string? Account, string? Body) ConcernOf(SecurityEvent it) => (it.About, it.AboutBody);
}
