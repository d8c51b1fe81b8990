namespace Coordination.Journal.Tests.Sqlite;

public sealed class SqliteJournalTests : JournalConformance
{
    private readonly SqliteFolder _folder = new();

    protected override async Task<IJournal> Open() => (await _folder.Open()).Journal;

    protected override Task Close() => _folder.Close();

    protected override Task Remove() => _folder.DisposeAsync().AsTask();
}

public sealed class SqliteRecordsTests : RecordsConformance
{
    private readonly SqliteFolder _folder = new();

    protected override async Task<IRecords> Open() => (await _folder.Open()).Records;

    protected override Task Close() => _folder.Close();

    protected override Task Remove() => _folder.DisposeAsync().AsTask();
}

public sealed class SqliteEventsTests : EventsConformance
{
    private readonly SqliteFolder _folder = new();

    protected override async Task<IEvents> Open() => (await _folder.Open()).Events;

    protected override Task Close() => _folder.Close();

    protected override Task Remove() => _folder.DisposeAsync().AsTask();
}

public sealed class SqliteInboxesTests : InboxesConformance
{
    private readonly SqliteFolder _folder = new();

    protected override async Task<IInboxes> Open() => (await _folder.Open()).Inboxes;

    protected override Task Close() => _folder.Close();

    protected override Task Remove() => _folder.DisposeAsync().AsTask();
}

public sealed class SqliteViewsTests : ViewsConformance
{
    private readonly SqliteFolder _folder = new();

    protected override async Task<IViewStore> Open() => (await _folder.Open()).Views;

    protected override Task Close() => _folder.Close();

    protected override Task Remove() => _folder.DisposeAsync().AsTask();
}

public sealed class SqliteLeasesTests : LeasesConformance
{
    private readonly SqliteFolder _folder = new();

    protected override async Task<ILeases> Open() => (await _folder.Open()).Leases;

    protected override Task Close() => _folder.DisposeAsync().AsTask();
}

public sealed class SqliteOutboxTests : OutboxConformance
{
    private readonly SqliteFolder _folder = new();

    protected override async Task<IOutbox> Open() => (await _folder.Open()).Outbox;

    protected override Task Close() => _folder.Close();

    protected override Task Remove() => _folder.DisposeAsync().AsTask();
}
