namespace Coordination.Journal;

/// <summary>All that a silo keeps: the log, what stands beside it, and who may do what only one may do.</summary>
public interface IStore : IAsyncDisposable
{
    IJournal Journal { get; }

    IRecords Records { get; }

    IInboxes Inboxes { get; }

    IOutbox Outbox { get; }

    IEvents Events { get; }

    IViewStore Views { get; }

    ILeases Leases { get; }

    ITrust Trust { get; }

    /// <summary>What the platform alone knows, and not whoever can write to the store.</summary>
    Secret Secret { get; }

    /// <summary>
    /// Rewrites the files that may hold free text, so that what was erased or changed leaves no bytes behind in them, nor in the
    /// write-ahead log. Takes time and as much space again; writes wait meanwhile.
    /// </summary>
    /// <param name="progress">Is told each step, and what this account may not do.</param>
    /// <param name="cancellation">Ends it between two steps; what was rewritten is whole.</param>
    /// <exception cref="JournalUnavailableException">Something that is open elsewhere holds on to what was erased, or the files cannot be written.</exception>
    Task Compact(IProgress<string>? progress = null, CancellationToken cancellation = default);
}
