namespace Coordination.EndToEnd.Tests.Faults;

/// <summary>What must be true when all is quiet. Each answers what is not.</summary>
public static class Checks
{
    private static readonly Dictionary<string, string> Rapporteurs = new(StringComparer.Ordinal)
    {
        ["FIN"] = "finland-national-rapporteur",
        ["SWE"] = "sweden-national-rapporteur",
    };

    /// <summary>Acknowledged writes are the journal's entries above a position: each once, where it was said, and nothing else.</summary>
    public static IEnumerable<string> Kept(long start, IReadOnlyCollection<Acknowledged> acknowledged, KeptJournal kept)
    {
        for (var index = 0; index < kept.Entries.Count; index++)
        {
            if (kept.Entries[index].Position == start + 1 + index) continue;
            yield return $"After {start + index} the journal goes on at {kept.Entries[index].Position}.";
            yield break;
        }

        var entries = kept.Entries.ToDictionary(entry => entry.Position);
        var commands = kept.Commands.ToLookup(command => command.Command, StringComparer.Ordinal);
        var taken = new Dictionary<long, string>();
        foreach (var (write, receipt, _, _, _, _, _) in acknowledged)
        {
            var stream = write.Stream == "request" ? $"request/{receipt.Id}" : write.Stream;
            if (!entries.TryGetValue(receipt.Position, out var entry))
                yield return $"{write.Key} was acknowledged at {receipt.Position} and is not there.";
            else if (entry.Stream != stream || receipt.Version != receipt.Position || (write.Text is { } text && !entry.Texts.Contains(text, StringComparison.Ordinal)))
                yield return $"{write.Key} was acknowledged at {receipt.Position} as version {receipt.Version} of {stream}; there stands a fact of {entry.Stream}: {entry.Data} {entry.Texts}";
            if (!taken.TryAdd(receipt.Position, write.Key))
                yield return $"{write.Key} and {taken[receipt.Position]} were both acknowledged at {receipt.Position}.";
            var digest = write.CommandOf(entry?.Actor ?? "");
            if (commands[digest].ToList() is not [var command] || command.Position != receipt.Position || command.Version != entry?.Version || command.Stream != stream)
                yield return $"{write.Key} was acknowledged at {receipt.Position}; its command is kept as: {string.Join(", ", commands[digest])}";
        }

        foreach (var entry in kept.Entries.Where(entry => !taken.ContainsKey(entry.Position)))
            yield return $"Nobody was told of what stands at {entry.Position}: {entry.Stream} {entry.Data}";
        if (kept.Commands.Count != acknowledged.Count)
            yield return $"{kept.Commands.Count} commands are kept and {acknowledged.Count} were acknowledged.";
    }

    /// <summary>What the viewer is due by the audiences in the database, which no code of the platform has read.</summary>
    public static IEnumerable<KeptEntry> Due(Sight viewer, KeptJournal kept) => kept.Entries.Where(entry =>
        !entry.Stream.StartsWith("inbox/", StringComparison.Ordinal)
        && (viewer.Topics.Contains("all") || entry.Topics.Intersect(viewer.Topics).Any())
        && Admits(entry.Audience, viewer.Body));

    /// <summary>The feed shows the viewer what it is due, with the words that were written.</summary>
    public static IEnumerable<string> Fed(Sight viewer, List<Seen> fed, KeptJournal kept, IReadOnlyCollection<Acknowledged> acknowledged)
    {
        var words = acknowledged.ToDictionary(one => one.Receipt.Position, one => one.Write.Text);
        foreach (var seen in fed.Where(seen => !words.TryGetValue(seen.Position, out var text) || text != seen.Text))
            yield return $"The feed shows {viewer.Name} “{seen.Text}” at {seen.Position}, where “{words.GetValueOrDefault(seen.Position)}” was written.";
        if (Difference([.. Due(viewer, kept).Select(entry => entry.Position)], [.. fed.Select(seen => seen.Position)]) is { } difference)
            yield return $"By the audiences in the database, the feed of {viewer.Name} {difference}";
        if (fed.Count == 0)
            yield return $"{viewer.Name} may see nothing of the load: it watches in vain.";
    }

    /// <summary>The viewer saw what the feed shows it: all of it, in order, none twice; and no line broke its own promise.</summary>
    public static IEnumerable<string> Watched(Sight viewer, List<Seen> fed)
    {
        foreach (var broken in viewer.Broken) yield return $"To {viewer.Name}: {broken}";
        if (Difference([.. fed.Select(seen => seen.Position)], [.. viewer.Taken.Select(seen => seen.Position)]) is { } difference)
            yield return $"{viewer.Name}, on line {viewer.Lines}, {difference}";
        else if (!viewer.Taken.SequenceEqual(fed))
            yield return $"{viewer.Name} saw other words than its feed shows.";
    }

    private static string? Difference(long[] expected, long[] actual)
    {
        if (expected.SequenceEqual(actual)) return null;
        var (missing, extra) = (expected.Except(actual).ToArray(), actual.Except(expected).ToArray());
        return missing.Length + extra.Length == 0
            ? "has the right entries in the wrong order, or twice."
            : $"lacks {missing.Length} of {expected.Length} (at {string.Join(", ", missing.Take(5))}) and has {extra.Length} too many (at {string.Join(", ", extra.Take(5))}).";
    }

    /// <summary>The rule of <c>Audience</c> in the domain, told once more.</summary>
    private static bool Admits(JsonElement audience, string body)
    {
        var mark = audience.GetProperty("mark").GetString();
        if (mark is "public" or "community" || Names("bodies").Contains(body)) return true;
        return mark != "named"
            && ((Names("groups").Contains(Writers.Group) && Writers.Members.Contains(body)) || Names("states").Any(state => Rapporteurs.GetValueOrDefault(state) == body));

        List<string> Names(string what) =>
            audience.TryGetProperty(what, out var names) && names.ValueKind is JsonValueKind.Array ? [.. names.EnumerateArray().Select(name => name.GetString()!)] : [];
    }
}
