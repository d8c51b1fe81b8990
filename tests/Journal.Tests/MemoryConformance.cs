using Coordination.Tests.Memory;

namespace Coordination.Journal.Tests;

/// <summary>The stores in memory that other tests crash thousands of times promise what real ones do.</summary>
public sealed class MemoryInboxesTests : InboxesConformance
{
    private readonly MemoryInboxes _inboxes = new();

    protected override Task<IInboxes> Open() => Task.FromResult<IInboxes>(_inboxes);

    protected override Task Close() => Task.CompletedTask;

    protected override Task Remove() => Task.CompletedTask;
}

public sealed class MemoryOutboxTests : OutboxConformance
{
    private readonly MemoryOutbox _outbox = new();

    protected override Task<IOutbox> Open() => Task.FromResult<IOutbox>(_outbox);

    protected override Task Close() => Task.CompletedTask;

    protected override Task Remove() => Task.CompletedTask;
}
