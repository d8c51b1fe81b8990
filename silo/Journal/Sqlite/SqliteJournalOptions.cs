using System.ComponentModel.DataAnnotations;

namespace Coordination.Journal.Sqlite;

public sealed record SqliteJournalOptions
{
    /// <summary>Folder of <c>journal.db</c>, made when it is not there. One process at a time.</summary>
    [Required]
    public required string Folder { get; init; }

    /// <summary>The platform's secret; null for the one that the folder holds, or gets: <see cref="Journal.Secret.Of"/>.</summary>
    public Secret? Secret { get; init; }

    /// <summary>True for who is about to accept what is there: seals of another secret are no reason not to open.</summary>
    public bool AnySecret { get; init; }

    /// <summary>Most writes that share one transaction.</summary>
    [Range(1, 100_000)]
    public int BatchSize { get; init; } = 1_000;
}
