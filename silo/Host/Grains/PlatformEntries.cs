using Coordination.Host.Views;

namespace Coordination.Host.Grains;

/// <summary>What the operator's tool writes without a platform that runs: in the platform's own name, and of no command.</summary>
internal static class PlatformEntries
{
    /// <summary>The entries that facts become, one after the other.</summary>
    /// <param name="id">Of what they are about.</param>
    /// <param name="state">Before them.</param>
    /// <param name="directory">Who else there is.</param>
    /// <param name="facts">All of one noun.</param>
    public static NewEntry[] Of<TState>(string id, TState? state, IDirectory directory, IEnumerable<Fact> facts) where TState : class =>
    [
        .. facts.Cast<Fact<TState>>().Select(fact =>
        {
            state = fact.Evolve(id, state) ?? throw new InvalidOperationException($"{fact.GetType().Name} leaves no state.");
            return fact.ToEntry(id, state, directory);
        }),
    ];

    /// <returns>False when a platform that runs has written to the stream at the same moment.</returns>
    public static async Task<bool> Append(
        IJournal journal, TimeProvider time, string stream, NewEntry[] facts, CancellationToken cancellation, long[]? erases = null, bool forgetsCommands = false)
    {
        var version = 0L;
        await foreach (var entry in journal.ReadStream(stream, 0, cancellation)) version = entry.Version;
        return await journal.Append(
            new(stream, version, null, null, time.GetUtcNow(), Actor.Platform.Account, null, facts, Erases: erases, ForgetsCommands: forgetsCommands), cancellation) is AppendOutcome.Appended;
    }
}
