using System.Text;
using Coordination.Domain.Erasures;
using Coordination.Host.Views;

namespace Coordination.Host.Erasures;

/// <summary>Looks up the entries whose texts are to be erased.</summary>
internal static class ErasableEntries
{
    /// <summary>
    /// The entries at these positions, those that they refer to, and those of the same streams that refer to any of them, by position.
    /// Unknown positions are left out.
    /// </summary>
    public static async Task<IReadOnlyDictionary<long, Erasable>> Of(IJournal journal, World world, IReadOnlyCollection<long> positions, CancellationToken cancellation = default)
    {
        var (found, streams) = (new Dictionary<long, Erasable>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var entry in await journal.ReadAt([.. positions.Distinct()], cancellation)) Add(entry);
        var named = found.Values.SelectMany(entry => entry.RefersTo.Append(entry.Position)).ToHashSet();
        // A text and all that refers to it stand in one stream.
        foreach (var stream in streams.ToList())
        {
            await foreach (var entry in journal.ReadStream(stream, 0, cancellation))
                if (named.Contains(entry.Position) || entry.ToFact().RefersTo().Any(named.Contains)) Add(entry);
        }

        return found;

        void Add(Entry entry)
        {
            if (found.ContainsKey(entry.Position)) return;
            streams.Add(entry.Stream);
            var audience = FactJson.ReadAudience(entry.Audience);
            found.Add(entry.Position, new(
                entry.Position, Encoding.UTF8.GetString(entry.Audience),
                [.. (audience.Bodies ?? []).Concat(Concerned(world, entry.Stream)).Append(entry.Body).OfType<string>().Distinct()], entry.Texts is not null,
                entry.ToFact().RefersTo()));
        }
    }

    /// <summary>The bodies that a stream is about. Those that may not see an entry are told nothing of it all the same.</summary>
    private static IEnumerable<string> Concerned(World world, string stream) => EntryFacts.Split(stream) switch
    {
        ("body", var id) => [id],
        ("plan", var id) => world.Plan(id)?.State.Parties ?? [],
        ("request", var id) => world.Request(id)?.State.Parties ?? [],
        ("group", var id) => world.MembersOf(id),
        _ => [],
    };
}
