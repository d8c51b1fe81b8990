using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Coordination.Silo.Tests.Running;

/// <summary>The store behind a disk that can be told to fail, and that counts what is read of a stream.</summary>
public sealed class UnreliableStore
{
    private readonly ConcurrentDictionary<string, int> _read = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _kept = new();

    public UnreliableStore(IStore store)
    {
        Journal = new UnreliableJournal(this, store.Journal);
        Records = new UnreliableRecords(this, store.Records);
        Inboxes = new UnreliableInboxes(this, store.Inboxes);
    }

    public IJournal Journal { get; }
    public IRecords Records { get; }
    public IInboxes Inboxes { get; }

    /// <summary>Asked before each access with its name; true makes it fail.</summary>
    public Func<string, bool> Fails { get; set; } = _ => false;

    /// <summary>How many entries have been read of a stream since the last question.</summary>
    public int EntriesRead(string stream) => _read.TryRemove(stream, out var count) ? count : 0;

    /// <summary>Completes when the next snapshot of a stream is on disk. To be called before what causes it.</summary>
    public Task NextSnapshot(string stream) => (_kept[stream] = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Positions after which the log was read.</summary>
    public ConcurrentQueue<long> ReadsFrom { get; } = [];

    /// <summary>Is told the entries of each such read.</summary>
    public Action<IReadOnlyList<Entry>> Hears { get; set; } = _ => { };

    private async Task<IReadOnlyList<Entry>> Heard(Task<IReadOnlyList<Entry>> read)
    {
        var entries = await read;
        Hears(entries);
        return entries;
    }

    private void Check([CallerMemberName] string access = "")
    {
        if (Fails(access)) throw new JournalUnavailableException("The disk was told to fail.");
    }

    private sealed class UnreliableJournal(UnreliableStore disk, IJournal inner) : IJournal
    {
        public long Position => inner.Position;

        public Task WaitBeyond(long position, CancellationToken cancellation) => inner.WaitBeyond(position, cancellation);

        public ValueTask<AppendOutcome> Append(Append append, CancellationToken cancellation)
        {
            disk.Check();
            return inner.Append(append, cancellation);
        }

        public ValueTask<Receipt?> FindCommand(byte[] command, CancellationToken cancellation)
        {
            disk.Check();
            return inner.FindCommand(command, cancellation);
        }

        public async IAsyncEnumerable<Entry> ReadStream(string stream, long afterVersion, [EnumeratorCancellation] CancellationToken cancellation)
        {
            disk.Check();
            await foreach (var entry in inner.ReadStream(stream, afterVersion, cancellation))
            {
                disk._read.AddOrUpdate(stream, 1, (_, count) => count + 1);
                yield return entry;
            }
        }

        public Task<IReadOnlyList<Entry>> ReadFrom(long afterPosition, int limit, CancellationToken cancellation)
        {
            disk.ReadsFrom.Enqueue(afterPosition);
            disk.Check();
            return disk.Heard(inner.ReadFrom(afterPosition, limit, cancellation));
        }

        public Task<IReadOnlyList<Entry>> Follow(long afterPosition, int limit, CancellationToken cancellation)
        {
            disk.ReadsFrom.Enqueue(afterPosition);
            disk.Check(nameof(IJournal.ReadFrom));
            return disk.Heard(inner.Follow(afterPosition, limit, cancellation));
        }

        public Task<IReadOnlyList<Entry>> ReadAt(IReadOnlyCollection<long> positions, CancellationToken cancellation)
        {
            disk.Check();
            return inner.ReadAt(positions, cancellation);
        }

        public Task<Head> ReadHead(CancellationToken cancellation) => inner.ReadHead(cancellation);

        public Task<Snapshot?> ReadSnapshot(string stream, CancellationToken cancellation)
        {
            disk.Check();
            return inner.ReadSnapshot(stream, cancellation);
        }

        public async Task SaveSnapshot(string stream, Snapshot snapshot, CancellationToken cancellation)
        {
            disk.Check();
            await inner.SaveSnapshot(stream, snapshot, cancellation);
            if (disk._kept.TryRemove(stream, out var kept)) kept.SetResult();
        }

        public Task<Verification> Verify(IProgress<long>? progress, CancellationToken cancellation) => inner.Verify(progress, cancellation);
    }

    private sealed class UnreliableRecords(UnreliableStore disk, IRecords inner) : IRecords
    {
        public ValueTask<Record?> Read(string kind, string id, CancellationToken cancellation) => inner.Read(kind, id, cancellation);

        public Task<IReadOnlyList<Record>> List(string kind, CancellationToken cancellation) => inner.List(kind, cancellation);

        public Task<long?> Write(string kind, string id, byte[] data, long? expectedVersion, CancellationToken cancellation)
        {
            disk.Check();
            return inner.Write(kind, id, data, expectedVersion, cancellation);
        }

        public Task<bool> Erase(string kind, string id, long? expectedVersion, CancellationToken cancellation)
        {
            disk.Check();
            return inner.Erase(kind, id, expectedVersion, cancellation);
        }
    }

    private sealed class UnreliableInboxes(UnreliableStore disk, IInboxes inner) : IInboxes
    {
        public ValueTask<long> DeliveredUpTo(CancellationToken cancellation) => inner.DeliveredUpTo(cancellation);

        public Task<bool> Deliver(long after, long upTo, IReadOnlyCollection<NewDelivery> deliveries, CancellationToken cancellation)
        {
            disk.Check();
            return inner.Deliver(after, upTo, deliveries, cancellation);
        }

        public Task Clear(CancellationToken cancellation) => inner.Clear(cancellation);

        public Task<IReadOnlyList<Delivery>> Read(string body, long? beforePosition, int limit, CancellationToken cancellation) =>
            inner.Read(body, beforePosition, limit, cancellation);

        public Task<IReadOnlyList<Delivery>> ReadBatch(string body, string batch, CancellationToken cancellation) => inner.ReadBatch(body, batch, cancellation);

        public IAsyncEnumerable<(string Body, Delivery Delivery)> All(long position, CancellationToken cancellation) => inner.All(position, cancellation);

        public ValueTask<long> KeptAfter(CancellationToken cancellation) => inner.KeptAfter(cancellation);

        public Task<int> Forget(long upTo, CancellationToken cancellation) => inner.Forget(upTo, cancellation);
    }
}
