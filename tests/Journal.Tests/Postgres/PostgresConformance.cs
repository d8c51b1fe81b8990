[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace Coordination.Journal.Tests.Postgres;

public sealed class PostgresJournalTests(PostgresServer server) : JournalConformance
{
    private readonly PostgresSchema _schema = new(server);

    protected override async Task<IJournal> Open() => (await _schema.Open()).Journal;

    protected override Task Close() => _schema.Close();

    protected override Task Remove() => _schema.DisposeAsync().AsTask();
}

public sealed class PostgresRecordsTests(PostgresServer server) : RecordsConformance
{
    private readonly PostgresSchema _schema = new(server);

    protected override async Task<IRecords> Open() => (await _schema.Open()).Records;

    protected override Task Close() => _schema.Close();

    protected override Task Remove() => _schema.DisposeAsync().AsTask();
}

public sealed class PostgresEventsTests(PostgresServer server) : EventsConformance
{
    private readonly PostgresSchema _schema = new(server);

    protected override async Task<IEvents> Open() => (await _schema.Open()).Events;

    protected override Task Close() => _schema.Close();

    protected override Task Remove() => _schema.DisposeAsync().AsTask();
}

public sealed class PostgresInboxesTests(PostgresServer server) : InboxesConformance
{
    private readonly PostgresSchema _schema = new(server);

    protected override async Task<IInboxes> Open() => (await _schema.Open()).Inboxes;

    protected override Task Close() => _schema.Close();

    protected override Task Remove() => _schema.DisposeAsync().AsTask();
}

public sealed class PostgresViewsTests(PostgresServer server) : ViewsConformance
{
    private readonly PostgresSchema _schema = new(server);

    protected override async Task<IViewStore> Open() => (await _schema.Open()).Views;

    protected override Task Close() => _schema.Close();

    protected override Task Remove() => _schema.DisposeAsync().AsTask();
}

public sealed class PostgresLeasesTests(PostgresServer server) : LeasesConformance
{
    private readonly PostgresSchema _schema = new(server);

    protected override async Task<ILeases> Open() => (await _schema.Open()).Leases;

    protected override Task Close() => _schema.DisposeAsync().AsTask();
}

public sealed class PostgresOutboxTests(PostgresServer server) : OutboxConformance
{
    private readonly PostgresSchema _schema = new(server);

    protected override async Task<IOutbox> Open() => (await _schema.Open()).Outbox;

    protected override Task Close() => _schema.Close();

    protected override Task Remove() => _schema.DisposeAsync().AsTask();
}
