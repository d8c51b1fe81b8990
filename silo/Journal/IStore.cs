namespace Coordination.Journal;

/// <summary>All that a silo keeps: the log, what stands beside it, and who may do what only one may do.</summary>
public interface IStore : IAsyncDisposable
{
    IJournal Journal { get; }

    IRecords Records { get; }

    IInboxes Inboxes { get; }

    IViewStore Views { get; }

    ILeases Leases { get; }
}
