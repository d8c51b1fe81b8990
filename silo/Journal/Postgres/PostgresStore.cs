// Repeated by hand and not by Polly: the journal depends on the two databases' drivers and on nothing else.
using System.Diagnostics;
using Npgsql;

namespace Coordination.Journal.Postgres;

/// <summary>
/// Log, records, inboxes, outbox, events, views and leases in one PostgreSQL database, for any number of processes at once. Each gathers its
/// appends into one transaction after another; between processes the head row is the only lock, held for milliseconds.
/// </summary>
public sealed class PostgresStore : IStore
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private readonly Connections _connections;
    private readonly PositionWaiter _reached = new();
    private readonly Bell _bell;
    private readonly PostgresTrust _trust;
    private int _disposed;

    private PostgresStore(Connections connections)
    {
        _connections = connections;
        _bell = new(connections, _reached);
        var seals = new Seals(connections.Options.Secret);
        var doubts = new SealDoubts();
        Writer = new(connections, _reached, _bell.Ring, seals);
        var journal = new PostgresJournal(Writer, connections, _reached, seals);
        Journal = journal;
        _trust = new(connections, journal, seals, doubts);
        Records = new PostgresRecords(connections, seals, doubts);
        Inboxes = new PostgresInboxes(connections, seals);
        Outbox = new PostgresOutbox(connections);
        Events = new PostgresEvents(connections);
        Views = new PostgresViews(connections);
        Leases = new PostgresLeases(connections);
    }

    public IJournal Journal { get; }

    public IRecords Records { get; }

    public IInboxes Inboxes { get; }

    public IOutbox Outbox { get; }

    public IEvents Events { get; }

    public IViewStore Views { get; }

    public ILeases Leases { get; }

    public ITrust Trust => _trust;

    public Secret Secret => _connections.Options.Secret;

    internal Writer Writer { get; }

    /// <summary>
    /// Connects and makes the tables, or brings them up to date. Waits for a server that is starting for
    /// <see cref="PostgresOptions.Patience"/>.
    /// </summary>
    /// <exception cref="JournalUnavailableException">The server is not there or refuses; the message says what to do.</exception>
    public static async Task<PostgresStore> Open(PostgresOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.ConnectionString);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.Name);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.Schema);
        ArgumentNullException.ThrowIfNull(options.Secret);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.PoolSize, 1);
        var connections = Connect(options);
        try
        {
            await Prepare(connections, cancellation);
            var store = new PostgresStore(connections);
            store._reached.Advance((await store.Journal.ReadHead(cancellation)).Position);
            if (!options.AnySecret)
                await store._trust.RequireSecret(cancellation);
            store._bell.Start();
            return store;
        }
        catch
        {
            await connections.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// From now on every transaction that changes something first asks this condition, and when it is true changes nothing:
    /// <see cref="JournalUnavailableException.Fenced"/>.
    /// </summary>
    /// <param name="condition">A boolean SQL expression with placeholders $1, $2, …; null counts as false.</param>
    /// <param name="values">For the placeholders.</param>
    public void FenceBy(string condition, params object[] values)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(condition);
        _connections.Fence = new(condition, values);
    }

    public Task Compact(IProgress<string>? progress = null, CancellationToken cancellation = default) => Compaction.Run(_connections, progress, cancellation);

    /// <summary>Refuses new writes, finishes those it accepted, closes every connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await Writer.DisposeAsync();
        _reached.Close("The journal was closed.");
        await _bell.DisposeAsync();
        await _connections.DisposeAsync();
    }

    private static Connections Connect(PostgresOptions options)
    {
        try
        {
            return new(options);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw Trouble.NoConnectionString(e);
        }
    }

    private static async Task Prepare(Connections connections, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await using var connection = connections.Alone();
                await connection.OpenAsync(cancellation);
                await Schema.Prepare(connection, connections.Options, cancellation);
                return;
            }
            catch (Exception e) when (Trouble.Passes(e) && Stopwatch.GetElapsedTime(began) < connections.Options.Patience)
            {
                await Task.Delay(Pause, cancellation);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                throw Trouble.NotOpened(connections.Options, e);
            }
        }
    }
}
