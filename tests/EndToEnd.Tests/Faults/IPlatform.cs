namespace Coordination.EndToEnd.Tests.Faults;

/// <summary>What a fault is done to: one process, or a cluster.</summary>
public interface IPlatform
{
    /// <summary>Where people reach it, whatever of it is alive.</summary>
    Uri Address { get; }

    /// <summary>Position of the journal's last entry, from the database itself.</summary>
    Task<long> Head(CancellationToken cancellation);

    /// <summary>Reads what has been kept, past the platform: from the database itself.</summary>
    Task<KeptJournal> Read(long after, CancellationToken cancellation);

    /// <summary>What else must hold when all is quiet: chain and views by the platform's own tools.</summary>
    /// <returns>What does not; empty when all does.</returns>
    Task<IReadOnlyList<string>> Inspect(long head, CancellationToken cancellation);
}

/// <summary>Entries and commands of the journal above a position, in order, as the database has them.</summary>
public sealed record KeptJournal(IReadOnlyList<KeptEntry> Entries, IReadOnlyList<KeptCommand> Commands);

public sealed record KeptEntry(long Position, string Stream, long Version, string Actor, string[] Topics, JsonElement Audience, string Data, string Texts);

public sealed record KeptCommand(string Command, string Stream, long Version, long Position);
