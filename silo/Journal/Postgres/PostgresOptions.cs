using System.ComponentModel.DataAnnotations;

namespace Coordination.Journal.Postgres;

public sealed record PostgresOptions
{
    /// <summary>
    /// As Npgsql reads it: <c>Host=…;Port=…;Database=…;Username=…;Password=…</c>. What is set below overrides what it says.
    /// </summary>
    [Required]
    public required string ConnectionString { get; init; }

    /// <summary>The platform's secret, which all silos of a cluster share.</summary>
    [Required]
    public required Secret Secret { get; init; }

    /// <summary>True for who is about to accept what is there: seals of another secret are no reason not to open.</summary>
    public bool AnySecret { get; init; }

    /// <summary>Name of this process, shown by PostgreSQL as <c>coordination NAME</c>.</summary>
    [Required]
    public string Name { get; init; } = "silo";

    /// <summary>PostgreSQL's schema that holds the tables. Made when it is not there.</summary>
    [Required]
    public string Schema { get; init; } = "coordination";

    /// <summary>
    /// True for whoever only visits: a journal that is not there, or of an earlier version, is then refused instead of made or
    /// upgraded.
    /// </summary>
    public bool MustExist { get; init; }

    /// <summary>Most appends that share one transaction.</summary>
    [Range(1, 100_000)]
    public int BatchSize { get; init; } = 1_000;

    /// <summary>
    /// How long a write or a read waits for a database that does not answer before it fails. Longer than a restart of
    /// PostgreSQL usually takes, shorter than the patience of a caller.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a transaction may do nothing, and how long one waits for another. After this PostgreSQL ends a process that
    /// froze while it held the head. A healthy one holds it for some milliseconds.
    /// </summary>
    public TimeSpan HeldAtMost { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long one statement may take. The largest batch takes some 20 ms; the rest is for a disk that stutters.</summary>
    public TimeSpan StatementAtMost { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Connections for all but appends; those take four more. Two silos and their tools fit into PostgreSQL's usual 100.</summary>
    [Range(1, 1_000)]
    public int PoolSize { get; init; } = 12;
}
