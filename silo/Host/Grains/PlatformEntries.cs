namespace Coordination.Host.Grains;

/// <summary>What the operator's tool writes without a platform that runs: in the platform's own name, and of no command.</summary>
internal static class PlatformEntries
{
    /// <param name="audience">As it is stored.</param>
    public static NewEntry Of(Fact fact, byte[] audience, IEnumerable<string> topics)
    {
        var (name, form) = FactJson.NameOf(fact);
        var stored = FactJson.Write(fact);
        return new(name, form, [.. topics.Distinct()], audience, stored.Data, stored.Texts);
    }

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
